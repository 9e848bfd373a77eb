"""An enrolment as its page shows it, and what an act would change for person and family."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from qafila.care.trial import CoverTold, Standing, WouldChange
from qafila.enrolment.category_choice import CATEGORY_LABELS
from qafila.web.design.components import TAGS, Compared, Comparison, Fact, Kind, Link, Tag, Text
from qafila.web.design.figures import day_text, money_text, month_text
from qafila.web.people.presenter import names_in_order

STATES = {
    "declared": Tag(pgettext_lazy("fund", "Declared"), "info", "waiting"),
    "enrolled": Tag(pgettext_lazy("fund", "Enrolled"), "ok", "ok"),
    "closed": Tag(pgettext_lazy("fund", "Closed"), "none", "bad"),
}
UNDECIDED = Tag(gettext_lazy("Waits for a decision"), "warn", "waiting")
_REGIMES = {"rns": gettext_lazy("Simplified net result (RNS)"),
            "rnr": gettext_lazy("Real net result (RNR)")}  # fmt: skip
_VERBS = {
    "confirm": (gettext_lazy("Write the fund number"), ("declared",)),
    "refuse": (gettext_lazy("The fund refuses"), ("declared",)),
    "cessation": (gettext_lazy("End of the activity"), ("declared", "enrolled")),
    "category": (gettext_lazy("Change the category"), ("declared", "enrolled")),
    "facts": (gettext_lazy("Correct tax or profit"), ("declared", "enrolled")),
    "decide": (gettext_lazy("This enrolment goes on"), ("declared", "enrolled")),
    "reopen": (gettext_lazy("Cancel the end"), ("closed",)),
}
"""Verb in the address → the words on its link, the states in which it is offered."""


@dataclass(frozen=True)
class EnrolmentCard:
    """An enrolment with what is known of it and what this actor can do about it."""

    id: int
    category: Text
    state: Tag
    undecided: Tag | None
    facts: list[Fact]
    actions: list[Link]


def category_word(code: str) -> str:
    """A category as the screen calls it."""
    return str(CATEGORY_LABELS.get(code, code))


def cards_of(found: Iterable[Any], person_id: int, *, acts: bool) -> list[EnrolmentCard]:
    """The enrolments, the latest first; with what can be done about them where the actor `acts`."""
    rows = list(found)
    last = max((one.pk for one in rows), default=0)
    running = any(one.state != "closed" for one in rows)
    undecided = any(one.undecided_since for one in rows)
    return [
        EnrolmentCard(
            one.pk,
            category_word(one.category),
            STATES[one.state],
            UNDECIDED if one.undecided_since else None,
            facts_of(one),
            _actions(one, person_id, undecided=undecided, reopens=not running and one.pk == last)
            if acts
            else [],
        )
        for one in reversed(rows)
    ]


def facts_of(one: Any) -> list[Fact]:
    """What is known of an enrolment."""
    tax = one.annual_tax_dh
    told = [
        Fact(pgettext("column", "Fund number"), one.fund_number, "identifier"),
        Fact(_("First month"), month_text(one.effective_from)),
        Fact(
            _("First month without a contribution"),
            month_text(one.closed_on) if one.closed_on else "",
        ),
        Fact(_("Yearly tax"), "" if tax is None or one.assumption else money_text(tax * 100)),
        Fact(_("Tax regime"), "" if one.assumption else _REGIMES.get(one.regime, "")),
        Fact(
            _("Profit of the year"),
            "" if one.annual_profit_dh is None else money_text(one.annual_profit_dh * 100),
        ),
        Fact(_("Note"), _assumed(one.assumption)),
    ]
    return [fact for fact in told if fact.value != ""]


def _assumed(assumption: str) -> str:
    if assumption == "lowest_tax_band":
        return _("The tax is not known: the lowest band is counted.")
    if assumption == "profit_unknown":
        return _("Regime and profit are not known: the rule for an unknown profit is counted.")
    return ""


def _actions(one: Any, person_id: int, *, undecided: bool, reopens: bool) -> list[Link]:
    held_back = set() if undecided else {"decide"}
    if not reopens:
        held_back.add("reopen")
    if one.category == "craftworker":
        held_back.add("facts")
    return [
        Link(label, reverse("enrolment_act", args=[person_id, one.pk, verb]))
        for verb, (label, states) in _VERBS.items()
        if one.state in states and verb not in held_back
    ]


def compared(change: WouldChange, month_asked: str) -> Comparison:
    """Rights, cover, arrears and the month's contribution before and after, then the family."""
    before, after = change.before, change.after
    lines = [
        _line(_("Rights today"), _covered(before.own), _covered(after.own), "tag"),
        _line(
            _("Contribution of %(month)s") % {"month": month_asked}, _asked(before), _asked(after)
        ),
        _line(
            _("Overdue"), money_text(before.overdue_centimes), money_text(after.overdue_centimes)
        ),
    ]
    lines += _family_lines(before.family, after.family)
    now, then = pgettext("compare", "Now"), _("After")
    return Comparison(_("What changes"), now, then, lines, in_time=True)


def _family_lines(before: Iterable[CoverTold], after: Iterable[CoverTold]) -> list[Compared]:
    """Each member before and after: those who stay, those who leave, those who join."""
    old, new = ({one.person_id: one for one in family} for family in (before, after))
    lines = []
    for who, one in (old | new).items():
        left, right = (_covered(side[who]) if who in side else TAGS["none"] for side in (old, new))
        lines.append(_line(names_in_order(one.name_ar, one.name_latn)[0], left, right, "tag"))
    return lines


def _line(label: Text, left: Any, right: Any, kind: Kind = "text") -> Compared:
    return Compared(label, left, right, "same" if left == right else "differs", kind)


def _covered(cover: CoverTold) -> Tag:
    """The state of the rights, with the last day of cover where there is one."""
    tag = TAGS[cover.status]
    if cover.until is None:
        return tag
    told = {"rights": tag.word, "day": day_text(cover.until)}
    return replace(tag, word=_("%(rights)s, until %(day)s") % told)


def _asked(standing: Standing) -> str:
    amount = standing.monthly_centimes
    return _("Not known") if amount is None else money_text(amount)
