"""One partition of calls and one of ledger lines per month, made before the month is used.

Rows of a month nobody prepared go to the default partition: nothing is lost, and such a month stays
there (PostgreSQL would refuse to cut it out while payments point at it).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection

from qafila.contributions.ledger.months import months_after

_LOCK = "qafila contributions partitions"
PARTITIONED = ("contributions_call", "contributions_ledgerline")


def make_partitions(months: Iterable[dt.date]) -> int:
    """Make the missing partitions of `months`; call it inside `acting`. Returns how many."""
    wanted = sorted(set(months))
    made = 0
    with connection.cursor() as cursor:
        if not any(_unprepared(cursor, table, wanted) for table in PARTITIONED):
            return 0
        # Whoever comes second waits here and finds them made.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
        for table in PARTITIONED:
            for month in _unprepared(cursor, table, wanted):
                cursor.execute(_partition_of(table, month))
                made += 1
    return made


def prepared_months() -> set[dt.date]:
    """The months that have partitions of their own, for calls and ledger lines alike."""
    with connection.cursor() as cursor:
        found = [_existing(cursor, table) for table in PARTITIONED]
    names = [name.rsplit("_", 2)[1:] for name in found[0] if not name.endswith("_default")]
    months = {dt.date(int(year), int(month), 1) for year, month in names}
    return {one for one in months if partition_name(PARTITIONED[1], one) in found[1]}


def _unprepared(cursor: Any, table: str, months: list[dt.date]) -> list[dt.date]:
    existing = _existing(cursor, table)
    missing = [month for month in months if partition_name(table, month) not in existing]
    if not missing:
        return []
    cursor.execute(f"SELECT DISTINCT month FROM {table}_default WHERE month = ANY(%s)", [missing])
    kept_in_default = {month for (month,) in cursor.fetchall()}
    return [month for month in missing if month not in kept_in_default]


def _existing(cursor: Any, table: str) -> set[str]:
    cursor.execute(
        "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
        " WHERE inhparent = %s::regclass",
        [table],
    )
    return {name for (name,) in cursor.fetchall()}


def partition_name(table: str, month: dt.date) -> str:
    """The name of the table that holds the rows of `month`."""
    return f"{table}_{month:%Y_%m}"


def _partition_of(table: str, month: dt.date) -> str:
    first, following = f"{month:%Y-%m-%d}", f"{months_after(month, 1):%Y-%m-%d}"
    return (
        f"CREATE TABLE {partition_name(table, month)} PARTITION OF {table}"
        f" FOR VALUES FROM ('{first}') TO ('{following}')"
    )
