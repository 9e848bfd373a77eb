"""The journal: one line per thing done, in the transaction that did it.

Each room's `journal.py` registers its verbs here with a translatable sentence and the names of the
placeholders that are personal, so that a reader sees a sentence and erasure finds what to remove.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise

from qafila.foundation.actors import Actor
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import touch_persons
from qafila.foundation.wording.told import told


@dataclass(frozen=True)
class EntryType:
    """A verb of the journal: its sentence (lazy, %-placeholders) and its personal placeholders.

    `named` gives, by placeholder, the words people read for the codes kept in it.
    """

    verb: str
    sentence: str | Promise
    personal: frozenset[str] = frozenset()
    named: Mapping[str, Mapping[str, str | Promise]] = field(default_factory=dict)


_types: dict[str, EntryType] = {}


def register(
    verb: str,
    sentence: str | Promise,
    *,
    personal: Iterable[str] = (),
    named: Mapping[str, Mapping[str, str | Promise]] | None = None,
) -> EntryType:
    """Declare a verb once, at import of the room's `journal.py`."""
    if verb in _types:
        raise ValueError(f"The journal verb {verb} is declared twice.")
    _types[verb] = EntryType(verb, sentence, frozenset(personal), named or {})
    return _types[verb]


def entry_types() -> dict[str, EntryType]:
    """All declared verbs, for documentation and tests."""
    return dict(_types)


def write(
    entry: EntryType,
    subject: models.Model,
    *,
    actor: Actor,
    at: dt.datetime,
    person_id: int | None = None,
    **data: Any,
) -> JournalEntry:
    """Record that `actor` did `entry` to `subject`. Call it inside `trail.acting`."""
    if person_id is not None:
        touch_persons([person_id])
    return JournalEntry.objects.create(
        at=at,
        actor_id=actor.id,
        verb=entry.verb,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        person_id=person_id,
        data=data,
    )


def write_many(
    entry: EntryType,
    subjects: Iterable[models.Model],
    *,
    actor: Actor,
    at: dt.datetime,
    **data: Any,
) -> None:
    """As `write`, for many subjects with a `person_id` at once. Call it inside `trail.acting`."""
    entries = [
        JournalEntry(
            at=at,
            actor_id=actor.id,
            verb=entry.verb,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            person_id=subject.person_id,  # type: ignore[attr-defined]
            data=data,
        )
        for subject in subjects
    ]
    touch_persons([one.person_id for one in entries if one.person_id is not None])
    JournalEntry.objects.bulk_create(entries)


def sentence_of(entry: JournalEntry) -> str:
    """The entry as a sentence in the language in force."""
    return sentence_for(entry.verb, entry.data)


def sentence_for(verb: str, data: dict[str, Any]) -> str:
    """What an entry with this verb and these placeholders says, in the language in force."""
    known = _types.get(verb)
    if known is None:
        return verb
    words = {name: _named(data.get(name), codes) for name, codes in known.named.items()}
    return str(known.sentence) % (told(data) | words)


def _named(kept: Any, codes: Mapping[str, str | Promise]) -> str:
    return ", ".join(str(codes.get(code, code)) for code in str(kept).split(", "))


def erase_personal_data(person_id: int) -> int:
    """Replace the personal placeholders of a person's entries by a dash; return the count."""
    changed = 0
    for entry in JournalEntry.objects.filter(person_id=person_id).order_by("pk").iterator():
        known = _types.get(entry.verb)
        personal = known.personal & entry.data.keys() if known else frozenset()
        if personal:
            entry.data |= dict.fromkeys(personal, "—")
            entry.save(update_fields=["data"])
            changed += 1
    return changed
