"""Contacts with a person: what makes them reached."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from qafila.accompaniment import errors, journal
from qafila.accompaniment.access import require_contacting
from qafila.foundation import journal as foundation_journal
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.idempotency import once
from qafila.foundation.models import JournalEntry
from qafila.people.access import person_to_change

CHANNELS = ("meeting", "visit", "phone", "message")


def record_contact(
    *,
    person_id: int,
    channel: str,
    note: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> int:
    """Note that staff were in contact with the person, by one of `CHANNELS`: they are reached.

    Returns its number, for `take_back_contact`.

    Raises NotAllowed, NotFoundInScope, UnknownChannel, NoteNeeded.
    """
    scope = require_contacting(actor)
    if channel not in CHANNELS:
        raise errors.UnknownChannel
    note = typed_text.note(note)
    if not note:
        raise errors.NoteNeeded

    def do() -> dict[str, Any]:
        person = person_to_change(person_id, scope)
        written = foundation_journal.write(
            journal.CONTACT_RECORDED,
            person,
            actor=actor,
            at=at,
            person_id=person.pk,
            channel=channel,
            note=note,
        )
        return {"contact": written.pk}

    done = once(command_id, "accompaniment.record_contact", actor=actor, at=at, do=do)
    return int(done["contact"])


def take_back_contact(
    contact: int,
    *,
    person_id: int,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> None:
    """Undo one's own contact that was written down by mistake: it makes nobody reached any more.

    Raises NotAllowed, NotFoundInScope for another's or an unknown one, ContactTakenBack.
    """
    scope = require_contacting(actor)

    def do() -> dict[str, Any]:
        person = person_to_change(person_id, scope)
        told = JournalEntry.objects.filter(person_id=person.pk)
        own = told.filter(pk=contact, verb=journal.CONTACT_RECORDED.verb, actor_id=actor.id)
        if not own.exists():
            raise NotFoundInScope(contact=contact)
        undone = told.filter(verb=journal.CONTACT_TAKEN_BACK.verb, data__contact=contact)
        if undone.exists():
            raise errors.ContactTakenBack
        foundation_journal.write(
            journal.CONTACT_TAKEN_BACK,
            person,
            actor=actor,
            at=at,
            person_id=person.pk,
            contact=contact,
        )
        return {}

    once(command_id, "accompaniment.take_back_contact", actor=actor, at=at, do=do)
