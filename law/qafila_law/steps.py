"""The steps by which a result was reached: what a page, a letter and a voice message all tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from qafila_law.money import Money, Term
from qafila_law.parameter_tree import DatedValue, value_at


@dataclass(frozen=True, slots=True)
class Percent:
    """A share, 0.0637 for 6.37 %."""

    share: Decimal

    def __str__(self) -> str:
        return f"{(self.share * 100).normalize():f} %"


@dataclass(frozen=True, slots=True)
class MonthOf:
    """A month, told as 'January 2026'."""

    first_day: date

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Count:
    """A number of things the catalogue can count (`counts`): '3 months', 'un mois'."""

    number: int
    noun: str = "month"

    def __str__(self) -> str:
        return str(self.number)


Told: TypeAlias = Money | Count | Percent | MonthOf | Term | date | Decimal | int | str


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the sentence's code and facts, its amount, and the dated parameter it rests on."""

    code: str
    told: tuple[tuple[str, Told], ...] = ()
    amount_centimes: int | None = None
    parameter: str | None = None
    value: str | None = None
    unit: str | None = None
    since: date | None = None
    reference: str | None = None
    confidence: str | None = None

    @property
    def facts(self) -> dict[str, Told]:
        """The facts of the sentence by placeholder."""
        return dict(self.told)


def step(
    code: str, *, amount: int | None = None, rests_on: DatedValue | None = None, **told: Told
) -> Step:
    """A step telling `told`, resting on the dated value `rests_on` if it rests on one."""
    facts = tuple(told.items())
    if rests_on is None:
        return Step(code, facts, amount)
    return Step(
        code=code,
        told=facts,
        amount_centimes=amount,
        parameter=rests_on.path,
        value=str(rests_on.value),
        unit=rests_on.unit,
        since=rests_on.since,
        reference=rests_on.reference,
        confidence=rests_on.confidence,
    )


def step_on(path: str, on: date, code: str, *, amount: int | None = None, **told: Told) -> Step:
    """A step resting on the value of the parameter `path` in force on `on`."""
    return step(code, amount=amount, rests_on=value_at(path, on), **told)
