"""A record as cells of a file: of a person the number of the file, and what is needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import pgettext

from qafila.web.design.components import TAGS, Tag
from qafila.web.design.record_list import Record, RecordColumn
from qafila_law.money import dirhams

_LEFT_OUT = frozenset({"part"})


def columns_in_file(columns: Sequence[RecordColumn]) -> list[RecordColumn]:
    """The columns a file holds."""
    return [one for one in columns if one.kind not in _LEFT_OUT]


def heading_in_file(column: RecordColumn) -> str:
    """The heading; a person is given by the number of the file."""
    if column.kind == "person":
        return pgettext("money", "File")
    if column.kind == "money":
        return pgettext("file", "%(heading)s (DH)") % {"heading": column.label}
    return str(column.label)


def cells_in_file(record: Record, columns: Sequence[RecordColumn]) -> list[Any]:
    """The cells of a record in the order of the columns."""
    return [_cell(record.cells.get(one.key), one.kind) for one in columns]


def _cell(value: Any, kind: str) -> Any:
    if value in (None, ""):
        return ""
    match kind:
        case "person":
            return value.number
        case "money":
            return dirhams(value)
        case "moment":
            return value.isoformat(timespec="minutes")
        case "tag":
            return str(value.word if isinstance(value, Tag) else TAGS[value].word)
        case "link":
            return str(value.label)
        case "phones" | "links":
            return " · ".join(str(one.label) for one in value)
        case "place":
            return value.text
    return value
