"""What is done to enrolments and families: every verb of `states.py`."""

from qafila.enrolment.changes import (
    EnrolmentMoved,
    Facts,
    change_category,
    close_enrolment,
    confirm_enrolment,
    declare_enrolment,
)
from qafila.enrolment.family import (
    DependantMoved,
    FamilyFacts,
    Relative,
    declare_dependant,
    remove_dependant,
    state_no_family,
)
from qafila.enrolment.life_events import (
    LifeEventMoved,
    NewEvent,
    take_back_life_event,
    tell_life_event,
)
from qafila.enrolment.listed import (
    DependantsNoted,
    ListedEnrolled,
    RegisteredDeclared,
    declare_registered,
    enrol_listed_at_fund,
    note_dependants,
)
from qafila.enrolment.tax_years import (
    TaxYearMoved,
    choose_periodicity,
    take_back_final_tax,
    tell_final_tax,
)

__all__ = [
    "DependantMoved",
    "DependantsNoted",
    "EnrolmentMoved",
    "Facts",
    "FamilyFacts",
    "LifeEventMoved",
    "ListedEnrolled",
    "NewEvent",
    "RegisteredDeclared",
    "Relative",
    "TaxYearMoved",
    "change_category",
    "choose_periodicity",
    "close_enrolment",
    "confirm_enrolment",
    "declare_dependant",
    "declare_enrolment",
    "declare_registered",
    "enrol_listed_at_fund",
    "note_dependants",
    "remove_dependant",
    "state_no_family",
    "take_back_final_tax",
    "take_back_life_event",
    "tell_final_tax",
    "tell_life_event",
]
