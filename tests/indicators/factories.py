"""Standings of many people at once, without the facts behind them."""

from __future__ import annotations

from typing import Any

from tests.register.factories import AT, PLACES, person, system

from qafila.accompaniment.models import Progress
from qafila.foundation.trail import acting
from qafila.people.models import Person

STEPS = ("reached", "registered", "enrolled", "family_declared", "paying", "rights_open")


def standing(who: Person | None = None, *, done: tuple[str, ...] = (), **fields: Any) -> Progress:
    """Someone who has done these steps; place, trade, category and sex as given."""
    province = fields.get("province_code", "09.001")
    facts: dict[str, Any] = {
        "stage": "identified",
        "reason": "not_registered",
        "rights": "none",
        "category": "craftworker",
        "sex": "F",
        "province_code": province,
        "region_code": PLACES.get(province, ""),
        "commune_code": f"{province}.01.01" if province else "",
        "computed_at": AT,
    }
    with acting(system(), at=AT):
        return Progress.objects.create(
            person=who or person(), **dict.fromkeys(done, True), **{**facts, **fields}
        )
