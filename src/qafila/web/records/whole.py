"""Lists short enough to be read whole: ordered and turned in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qafila.web.design.components import Link, Tag
from qafila.web.design.record_list import Asked, PersonName, Record, RecordColumn


class Whole:
    """A source over records that are all there; `asked.sort` orders them by that column."""

    def __init__(
        self, records: Sequence[Record], asked: Asked, columns: Sequence[RecordColumn]
    ) -> None:
        self.records = _ordered(records, asked.sort, columns)

    def read(self, after: str, count: int) -> Sequence[tuple[int, Record]]:
        """The records with their places."""
        first = int(after) if after.isascii() and after.isdigit() else 0
        return list(enumerate(self.records[first : first + count], first + 1))

    def show(self, found: Sequence[tuple[int, Record]]) -> list[Record]:
        """They are records already."""
        return [record for _place, record in found]

    def place(self, one: tuple[int, Record]) -> str:
        """How many came before the next one."""
        return str(one[0])


def _ordered(
    records: Sequence[Record], sort: str, columns: Sequence[RecordColumn]
) -> Sequence[Record]:
    code = sort.removeprefix("-")
    column = next((one for one in columns if code and one.sort == code), None)
    if column is None:
        return records
    return sorted(records, key=lambda one: _weight(one, column.key), reverse=sort.startswith("-"))


def _weight(record: Record, key: str) -> tuple[bool, Any]:
    """What a record is ordered by; one without a value comes first."""
    value = record.cells.get(key)
    if isinstance(value, Link):
        value = str(value.label)
    elif isinstance(value, PersonName):
        value = value.name
    elif isinstance(value, Tag):
        value = str(value.word)
    if isinstance(value, str):
        value = value.casefold()
    return (True, value) if value not in (None, "") else (False, 0)
