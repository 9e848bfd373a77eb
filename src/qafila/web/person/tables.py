"""The tables of a person's file: register, fund, family, list rows, and who read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from qafila.accompaniment.file import (
    ApplicationTold,
    EnrolmentTold,
    EntryTold,
    MemberTold,
    PersonFile,
)
from qafila.enrolment.category_choice import CATEGORY_LABELS
from qafila.foundation.clock import day_of
from qafila.institutions.queries import ActorNamed
from qafila.lists.queries import RowOfPerson, row_sentences
from qafila.register.trade_names import trade_name
from qafila.web.design.components import Column, Link, Row, Table, Tag
from qafila.web.design.figures import day_text
from qafila.web.people.actors import in_a_line, who_among
from qafila.web.people.list_rows import row_name, row_place
from qafila.web.people.presenter import birth_text, names_in_order
from qafila.web.site.commands import new_command_id
from qafila.web.site.territory import language

_STATES = {
    "active": Tag(pgettext_lazy("register", "In the register"), "ok", "ok"),
    "struck_off": Tag(pgettext_lazy("register", "Struck off"), "none", "bad"),
    "incomplete": Tag(pgettext_lazy("register", "Incomplete"), "warn", "warn"),
    "submitted": Tag(pgettext_lazy("register", "Waits for a decision"), "info", "waiting"),
    "accepted": Tag(pgettext_lazy("register", "Accepted"), "ok", "ok"),
    "refused": Tag(pgettext_lazy("register", "Refused"), "bad", "bad"),
    "declared": Tag(pgettext_lazy("fund", "Declared"), "info", "waiting"),
    "enrolled": Tag(pgettext_lazy("fund", "Enrolled"), "ok", "ok"),
    "closed": Tag(pgettext_lazy("fund", "Closed"), "none", "bad"),
}
_MEMBER_STATES = {
    "mentioned": Tag(pgettext_lazy("family", "Only mentioned"), "warn", "warn"),
    "declared": Tag(pgettext_lazy("family", "Declared"), "ok", "ok"),
    "refused": Tag(pgettext_lazy("family", "Not covered"), "none", "none"),
    "doubled": Tag(pgettext_lazy("family", "Declared by the merged file too"), "none", "none"),
}
_RELATIONS = {
    "spouse": pgettext_lazy("family", "Spouse"),
    "child": pgettext_lazy("family", "Child"),
}


class MemberPerson(Protocol):
    """Who the member is."""

    full_name_ar: str
    full_name_latn: str
    birth_date: dt.date | None
    birth_precision: str


class Member(Protocol):
    """A dependant as the enrolment room gives it."""

    pk: int
    relation: str
    state: str

    @property
    def person(self) -> MemberPerson | None: ...


class Reader(Protocol):
    """Who read."""

    name: str


class ReadEntry(Protocol):
    """One line of the access log."""

    at: dt.datetime
    reason: str
    reader_id: int

    @property
    def reader(self) -> Reader: ...


def register_table(file: PersonFile) -> Table:
    """Entries and applications, latest first."""
    columns = [
        Column("what", _("Register")),
        Column("number", _("Number"), "identifier"),
        Column("trade", _("Trade")),
        Column("on", _("Since"), "day"),
        Column("state", _("State"), "tag"),
        Column("note", _("Note")),
    ]
    entries = [
        Row(
            {
                "what": pgettext("register", "Entry"),
                "number": one.register_number,
                "trade": trade_name(one.trade_ar, one.trade_fr, file.sex, language())
                or one.trade_text,
                "on": one.entered_on,
                "state": _STATES[one.state],
                "note": "",
            }
        )
        for one in reversed(file.entries)
    ]
    applications = [
        Row(
            {
                "what": pgettext("register", "Application"),
                "number": "",
                "trade": trade_name(one.trade_ar, one.trade_fr, file.sex, language())
                or one.trade_text,
                "on": day_of(one.opened_at),
                "state": _STATES[one.state],
                "note": one.refusal_reason or _missing(one.missing_names),
            }
        )
        for one in reversed(file.applications)
    ]
    return Table(
        _("In the register"),
        columns,
        [*entries, *applications],
        empty=_("Not in the register, and no application was opened."),
    )


def _trade(one: EntryTold | ApplicationTold, sex: str) -> str:
    return trade_name(one.trade_ar, one.trade_fr, sex, language()) or str(one.trade_text)


def _missing(names: str) -> str:
    return _("Missing: %(names)s") % {"names": names} if names else ""


def fund_table(file: PersonFile) -> Table:
    """Enrolments at the fund, latest first."""
    columns = [
        Column("category", pgettext("column", "Category")),
        Column("number", pgettext("column", "Fund number"), "identifier"),
        Column("from", _("From"), "day"),
        Column("state", _("State"), "tag"),
        Column("note", _("Note")),
    ]
    rows = [
        Row(
            {
                "category": str(CATEGORY_LABELS.get(one.category, one.category)),
                "number": one.fund_number,
                "from": one.effective_from,
                "state": _STATES[one.state],
                "note": _enrolment_note(one),
            }
        )
        for one in reversed(file.enrolments)
    ]
    return Table(_("At the fund"), columns, rows, empty=_("Not declared to the fund yet."))


def _enrolment_note(one: EnrolmentTold) -> str:
    if one.closed_on:
        return _("Closed on %(day)s") % {"day": day_text(one.closed_on)}
    if one.assumption == "lowest_tax_band":
        return _("The tax is not known: the lowest band is counted.")
    return ""


def family_table(members: tuple[MemberTold, ...]) -> Table:
    """The spouse and the children."""
    columns = [
        Column("name", pgettext("column", "Name")),
        Column("relation", _("Relation")),
        Column("born", _("Date of birth")),
        Column("state", _("State"), "tag"),
    ]
    rows = [
        Row(
            {
                "name": member_name(one),
                "relation": _RELATIONS[one.relation],
                "born": birth_text(one.birth_date, one.birth_precision),
                "state": _MEMBER_STATES[one.state],
            },
            href=reverse("person", args=[one.person_id]) if one.person_id else "",
        )
        for one in members
    ]
    return Table(
        _("Family"), columns, rows, empty=_("Nobody is declared, and no list mentions anyone.")
    )


def member_name(one: MemberTold) -> str:
    """The name, or that nobody has named the member yet."""
    if not (one.names.ar or one.names.latn):
        return _("Not named yet")
    return names_in_order(one.names.ar, one.names.latn)[0]


@dataclass(frozen=True)
class MemberShown:
    """A member of the family with what can be done about them."""

    id: int
    name: str
    relation: str
    born: str
    state: Tag
    removable: bool
    declared: bool
    command_id: str


def members_shown(found: Sequence[Member]) -> list[MemberShown]:
    """The members as the family's own page shows them."""
    return [
        MemberShown(
            one.pk,
            names_in_order(one.person.full_name_ar, one.person.full_name_latn)[0]
            if one.person
            else _("Not named yet"),
            str(_RELATIONS[one.relation]),
            birth_text(one.person.birth_date, one.person.birth_precision) if one.person else "",
            _MEMBER_STATES[one.state],
            one.state in ("mentioned", "declared"),
            one.state == "declared",
            new_command_id(),
        )
        for one in found
    ]


