"""What the planner knows of a table follows what the table holds, inside one transaction too."""

from __future__ import annotations

import pytest
from django.db import connection

from qafila.foundation.database.statistics import refresh_statistics

pytestmark = pytest.mark.django_db


def _rows_thought(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        return int(cursor.fetchone()[0])


def test_a_table_filled_by_this_very_transaction_is_analysed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE filled AS SELECT n FROM generate_series(1, 100) n")
        cursor.execute("CREATE TABLE untouched (n int)")
        assert refresh_statistics(cursor, ["filled"]) == ["filled"]
        assert refresh_statistics(cursor, ["filled"]) == []
        cursor.execute("INSERT INTO filled SELECT n FROM generate_series(1, 20000) n")
        assert refresh_statistics(cursor, ["filled", "nowhere"]) == ["filled"]
        assert _rows_thought("filled") == 20_100
        cursor.execute("TRUNCATE filled")
        assert refresh_statistics(cursor, ["filled"]) == ["filled"]


def test_of_a_partitioned_table_the_partitions_are_asked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE parts (n int) PARTITION BY RANGE (n)")
        for first in (0, 100_000):
            last = first + 100_000
            cursor.execute(
                f"CREATE TABLE parts_{first} PARTITION OF parts "
                f"FOR VALUES FROM ({first}) TO ({last})"
            )
        cursor.execute("INSERT INTO parts SELECT n FROM generate_series(1, 150000, 3) n")
        assert refresh_statistics(cursor, ["parts"]) == ["parts_0", "parts_100000"]
        cursor.execute("INSERT INTO parts SELECT n FROM generate_series(100001, 199999, 2) n")
        assert refresh_statistics(cursor, ["parts"]) == ["parts_100000"]
