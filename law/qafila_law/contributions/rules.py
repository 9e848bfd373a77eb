"""The arithmetic of contributions, on arrays of integers, shared by every way of asking.

One person, a batch of millions and an OpenFisca simulation call these same functions with the
parameters of their date. Every product is an exact integer; the only rounding is the last step,
half up to the centime (how the fund rounds is not known).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from qafila_law.money import whole_number
from qafila_law.parameter_tree import ParameterSource

Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

HUNDREDTHS = 100
_RATE_SCALE = 10_000
_FLAT = "contribution.minimum_wage"
_ACCOUNTS = "contribution.accounts"


def _divided_half_up(numerators: Integers, denominator: int) -> Integers:
    return (2 * numerators + denominator) // (2 * denominator)


def monthly_wage_centimes(law: ParameterSource) -> int:
    """Hourly SMIG × hours of a month, in centimes."""
    hourly = whole_number(law.number(f"{_FLAT}.hourly"), 100)
    return hourly * whole_number(law.number(f"{_FLAT}.hours_per_month"), 1)


def flat_rate_base_centimes(coefficients: Integers, law: ParameterSource) -> Integers:
    """Flat-rate monthly income: coefficient (in hundredths) × monthly SMIG."""
    return _divided_half_up(coefficients * monthly_wage_centimes(law), HUNDREDTHS)


def flat_rate_centimes(coefficients: Integers, law: ParameterSource) -> Integers:
    """Monthly contribution: coefficient (in hundredths) × monthly SMIG × rate."""
    rate = whole_number(law.number("contribution.rate"), _RATE_SCALE)
    exact = coefficients * (monthly_wage_centimes(law) * rate)
    return _divided_half_up(exact, HUNDREDTHS * _RATE_SCALE)


def hundredths(law: ParameterSource, path: str) -> int:
    """A coefficient in hundredths."""
    return whole_number(law.number(path), HUNDREDTHS)


def craftworker_coefficient(law: ParameterSource) -> int:
    """The coefficient of craftworkers without accounts, in hundredths."""
    return hundredths(law, "contribution.craftworker.coefficient")


def known_profit_coefficients(
    profit_dh: Integers, law: ParameterSource, later_steps: bool
) -> Integers:
    """Coefficients (hundredths) under RNR by yearly profit, in whole dirhams rounded up."""
    if later_steps:
        bands = law.bands(f"{_ACCOUNTS}.later_steps.real_coefficients")
        place = np.searchsorted([low for low, _ in bands], profit_dh, side="right") - 1
        return np.array([whole_number(c, HUNDREDTHS) for _, c in bands], np.int64)[place]
    threshold = whole_number(law.number(f"{_ACCOUNTS}.profit_threshold"), 1)
    low = hundredths(law, f"{_ACCOUNTS}.real_coefficient_to_threshold")
    high = hundredths(law, f"{_ACCOUNTS}.real_coefficient_above_threshold")
    return np.where(profit_dh > threshold, np.int64(high), np.int64(low))


def unknown_profit_coefficients(return_overdue: Flags, law: ParameterSource) -> Integers:
    """Coefficients (hundredths) while the profit is unknown, by whether the return is overdue."""
    before = hundredths(law, f"{_ACCOUNTS}.unknown_profit.before_return")
    after = hundredths(law, f"{_ACCOUNTS}.unknown_profit.after_return")
    return np.where(return_overdue, np.int64(after), np.int64(before))


def simplified_coefficient(law: ParameterSource, later_steps: bool) -> int:
    """The coefficient (hundredths) under RNS."""
    branch = f"{_ACCOUNTS}.later_steps" if later_steps else _ACCOUNTS
    return hundredths(law, f"{branch}.simplified_coefficient")


def yearly_tax_dh(tax_centimes: Integers, months_active: Integers) -> Integers:
    """The tax of a whole year in whole dirhams (cut, not rounded); a part year is annualised."""
    return (tax_centimes * 12) // (months_active * 100)


def tax_band_places(tax_dh: Integers, law: ParameterSource) -> NDArray[np.intp]:
    """The band each yearly tax falls in, counted from 0."""
    lows = [low for low, _ in law.bands("contribution.tax_bands.yearly_duty")]
    return np.searchsorted(lows, tax_dh, side="right") - 1


def yearly_duty_centimes(tax_dh: Integers, law: ParameterSource) -> Integers:
    """The duty of a whole year by yearly tax, in whole dirhams."""
    bands = law.bands("contribution.tax_bands.yearly_duty")
    duties = np.array([whole_number(duty, 100) for _, duty in bands], np.int64)
    return duties[tax_band_places(tax_dh, law)]


def share_of_year(yearly_centimes: Integers, months: Integers | int) -> Integers:
    """The part of a yearly amount that falls on `months` months, half up to the centime."""
    return _divided_half_up(yearly_centimes * months, 12)
