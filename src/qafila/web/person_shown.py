"""A person's file as its pages show it: the timeline, the numbers, the register, the family."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from qafila.accompaniment.contacts import CONTACTING
from qafila.accompaniment.file import EnrolmentTold, MemberTold, PersonFile
from qafila.accompaniment.reasons import COVERED
from qafila.enrolment.access import DECLARING
from qafila.foundation.actors import Actor, Role
from qafila.indicators.definitions import CATEGORY_LABELS
from qafila.lists.queries import RowOfPerson
from qafila.people.access import MAY_CORRECT
from qafila.people.queries import PersonFile as PersonRead
from qafila.places import queries as places
from qafila.register.access import DECIDING, RECEIVING
from qafila.web.commands import new_command_id
from qafila.web.components import (
    TAGS,
    Column,
    Fact,
    Link,
    Row,
    Station,
    StationState,
    Tab,
    Table,
    Tag,
)
from qafila.web.figures import day_text
from qafila.web.list_words import source_word
from qafila.web.people_shown import birth_text, names_in_order
from qafila.web.territory import language, named

_STEP_OF = {
    "registered": (
        "refused", "application_waiting", "register_number_conflict", "no_card_number",
        "no_birth_date", "place_unknown", "trade_unknown", "application_incomplete",
        "struck_off_register", "not_registered", "registered_twice",
    ),
    "enrolled": (
        "fund_number_conflict", "enrolment_closed", "auto_entrepreneur_struck_off",
        "not_declared_at_fund", "waiting_for_fund_number", "enrolled_twice",
    ),
    "family_declared": ("family_not_declared",),
    "paying": ("contributions_unpaid", "first_payment_awaited", "not_called_yet"),
    "rights_open": ("waiting_period",),
}  # fmt: skip
_BLOCKED = frozenset({"refused", "contributions_unpaid", "fund_number_conflict"})
_NUMBERS = {
    "card": pgettext_lazy("column", "Card number (CIN)"),
    "fund": pgettext_lazy("column", "Fund number"),
    "register": pgettext_lazy("column", "Register number"),
    "tax": pgettext_lazy("column", "Tax number"),
    "auto_entrepreneur": pgettext_lazy("column", "Auto-entrepreneur number"),
}
_ACTIONS: dict[str, tuple[str, str | Promise, frozenset[Role]]] = {
    "correct": ("person_correct", gettext_lazy("Write it in the file"), frozenset(MAY_CORRECT)),
    "apply": ("person_application", gettext_lazy("Go to the application"), frozenset(RECEIVING)),
    "decide": ("applications", gettext_lazy("Go to the applications"), frozenset(DECIDING)),
    "family": ("person_family", gettext_lazy("Declare the family"), frozenset(DECLARING)),
    "pay": ("person_money", gettext_lazy("See what is owed"), frozenset(Role)),
}
_ACTION_OF = {
    "no_card_number": "correct", "no_birth_date": "correct", "application_waiting": "decide",
    "register_number_conflict": "apply", "trade_unknown": "apply",
    "application_incomplete": "apply", "struck_off_register": "apply", "not_registered": "apply",
    "refused": "apply", "family_not_declared": "family", "contributions_unpaid": "pay",
    "first_payment_awaited": "pay",
}  # fmt: skip
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

    @property
    def reader(self) -> Reader: ...


@dataclass(frozen=True)
class Head:
    """Who it is, as every page of the file begins."""

    person_id: int
    name: str
    other_name: str
    line: str
    card: str
    phones: tuple[Link, ...]


def head_of(
    person_id: int,
    *,
    names: tuple[str, str],
    place: str,
    birth: tuple[dt.date | None, str],
    sex: str,
    card: str,
    phones: tuple[str, ...],
) -> Head:
    """Who it is: names in the reader's order, birth and place in one line, phones to call."""
    name, other = names_in_order(*names)
    born = birth_text(*birth)
    told = {"F": _("born in %(born)s, a woman"), "M": _("born in %(born)s, a man")}
    parts = [place]
    if born:
        parts.append(told.get(sex, _("born in %(born)s")) % {"born": born})
    line = " · ".join(part for part in parts if part)
    return Head(person_id, name, other, line, card, tuple(_phone(one) for one in phones))