def rows_table(found: Sequence[RowOfPerson], *, separable: bool = False) -> Table:
    """Every list row that speaks of the person, as it was written, latest list first.

    `separable`: each of several rows leads to where it is taken out of the file.
    """
    columns = [
        Column("list", _("List"), "place"),
        Column("on", _("Imported on"), "day"),
        Column("name", _("Name as written")),
        Column("trade", _("Trade as written")),
        Column("place", _("Place as written")),
        Column("notes", pgettext("column", "Notes")),
        Column("remarks", _("Remarks")),
    ]
    separable = separable and len(found) > 1
    if separable:
        columns.append(Column("out", _("Not this person?"), "link"))
    return Table(
        _("Lists about this person"),
        columns,
        [_row_told(one, separable=separable) for one in found],
        empty=_("No list is about this person."),
    )


def _row_told(one: RowOfPerson, *, separable: bool) -> Row:
    row = one.row
    out = reverse("separate_row", args=[row.person_id, row.pk]) if separable else ""
    return Row(
        {
            "list": row_place(one),
            "on": day_of(one.imported_at),
            "name": row_name(one),
            "trade": row.trade_text,
            "place": row.place_text,
            "notes": row.notes,
            "remarks": " ".join(row_sentences(row)),
            "out": Link(_("Take the row out"), out) if out else None,
        }
    )


_READING = {
    "serving": pgettext_lazy("reading", "Serving the person"),
    "reviewing": pgettext_lazy("reading", "Reviewing pairs"),
    "following_up": pgettext_lazy("reading", "Following up"),
    "auditing": pgettext_lazy("reading", "Auditing"),
}


def readers_table(read: Sequence[ReadEntry], staff: Mapping[int, ActorNamed]) -> Table:
    """Who read the file, when and why, newest first."""
    columns = [
        Column("who", _("Who")),
        Column("at", _("When"), "moment"),
        Column("why", _("Why")),
    ]
    rows = [
        Row(
            {
                "who": in_a_line(who_among(one.reader_id, one.reader.name, staff)),
                "at": one.at,
                "why": str(_READING.get(one.reason, "—")),
            }
        )
        for one in read
    ]
    return Table(_("Who read this file"), columns, rows, empty=_("Nobody read it yet."))
