"""Booking rows that a reader delivered: checked, booked, taken back, and the journal last.

Every row ends accepted, rejected with a sentence, or known already.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import connection

import qafila_law
from qafila.contributions import journal as entries
from qafila.contributions.access import require_posting_everywhere
from qafila.contributions.ledger.allocation import lock_settlement, settle_listed
from qafila.contributions.ledger.closed_months import books_month
from qafila.contributions.ledger.partitions import make_partitions
from qafila.contributions.models.calls_and_ledger import Payment, PaymentFile
from qafila.contributions.payments.bounds import largest_payment
from qafila.contributions.payments.note_matching import match_notes
from qafila.contributions.payments.payers import ROWS, find_payers
from qafila.contributions.payments.problems import PaymentProblem
from qafila.contributions.payments.references import with_references
from qafila.contributions.payments.refunds.paying_out import pay_out
from qafila.contributions.payments.rows import Kind, rows_of
from qafila.contributions.payments.taking_back import TakenBack, take_back
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.journal import write
from qafila.foundation.trail import acting, touch_persons
from qafila.people.facts import PERSONS
from qafila_law.money import dirhams


@dataclass(frozen=True)
class PaymentFileOutcome:
    """The balance of a file: rows_read = rows_accepted + rows_rejected + rows_repeated.

    `total_centimes` is what was booked now less what was taken back; `known_file` is true when the
    same file came before.
    """

    file_id: int
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_repeated: int
    total_centimes: int
    problems: tuple[PaymentProblem, ...]
    known_file: bool = False


def book_rows(
    rows: pl.DataFrame,
    *,
    content: bytes,
    file_name: str,
    channel: str,
    actor: Actor,
    at: dt.datetime,
) -> PaymentFileOutcome:
    """Book rows of `rows.SCHEMA` received over `channel`, in one transaction with one balance.

    Payments are booked first, then what was taken back. `content` is what was received: the same
    bytes are the same file, and nothing of them is booked twice; nor is a reference of the channel,
    unless what was booked under it was taken back and another payment comes. Errors: NotAllowed.
    """
    require_posting_everywhere(actor)
    sha256 = hashlib.sha256(content).hexdigest()
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        earlier = PaymentFile.objects.filter(sha256=sha256).first()
        if earlier:
            return _known(earlier)
        file = PaymentFile.objects.create(
            file_name=file_name[:255],
            sha256=sha256,
            channel=channel,
            received_at=at,
            received_by_id=actor.id,
        )
        tally = _booked(cursor, rows, file, at)
        done = _moved_back(cursor, rows, channel, actor=actor, at=at)
        outcome = _outcome(file, rows.height, tally, done)
        _keep(outcome, file)
        _journal(outcome, file, actor=actor, at=at)
    return outcome


def _moved_back(
    cursor: Any, rows: pl.DataFrame, channel: str, *, actor: Actor, at: dt.datetime
) -> list[TakenBack]:
    """What was taken back, paid out or came back. One row may wait for what another one frees."""
    good = rows.filter(pl.col("problem").is_null() & (pl.col("kind") != Kind.PAYMENT))
    waiting, done, failed = rows_of(good), [], []
    while waiting:
        tried = [
            (
                one,
                take_back(one, channel, actor=actor, at=at)
                if one.kind == Kind.REVERSAL
                else pay_out(cursor, one, channel, actor=actor, at=at),
            )
            for one in waiting
        ]
        done += [result for _one, result in tried if not result.problem]
        failed = [result for _one, result in tried if result.problem]
        again = [one for one, result in tried if result.problem]
        waiting = again if any(result.now for _one, result in tried) else []
    return done + failed


@dataclass(frozen=True)
class _Tally:
    """What became of the rows that are payments, and of those no reader could make one of."""

    accepted: int
    repeated: int
    centimes: int
    problems: list[PaymentProblem]


def _booked(cursor: Any, rows: pl.DataFrame, file: PaymentFile, at: dt.datetime) -> _Tally:
    today = day_of(at)
    rows = with_references(_dated(rows, today), file.channel)
    good = rows.filter(pl.col("problem").is_null() & (pl.col("kind") == Kind.PAYMENT))
    found = _with_payers(cursor, good, file.channel)
    accepted = found.filter(pl.col("problem").is_null() & ~pl.col("repeated"))
    wrong = pl.concat(
        [
            one.filter(pl.col("problem").is_not_null()).select("row", "problem", "found")
            for one in (rows, found)
        ]
    )
    _write(cursor, accepted, file, today, at)
    return _Tally(
        accepted.height,
        found.filter(pl.col("problem").is_null() & pl.col("repeated")).height,
        int(accepted["centimes"].sum() or 0),
        [_problem(*one) for one in wrong.iter_rows()],
    )


def _problem(row: int, code: str, found: str | None) -> PaymentProblem:
    return PaymentProblem(row, code, {} if found is None else {"found": found})


def _dated(rows: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    """Payments of days that the books do not take, or implausibly large, get their problem."""
    first = min(qafila_law.first_month(category) for category in qafila_law.Category)
    day = pl.col("paid_on")
    code = (
        pl.when(day > today)
        .then(pl.lit("future_date"))
        .when(day < first)
        .then(pl.lit("before_scheme"))
        .when(pl.col("centimes") > largest_payment(today))
        .then(pl.lit("above_bound"))
    )
    wrong = rows.select(code.otherwise(None).alias("code")).to_series()
    mine = (rows["kind"] == Kind.PAYMENT) & rows["problem"].is_null() & wrong.is_not_null()
    return rows.with_columns(
        problem=pl.when(mine).then(wrong).otherwise(pl.col("problem")),
        found=pl.when(mine & (wrong == "above_bound"))
        .then(_dirhams(pl.col("centimes")))
        .when(mine)
        .then(day.cast(pl.String))
        .otherwise(pl.col("found")),
    )


def _with_payers(cursor: Any, good: pl.DataFrame, channel: str) -> pl.DataFrame:
    """The good payments with `repeated`, and a problem where nobody or somebody else is meant."""
    found = good.join(find_payers(cursor, good, channel), on="row", maintain_order="left")
    statement = pl.col("account") != ""
    code = (
        pl.when(pl.col("persons") == 0)
        .then(pl.lit("unknown_person"))
        .when(pl.col("persons") > 1)
        .then(pl.lit("several_persons"))
        .when(pl.col("differs"))
        .then(pl.lit("reference_reused"))
        # A statement sent again brings what it had brought: its return is in it, or follows.
        .when(pl.col("taken_back") & ~statement)
        .then(pl.lit("reference_taken_back"))
        .when(pl.col("possible_repeat"))
        .then(pl.lit("possible_repeat"))
    )
    named = pl.col("problem").is_in(["reference_reused", "reference_taken_back"])
    return found.with_columns(problem=code).with_columns(
        found=pl.when(named)
        .then(pl.col("reference"))
        .when(pl.col("problem") == "possible_repeat")
        .then(_dirhams(pl.col("centimes")))
    )


def _dirhams(centimes: pl.Expr) -> pl.Expr:
    cents = (centimes % 100).cast(pl.String).str.zfill(2)
    return pl.concat_str((centimes // 100).cast(pl.String), pl.lit("."), cents)


def _write(
    cursor: Any, accepted: pl.DataFrame, file: PaymentFile, today: dt.date, at: dt.datetime
) -> None:
    books = books_month(today)
    make_partitions([books, *{books_month(day) for day in accepted["paid_on"].unique()}])
    cursor.execute(f"DELETE FROM {ROWS} WHERE persons <> 1 OR repeated OR possible_repeat")
    # A payment of a closed month stands in the open one, with its true day.
    cursor.execute(_INSERT, [file.pk, file.channel, at, books_month(dt.date.min)])
    settle_listed(cursor, ROWS, day=today, books_month=books)
    cursor.execute(f"SELECT DISTINCT person_id FROM {ROWS}")
    people = [person for (person,) in cursor.fetchall()]
    match_notes(cursor, people, at=at)
    touch_persons(people)
    cursor.execute(f"DROP TABLE {ROWS}")


_INSERT = f"""
WITH booked AS (
    INSERT INTO contributions_payment
        (payment_file_id, reference, channel, person_id, amount_centimes,
         unallocated_centimes, paid_on, reversal_reason, recorded_at, region_code)
    SELECT %s, r.reference, %s, r.person_id, r.amount_centimes, r.amount_centimes,
           r.paid_on, '', %s, p.region_code
    FROM {ROWS} r JOIN {PERSONS} p ON p.id = r.person_id
    ORDER BY r.number
    RETURNING id, person_id, amount_centimes, paid_on, region_code
)
INSERT INTO contributions_ledgerline
    (posting, book, person_id, amount_centimes, posted_on, month, region_code)
