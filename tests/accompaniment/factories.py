"""People between unknown and covered: each function is a situation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.enrolment.factories import enrolled
from tests.register.factories import AT, person, system

from qafila.accompaniment.models import Progress
from qafila.accompaniment.standings import StandingsRefreshed, refresh_standings
from qafila.contributions.models.calls_and_ledger import Allocation, Call, Payment
from qafila.enrolment.models import Dependant, Enrolment
from qafila.foundation.trail import acting
from qafila.people.models import Person
from qafila.register.models import Application
from qafila.rights.models import RightsPeriod

ON = dt.date(2026, 11, 22)


def refresh(*person_ids: int, at: dt.datetime = AT) -> StandingsRefreshed:
    """Work out the standings of everyone, or of these people."""
    return refresh_standings(on=ON, actor=system(), at=at, person_ids=person_ids or None)


def standing_of(who: Person) -> Progress:
    """Where the person stands, worked out now."""
    refresh()
    return Progress.objects.get(person=who)


def applying(state: str = "incomplete", missing: tuple[str, ...] = (), **traits: Any) -> Person:
    """Fatima with an application in this state."""
    fatima = person(**traits)
    with acting(system(), at=AT):
        Application.objects.create(
            person=fatima, state=state, missing=[*missing], opened_at=AT, trade=None
        )
    return fatima


def called(enrolment: Enrolment, month: dt.date, *, paid: bool = False, part_paid: int = 0) -> None:
    """The month's 163.52 DH, due on the 28th of the next month: unpaid, paid whole or in part."""
    due = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=28)
    centimes = 16352 if paid else part_paid
    with acting(system(), at=AT):
        call = Call.objects.create(
            enrolment=enrolment, person=enrolment.person, month=month, category=enrolment.category,
            amount_centimes=16352, due_on=due, origin="opening", settled_on=due if paid else None,
        )  # fmt: skip
        if centimes:
            payment = Payment.objects.create(
                reference=f"{enrolment.pk}-{month}", channel="bank", person=enrolment.person,
                amount_centimes=centimes, paid_on=due, recorded_at=AT, unallocated_centimes=0,
            )  # fmt: skip
            Allocation.objects.create(
                payment=payment, call=call, call_month=month, amount_centimes=centimes,
                allocated_on=due,
            )  # fmt: skip


def rights(who: Person, status: str, reason: str = "", since: dt.date | None = None) -> None:
    """The person's rights since the beginning of the month, or `since`."""
    with acting(system(), at=AT):
        RightsPeriod.objects.create(
            person=who, status=status, reason=reason, since=since or ON.replace(day=1)
        )


def covered(**fields: Any) -> Person:
    """Fatima, registered, enrolled, paying, with open rights."""
    enrolment = enrolled(**fields)
    called(enrolment, dt.date(2026, 9, 1), paid=True)
    rights(enrolment.person, "open", "paid_up")
    return enrolment.person


def with_family(who: Person, state: str = "declared", relation: str = "spouse") -> Dependant:
    """A spouse or child of `who`, declared or only mentioned."""
    other = None if state == "mentioned" else person()
    with acting(system(), at=AT):
        return Dependant.objects.create(
            insured=who, person=other, relation=relation, state=state, since=ON
        )
