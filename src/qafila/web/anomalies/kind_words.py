"""What the screen calls each kind of matter, and where it is mended by whom."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.care.access import may_receive_claims
from qafila.contributions.access import may_decide_money, may_note
from qafila.contributions.anomalies.queries import Matter
from qafila.enrolment.access import may_confirm, may_declare
from qafila.foundation.actors import ANYWHERE, Actor
from qafila.people.access import may_merge
from qafila.register.access import may_decide_applications
from qafila.web.design.components import Link
from qafila.web.people.remedies import RemedyPage

KIND_WORDS = {
    "missing_fact": pgettext_lazy("anomaly", "Fact missing"),
    "two_activities_billed": pgettext_lazy("anomaly", "Two activities called"),
    "spouses_one_craft": pgettext_lazy("anomaly", "Spouses of one craft"),
    "called_after_cessation": pgettext_lazy("anomaly", "Called after the end"),
    "never_paid": pgettext_lazy("anomaly", "Never paid"),
    "plan_broken": pgettext_lazy("anomaly", "Plan broken"),
    "paid_twice": pgettext_lazy("anomaly", "Paid twice"),
    "note_unconfirmed": pgettext_lazy("anomaly", "A receipt not confirmed"),
    "year_unsettled": pgettext_lazy("anomaly", "A year not settled"),
    "paid_without_call": pgettext_lazy("anomaly", "Paid without a call"),
    "row_on_merged_file": pgettext_lazy("anomaly", "A record on a merged file"),
    "number_of_another": pgettext_lazy("anomaly", "A number of somebody else"),
    "card_held_twice": pgettext_lazy("anomaly", "One card, two files"),
    "own_dependant": pgettext_lazy("anomaly", "Own dependant"),
    "member_declared_twice": pgettext_lazy("anomaly", "Member declared twice"),
    "child_of_two_families": pgettext_lazy("anomaly", "Child of two families"),
    "enrolments_undecided": pgettext_lazy("anomaly", "Two enrolments to decide"),
    "dead_but_enrolled": pgettext_lazy("anomaly", "Died, still enrolled"),
    "dead_but_registered": pgettext_lazy("anomaly", "Died, still registered"),
    "struck_off_but_enrolled": pgettext_lazy("anomaly", "Struck off, still enrolled"),
    "call_of_another": pgettext_lazy("anomaly", "Call of another person"),
    "money_of_another": pgettext_lazy("anomaly", "Money of another person"),
    "books_unbalanced": pgettext_lazy("anomaly", "Account out of balance"),
    "care_paid_twice": pgettext_lazy("anomaly", "Care paid twice"),
    "care_claimed_under_two_files": pgettext_lazy("anomaly", "Care claimed under two files"),
    "care_of_the_dead": pgettext_lazy("anomaly", "Care after a death"),
    "enrolled_without_entry": pgettext_lazy("anomaly", "Enrolled, not in the register"),
    "marriage_not_allowed": pgettext_lazy("anomaly", "Marriage to check"),
    "married_too_young": pgettext_lazy("anomaly", "Married too young"),
    "parent_age_doubtful": pgettext_lazy("anomaly", "Age of a parent to check"),
    "parent_sex_unknown": pgettext_lazy("anomaly", "Father or mother unknown"),
    "same_child_twice": pgettext_lazy("anomaly", "The same child twice"),
    "school_year_too_long": pgettext_lazy("anomaly", "School year too long"),
    "spouse_and_child": pgettext_lazy("anomaly", "Spouse and child at once"),
    "spouses_one_sex": pgettext_lazy("anomaly", "Spouses of one sex"),
    "told_after_death": pgettext_lazy("anomaly", "Event after a death"),
}

_FUND = RemedyPage("person_fund", _("Go to the enrolments"), may_confirm)
_REGISTER = RemedyPage("person_register", _("Go to the register"), may_decide_applications)
_FAMILY = RemedyPage("person_family", _("Go to the family"), may_declare)
_LISTS = RemedyPage("person_lists", _("Go to lists and merges"), may_merge)
_MONEY = RemedyPage("person_money", _("Go to the account"), may_decide_money)
_NOTES = RemedyPage("person_money", _("Go to the account"), may_note)
_CLAIMS = RemedyPage("person_claims", _("Go to the claims"), may_receive_claims)

REMEDIES: dict[str, RemedyPage] = {
    "missing_fact": _FUND,
    "two_activities_billed": _FUND,
    "spouses_one_craft": _FUND,
    "called_after_cessation": _FUND,
    "never_paid": _NOTES,
    "plan_broken": _MONEY,
    "paid_twice": _MONEY,
    "note_unconfirmed": _NOTES,
    "year_unsettled": _MONEY,
    "paid_without_call": _MONEY,
    "row_on_merged_file": _LISTS,
    "number_of_another": _LISTS,
    "card_held_twice": _LISTS,
    "own_dependant": _FAMILY,
    "member_declared_twice": _FAMILY,
    "child_of_two_families": _FAMILY,
    "enrolments_undecided": _FUND,
    "dead_but_enrolled": _FUND,
    "dead_but_registered": _REGISTER,
    "struck_off_but_enrolled": _FUND,
    "call_of_another": _MONEY,
    "money_of_another": _MONEY,
    "books_unbalanced": _MONEY,
    "care_paid_twice": _CLAIMS,
    "care_claimed_under_two_files": _LISTS,
    "care_of_the_dead": _CLAIMS,
    "enrolled_without_entry": _REGISTER,
    "marriage_not_allowed": _FAMILY,
    "married_too_young": _FAMILY,
    "parent_age_doubtful": _FAMILY,
    "parent_sex_unknown": _FAMILY,
    "same_child_twice": _FAMILY,
    "school_year_too_long": _FAMILY,
    "spouse_and_child": _FAMILY,
    "spouses_one_sex": _FAMILY,
    "told_after_death": _FAMILY,
}
"""Kind → the page where it is mended, and who mends it there."""


def kinds_of(actor: Actor) -> list[str]:
    """The kinds that this actor can mend."""
    return [kind for kind, page in REMEDIES.items() if page.may(actor, ANYWHERE)]


def remedy_of(one: Matter, actor: Actor) -> Link | None:
    """The page where a matter is mended, for those who mend it there."""
    page = REMEDIES.get(one.kind)
    if page is None or not page.may(actor, one.province_code):
        return None
    return Link(page.label, reverse(page.url_name, args=[one.person_id]))
