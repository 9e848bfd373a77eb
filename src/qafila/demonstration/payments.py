"""A believable payment file for demonstrations: who pays what, when, and the slips people make."""

from __future__ import annotations

import csv
import datetime as dt
import random
from dataclasses import dataclass, replace
from pathlib import Path

from django.db.models import Sum

from qafila.contributions.ledger.months import first_day, months_after
from qafila.contributions.models.calls_and_ledger import Call, Payment
from qafila.foundation.scope import known_by
from qafila_law.money import dirhams

_COLUMNS = ("reference", "fund_number", "register_number", "card_number", "amount_dh", "paid_on")
# Of those who pay: most pay the month, some all they owe, a few half, too much, or twice.
_HABITS = ("month", "all", "half", "extra", "twice")
_WEIGHTS = (62, 26, 5, 5, 2)


@dataclass(frozen=True)
class _Row:
    reference: str
    fund_number: str
    centimes: int
    day: dt.date

    def cells(self) -> tuple[str, ...]:
        return self.reference, self.fund_number, "", "", dirhams(self.centimes), f"{self.day}"


@known_by("the demonstration")
def write_demonstration_payments(path: Path, month: dt.date, *, seed: int, share: float) -> int:
    """Write a csv file of relay-point payments for the calls of `month`; returns its rows.

    `share` of the people called pay; the same `seed` and calls give the same file. Dates lie in the
    first three weeks of the month. Ends with a right total line.
    """
    chance = random.Random(seed)  # noqa: S311  # a demonstration has to repeat itself
    month = first_day(month)
    owed = _owed_until(month)
    rows: list[_Row] = []
    calls = Call.objects.filter(month=month).order_by("person_id", "enrolment_id")
    found = calls.values_list("person_id", "enrolment__fund_number", "amount_centimes")
    for person, fund_number, amount in found.iterator():
        if chance.random() < share:
            rows += _rows_of(chance, month, len(rows), fund_number, amount, owed.get(person, 0))
    total = sum(row.centimes for row in rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(row.cells() for row in rows)
        writer.writerow(("total", "", "", "", dirhams(total), f"{months_after(month, 1)}"))
    return len(rows)


def _owed_until(month: dt.date) -> dict[int, int]:
    calls = Call.objects.filter(settled_on=None, month__lte=month).values("person_id")
    owed = dict(calls.annotate(total=Sum("amount_centimes")).values_list("person_id", "total"))
    for person, rest in Payment.objects.filter(unallocated_centimes__gt=0).values_list(
        "person_id", "unallocated_centimes"
    ):
        owed[person] = owed.get(person, 0) - rest
    return owed


def _rows_of(
    chance: random.Random, month: dt.date, number: int, fund_number: str, amount: int, owed: int
) -> list[_Row]:
    habit = chance.choices(_HABITS, _WEIGHTS)[0]
    paid = {"all": max(owed, amount), "half": amount // 2, "extra": amount * 2}.get(habit, amount)
    day = month + dt.timedelta(days=chance.randrange(21))
    reference = f"RP{month:%Y%m}{number:07d}"
    row = _Row(reference, fund_number, paid, day)
    return [row, replace(row, reference=reference + "B")] if habit == "twice" else [row]
