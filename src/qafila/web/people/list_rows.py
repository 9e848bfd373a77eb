"""A row of a list on pages: the name it gives, and its place in the file."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qafila.lists.queries import RowOfPerson


def row_name(one: RowOfPerson) -> str:
    """The name as the row writes it."""
    row = one.row
    return row.full_name or " ".join(n for n in (row.family_name, row.given_name) if n)


def _apart(name: str) -> str:
    """The name isolated, so that its script does not turn the words around it."""
    return f"\u2068{name}\u2069"


def place_in_file(file_name: str, sheet: str, row_number: int) -> str:
    """Where a row stands: file, sheet and row, as the reader finds it in the file."""
    names = [_apart(name) for name in (file_name, sheet) if name]
    where = ", ".join(names)
    return _("%(file)s, row %(row)s") % {"file": where, "row": row_number}
