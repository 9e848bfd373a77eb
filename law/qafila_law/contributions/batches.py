"""Contributions of many people at once: the same rules as `contributions`, on columns.

`people_columns` and `monthly_amounts` speak Arrow (batches in, batches out: the same function runs
in worker processes and in Spark's `mapInArrow`); `amounts_of` is the numpy core. A row the law
refuses gets no amount and the refusal's code; it never stops the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qafila_law.contributions import rules
from qafila_law.contributions.amounts import first_month, later_steps_apply
from qafila_law.contributions.categories import Category, Regime
from qafila_law.contributions.rules import Flags, Integers
from qafila_law.errors import NoRuleYetError
from qafila_law.months import Month, month_of
from qafila_law.parameter_tree import ParametersOn, value_at

if TYPE_CHECKING:
    import pyarrow as pa

Codes = NDArray[np.int8]

UNKNOWN = np.iinfo(np.int64).min
CATEGORIES = tuple(Category)
REGIMES = tuple(Regime)
REFUSALS = (
    "",
    "unknown_category",
    "month_before_scheme",
    "missing_fact",
    "negative_amount",
    "bad_months_active",
    "unknown_regime",
)
_REFUSED = {code: np.int8(place) for place, code in enumerate(REFUSALS)}
_NOT_GIVEN, _NOT_KNOWN = -1, -2


@dataclass(frozen=True, slots=True)
class People:
    """One column per fact; all of one length.

    `category` and `regime` are places in CATEGORIES and REGIMES (-1 not given, -2 unknown word);
    amounts are centimes, UNKNOWN where not given; `first_return` counts months from year 0.
    """

    category: Codes
    annual_tax_centimes: Integers
    months_active: Integers
    regime: Codes
    profit_centimes: Integers
    first_return: Integers

    def __len__(self) -> int:
        return len(self.category)


@dataclass(frozen=True, slots=True)
class Amounts:
    """Monthly centimes (0 where refused) and the place of each row's refusal in REFUSALS."""

    centimes: Integers
    refusals: Codes


def month_number(month: date) -> int:
    """Months counted from year 0, as `People.first_return` holds them."""
    return month.year * 12 + month.month - 1


def amounts_of(people: People, month: Month, *, later_steps: bool | None = None) -> Amounts:
    """The month's contribution of each row, to the centime what `monthly_amount` answers.

    NoRuleYetError when the later steps are asked for a month before their date.
    """
    first_day = month_of(month)
    centimes = np.zeros(len(people), np.int64)
    refusals = np.full(len(people), _REFUSED["unknown_category"], np.int8)
    for place, category in enumerate(CATEGORIES):
        rows = np.flatnonzero(people.category == place)
        if not rows.size:
            continue
        if first_day < first_month(category):
            refusals[rows] = _REFUSED["month_before_scheme"]
            continue
        owed, refused = _amounts_of_category(category, people, rows, first_day, later_steps)
        centimes[rows] = np.where(refused == 0, owed, 0)
        refusals[rows] = refused
    return Amounts(centimes, refusals)


def _amounts_of_category(
    category: Category, people: People, rows: Any, month: date, later_steps: bool | None
) -> tuple[Integers, Codes]:
    law = ParametersOn(month)
    if category is Category.CRAFTWORKER:
        coefficient = np.full(1, rules.craftworker_coefficient(law), np.int64)
        return np.repeat(rules.flat_rate_centimes(coefficient, law), rows.size), _none(rows.size)
    if category.pays_with_tax:
        return _by_tax_band(people, rows, law)
    return _by_accounts(people, rows, law, later_steps_apply(month, later_steps))


def _none(size: int) -> Codes:
    return np.zeros(size, np.int8)


def _by_tax_band(people: People, rows: Any, law: ParametersOn) -> tuple[Integers, Codes]:
    tax, months = people.annual_tax_centimes[rows], people.months_active[rows]
    refused = _none(rows.size)
    refused[tax < 0] = _REFUSED["negative_amount"]
    refused[(months < 1) | (months > 12)] = _REFUSED["bad_months_active"]
    refused[tax == UNKNOWN] = _REFUSED["missing_fact"]
    good = refused == 0
    whole = rules.yearly_tax_dh(np.where(good, tax, 0), np.where(good, months, 12))
    return rules.share_of_year(rules.yearly_duty_centimes(whole, law), 1), refused