SELECT 'payment:' || b.id, side.book, b.person_id, side.sign * b.amount_centimes,
       b.paid_on, greatest(date_trunc('month', b.paid_on)::date, %s), b.region_code
FROM booked b CROSS JOIN (VALUES ('received', 1), ('unallocated', -1)) side (book, sign)
"""


def rows_booked(file_id: int) -> frozenset[str]:
    """The references booked from one file."""
    booked = Payment.objects.filter(payment_file_id=file_id)
    return frozenset(booked.values_list("reference", flat=True))


def _known(file: PaymentFile) -> PaymentFileOutcome:
    return PaymentFileOutcome(file.pk, file.rows_read, 0, 0, file.rows_read, 0, (), True)


def _outcome(
    file: PaymentFile, read: int, tally: _Tally, done: Sequence[TakenBack]
) -> PaymentFileOutcome:
    failed = [one.problem for one in done if one.problem]
    problems = sorted([*tally.problems, *failed], key=lambda problem: problem.row)
    carried_out = [one.centimes for one in done if one.now]
    repeated = sum(1 for one in done if not one.problem and not one.now)
    return PaymentFileOutcome(
        file.pk,
        read,
        tally.accepted + len(carried_out),
        len(problems),
        tally.repeated + repeated,
        tally.centimes - sum(carried_out),
        tuple(problems),
    )


def _keep(outcome: PaymentFileOutcome, file: PaymentFile) -> None:
    file.rows_read, file.rows_accepted = outcome.rows_read, outcome.rows_accepted
    file.rows_rejected, file.rows_repeated = outcome.rows_rejected, outcome.rows_repeated
    file.problems = [problem.as_json() for problem in outcome.problems]
    file.save(
        update_fields=["rows_read", "rows_accepted", "rows_rejected", "rows_repeated", "problems"]
    )


def _journal(
    outcome: PaymentFileOutcome, file: PaymentFile, *, actor: Actor, at: dt.datetime
) -> None:
    write(
        entries.PAYMENTS_BOOKED,
        file,
        actor=actor,
        at=at,
        read=outcome.rows_read,
        accepted=outcome.rows_accepted,
        rejected=outcome.rows_rejected,
        repeated=outcome.rows_repeated,
        total_dh=dirhams(outcome.total_centimes),
    )
