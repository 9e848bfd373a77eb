"""Money is an integer number of centimes; rules multiply exact fractions and round once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from qafila_law.errors import BadAmountError, NegativeAmountError

_LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the catalogue (`terms`), told in the reader's language."""

    key: str

    def __str__(self) -> str:
        return self.key


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in a sentence or a step."""

    centimes: int

    def __str__(self) -> str:
        return dirhams(self.centimes)


def dirhams(centimes: int) -> str:
    """`16352` as `'163.52'`."""
    sign = "-" if centimes < 0 else ""
    whole, rest = divmod(abs(centimes), 100)
    return f"{sign}{whole}.{rest:02d}"


def rounded_half_up(numerator: int, denominator: int) -> int:
    """The nearest integer to a positive fraction, halves upwards (the fund's rule is unknown)."""
    return (2 * numerator + denominator) // (2 * denominator)


def whole_number(value: Decimal, scale: int) -> int:
    """`value` × `scale` as an integer; ValueError when something would be lost."""
    scaled = value * scale
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{value} has more decimals than 1/{scale} can hold")
    return int(scaled)


_TYPED = re.compile(r"(-?)(\d+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+)(?:[.,](\d{1,2}))?", re.ASCII)


def _typed(text: str) -> Decimal | None:
    read = _TYPED.fullmatch(text.strip())
    if read is None:
        return None
    sign, whole, cents = read.groups()
    value = Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{cents or 0}")
    if sign and not value:
        return None
    return -value if sign else value


def centimes_of(amount: Decimal | int | str, fact: str) -> int:
    """Centimes of an amount in dirhams given as text, int or Decimal.

    Text is digits, with thousands parted by spaces and one mark before one or two decimals: what
    can be read in two ways ("1.500") or hides a size ("1e5") is refused. BadAmountError when it is
    no amount in whole centimes; NegativeAmountError below zero. `fact` is the amount's name among
    the catalogue's terms.
    """
    value = _typed(amount) if isinstance(amount, str) else Decimal(amount)
    if value is None:
        raise BadAmountError(fact=Term(fact), amount=str(amount))
    if not value.is_finite() or abs(value) > _LARGEST or value * 100 != int(value * 100):
        raise BadAmountError(fact=Term(fact), amount=str(amount))
    if value < 0:
        raise NegativeAmountError(fact=Term(fact), amount=str(amount))
    return int(value * 100)
