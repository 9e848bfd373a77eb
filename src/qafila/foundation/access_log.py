"""Reading a person's file, or a list of people, is recorded with the reader and the reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction

from qafila.foundation.actors import ANYWHERE, Actor, Role, Where
from qafila.foundation.models import AccessLogEntry, SignInEntry

REPEATED_READ = dt.timedelta(minutes=10)
_FOLLOWING_UP = (Role.FUND_LIAISON, Role.DIRECTORATE, Role.PROGRAMME_LEAD, Role.ADMINISTRATOR)
_SERVING = (Role.COUNTER_AGENT, Role.FIELD_AGENT, Role.CHAMBER_STAFF, Role.SYSTEM)
_LONGEST_PLACE, _LONGEST_ASKED = 120, 200


def reason_of(actor: Actor, province: Where = ANYWHERE) -> str:
    """The reason that goes with the role: who serves the person, who follows up, who audits.

    Of several posts that cover `province`, the one that is nearest to the person.
    """
    if actor.has(*_SERVING, province=province):
        return AccessLogEntry.Reason.SERVING.value
    if actor.has(*_FOLLOWING_UP, province=province):
        return AccessLogEntry.Reason.FOLLOWING_UP.value
    if actor.has(Role.AUDITOR, province=province):
        return AccessLogEntry.Reason.AUDITING.value
    return AccessLogEntry.Reason.SERVING.value


def record_read(person_id: int, *, actor: Actor, at: dt.datetime, reason: str, place: str) -> None:
    """Log that `actor` looked at the person; the same look within ten minutes is logged once.

    One round trip and a transaction of its own, or the one under way: pages read on every look.
    """
    _record(_A_FILE, actor, at, person=person_id, reason=reason, place=place[:_LONGEST_PLACE])


def record_list_read(
    people: int, *, actor: Actor, at: dt.datetime, place: str, asked: str = ""
) -> None:
    """Log that `actor` saw `people` people at once on a page or in a file named `place`.

    `asked` says by codes which of them (`region=06 step=paying`): never what somebody typed. The
    same list within ten minutes is logged once. One round trip, as `record_read`.
    """
    _record(
        _A_LIST,
        actor,
        at,
        people=people,
        asked=asked[:_LONGEST_ASKED],
        reason=reason_of(actor),
        place=place[:_LONGEST_PLACE],
    )


def record_sign_in(kind: str, *, actor_id: int | None, at: dt.datetime, address: str) -> None:
    """Log a sign-in, a sign-out or a try that failed (a kind of `SignInEntry`).

    `actor_id` is None where no account has the address of mail that was typed.
    """
    noted = SignInEntry.Kind(kind)
    with connection.cursor() as cursor:
        cursor.execute(
            _A_SIGN_IN,
            {"kind": noted.value, "who": actor_id, "at": at, "address": address[:45]},
        )


def forget_sign_ins(*, before: dt.datetime, actor: Actor) -> int:
    """Delete sign-ins and failed tries from before a moment; how many there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('qafila.actor', %s, true)", [str(actor.id)])
        cursor.execute("DELETE FROM foundation_sign_in_entry WHERE at < %s", [before])
        return int(cursor.rowcount)


def _record(statement: str, actor: Actor, at: dt.datetime, **read: int | str) -> None:
    who: dict[str, Any] = {
        "actor": str(actor.id),
        "reader": actor.id,
        "at": at,
        "since": at - REPEATED_READ,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, who | read)


# Sent together, both are one transaction: the guard finds the actor, who is gone after it.
_A_FILE = """
SELECT set_config('qafila.actor', %(actor)s, true);
INSERT INTO foundation_access_log_entry (person_id, reader_id, at, reason, place)
SELECT %(person)s, %(reader)s, %(at)s, %(reason)s, %(place)s
WHERE NOT EXISTS (
    SELECT FROM foundation_access_log_entry
    WHERE person_id = %(person)s AND reader_id = %(reader)s AND reason = %(reason)s
      AND at > %(since)s)
"""
_A_SIGN_IN = """
SELECT set_config('qafila.actor', 'sign-in', true);
INSERT INTO foundation_sign_in_entry (at, kind, actor_id, address)
VALUES (%(at)s, %(kind)s, %(who)s, %(address)s)
"""
_A_LIST = """
SELECT set_config('qafila.actor', %(actor)s, true);
INSERT INTO foundation_access_log_entry (people_count, asked, reader_id, at, reason, place)
SELECT %(people)s, %(asked)s, %(reader)s, %(at)s, %(reason)s, %(place)s
WHERE NOT EXISTS (
    SELECT FROM foundation_access_log_entry
    WHERE person_id IS NULL AND reader_id = %(reader)s AND at > %(since)s AND place = %(place)s
      AND asked = %(asked)s AND people_count = %(people)s)
"""


def readers_of(person_id: int) -> list[AccessLogEntry]:
    """Who read the person's file, newest first, at most a hundred."""
    entries = AccessLogEntry.objects.filter(person_id=person_id).select_related("reader")
    return list(entries.order_by("-at", "-pk")[:100])
