"""People on their way to the fund: each trait is a situation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.register.factories import AT, person, system

from qafila.enrolment.models import Dependant, Enrolment
from qafila.foundation.trail import acting
from qafila.people.models import Person
from qafila.register.models import Entry

_numbers = iter(range(200_000, 900_000))


def registered(**traits: Any) -> Person:
    """Fatima with an active entry in the register."""
    fatima = person(**traits)
    with acting(system(), at=AT):
        Entry.objects.create(
            person=fatima, register_number=str(next(_numbers)), entered_on=AT.date()
        )
    return fatima


def enrolled(
    who: Person | None = None,
    *,
    category: str = "craftworker",
    only_declared: bool = False,
    **fields: Any,
) -> Enrolment:
    """An enrolment under a fund number of its own, or only declared."""
    number = "" if only_declared else f"{100_000_000 + next(_numbers)}"
    facts: dict[str, Any] = {
        "category": category,
        "state": "declared" if only_declared else "enrolled",
        "fund_number": number,
        "effective_from": dt.date(2026, 1, 1),
        "created_at": AT,
    }
    with acting(system(), at=AT):
        return Enrolment.objects.create(person=who or registered(), **{**facts, **fields})


def member(insured: Person, state: str = "declared", relation: str = "spouse") -> Dependant:
    """A spouse or child of `insured`: mentioned, declared or refused."""
    who = None if state == "mentioned" else person(sex="M")
    with acting(system(), at=AT):
        facts = {"insured": insured, "person": who, "relation": relation, "since": AT.date()}
        if state == "doubled":
            facts["same_as"] = Dependant.objects.create(**facts, state="declared")
        return Dependant.objects.create(**facts, state=state)
