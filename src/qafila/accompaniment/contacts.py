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
from qafila.foundation.idempotency import once
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
) -> None:
    """Note that staff were in contact with the person, by one of `CHANNELS`: they are reached.

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
        foundation_journal.write(
            journal.CONTACT_RECORDED,
            person,
            actor=actor,
            at=at,
            person_id=person.pk,
            channel=channel,
            note=note,
        )
        return {}

    once(command_id, "accompaniment.record_contact", actor=actor, at=at, do=do)
