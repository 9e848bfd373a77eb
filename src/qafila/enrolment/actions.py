"""What is done to enrolments: every verb of `states.py`."""

from qafila.enrolment.listed import (
    DependantsNoted,
    ListedEnrolled,
    RegisteredDeclared,
    declare_registered,
    enrol_listed_at_fund,
    note_dependants,
)

__all__ = [
    "DependantsNoted",
    "ListedEnrolled",
    "RegisteredDeclared",
    "declare_registered",
    "enrol_listed_at_fund",
    "note_dependants",
]
