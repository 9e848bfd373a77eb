"""OpenFisca's own parameters (reforms included), as the rules ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any


@dataclass(frozen=True, slots=True)
class OpenFiscaParameters:
    """The parameter tree of a simulation at one period."""

    at_period: Any

    def number(self, path: str) -> Decimal:
        return Decimal(str(attrgetter(path)(self.at_period)))

    def flag(self, path: str) -> bool:
        return bool(attrgetter(path)(self.at_period))

    def bands(self, path: str) -> tuple[tuple[int, Decimal], ...]:
        scale = attrgetter(path)(self.at_period)
        pairs = zip(scale.thresholds, scale.amounts, strict=True)
        return tuple((int(low), Decimal(str(amount))) for low, amount in pairs)


def law_on(parameters: Any, period: Any) -> OpenFiscaParameters:
    """What a formula hands to the rules: the parameters in force at `period`."""
    return OpenFiscaParameters(parameters(period))
