"""Reading a person's file is recorded with the reader and the reason."""

from __future__ import annotations

import datetime as dt

from qafila.foundation.actors import Actor
from qafila.foundation.models import AccessLogEntry
from qafila.foundation.trail import acting

REPEATED_READ = dt.timedelta(minutes=10)


def record_read(person_id: int, *, actor: Actor, at: dt.datetime, reason: str, place: str) -> None:
    """Log that `actor` looked at the person; the same look within ten minutes is logged once."""
    recent = AccessLogEntry.objects.filter(
        person_id=person_id, reader_id=actor.id, reason=reason, at__gt=at - REPEATED_READ
    )
    if recent.exists():
        return
    with acting(actor, at=at):
        AccessLogEntry.objects.create(
            person_id=person_id, reader_id=actor.id, at=at, reason=reason, place=place
        )


def readers_of(person_id: int) -> list[AccessLogEntry]:
    """Who read the person's file, newest first, at most a hundred."""
    entries = AccessLogEntry.objects.filter(person_id=person_id).select_related("reader")
    return list(entries.order_by("-at", "-pk")[:100])
