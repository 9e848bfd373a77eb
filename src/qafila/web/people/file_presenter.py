"""A person's file as its pages begin: who it is, the next step, the timeline, the numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from qafila.accompaniment.access import may_contact
from qafila.accompaniment.file import PersonFile
from qafila.accompaniment.reasons import BY_CODE, CLOSED, Urgency, urgency_of
from qafila.care.access import may_see_claims
from qafila.enrolment.access import may_declare
from qafila.foundation.actors import Actor
from qafila.institutions.access import everyone
from qafila.people.access import PersonFile as PersonRead
from qafila.people.access import may_correct
from qafila.places import queries as places
from qafila.register.access import may_receive_applications, may_see_applications
from qafila.rights.access import may_attest
from qafila.web.design.components import (
    TAGS,
    Fact,
    Link,
    Station,
    StationState,
    Tab,
    Tag,
)
from qafila.web.design.figures import day_text
from qafila.web.people.presenter import TONES, birth_text, names_in_order, phone_text
from qafila.web.people.remedies import remedy_link
from qafila.web.site.territory import language, named

_NUMBERS = {
    "card": pgettext_lazy("column", "Card number (CIN)"),
    "fund": pgettext_lazy("column", "Fund number"),
    "register": pgettext_lazy("column", "Register number"),
    "tax": pgettext_lazy("column", "Tax number"),
    "auto_entrepreneur": pgettext_lazy("column", "Auto-entrepreneur number"),
}


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
    """The head from the person alone, for the other pages of the file."""
    person = found.person
    return head_of(
        found.id,
        names=(person.full_name_ar, person.full_name_latn),
        place=_place_of(found),
        birth=(person.birth_date, person.birth_precision),
        sex=person.sex,
        card=person.card_number,
        phones=found.phones,
    )


def _place_of(found: PersonRead) -> str:
    person = found.person
    if person.commune:
        return places.full_commune_name(person.commune, language())
    return places.name_in(person.province, language()) if person.province else ""


def _place(file: PersonFile) -> str:
    place = file.place
    commune = named(place.commune_ar, place.commune_fr)
    province = named(place.province_ar, place.province_fr)
    return f"{commune} ({province})" if commune and province else commune or province


def _phone(number: str) -> Link:
    return Link(phone_text(number), f"tel:{number}")


def tabs_of(found: PersonRead, current: str, actor: Actor) -> list[Tab]:
    """The parts of the file that `actor` may see, each with its own address."""
    parts = (
        ("person", _("The way")),
        ("person_money", _("Contributions and rights")),
        ("person_claims", pgettext("file", "Care")),
        ("person_lists", _("Lists")),
        ("person_journal", _("Journal")),
    )
    return [
        Tab(label, reverse(name, args=[found.id]), name == current)
        for name, label in parts
        if name != "person_claims" or may_see_claims(actor, found.person.province_id)
    ]


def action_for(file: PersonFile, actor: Actor) -> Link | None:
    """The button beside the next step, when this actor is the one who can do it."""
    return remedy_link(file.reason, file.person_id, actor, file.place.province_code)


def other_actions(file: PersonFile, actor: Actor, first: Link | None) -> list[Link]:
    """What else can be done with the file, the first button left out."""
    told = (
        ("person_contact", _("Write down a contact"), may_contact),
        ("person_correct", _("Correct the data"), may_correct),
        ("person_privacy", _("What is kept"), may_correct),
        ("person_application", _("Register application"), may_receive_applications),
        ("person_register", _("Entry in the register"), may_see_applications),
        ("person_fund", _("Enrolment at the fund"), everyone),
        ("person_family", _("Family"), may_declare),
        ("family_rights", _("Rights of the family"), everyone),
        ("attestations", _("Attestations"), may_attest),
    )
    links = [
        Link(label, reverse(name, args=[file.person_id]))
        for name, label, may in told
        if may(actor, file.place.province_code)
    ]
    return [link for link in links if first is None or link.href != first.href]


def is_closed(file: PersonFile) -> bool:
    """Whether nothing is left to do: the person is covered, or has died."""
    return file.reason in CLOSED


def has_died(file: PersonFile) -> bool:
    """Whether the person has died: the way to cover is no longer theirs."""
    return urgency_of(file.reason) is Urgency.AT_REST


def tone_of(file: PersonFile) -> str:
    """The colour of the reason: nothing left, held up, or on the way; none after a death."""
    return TONES[urgency_of(file.reason)]


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
    return "blocked" if urgency_of(file.reason) is Urgency.HELD_UP else "here"


def _held_at(file: PersonFile) -> str:
    """The step of the reason, or the first one after it that is not done."""
    if not file.reason or is_closed(file) or has_died(file):
        return ""
    codes = [step.code for step in file.timeline]
    station = BY_CODE[file.reason].station
    begin = codes.index(station) if station else 0
    return next((step.code for step in file.timeline[begin:] if not step.done), "")


def numbers_of(file: PersonFile) -> list[Fact]:
    """The numbers institutions know the person by."""
    return [Fact(_NUMBERS.get(kind, kind), value, "identifier") for kind, value in file.identifiers]


def rights_tag(status: str) -> Tag:
    """The state of the rights as a mark."""
    return TAGS[status]
