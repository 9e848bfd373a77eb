"""A person's file as its pages begin: who it is, the next step, the timeline, the numbers."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from qafila.accompaniment.access import may_contact
from qafila.accompaniment.file import PersonFile
from qafila.accompaniment.reasons import BY_CODE, CLOSED, Urgency, urgency_of
from qafila.enrolment.access import may_declare
from qafila.foundation.actors import Actor
from qafila.institutions.access import everyone
from qafila.people.access import may_correct
from qafila.register.access import may_receive_applications
from qafila.web.design.components import (
    TAGS,
    Link,
    Station,
    StationState,
    Tag,
)
from qafila.web.design.figures import day_text
from qafila.web.people.presenter import TONES

NUMBER_NAMES = {
    "card": pgettext_lazy("column", "Card number (CIN)"),
    "fund": pgettext_lazy("column", "Fund number"),
    "register": pgettext_lazy("column", "Register number"),
    "tax": pgettext_lazy("column", "Tax number"),
    "auto_entrepreneur": pgettext_lazy("column", "Auto-entrepreneur number"),
}


def other_actions(file: PersonFile, actor: Actor, first: Link | None) -> list[Link]:
    """What else can be done with the file and has no part of its own, `first` left out."""
    told = (
        ("person_contact", _("Record a contact"), may_contact),
        ("person_correct", _("Correct the data"), may_correct),
        ("person_privacy", _("What is kept"), may_correct),
        ("person_application", _("Register application"), may_receive_applications),
        ("person_family", _("Family"), may_declare),
        ("family_rights", _("Rights of the family"), everyone),
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


def rights_tag(status: str) -> Tag:
    """The state of the rights as a mark."""
    return TAGS[status]
