"""When a month is due."""

from __future__ import annotations

from datetime import date

from qafila_law.contributions.categories import Category, category_of
from qafila_law.errors import UnknownChoiceError
from qafila_law.months import Month, last_day, month_of, months_later
from qafila_law.parameter_tree import value_at

QUARTERLY, YEARLY = "quarterly", "yearly"


def due_date(month: Month, category: Category | str, *, periodicity: str = QUARTERLY) -> date:
    """The last day on which `month` is paid in time.

    `periodicity` (quarterly or yearly) counts only for those who pay with the tax. A yearly payment
    of an auto-entrepreneur is read as due with the last quarter of the year.
    """
    kind, first_day = category_of(category), month_of(month)
    if periodicity not in (QUARTERLY, YEARLY):
        raise UnknownChoiceError(
            name="periodicity", value=periodicity, known=f"{QUARTERLY}, {YEARLY}"
        )
    if not kind.pays_with_tax:
        return last_day(months_later(first_day, _months("fund_due_months", first_day)))
    if periodicity == YEARLY and kind is Category.CPU:
        return last_day(first_day.replace(month=_months("cpu_yearly_due_month", first_day)))
    quarter_end = 12 if periodicity == YEARLY else (first_day.month + 2) // 3 * 3
    name = "cpu_due_months" if kind is Category.CPU else "auto_entrepreneur_due_months"
    return last_day(months_later(first_day.replace(month=quarter_end), _months(name, first_day)))


def _months(name: str, on: date) -> int:
    return int(value_at(f"payment.{name}", on).number)
