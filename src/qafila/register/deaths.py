"""Entries of people who died: struck off with the death, and held again when it is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from qafila.foundation import journal as foundation_journal
from qafila.foundation.actors import Actor
from qafila.register import journal, states
from qafila.register.models import Entry


def strike_off_dead(
    person_id: int, died_on: dt.date, *, actor: Actor, at: dt.datetime
) -> list[int]:
    """Strike the active entries of a dead person off; their numbers. Within the action that tells
    the death, which has locked the person."""
    after = states.ENTRY_MOVES["strike_off_dead"]["active"]
    found = Entry.objects.select_for_update().filter(person_id=person_id, state="active")
    struck = list(found.order_by("pk"))
    for entry in struck:
        ended = max(died_on, entry.entered_on)
        Entry.objects.filter(pk=entry.pk).update(state=after, struck_off_on=ended)
        _write(journal.ENTRY_ENDED_BY_DEATH, entry, actor, at, died=died_on.isoformat())
    return [entry.pk for entry in struck]


def hold_entries_again(entry_ids: Sequence[int], *, actor: Actor, at: dt.datetime) -> None:
    """Hold entries again that a death struck off, once it is taken back.

    Who was entered anew meanwhile keeps the new entry alone.
    """
    after = states.ENTRY_MOVES["hold_entries_again"]["struck_off"]
    struck = Entry.objects.select_for_update().filter(pk__in=entry_ids, state="struck_off")
    for entry in struck.order_by("pk"):
        active = Entry.objects.filter(person_id=entry.person_id, state="active")
        if not active.exclude(pk__in=entry_ids).exists():
            Entry.objects.filter(pk=entry.pk).update(state=after, struck_off_on=None)
            _write(journal.ENTRY_HELD_AGAIN, entry, actor, at)


def _write(
    entry_type: foundation_journal.EntryType,
    entry: Entry,
    actor: Actor,
    at: dt.datetime,
    **data: str,
) -> None:
    foundation_journal.write(
        entry_type,
        entry,
        actor=actor,
        at=at,
        person_id=entry.person_id,
        register_number=entry.register_number,
        **data,
    )
