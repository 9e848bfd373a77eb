"""What can be done with lists: imported, corrected, linked into persons, decided."""

from __future__ import annotations

from qafila.lists.exporting import export_rejected
from qafila.lists.importing import ImportOutcome, import_file
from qafila.lists.linking import LinkOutcome, link_new_rows
from qafila.lists.relinking import relink_changed_rows
from qafila.lists.reviewing import Decision, decide_pair, separate_row, undo_decision
from qafila.lists.stored_keys import KeysMade, remake_keys_of_persons, remake_name_keys
from qafila.lists.uploads import read_upload, receive_upload

__all__ = [
    "Decision",
    "ImportOutcome",
    "KeysMade",
    "LinkOutcome",
    "decide_pair",
    "export_rejected",
    "import_file",
    "link_new_rows",
    "read_upload",
    "receive_upload",
    "relink_changed_rows",
    "remake_keys_of_persons",
    "remake_name_keys",
    "separate_row",
    "undo_decision",
]
