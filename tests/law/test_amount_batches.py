"""Many people at once get, row by row, the answer one person gets."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qafila_law import (
    LawError,
    contributions_due,
    monthly_amount,
    monthly_amounts,
    rows_due,
)  # fmt: skip
from qafila_law.wording.sentences import error_sentence

MONTHS = ["2021-12", "2022-01", "2022-05", "2022-09", "2023-12", "2024-01", "2026-01", "2030-06"]


def single(row: dict[str, Any], month: str) -> tuple[int | None, str | None]:
    """The same question put for one person: centimes or the code of the refusal."""

    def dirhams(centimes: int | None) -> Decimal | None:
        return None if centimes is None else Decimal(centimes) / 100

    try:
        answer = monthly_amount(
            row["category"],
            month,
            annual_tax=dirhams(row["annual_tax_centimes"]),
            months_active=row["months_active"],
            regime=row["regime"],
            profit=dirhams(row["profit_centimes"]),
            first_return=row["first_return"],
        )
    except LawError as refusal:
        return None, refusal.code
    return answer.monthly_centimes, None


def as_table(rows: list[dict[str, Any]]) -> pa.Table:
    schema = pa.schema(
        {
            "category": pa.string(),
            "annual_tax_centimes": pa.int64(),
            "months_active": pa.int64(),
            "regime": pa.string(),
            "profit_centimes": pa.int64(),
            "first_return": pa.date32(),
        }
    )
    return pa.Table.from_pylist(rows, schema=schema)


people = st.fixed_dictionaries(
    {
        "category": st.sampled_from(
            ["craftworker", "cpu", "auto-entrepreneur", "accounts", "farmer"]
        ),
        "annual_tax_centimes": st.none() | st.integers(-5, 6_000_000),
        "months_active": st.none() | st.integers(0, 13),
        "regime": st.sampled_from([None, "rns", "rnr", "abc"]),
        "profit_centimes": st.none() | st.integers(-5, 20_000_000),
        "first_return": st.none() | st.dates(date(2022, 1, 1), date(2031, 1, 1)),
    }
)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(people, max_size=20), month=st.sampled_from(MONTHS))
def test_each_row_gets_the_single_answer(rows: list[dict[str, Any]], month: str) -> None:
    answer = monthly_amounts(as_table(rows), month).to_pylist()
    assert [(a["monthly_centimes"], a["refusal"]) for a in answer] == [
        single(row, month) for row in rows
    ]


def random_rows(count: int, seed: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)
    category = rng.choice(["craftworker", "cpu", "auto-entrepreneur", "accounts"], count)
    tax = (10 ** rng.uniform(0, 7, count)).astype(int)
    profit = rng.integers(0, 30_000_000, count)
    months = rng.integers(1, 13, count)
    regime = rng.choice(["rns", "rnr"], count)
    return [
        {
            "category": str(category[i]),
            "annual_tax_centimes": int(tax[i]),
            "months_active": int(months[i]),
            "regime": str(regime[i]),
            "profit_centimes": int(profit[i]) if profit[i] % 7 else None,
            "first_return": date(2023, 4, 1) if profit[i] % 2 else None,
        }
        for i in range(count)
    ]


@pytest.mark.slow
def test_a_hundred_thousand_people_get_the_single_answers() -> None:
    rows = random_rows(100_000, seed=2026)
    answer = monthly_amounts(as_table(rows), "2026-11").to_pylist()
    assert [(a["monthly_centimes"], a["refusal"]) for a in answer] == [
        single(row, "2026-11") for row in rows
    ]


def test_absent_columns_dictionaries_and_batches_are_read() -> None:
    words = pa.array(["craftworker", None, "cpu", "craftworker"]).dictionary_encode()
    batch = pa.record_batch({"category": words})
    assert monthly_amounts(batch, "2026-01").to_pydict() == {
        "monthly_centimes": [16_352, None, None, 16_352],
        "refusal": [None, "unknown_category", "missing_fact", None],
    }


@given(
    rows=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 60_000)), max_size=12),
    month=st.sampled_from(["2023-12", "2024-01"]),
)
def test_several_activities_in_a_batch(rows: list[tuple[int, int]], month: str) -> None:
    insured = np.array([who for who, _ in rows], np.int64)
    amounts = [monthly_amount("cpu", month, annual_tax=tax) for _, tax in rows]
    centimes = np.array([amount.monthly_centimes for amount in amounts], np.int64)
    due = rows_due(insured, centimes, month)
    for who in set(insured.tolist()):
        own = [amount for amount, (other, _) in zip(amounts, rows, strict=True) if other == who]
        expected = contributions_due(own, month).total_centimes
        assert centimes[(insured == who) & due].sum() == expected


def test_refusals_travel_between_processes() -> None:
    with pytest.raises(LawError) as refusal:
        monthly_amount("craftworker", "2021-01")
    sent = pickle.loads(pickle.dumps(refusal.value))
    assert error_sentence(sent, "fr") == error_sentence(refusal.value, "fr")
