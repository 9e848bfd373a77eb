"""A row of a list on pages: the name it gives, and its place in the file."""

from __future__ import annotations

from qafila.lists.queries import RowOfPerson
from qafila.web.design.record_list import FilePlace
from qafila.web.lists.words import source_word


def row_name(one: RowOfPerson) -> str:
    """The name as the row writes it."""
    row = one.row
    return row.full_name or " ".join(n for n in (row.family_name, row.given_name) if n)


def row_place(one: RowOfPerson) -> FilePlace:
    """Where the row stands, as the reader finds it in the file."""
    return FilePlace(one.file_name, one.row.sheet, one.row.row_number, source_word(one.source))
