"""Traces and cases as auditors read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from qafila.audit.cases import Case
from qafila.audit.queries import Agent, DayInFigures, PostThen, Trace
from qafila.foundation.clock import day_of
from qafila.institutions.role_names import ROLE_NAMES
from qafila.web.audit.words import CASES, KINDS, REASONS, place_word
from qafila.web.design.components import Column, Link, Row, Stat, Table, Text
from qafila.web.design.figures import moment_text, number_text
from qafila.web.people.presenter import names_in_order
from qafila.web.site.territory import named

HEADINGS = (
    gettext_lazy("When"),
    gettext_lazy("Who"),
    gettext_lazy("Posts that day"),
    gettext_lazy("What"),
    gettext_lazy("Person"),
    pgettext_lazy("trace", "Where"),
    gettext_lazy("Why"),
)


def who(one: Trace) -> str:
    """The name of whoever acted, in the reader's script; a part of the house by its own name."""
    if one.account_id is not None:
        return names_in_order(one.name, one.name_latn)[0]
    if one.actor_kind == "system":
        return _("The system (%(part)s)") % {"part": one.name}
    return one.name or _("An address without an account")


def posts_told(posts: Iterable[PostThen]) -> str:
    """The role and the institution of each post."""
    told = (
        f"{ROLE_NAMES[one.role]} ({named(one.institution_ar, one.institution_fr)})" for one in posts
    )
    return " · ".join(told)


def what(one: Trace) -> str:
    """What was done: a change is told by the journal's sentence, a list by how many it showed."""
    if one.kind == "changed":
        return one.sentence
    if one.people is not None:
        word = pgettext("trace", "Saw a list of people: %(people)s")
        return word % {"people": number_text(one.people)}
    return str(KINDS[one.kind])


def where(one: Trace) -> str:
    """The page; for a list what was asked for, for a sign-in the address it came from."""
    return one.address or " · ".join(filter(None, (one.place and place_word(one.place), one.asked)))


def why(one: Trace) -> str:
    """The reason that goes with the role; a change has none."""
    return str(REASONS.get(one.reason, ""))


def traces_table(caption: Text, found: Iterable[Trace], *, whom: bool, by: bool) -> Table:
    """Traces line by line: `by` shows who, `whom` shows about which person."""
    columns = [
        Column("at", HEADINGS[0], "moment"),
        *([Column("who", HEADINGS[1], "link"), Column("posts", HEADINGS[2])] if by else []),
        Column("what", HEADINGS[3]),
        *([Column("whom", HEADINGS[4], "link")] if whom else []),
        Column("where", HEADINGS[5]),
        Column("why", HEADINGS[6]),
    ]
    return Table(caption, columns, [_row(one) for one in found], empty=_("There is no trace here."))


def _row(one: Trace) -> Row:
    agent, person = "", None
    if one.account_id is not None:
        day = day_of(one.at).isoformat()
        agent = f"{reverse('audit_agent', args=[one.account_id])}?day={day}"
    if one.person_id is not None:
        name = names_in_order(*one.person_names)[0]
        person = Link(name, reverse("audit_person", args=[one.person_id]))
    return Row(
        {
            "at": one.at,
            "who": Link(who(one), agent),
            "posts": posts_told(one.posts),
            "what": what(one),
            "whom": person,
            "where": where(one),
            "why": why(one),
        }
    )


def file_row(one: Trace) -> list[Any]:
    """A trace as a row of a file; a person by the number of the file."""
    return [
        one.at.isoformat(timespec="seconds"),
        who(one),
        posts_told(one.posts),
        what(one),
        one.person_id,
        where(one),
        why(one),
    ]


def figures_of(day: DayInFigures) -> list[Stat]:
    """A day of an agent in figures."""
    return [
        Stat(_("Files opened"), number_text(day.files)),
        Stat(_("People on lists"), number_text(day.people_listed)),
        Stat(_("Files taken along"), number_text(day.exports)),
        Stat(_("Changes"), number_text(day.changes)),
    ]


def span_of(day: DayInFigures) -> str:
    """From when to when the agent read; nothing on a day without."""
    if day.first_at is None or day.last_at is None:
        return ""
    told = _("Read from %(first)s to %(last)s.")
    return told % {"first": moment_text(day.first_at), "last": moment_text(day.last_at)}


def agents_table(found: Iterable[Agent]) -> Table:
    """Whose days can be read."""
    columns = (
        Column("name", _("Name")),
        Column("email", _("E-mail address"), "identifier"),
    )
    rows = [
        Row(
            {"name": names_in_order(one.name, one.name_latn)[0], "email": one.email},
            href=reverse("audit_agent", args=[one.account_id]),
        )
        for one in found
    ]
    return Table(_("Agents"), columns, rows, empty=_("Nobody of this name."))


def cases_shown(found: Iterable[Case], actor_id: int, *, closes: bool) -> list[dict[str, Any]]:
    """Cases with what was found, and where the agent's day is."""
    return [
        {
            "case": one,
            "kind": CASES[one.kind],
            "name": names_in_order(one.name, one.name_latn)[0],
            "people": number_text(one.people),
            "usual": None if one.usual is None else number_text(one.usual),
            "href": f"{reverse('audit_agent', args=[one.account_id])}?day={one.day.isoformat()}",
            "closes": closes and one.state == "open" and one.reader_id != actor_id,
        }
        for one in found
    ]


def case_row(one: Case) -> list[Any]:
    """A case as a row of a file."""
    return [
        one.day,
        names_in_order(one.name, one.name_latn)[0],
        str(CASES[one.kind]),
        one.people,
        one.usual,
        one.closed_by,
        one.reason,
    ]


def days_around(day: dt.date, today: dt.date) -> tuple[str, str]:
    """The day before and the day after, for addresses; none after today."""
    step = dt.timedelta(days=1)
    return (day - step).isoformat(), (day + step).isoformat() if day < today else ""


def matching(agents: Iterable[Agent], text: str) -> list[Agent]:
    """The agents in whose name or address each word of `text` is found."""
    words = text.casefold().split()
    with translation.override(None):
        return [
            one
            for one in agents
            if all(word in f"{one.name} {one.name_latn} {one.email}".casefold() for word in words)
        ]
