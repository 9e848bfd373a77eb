"""What one person owes for one month, and why: the single-person door to the contribution rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np

from qafila_law.contributions import rules
from qafila_law.contributions.categories import (
    Category,
    Regime,
    category_of,
    regime_of,
)
from qafila_law.errors import (
    BadMonthsActiveError,
    MissingFactError,
    MonthBeforeSchemeError,
    NoRuleYetError,
)
from qafila_law.money import Money, Term, centimes_of
from qafila_law.months import Month, month_of
from qafila_law.parameter_tree import ParametersOn, bands_at, value_at
from qafila_law.steps import Count, MonthOf, Percent, Step, step, step_on

Dirhams: TypeAlias = Decimal | int | str

_ACCOUNTS = "contribution.accounts"
_BANDS = "contribution.tax_bands.yearly_duty"


@dataclass(frozen=True, slots=True)
class Amount:
    """A contribution. Quarter and year are given where the law sets them (tax-band categories)."""

    category: Category
    month: date
    monthly_centimes: int
    base_centimes: int | None
    steps: tuple[Step, ...]
    periodicity: str
    quarterly_centimes: int | None = None
    yearly_centimes: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """What is due for one month by a person with one or several activities."""

    month: date
    total_centimes: int
    kept: tuple[Amount, ...]
    steps: tuple[Step, ...]


def first_month(category: Category | str) -> date:
    """The first month for which `category` owes a contribution."""
    path = f"contribution.first_month.{category_of(category).key}"
    return date.fromisoformat(str(value_at(path, date.max).value))


def monthly_amount(
    category: Category | str,
    month: Month,
    *,
    annual_tax: Dirhams | None = None,
    regime: Regime | str | None = None,
    profit: Dirhams | None = None,
    months_active: int | None = None,
    first_return: Month | None = None,
    later_steps: bool | None = None,
) -> Amount:
    """The contribution of one person for `month`, with the steps that lead to it.

    `annual_tax` (cpu, auto-entrepreneur) is the income tax in dirhams of the year, or of the
    `months_active` months of a part year. `profit` (accounts, RNR) is the yearly profit in
    dirhams; None means unknown, and `first_return` is then the month of the first tax return.
    `later_steps` selects the steps of BO 7147 (None: what the parameter says, today no).
    Raises LawError subclasses: UnknownCategoryError, UnknownRegimeError, BadMonthError,
    MonthBeforeSchemeError, MissingFactError, NegativeAmountError, BadAmountError,
    BadMonthsActiveError, NoRuleYetError.
    """
    kind, first_day = category_of(category), month_of(month)
    _refuse_before_scheme(kind, first_day)
    if kind.pays_with_tax:
        return _tax_band_amount(kind, first_day, annual_tax, months_active)
    if kind is Category.CRAFTWORKER:
        return _craftworker_amount(first_day)
    chosen = regime_of(regime) if regime is not None else None
    return _accounts_amount(first_day, chosen, profit, first_return, later_steps)


def _refuse_before_scheme(category: Category, month: date) -> None:
    first = first_month(category)
    if month < first:
        raise MonthBeforeSchemeError(
            category=Term(category.key), month=MonthOf(month), first=MonthOf(first)
        )


def _craftworker_amount(month: date) -> Amount:
    path = "contribution.craftworker.coefficient"
    coefficient = rules.craftworker_coefficient(ParametersOn(month))
    return _flat_rate_amount(Category.CRAFTWORKER, month, coefficient, path, ())


def _flat_rate_amount(
    category: Category, month: date, coefficient: int, path: str, before: tuple[Step, ...]
) -> Amount:
    law, one = ParametersOn(month), np.array([coefficient], np.int64)
    base = int(rules.flat_rate_base_centimes(one, law)[0])
    owed = int(rules.flat_rate_centimes(one, law)[0])
    return Amount(
        category=category,
        month=month,
        monthly_centimes=owed,
        base_centimes=base,
        steps=(*before, *_flat_rate_steps(month, coefficient, path, base, owed)),
        periodicity="monthly",
    )


def _flat_rate_steps(
    month: date, coefficient: int, path: str, base: int, owed: int
) -> tuple[Step, ...]:
    wage, law = "contribution.minimum_wage", ParametersOn(month)
    hourly = int(law.number(f"{wage}.hourly") * 100)
    monthly = rules.monthly_wage_centimes(law)
    hours = int(law.number(f"{wage}.hours_per_month"))
    since = value_at(f"{wage}.hourly", month).since
    times = Decimal(coefficient) / rules.HUNDREDTHS
    return (
        step_on(
            f"{wage}.hourly", month, "minimum_wage", amount=hourly, wage=Money(hourly), since=since
        ),
        step_on(
            f"{wage}.hours_per_month",
            month,
            "monthly_wage",
            amount=monthly,
            monthly=Money(monthly),
            hours=hours,
        ),
        step_on(path, month, "flat_rate_income", amount=base, base=Money(base), times=times),
        step_on(
            "contribution.rate",
            month,
            "contribution",
            amount=owed,
            amount_due=Money(owed),
            rate=Percent(law.number("contribution.rate")),
            base=Money(base),
        ),
    )


def _accounts_amount(
    month: date,
    regime: Regime | None,
    profit: Dirhams | None,
    first_return: Month | None,
    later_steps: bool | None,
) -> Amount:
    if regime is None:
        raise MissingFactError(category=Term("accounts"), fact=Term("fact_regime"))
    later = later_steps_apply(month, later_steps)
    branch = f"{_ACCOUNTS}.later_steps" if later else _ACCOUNTS
    law = ParametersOn(month)
    if regime is Regime.SIMPLIFIED:
        path = f"{branch}.simplified_coefficient"
        times = rules.simplified_coefficient(law, later)
        why = step_on(path, month, "regime_simplified", times=_times(times))
    elif profit is None:
        path, times, why = _unknown_profit(month, first_return)
    else:
        path, times, why = _known_profit(month, centimes_of(profit, "fact_profit"), later)
    return _flat_rate_amount(Category.ACCOUNTS, month, times, path, (why,))


def _times(coefficient: int) -> Decimal:
    return Decimal(coefficient) / rules.HUNDREDTHS


def later_steps_apply(month: date, later_steps: bool | None) -> bool:
    """Whether the steps of BO 7147 are used for `month`; NoRuleYetError before their date."""
    path = f"{_ACCOUNTS}.later_steps.in_force"
    if later_steps:
        value_at(path, month)
        return True
    try:
        return later_steps is None and value_at(path, month).value is True
    except NoRuleYetError:
        return False


def _unknown_profit(month: date, first_return: Month | None) -> tuple[str, int, Step]:
    overdue = first_return is not None and month > month_of(first_return)
    path = f"{_ACCOUNTS}.unknown_profit.{'after_return' if overdue else 'before_return'}"
    try:
        value_at(path, month)
    except NoRuleYetError:
        raise MissingFactError(category=Term("accounts"), fact=Term("fact_profit")) from None
    times = int(rules.unknown_profit_coefficients(np.array([overdue]), ParametersOn(month))[0])
    code = "profit_unknown_return_overdue" if overdue else "profit_unknown"
    return path, times, step_on(path, month, code, times=_times(times))


def _known_profit(month: date, profit: int, later: bool) -> tuple[str, int, Step]:
    whole = np.array([-(-profit // 100)], np.int64)
    times = int(rules.known_profit_coefficients(whole, ParametersOn(month), later)[0])
    if later:
        bands = bands_at(f"{_ACCOUNTS}.later_steps.real_coefficients", month)
        at = max(i for i, (low, _) in enumerate(bands) if low.number <= int(whole[0]))
        path = f"{_ACCOUNTS}.later_steps.real_coefficients[{at}].amount"
        why = step_on(path, month, "profit_step", times=_times(times), profit=Money(profit))
        return path, times, why
    threshold = value_at(f"{_ACCOUNTS}.profit_threshold", month).number
    above = profit > threshold * 100
    name = "real_coefficient_above_threshold" if above else "real_coefficient_to_threshold"
    code = "profit_above_threshold" if above else "profit_to_threshold"
    why = step_on(
        f"{_ACCOUNTS}.{name}",
        month,
        code,
        times=_times(times),
        profit=Money(profit),
        threshold=Money(int(threshold * 100)),
    )
    return f"{_ACCOUNTS}.{name}", times, why


def _tax_band_amount(
    category: Category, month: date, annual_tax: Dirhams | None, months_active: int | None
) -> Amount:
    if annual_tax is None:
        raise MissingFactError(category=Term(category.key), fact=Term("fact_annual_tax"))
    months = 12 if months_active is None else months_active
    if not 1 <= months <= 12:
        raise BadMonthsActiveError(months=months)
    tax = np.array([centimes_of(annual_tax, "fact_annual_tax")], np.int64)
    law = ParametersOn(month)
    whole_tax = rules.yearly_tax_dh(tax, np.array([months], np.int64))
    yearly = rules.yearly_duty_centimes(whole_tax, law)
    quarter, monthly = (int(rules.share_of_year(yearly, part)[0]) for part in (3, 1))
    owed = int(rules.share_of_year(yearly, months)[0])
    band = int(rules.tax_band_places(whole_tax, law)[0])
    steps = _tax_band_steps(month, int(tax[0]), int(whole_tax[0]), band, months)
    return Amount(
        category=category,
        month=month,
        monthly_centimes=monthly,
        base_centimes=None,
        steps=(*steps, *_share_steps(int(yearly[0]), owed, quarter, monthly, months)),
        periodicity="quarterly",
        quarterly_centimes=quarter,
        yearly_centimes=owed,
    )


def _tax_band_steps(
    month: date, tax: int, whole_tax: int, band: int, months: int
) -> tuple[Step, ...]:
    bands = bands_at(_BANDS, month)
    low, duty = bands[band]
    yearly = int(duty.number * 100)
    facts: dict[str, Any] = {"yearly": Money(yearly), "low": Money(int(low.number * 100))}
    if months < 12:
        first = step(
            "tax_annualised",
            amount=whole_tax * 100,
            yearly_tax=Money(whole_tax * 100),
            tax=Money(tax),
            months=Count(months),
        )
    else:
        first = step("tax_of_year", amount=whole_tax * 100, yearly_tax=Money(whole_tax * 100))
    if band + 1 == len(bands):
        return first, step("highest_tax_band", amount=yearly, rests_on=duty, **facts)
    high = Money(int(bands[band + 1][0].number) * 100 - 100)
    return first, step("tax_band", amount=yearly, rests_on=duty, high=high, **facts)


def _share_steps(
    yearly: int, owed: int, quarter: int, monthly: int, months: int
) -> tuple[Step, ...]:
    part = step(
        "part_year", amount=owed, owed=Money(owed), months=Count(months), yearly=Money(yearly)
    )
    shares = (
        step("quarter", amount=quarter, quarter=Money(quarter)),
        step("month", amount=monthly, monthly=Money(monthly)),
    )
    return (part, *shares) if months < 12 else shares


def contributions_due(amounts: Sequence[Amount], month: Month) -> Due:
    """What a person with these activities owes for `month`: each, or since its date the highest."""
    first_day = month_of(month)
    if not amounts:
        return Due(first_day, 0, (), ())
    if len(amounts) == 1:
        return Due(first_day, amounts[0].monthly_centimes, (amounts[0],), amounts[0].steps)
    path = "contribution.several_activities.single_highest"
    single = value_at(path, first_day).value is True
    highest = max(amounts, key=lambda amount: amount.monthly_centimes)
    kept = (highest,) if single else tuple(amounts)
    total = sum(amount.monthly_centimes for amount in kept)
    code = "single_highest" if single else "each_activity"
    why = step_on(path, first_day, code, amount=total, total=Money(total), count=len(amounts))
    return Due(first_day, total, kept, (*(s for a in kept for s in a.steps), why))


@dataclass(frozen=True, slots=True)
class YearlyBalance:
    """What a tax-band payer still owes (positive) or is owed (negative) once the year is known."""

    owed_centimes: int
    paid_centimes: int
    balance_centimes: int
    steps: tuple[Step, ...]


def yearly_balance(
    category: Category | str,
    year: int,
    *,
    annual_tax: Dirhams,
    paid_centimes: int,
    months_active: int | None = None,
) -> YearlyBalance:
    """The yearly regularisation: the duty of the year's tax less what the quarters paid."""
    amount = monthly_amount(
        category, date(year, 12, 1), annual_tax=annual_tax, months_active=months_active
    )
    owed = amount.yearly_centimes or 0
    balance = owed - paid_centimes
    code = "balance_owed" if balance > 0 else "balance_even" if balance == 0 else "balance_over"
    last = step(
        code,
        amount=balance,
        balance=Money(abs(balance)),
        owed=Money(owed),
        paid=Money(paid_centimes),
    )
    return YearlyBalance(owed, paid_centimes, balance, (*amount.steps, last))
