"""Insured people, the demonstration's tariffs, and claims in each state."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from tests.api.factories import insured

from qafila.care.models import Claim
from qafila.demonstration.tariffs import load_demonstration_tariffs
from qafila.foundation.actors import Actor
from qafila.foundation.trail import acting, system_actor

AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
CARE_DAY = dt.date(2026, 11, 2)
_serial = itertools.count(1)


def system() -> Actor:
    """The system's own actor."""
    return system_actor("tests")


def tariffs() -> None:
    """The demonstration's table."""
    load_demonstration_tariffs(actor=system(), at=AT)


def claim(state: str, **fields: Any) -> Claim:
    """A specialist's visit of 200 DH paid by Fatima, as a claim in this state."""
    tariffs()
    number = next(_serial)
    person = fields.pop("insured", None) or insured(card=f"JB{700_000 + number}")
    facts: dict[str, Any] = {
        "insured": person,
        "patient": person,
        "state": state,
        "act_code": "CS",
        "care_on": CARE_DAY,
        "paid_by_person_centimes": 20_000,
        "declared_on": CARE_DAY,
        "received_on": None if state == "declared" else CARE_DAY,
    }
    if state in ("assessed", "paid"):
        facts |= {"finding": "payable", "reimbursed_centimes": 10_500}
    if state == "paid":
        facts |= {"paid_on": AT.date(), "payment_reference": "V-1"}
    if state in ("refused", "appealed", "rejected"):
        facts |= {"refusal_reason": "No prescription."}
    with acting(system(), at=AT):
        return Claim.objects.create(**{**facts, **fields})
