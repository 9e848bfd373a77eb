"""Reading a person's file is recorded with the reader and the reason."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from qafila.foundation.actors import Actor
from qafila.foundation.models import AccessLogEntry

REPEATED_READ = dt.timedelta(minutes=10)


def record_read(person_id: int, *, actor: Actor, at: dt.datetime, reason: str, place: str) -> None:
    """Log that `actor` looked at the person; the same look within ten minutes is logged once.

    One round trip and a transaction of its own, or the one under way: pages read on every look.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            {
                "actor": str(actor.id), "reader": actor.id, "person": person_id, "at": at,
                "reason": reason, "place": place[:120], "since": at - REPEATED_READ,
            },
        )  # fmt: skip


# Sent together, both are one transaction: the guard finds the actor, who is gone after it.
_RECORD = """
SELECT set_config('qafila.actor', %(actor)s, true);
INSERT INTO foundation_access_log_entry (person_id, reader_id, at, reason, place)
SELECT %(person)s, %(reader)s, %(at)s, %(reason)s, %(place)s
WHERE NOT EXISTS (
    SELECT FROM foundation_access_log_entry
    WHERE person_id = %(person)s AND reader_id = %(reader)s AND reason = %(reason)s
      AND at > %(since)s)
"""


def readers_of(person_id: int) -> list[AccessLogEntry]:
    """Who read the person's file, newest first, at most a hundred."""
    entries = AccessLogEntry.objects.filter(person_id=person_id).select_related("reader")
    return list(entries.order_by("-at", "-pk")[:100])
