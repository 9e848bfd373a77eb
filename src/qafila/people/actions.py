"""What can be done to persons: opened, corrected, merged, taken apart again."""

from __future__ import annotations

from qafila.people.adding import PERSON_SCHEMA, add_identifiers, add_persons, add_phones
from qafila.people.completing import complete_persons, revise_persons
from qafila.people.corrections import CORRECTABLE, Correction, correct_person
from qafila.people.merging import MergeOutcome, merge_persons, undo_merge
from qafila.people.name_keys import index_keys_of, replace_name_keys
from qafila.people.splitting import split_person, undo_split

__all__ = [
    "CORRECTABLE",
    "PERSON_SCHEMA",
    "Correction",
    "MergeOutcome",
    "add_identifiers",
    "add_persons",
    "add_phones",
    "complete_persons",
    "correct_person",
    "index_keys_of",
    "merge_persons",
    "replace_name_keys",
    "revise_persons",
    "split_person",
    "undo_merge",
    "undo_split",
]