def head_of_file(file: PersonFile) -> Head:
    """The head from the whole file."""
    return head_of(
        file.person_id,
        names=(file.names.ar, file.names.latn),
        place=_place(file),
        birth=(file.birth_date, file.birth_precision),
        sex=file.sex,
        card=file.card_number,
        phones=file.phones,
    )


def head_of_person(found: PersonRead) -> Head:
    """The head from the person alone, for the other pages of the file. One query for the place."""
    person = found.person
    code = person.commune_id or person.province_id
    return head_of(
        found.id,
        names=(person.full_name_ar, person.full_name_latn),
        place=places.names_of((code,), language()).get(code or "", ""),
        birth=(person.birth_date, person.birth_precision),
        sex=person.sex,
        card=person.card_number,
        phones=found.phones,
    )


def _place(file: PersonFile) -> str:
    place = file.place
    commune = named(place.commune_ar, place.commune_fr)
    province = named(place.province_ar, place.province_fr)
    return f"{commune} ({province})" if commune and province else commune or province


def phone_text(number: str) -> str:
    """A Moroccan number as people dial it, 0612345678; others as they are."""
    return f"0{number[4:]}" if number.startswith("+212") else number


def _phone(number: str) -> Link:
    return Link(phone_text(number), f"tel:{number}")


def tabs_of(person_id: int, current: str) -> list[Tab]:
    """The parts of the file, each with its own address."""
    parts = (
        ("person", _("The way")),
        ("person_money", _("Contributions and rights")),
        ("person_lists", _("Lists")),
        ("person_journal", _("Journal")),
    )
    return [Tab(label, reverse(name, args=[person_id]), name == current) for name, label in parts]


def action_for(file: PersonFile, actor: Actor) -> Link | None:
    """The button beside the next step, when this actor is the one who can do it."""
    kind = _ACTION_OF.get(file.reason)
    if kind is None:
        return None
    url_name, label, roles = _ACTIONS[kind]
    if not actor.has(*roles):
        return None
    return Link(label, reverse(url_name, args=[] if kind == "decide" else [file.person_id]))


def other_actions(file: PersonFile, actor: Actor, first: Link | None) -> list[Link]:
    """What else can be done with the file, the first button left out."""
    told = (
        ("person_contact", _("Write down a contact"), frozenset(CONTACTING)),
        ("person_correct", _("Correct the data"), frozenset(MAY_CORRECT)),
        ("person_application", _("Register application"), frozenset(RECEIVING)),
        ("person_family", _("Family"), frozenset(DECLARING)),
    )
    links = [
        Link(label, reverse(name, args=[file.person_id]))
        for name, label, roles in told
        if actor.has(*roles)
    ]
    return [link for link in links if first is None or link.href != first.href]


def is_covered(file: PersonFile) -> bool:
    """Whether nothing is left to do."""
    return file.reason == COVERED


def tone_of(file: PersonFile) -> str:
    """The colour of the reason: nothing left, held up, or on the way."""
    return "ok" if is_covered(file) else "bad" if file.reason in _BLOCKED else "warn"


def stations_of(file: PersonFile) -> list[Station]:
    """The seven steps; the one the reason speaks of is where the person stands."""
    here = _held_at(file)
    return [
        Station(
            step.label,
            "done" if step.done else _state(file, step.code == here),
            when=day_text(step.on) if step.on else "",
            note=step.detail,
        )
        for step in file.timeline
    ]


def _state(file: PersonFile, here: bool) -> StationState:
    if not here:
        return "ahead"
    return "blocked" if file.reason in _BLOCKED else "here"


def _held_at(file: PersonFile) -> str:
    """The step of the reason, or the first one after it that is not done."""
    if not file.reason or is_covered(file):
        return ""
    codes = [step.code for step in file.timeline]
    begin = next((codes.index(s) for s, reasons in _STEP_OF.items() if file.reason in reasons), 0)
    return next((step.code for step in file.timeline[begin:] if not step.done), "")


