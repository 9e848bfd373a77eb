"""Amounts of past months never change: rows are added to the table, never rewritten."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from qafila_law import dirhams, first_month, monthly_amount

TABLE = Path(__file__).with_name("frozen_amounts.csv")
ROWS = list(csv.DictReader(TABLE.open(encoding="utf-8", newline="")))
# Rows up to November 2026 at the time of writing; a changed row changes this sum.
FIRST_ROWS = 532
SUM = "f98deb428d155620bb28ab0420549c330a05038ac2584499bebcffaeeaa8fe0d"


def test_each_past_month_still_has_its_amount() -> None:
    changed = []
    for row in ROWS:
        answer = monthly_amount(
            row["category"],
            row["month"],
            regime=row["regime"] or None,
            profit=row["profit"] or None,
            annual_tax=row["annual_tax"] or None,
        )
        if dirhams(answer.monthly_centimes) != row["monthly_dh"]:
            changed.append((row, dirhams(answer.monthly_centimes)))
    assert changed == []


def test_rows_of_the_table_were_not_rewritten() -> None:
    told = [",".join(row.values()) for row in ROWS[:FIRST_ROWS]]
    assert hashlib.sha256("\n".join(told).encode()).hexdigest() == SUM


@pytest.mark.parametrize("category", ["craftworker", "accounts", "cpu", "auto-entrepreneur"])
def test_the_table_begins_with_the_first_month_of_each_category(category: str) -> None:
    months = sorted(row["month"] for row in ROWS if row["category"] == category)
    assert months[0] == f"{first_month(category):%Y-%m}"
    assert months[-1] >= "2026-11"


@pytest.mark.parametrize(
    ("month", "dh"),
    [
        ("2022-05", "135.14"),
        ("2022-10", "141.89"),
        ("2023-10", "148.65"),
        ("2025-02", "156.04"),
        ("2026-02", "163.52"),
    ],
)
def test_the_published_steps_of_craftworkers_are_in_it(month: str, dh: str) -> None:
    found = {row["month"]: row["monthly_dh"] for row in ROWS if row["category"] == "craftworker"}
    assert found[month] == dh
