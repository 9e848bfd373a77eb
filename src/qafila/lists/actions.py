"""What can be done with lists: imported, corrected, linked into persons, decided."""

from __future__ import annotations

from qafila.lists.importing import ImportOutcome, import_file
from qafila.lists.linking import LinkOutcome, link_new_rows

__all__ = [
    "ImportOutcome",
    "LinkOutcome",
    "import_file",
    "link_new_rows",
]