def numbers_of(file: PersonFile) -> list[Fact]:
    """The numbers institutions know the person by."""
    return [Fact(_NUMBERS.get(kind, kind), value, "identifier") for kind, value in file.identifiers]


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
        Row({
            "what": pgettext("register", "Entry"), "number": one.register_number,
            "trade": named(one.trade_ar, one.trade_fr) or one.trade_text, "on": one.entered_on,
            "state": _STATES[one.state], "note": "",
        })
        for one in reversed(file.entries)
    ]  # fmt: skip
    applications = [
        Row({
            "what": pgettext("register", "Application"), "number": "",
            "trade": named(one.trade_ar, one.trade_fr) or one.trade_text,
            "on": one.opened_at.date(), "state": _STATES[one.state],
            "note": one.refusal_reason or _missing(one.missing_names),
        })
        for one in reversed(file.applications)
    ]  # fmt: skip
    return Table(
        _("In the register"), columns, [*entries, *applications],
        empty=_("Not in the register, and no application was opened."),
    )  # fmt: skip


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
        Row({
            "category": str(CATEGORY_LABELS.get(one.category, one.category)),
            "number": one.fund_number, "from": one.effective_from, "state": _STATES[one.state],
            "note": _enrolment_note(one),
        })
        for one in reversed(file.enrolments)
    ]  # fmt: skip
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
        Column("born", _("Date of birth"), "day"),
        Column("state", _("State"), "tag"),
    ]
    rows = [
        Row(
            {"name": member_name(one), "relation": _RELATIONS[one.relation],
             "born": one.birth_date or "", "state": _MEMBER_STATES[one.state]},
            href=reverse("person", args=[one.person_id]) if one.person_id else "",
        )
        for one in members
    ]  # fmt: skip
    return Table(
        _("Family"), columns, rows, empty=_("Nobody is declared, and no list speaks of anyone.")
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
    born: dt.date | None
    state: Tag
    removable: bool
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
            one.person.birth_date if one.person else None,
            _MEMBER_STATES[one.state],
            one.state in ("mentioned", "declared"),
            new_command_id(),
        )
        for one in found
    ]


def rows_table(found: Sequence[RowOfPerson]) -> Table:
    """Every list row that speaks of the person, as it was written, latest list first."""
    columns = [
        Column("list", _("List")),
        Column("on", _("Imported on"), "day"),
        Column("name", _("Name as written")),
        Column("trade", _("Trade as written")),
        Column("place", _("Place as written")),
        Column("notes", pgettext("column", "Notes")),
    ]
    return Table(
        _("Lists that speak of this person"),
        columns,
        [_row_told(one) for one in found],
        empty=_("No list speaks of this person."),
    )


def _row_told(one: RowOfPerson) -> Row:
    row = one.row
    place = place_in_file(one.file_name, row.sheet, row.row_number)
    return Row(
        {
            "list": f"{source_word(one.source)} · {place}",
            "on": one.imported_at.date(),
            "name": row_name(one),
            "trade": row.trade_text,
            "place": row.place_text,
            "notes": row.notes,
        }
    )


def row_name(one: RowOfPerson) -> str:
    """The name as the row writes it."""
    row = one.row
    return row.full_name or " ".join(n for n in (row.family_name, row.given_name) if n)


def _apart(name: str) -> str:
    """The name isolated, so that its script does not turn the words around it."""
    return f"\u2068{name}\u2069"


def place_in_file(file_name: str, sheet: str, row_number: int) -> str:
    """Where a row stands: file, sheet and row, as the reader finds it in the file."""
    names = [_apart(name) for name in (file_name, sheet) if name]
    where = ", ".join(names)
    return _("%(file)s, row %(row)s") % {"file": where, "row": row_number}


_READING = {
    "serving": pgettext_lazy("reading", "Serving the person"),
    "reviewing": pgettext_lazy("reading", "Reviewing pairs"),
    "following_up": pgettext_lazy("reading", "Following up"),
    "auditing": pgettext_lazy("reading", "Auditing"),
}


def readers_table(read: Sequence[ReadEntry]) -> Table:
    """Who read the file, when and why, newest first."""
    columns = [
        Column("who", _("Who")),
        Column("at", _("When"), "moment"),
        Column("why", _("Why")),
    ]
    rows = [
        Row({"who": one.reader.name, "at": one.at, "why": str(_READING.get(one.reason, "—"))})
        for one in read
    ]
    return Table(_("Who read this file"), columns, rows, empty=_("Nobody read it yet."))


def rights_tag(status: str) -> Tag:
    """The state of the rights as a mark."""
    return TAGS[status]
