"""A past for the demonstration: months called and paid late, money given back, families, claims.

Everything is done by the actions that people use, each at the moment it would have been done.
Where an action refuses (nobody fits), the story is left out: the demonstration stays true.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from qafila.contributions.arrears.plans import agree_plan
from qafila.contributions.arrears.queries import arrears_queue
from qafila.contributions.arrears.relief import apply_for_relief, review_relief
from qafila.contributions.calls.month_runs.runs import run_month
from qafila.contributions.ledger.months import months_after
from qafila.contributions.models.calls_and_ledger import Call
from qafila.contributions.payments.notes import Receipt, note_payment
from qafila.contributions.payments.recording import record_payment, reverse_payment
from qafila.contributions.payments.refunds.queries import credits_waiting
from qafila.contributions.payments.refunds.refunds import (
    approve_refund,
    ask_refund,
    pay_refund,
    return_refund,
)
from qafila.demonstration.desks import desk
from qafila.demonstration.lives import LIVES
from qafila.demonstration.payments import write_demonstration_payments
from qafila.exchange.payments.files import book_bank_file
from qafila.foundation.actors import WHOLE_COUNTRY, Actor
from qafila.foundation.clock import day_of
from qafila.foundation.errors import DomainError
from qafila.foundation.scope import known_by
from qafila.foundation.trail import system_actor

MONTHS = 6
"""How many months were called before the one the demonstration is about."""
_ERASED_UNTIL = dt.date(2023, 11, 1)
# Who pays changes from month to month: so some lose their rights and get them back.
_SHARES = (0.55, 0.7, 0.4, 0.65, 0.5, 0.6)
_SEED = 2026


def moment_in(month: dt.date) -> dt.datetime:
    """The morning of the 22nd of a month: its calls are out and its payments come in."""
    return dt.datetime(month.year, month.month, 22, 9, 0, tzinfo=dt.UTC)


def first_month_of_past(month: dt.date) -> dt.date:
    """The first month called, when the demonstration is about `month`."""
    return months_after(month, -MONTHS)


def live_through_months(month: dt.date, *, actor: Actor) -> Iterator[dt.date]:
    """Call each month before `month` and book its payments; yields each once it is done."""
    for place in range(MONTHS):
        past = months_after(first_month_of_past(month), place)
        who: dict[str, Any] = {"actor": actor, "at": moment_in(past)}
        run_month(past, named=f"{past:%Y-%m}", **who)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"payments-{past:%Y-%m}.csv"
            write_demonstration_payments(path, past, seed=_SEED + place, share=_SHARES[place])
            book_bank_file(path.read_bytes(), path.name, channel="relay_point", **who)
        yield past


@known_by("the demonstration")
def live_through_relief(month: dt.date, *, actor: Actor) -> int:
    """Two people who asked for relief under law 41-23 in its window, as the fund's arrears tell.

    The first paid every month since and had the old arrears erased; the second stopped after some
    months and lost it. How many people there were; call it when arrears before `month` are open.
    """
    oldest = Call.objects.filter(
        origin="opening", month__lte=_ERASED_UNTIL, category="auto_entrepreneur"
    )
    people = list(oldest.order_by("person_id").values_list("person_id", flat=True).distinct()[:2])
    for person, paying in zip(people, (None, 5), strict=False):
        with contextlib.suppress(DomainError):
            _pay_in_time(person, paying, actor)
    review_relief(actor=actor, at=moment_in(month))
    return len(people)


def _pay_in_time(person_id: int, months: int | None, actor: Actor) -> None:
    since = Call.objects.filter(person_id=person_id, month__gt=_ERASED_UNTIL, origin="opening")
    for place, call in enumerate(since.order_by("month", "pk")[:months]):
        # On the 5th of the month after: early enough for each month's last day.
        paid = months_after(call.month, 1) + dt.timedelta(days=4)
        at = dt.datetime(paid.year, paid.month, paid.day, 10, 0, tzinfo=dt.UTC)
        record_payment(
            person_id=person_id,
            reference=f"REGUL-{person_id}-{call.month:%Y%m}",
            channel="fund",
            amount_centimes=call.amount_centimes,
            paid_on=paid,
            actor=actor,
            at=at,
        )
        if place == 0:
            apply_for_relief(person_id, actor=actor, at=at + dt.timedelta(days=2))


def tell_stories(*, at: dt.datetime) -> int:
    """What happened to single people: refunds, a plan, a bounced payment, and their `lives`.

    How many stories could be told.
    """
    stories: tuple[Callable[[dt.datetime], None], ...] = (
        _refunds,
        _plan,
        _bounced_payment,
        _receipt_shown,
        *LIVES,
    )
    told = 0
    for story in stories:
        with contextlib.suppress(DomainError), transaction.atomic():
            story(at)
            told += 1
    return told


def _refunds(at: dt.datetime) -> None:
    """One waits, one is approved, one was paid, one came back."""
    asking, deciding = desk("demonstration desk"), desk("demonstration supervisor")
    for place, one in enumerate(credits_waiting(scope=WHOLE_COUNTRY, count=4)):
        asked = ask_refund(
            one.person_id,
            amount_centimes=one.credit_centimes,
            actor=asking,
            at=at,
            reason="Payé deux fois pour le même mois.",
        )
        if place == 0:
            continue
        approve_refund(asked.refund_id, actor=deciding, at=at)
        if place > 1:
            line = f"VIR{asked.refund_id:07d}"
            pay_refund(
                asked.refund_id,
                channel="bank",
                bank_line=line,
                paid_on=day_of(at),
                actor=asking,
                at=at,
            )
        if place == 3:
            return_refund(
                asked.refund_id,
                return_line=f"REJ{asked.refund_id:07d}",
                on=day_of(at),
                actor=asking,
                at=at,
            )


def _plan(at: dt.datetime) -> None:
    in_arrears = arrears_queue(scope=WHOLE_COUNTRY, count=40)
    for one in in_arrears[-3:]:
        first = day_of(at) + dt.timedelta(days=20)
        agree_plan(
            one.person_id, instalments=3, first_due_on=first, actor=desk("demonstration"), at=at
        )


def _bounced_payment(at: dt.datetime) -> None:
    who: dict[str, Any] = {"actor": system_actor("demonstration"), "at": at}
    for one in arrears_queue(scope=WHOLE_COUNTRY, count=1):
        paid = record_payment(
            person_id=one.person_id,
            reference="PRLV-DEMO-1",
            channel="bank",
            amount_centimes=one.overdue_centimes,
            paid_on=day_of(at) - dt.timedelta(days=6),
            **who,
        )
        returned_on = day_of(at) - dt.timedelta(days=2)
        reverse_payment(paid.payment_id, reason="Provision insuffisante.", on=returned_on, **who)


def _receipt_shown(at: dt.datetime) -> None:
    """Somebody in arrears showed a relay point's receipt; its file has not come yet."""
    for one in arrears_queue(scope=WHOLE_COUNTRY, count=3)[1:]:
        receipt = Receipt(
            channel="relay_point",
            reference=f"REC-DEMO-{one.person_id}",
            place="Tasshilat, Agadir",
            amount_centimes=one.overdue_centimes,
            paid_on=day_of(at) - dt.timedelta(days=1),
        )
        note_payment(person_id=one.person_id, receipt=receipt, actor=desk("demonstration"), at=at)
