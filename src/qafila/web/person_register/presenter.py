"""Entries and applications as the register's page of a person shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from qafila.foundation.clock import day_of
from qafila.register.errors import names_of
from qafila.register.trade_names import trade_name
from qafila.web.design.components import Fact, Link, Tag
from qafila.web.site.territory import language

STATES = {
    "active": Tag(pgettext_lazy("register", "In the register"), "ok", "ok"),
    "struck_off": Tag(pgettext_lazy("register", "Struck off"), "none", "bad"),
    "incomplete": Tag(pgettext_lazy("register", "Incomplete"), "warn", "warn"),
    "submitted": Tag(pgettext_lazy("register", "Waits for a decision"), "info", "waiting"),
    "accepted": Tag(pgettext_lazy("register", "Accepted"), "ok", "ok"),
    "refused": Tag(pgettext_lazy("register", "Refused"), "bad", "bad"),
}


@dataclass(frozen=True)
class RegisterCard:
    """An entry or an application with what is known of it and what can be done about it."""

    title: str
    state: Tag
    facts: list[Fact]
    actions: list[Link]


def entry_cards(found: Iterable[Any], person_id: int, *, decides: bool) -> list[RegisterCard]:
    """The entries, the latest first."""
    return [
        RegisterCard(
            _("Entry %(number)s") % {"number": one.register_number},
            STATES[one.state],
            entry_facts(one),
            _entry_actions(one, person_id, decides=decides),
        )
        for one in reversed(list(found))
    ]


def entry_facts(one: Any) -> list[Fact]:
    """What is known of an entry."""
    told = [
        Fact(pgettext("register", "Register number"), one.register_number, "identifier"),
        Fact(_("Trade"), _trade(one)),
        Fact(_("Entered on"), one.entered_on, "day"),
        Fact(_("Struck off on"), one.struck_off_on or "", "day"),
    ]
    return [fact for fact in told if fact.value != ""]


def _entry_actions(one: Any, person_id: int, *, decides: bool) -> list[Link]:
    if one.state != "active" or not decides:
        return []
    href = reverse("strike_off_entry", args=[person_id, one.pk])
    return [Link(gettext_lazy("Strike off"), href)]


def application_cards(found: Iterable[Any], person_id: int, *, decides: bool) -> list[RegisterCard]:
    """The applications, the latest first."""
    return [
        RegisterCard(
            pgettext("register", "Application"),
            STATES[one.state],
            application_facts(one),
            _application_actions(one, person_id, decides=decides),
        )
        for one in reversed(list(found))
    ]


def application_facts(one: Any) -> list[Fact]:
    """What is known of an application."""
    told = [
        Fact(_("Trade"), _trade(one)),
        Fact(_("Opened on"), day_of(one.opened_at), "day"),
        Fact(_("Decided on"), day_of(one.decided_at) if one.decided_at else "", "day"),
        Fact(_("Still missing"), names_of(one.missing) if one.state == "incomplete" else ""),
        Fact(_("Reason of the refusal"), one.refusal_reason),
    ]
    return [fact for fact in told if fact.value != ""]


def _application_actions(one: Any, person_id: int, *, decides: bool) -> list[Link]:
    if one.state != "submitted" or not decides:
        return []
    verbs = (("accept", gettext_lazy("Accept")), ("refuse", gettext_lazy("Refuse")))
    return [
        Link(label, reverse("application_act", args=[person_id, one.pk, verb]))
        for verb, label in verbs
    ]


def _trade(one: Any) -> str:
    if not one.trade:
        return str(one.trade_text)
    return trade_name(one.trade.name_ar, one.trade.name_fr, one.person.sex, language())
