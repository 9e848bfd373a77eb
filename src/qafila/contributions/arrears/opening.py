"""The opening balance: months the fund reports as unpaid become calls of their own months."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc
from django.db import connection

import qafila_law
from qafila.contributions import journal as entries
from qafila.contributions.access import require_posting_everywhere
from qafila.contributions.calls.assessment import assess
from qafila.contributions.calls.liabilities import (
    longest_reported_arrears,
    reported_unpaid,
)
from qafila.contributions.calls.parked import park_missing_facts
from qafila.contributions.ledger.allocation import lock_settlement, settle_people
from qafila.contributions.ledger.call_posting import Entry, Posted, post_calls
from qafila.contributions.ledger.closed_months import books_month
from qafila.contributions.ledger.months import first_day, months_after, months_between
from qafila.contributions.ledger.partitions import make_partitions
from qafila.contributions.models.calls_and_ledger import Call
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.journal import write
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting, touch_persons
from qafila_law.money import dirhams


@dataclass(frozen=True)
class OpeningOutcome:
    """What was opened this time; `parked` counts enrolment months lacking a fact."""

    calls: int
    total_centimes: int
    persons: int
    parked: int


def open_reported_arrears(month: dt.date, *, actor: Actor, at: dt.datetime) -> OpeningOutcome:
    """Open the months the fund's list reports unpaid: the n months just before `month`.

    No month before the enrolment's first due month or the category's; amounts by the law of each
    month. One transaction; months already called are left alone, so repeating adds nothing.
    """
    require_posting_everywhere(actor)
    month = first_day(month)
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        months = _months_before(cursor, month)
        books = books_month(month)
        make_partitions([*months, books])
        persons: set[int] = set()
        calls = total = parked = 0
        for unpaid in months:
            assessed = assess(reported_unpaid(cursor, unpaid, month), unpaid)
            entry = Entry(Call.Origin.OPENING, None, day_of(at), books)
            posted = post_calls(cursor, assessed.due, unpaid, entry)
            calls, total = calls + posted.calls, total + posted.total_centimes
            parked += park_missing_facts(cursor, assessed.parked, unpaid, at=at)
            persons.update(pc.unique(assessed.due["person_id"]).to_pylist())
        settle_people(cursor, sorted(persons), day=day_of(at), books_month=books)
        touch_persons(persons)
        if calls:
            _journal(Posted(calls, total), actor=actor, at=at)
    return OpeningOutcome(calls, total, len(persons), parked)


def _months_before(cursor: Any, month: dt.date) -> list[dt.date]:
    longest = longest_reported_arrears(cursor)
    first = min(qafila_law.first_month(category) for category in qafila_law.Category)
    earliest = max(months_after(month, -longest), first)
    return months_between(earliest, months_after(month, -1))


def _journal(posted: Posted, *, actor: Actor, at: dt.datetime) -> None:
    subject = ActorRecord.objects.get(pk=actor.id)
    write(
        entries.ARREARS_OPENED,
        subject,
        actor=actor,
        at=at,
        calls=posted.calls,
        total_dh=dirhams(posted.total_centimes),
    )
