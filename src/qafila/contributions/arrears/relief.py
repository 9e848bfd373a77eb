"""Relief under law 41-23, end to end: the request, the regular months, the erasure or its loss.

Who qualifies, which months count and when relief is lost is the law's answer from calls and
payments; here the answer is asked, kept and posted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

import qafila_law
from qafila.contributions import journal as entries
from qafila.contributions.access import require_asking, require_posting_everywhere
from qafila.contributions.errors import ReliefNotPossible
from qafila.contributions.ledger.allocation import lock_settlement, settle_people
from qafila.contributions.ledger.closed_months import books_month
from qafila.contributions.ledger.deallocation import free_money_on
from qafila.contributions.ledger.facts import rest_of
from qafila.contributions.ledger.law_facts import law_months
from qafila.contributions.ledger.partitions import make_partitions
from qafila.contributions.models.calls_and_ledger import ReliefApplication
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.journal import write
from qafila.foundation.trail import acting
from qafila.people.access import person_to_change
from qafila_law.contributions.relief import last_month_erased
from qafila_law.money import dirhams
from qafila_law.parameter_tree import get_parameter

_REFUSED = ("not_yet", "not_concerned", "expired")
_STATE = ReliefApplication.State


@dataclass(frozen=True)
class ReliefOutcome:
    """Where an application stands, what was erased, and the law's answer with its steps."""

    application_id: int
    state: str
    erased_centimes: int
    answer: qafila_law.Relief


def apply_for_relief(person_id: int, *, actor: Actor, at: dt.datetime) -> ReliefOutcome:
    """Take a person's request for relief and give the answer of the law at once.

    Money paid since the window opened is moved from the months to be erased to those after them;
    then the law is asked. A request already running is reviewed. Errors: NotAllowed,
    NotFoundInScope, ReliefNotPossible (nothing is changed then).
    """
    scope = require_asking(actor)
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        person = person_to_change(person_id, scope)
        application, created = ReliefApplication.objects.get_or_create(
            person=person,
            defaults={
                "state": _STATE.RUNNING,
                "applied_at": at,
                "taken_by_id": actor.id,
                "region_code": person.region_code,
            },
        )
        if created:
            _move_money_past_the_old_months(cursor, person_id, at)
        answer = qafila_law.relief(law_months(person_id), day_of(at))
        if created and answer.status in _REFUSED:
            # Leaving the block undoes the moves together with the request.
            raise ReliefNotPossible(answer=answer)
        if created:
            write(
                entries.RELIEF_ASKED,
                application,
                actor=actor,
                at=at,
                person_id=person_id,
                arrears_dh=dirhams(answer.arrears_centimes),
            )
        return _brought_up_to_date(cursor, application, answer, actor, at)


def _move_money_past_the_old_months(cursor: Any, person_id: int, at: dt.datetime) -> None:
    day, month = day_of(at), books_month(day_of(at))
    make_partitions([month])
    cursor.execute(
        "SELECT DISTINCT a.call_id FROM contributions_allocation a"
        " JOIN contributions_payment p ON p.id = a.payment_id"
        " WHERE p.person_id = %s AND p.paid_on >= %s AND a.call_month <= %s",
        [person_id, _window_opens(), last_month_erased()],
    )
    free_money_on(cursor, [call for (call,) in cursor.fetchall()], day=day, books_month=month)
    settle_people(cursor, [person_id], day=day, books_month=month)


def _window_opens() -> dt.date:
    opens = get_parameter("relief.first_payment_from").values[0].value
    return dt.date.fromisoformat(str(opens))


def review_relief(*, actor: Actor, at: dt.datetime) -> dict[str, int]:
    """Ask the law again about every application that runs; how many ended in which state."""
    require_posting_everywhere(actor)
    ended = {"running": 0, "erased": 0, "lost": 0}
    running = ReliefApplication.objects.filter(state=_STATE.RUNNING).order_by("pk")
    for application in running.iterator():
        with acting(actor, at=at), connection.cursor() as cursor:
            lock_settlement(cursor)
            answer = qafila_law.relief(law_months(application.person_id), day_of(at))
            outcome = _brought_up_to_date(cursor, application, answer, actor, at)
            ended[outcome.state] += 1
    return ended


def _brought_up_to_date(
    cursor: Any,
    application: ReliefApplication,
    answer: qafila_law.Relief,
    actor: Actor,
    at: dt.datetime,
) -> ReliefOutcome:
    if application.state == _STATE.RUNNING:
        application.first_payment_on = answer.first_payment_on
        application.save(update_fields=["first_payment_on"])
        if answer.erased_on is not None:
            _erase(cursor, application, answer, actor, at)
        elif answer.lost_on is not None:
            _lose(cursor, application, answer, actor, at)
    return ReliefOutcome(application.pk, application.state, application.erased_centimes, answer)


def _erase(
    cursor: Any,
    application: ReliefApplication,
    answer: qafila_law.Relief,
    actor: Actor,
    at: dt.datetime,
) -> None:
    books = books_month(day_of(at))
    make_partitions([books])
    cursor.execute(
        _ERASE,
        {
            "person": application.person_id,
            "last": last_month_erased(),
            "erased_on": answer.erased_on,
            "day": day_of(at),
            "books": books,
        },
    )
    application.erased_centimes = int(cursor.fetchone()[0])
    application.state, application.erased_on = _STATE.ERASED, answer.erased_on
    application.save(update_fields=["state", "erased_on", "erased_centimes"])
    write(
        entries.RELIEF_ERASED,
        application,
        actor=actor,
        at=at,
        person_id=application.person_id,
        erased_dh=dirhams(application.erased_centimes),
    )


_ERASE = f"""
WITH owed AS MATERIALIZED (
    SELECT c.id, c.month, c.person_id, c.region_code, {rest_of("c")} AS rest
    FROM contributions_call c
    WHERE c.person_id = %(person)s AND c.month <= %(last)s AND c.settled_on IS NULL
), placed AS (
    INSERT INTO contributions_allocation
        (source, call_id, call_month, amount_centimes, allocated_on)
    SELECT 'relief', id, month, rest, %(erased_on)s FROM owed ORDER BY month, id
    RETURNING id, call_id, amount_centimes
), settled AS (
    UPDATE contributions_call c SET settled_on = %(erased_on)s
    FROM owed WHERE c.id = owed.id AND c.month = owed.month
), lines AS (
    INSERT INTO contributions_ledgerline
        (posting, book, person_id, amount_centimes, posted_on, month, region_code)
    SELECT 'relief:' || p.id, side.book, o.person_id, side.sign * p.amount_centimes, %(day)s,
           %(books)s, o.region_code
    FROM placed p JOIN owed o ON o.id = p.call_id
    CROSS JOIN (VALUES ('relieved', 1), ('receivable', -1)) side (book, sign)
)
SELECT coalesce(sum(amount_centimes), 0) FROM placed
"""


def _lose(
    cursor: Any,
    application: ReliefApplication,
    answer: qafila_law.Relief,
    actor: Actor,
    at: dt.datetime,
) -> None:
    application.state, application.lost_on = _STATE.LOST, answer.lost_on
    application.save(update_fields=["state", "lost_on"])
    books = books_month(day_of(at))
    make_partitions([books])
    settle_people(cursor, [application.person_id], day=day_of(at), books_month=books)
    write(
        entries.RELIEF_LOST,
        application,
        actor=actor,
        at=at,
        person_id=application.person_id,
        lost_on=f"{answer.lost_on}",
    )