def _by_accounts(
    people: People, rows: Any, law: ParametersOn, later: bool
) -> tuple[Integers, Codes]:
    regime, profit = people.regime[rows], people.profit_centimes[rows]
    real, known = regime == REGIMES.index(Regime.REAL), profit != UNKNOWN
    refused = _none(rows.size)
    refused[real & known & (profit < 0)] = _REFUSED["negative_amount"]
    refused[regime == _NOT_GIVEN] = _REFUSED["missing_fact"]
    refused[regime == _NOT_KNOWN] = _REFUSED["unknown_regime"]
    coefficients = np.full(rows.size, rules.simplified_coefficient(law, later), np.int64)
    at = real & known & (refused == 0)
    coefficients[at] = rules.known_profit_coefficients(-(-profit[at] // 100), law, later)
    unknown = real & ~known
    if _unknown_profit_has_a_rule(law.on):
        overdue = month_number(law.on) > people.first_return[rows]
        overdue &= people.first_return[rows] != UNKNOWN
        coefficients[unknown] = rules.unknown_profit_coefficients(overdue[unknown], law)
    else:
        refused[unknown] = _REFUSED["missing_fact"]
    return rules.flat_rate_centimes(coefficients, law), refused


def _unknown_profit_has_a_rule(month: date) -> bool:
    try:
        value_at("contribution.accounts.unknown_profit.before_return", month)
    except NoRuleYetError:
        return False
    return True


def rows_due(insured: Integers, centimes: Integers, month: Month) -> Flags:
    """Which rows are due when a person has several: all, or since its date the highest alone.

    `insured` numbers the person of each row; among equals the first row is kept.
    """
    path = "contribution.several_activities.single_highest"
    due = np.ones(insured.size, bool)
    if value_at(path, month_of(month)).value is not True or not insured.size:
        return due
    order = np.lexsort((-centimes, insured))
    due[order[1:]] = insured[order[1:]] != insured[order[:-1]]
    return due


def people_columns(table: pa.Table | pa.RecordBatch) -> People:
    """Arrow columns as `People`.

    `category` (text or dictionary) is needed; `annual_tax_centimes`, `months_active`, `regime`,
    `profit_centimes` and `first_return` (date) may be absent or null.
    """
    return People(
        category=_places(table, "category", [category.value for category in CATEGORIES]),
        annual_tax_centimes=_integers(table, "annual_tax_centimes", UNKNOWN),
        months_active=_integers(table, "months_active", 12),
        regime=_places(table, "regime", [regime.value for regime in REGIMES]),
        profit_centimes=_integers(table, "profit_centimes", UNKNOWN),
        first_return=_month_numbers(table, "first_return"),
    )


def _column(table: Any, name: str) -> Any:
    import pyarrow as pa

    if name not in table.schema.names:
        return None
    column = table.column(name)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _places(table: Any, name: str, words: list[str]) -> Codes:
    import pyarrow as pa
    import pyarrow.compute as pc

    column = _column(table, name)
    if column is None:
        return np.full(table.num_rows, _NOT_GIVEN, np.int8)
    if pa.types.is_dictionary(column.type):
        places = _word_places(column.dictionary, words)
        indices = pc.fill_null(column.indices.cast(pa.int64()), len(places))
        return np.append(places, np.int8(_NOT_GIVEN))[indices.to_numpy(zero_copy_only=False)]
    return _word_places(column, words)


def _word_places(column: Any, words: list[str]) -> Codes:
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.fill_null(pc.index_in(column, value_set=pa.array(words, column.type)), _NOT_KNOWN)
    places = pc.if_else(pc.is_null(column), _NOT_GIVEN, found).to_numpy(zero_copy_only=False)
    codes: Codes = places.astype(np.int8)
    return codes


def _integers(table: Any, name: str, absent: int) -> Integers:
    import pyarrow as pa
    import pyarrow.compute as pc

    column = _column(table, name)
    if column is None:
        return np.full(table.num_rows, absent, np.int64)
    filled = pc.fill_null(column.cast(pa.int64()), absent)
    numbers: Integers = filled.to_numpy(zero_copy_only=False)
    return numbers


def _month_numbers(table: Any, name: str) -> Integers:
    import pyarrow as pa

    column = _column(table, name)
    if column is None:
        return np.full(table.num_rows, UNKNOWN, np.int64)
    days = column.cast(pa.date32())
    months = days.to_numpy(zero_copy_only=False).astype("datetime64[M]")
    numbers = months.astype(np.int64) + 1970 * 12
    return np.where(np.isnat(months), UNKNOWN, numbers)


def monthly_amounts(
    table: pa.Table | pa.RecordBatch, month: Month, *, later_steps: bool | None = None
) -> pa.Table:
    """Two columns for the rows of `table`: `monthly_centimes` (null where refused) and `refusal`
    (a LawError code, null where computed). See `people_columns` for the columns read.
    """
    import pyarrow as pa

    amounts = amounts_of(people_columns(table), month, later_steps=later_steps)
    refused = amounts.refusals != 0
    codes = pa.DictionaryArray.from_arrays(
        pa.array(amounts.refusals, mask=~refused), pa.array(REFUSALS)
    )
    return pa.table(
        {"monthly_centimes": pa.array(amounts.centimes, mask=refused), "refusal": codes}
    )
