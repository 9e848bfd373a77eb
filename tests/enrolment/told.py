"""Members of a family and what is told of them, as the tests of life events tell it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.enrolment.factories import member
from tests.register.factories import AT, system

import qafila_law
from qafila.enrolment.family.life_events import (
    LifeEventMoved,
    NewEvent,
    take_back_life_event,
    tell_life_event,
)
from qafila.enrolment.family.members import family_told
from qafila.enrolment.models import Dependant
from qafila.foundation.trail import acting
from qafila.people.models import Person

TODAY = AT.date()
SCHOOL = (dt.date(2026, 9, 1), dt.date(2027, 9, 1))


def child_of(insured: Person, born: dt.date = dt.date(2004, 5, 5)) -> Dependant:
    """A child declared long ago, now a student's age unless born otherwise."""
    one = member(insured, relation="child")
    with acting(system(), at=AT):
        Person.objects.filter(pk=one.person_id).update(birth_date=born)
    return one


def tell(one: Dependant, kind: str, since: dt.date = TODAY, **told: Any) -> LifeEventMoved:
    event = {"until": None, "document": "Paper 12/2026", "dependant_id": one.pk, **told}
    return tell_life_event(
        insured_id=one.insured_id, event=NewEvent(kind, since, **event),
        actor=system(), at=AT,
    )  # fmt: skip


def take_back(one: Dependant, event_id: int, reason: str = "Wrong file.") -> Any:
    return take_back_life_event(
        insured_id=one.insured_id, event_id=event_id, reason=reason, actor=system(), at=AT
    )


def cover(one: Dependant, on: dt.date = TODAY) -> str:
    [answer] = qafila_law.dependants(family_told(one.insured).family, on)
    return answer.reason
