"""Booking a file of payments: every row accepted, rejected with a sentence, or known already."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection
from django.utils.translation import gettext_lazy as _

import qafila_law
from qafila.contributions import journal as entries
from qafila.contributions.access import require_posting
from qafila.contributions.arrears.derivation import derive_arrears_of
from qafila.contributions.errors import PaymentFileUnreadable
from qafila.contributions.ledger.allocation import lock_settlement, settle_listed
from qafila.contributions.ledger.closed_months import books_month, last_closed_month
from qafila.contributions.ledger.months import first_day
from qafila.contributions.ledger.partitions import make_partitions
from qafila.contributions.models.calls_and_ledger import PaymentFile
from qafila.contributions.payments.csv_rows import (
    DatesAccepted,
    checked,
    problems_of,
    read_payment_csv,
)
from qafila.contributions.payments.note_matching import match_notes
from qafila.contributions.payments.payers import ROWS, find_payers
from qafila.contributions.payments.problems import PaymentProblem
from qafila.foundation.actors import Actor
from qafila.foundation.clock import MOROCCO
from qafila.foundation.journal import write
from qafila.foundation.trail import acting
from qafila.people.facts import PERSONS
from qafila_law.money import dirhams


@dataclass(frozen=True)
class PaymentFileOutcome:
    """The balance of a file: rows_read = rows_accepted + rows_rejected + rows_repeated.

    `total_centimes` is what was booked now; `known_file` is true when the same file came before.
    """

    file_id: int
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_repeated: int
    total_centimes: int
    problems: tuple[PaymentProblem, ...]
    known_file: bool = False


def book_payment_file(
    path: Path | str, channel: str, *, actor: Actor, at: dt.datetime
) -> PaymentFileOutcome:
    """Book the payments of a csv file received over `channel`, in one transaction.

    Columns: reference, amount_dh, paid_on and at least one of fund_number, register_number,
    card_number; a line whose reference is "total" is compared with the sum. The same file, or the
    same reference on the same channel, is counted as repeated and never booked twice.
    Errors: NotAllowed, PaymentFileUnreadable.
    """
    require_posting(actor)
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PaymentFileUnreadable(file=path.name, reason=_("it cannot be opened.")) from error
    return book_payments(
        read_payment_csv(content, path.name), content, path.name, channel, actor=actor, at=at
    )


def book_payments(
    table: pl.DataFrame,
    content: bytes,
    file_name: str,
    channel: str,
    *,
    actor: Actor,
    at: dt.datetime,
) -> PaymentFileOutcome:
    """Book rows already read from a file of any format: text columns of `payment_rows`.

    `content` is the file as received: the same bytes are the same file.
    """
    require_posting(actor)
    sha256 = hashlib.sha256(content).hexdigest()
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        earlier = PaymentFile.objects.filter(sha256=sha256).first()
        if earlier:
            return _known(earlier)
        rows = checked(table, _dates_accepted(at))
        accepted, rejected, repeated = _sorted_out(cursor, rows, channel)
        file = PaymentFile.objects.create(
            file_name=file_name[:255], sha256=sha256, channel=channel, received_at=at,
            received_by_id=actor.id, rows_read=rows.height, rows_accepted=accepted.height,
            rows_rejected=rejected.height, rows_repeated=repeated,
        )  # fmt: skip
        problems = problems_of(rejected)
        file.problems = [problem.as_json() for problem in problems]
        file.save(update_fields=["problems"])
        _book(cursor, accepted, file, at)
        outcome = _outcome(file, int(accepted["amount_centimes"].sum() or 0), problems)
        _journal(outcome, file, actor=actor, at=at)
    return outcome


def _dates_accepted(at: dt.datetime) -> DatesAccepted:
    first = min(qafila_law.first_month(category) for category in qafila_law.Category)
    today = at.astimezone(MOROCCO).date()
    return DatesAccepted(earliest=first, latest=today, closed_until=last_closed_month())


def _sorted_out(
    cursor: Any, rows: pl.DataFrame, channel: str
) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Accepted rows, rejected rows with their problem, and how many were repeated."""
    good = rows.filter(pl.col("problem").is_null())
    found = good.join(find_payers(cursor, good, channel), on="row", maintain_order="left")
    nobody, several = pl.col("persons") == 0, pl.col("persons") > 1
    found = found.with_columns(
        problem=pl.when(nobody).then(pl.lit("unknown_person"))
        .when(several).then(pl.lit("several_persons"))
        .when(pl.col("differs")).then(pl.lit("reference_reused"))
    )  # fmt: skip
    named = found.filter(pl.col("problem").is_null())
    rejected = pl.concat(
        [
            rows.filter(pl.col("problem").is_not_null()),
            found.filter(pl.col("problem").is_not_null()).select(rows.columns),
        ]
    )
    return named.filter(~pl.col("repeated")), rejected, named.filter("repeated").height


def _book(cursor: Any, accepted: pl.DataFrame, file: PaymentFile, at: dt.datetime) -> None:
    today = books_month(at.date())
    months = {first_day(day) for day in accepted["day"].unique().to_list()}
    make_partitions([today, *months])
    cursor.execute(
        f"""
        WITH booked AS (
            INSERT INTO contributions_payment
                (payment_file_id, reference, channel, person_id, amount_centimes,
                 unallocated_centimes, paid_on, reversal_reason, recorded_at, region_code)
            SELECT %s, r.reference, %s, r.person_id, r.amount_centimes, r.amount_centimes,
                   r.paid_on, '', %s, p.region_code
            FROM {ROWS} r JOIN {PERSONS} p ON p.id = r.person_id
            WHERE r.persons = 1 AND NOT r.repeated ORDER BY r.number
            RETURNING id, person_id, amount_centimes, paid_on, region_code
        )
        INSERT INTO contributions_ledgerline
            (posting, book, person_id, amount_centimes, posted_on, month, region_code)
        SELECT 'payment:' || b.id, side.book, b.person_id, side.sign * b.amount_centimes,
               b.paid_on, date_trunc('month', b.paid_on)::date, b.region_code
        FROM booked b CROSS JOIN (VALUES ('received', 1), ('unallocated', -1)) side (book, sign)
        """,
        [file.pk, file.channel, at],
    )
    settle_listed(cursor, ROWS, day=at.date(), books_month=today)
    cursor.execute(f"SELECT DISTINCT person_id FROM {ROWS} WHERE persons = 1")
    people = [person for (person,) in cursor.fetchall()]
    derive_arrears_of(cursor, at.date(), people)
    match_notes(cursor, people, at=at)
    cursor.execute(f"DROP TABLE {ROWS}")


def _known(file: PaymentFile) -> PaymentFileOutcome:
    return PaymentFileOutcome(file.pk, file.rows_read, 0, 0, file.rows_read, 0, (), True)


def _outcome(file: PaymentFile, total: int, problems: list[PaymentProblem]) -> PaymentFileOutcome:
    return PaymentFileOutcome(
        file.pk, file.rows_read, file.rows_accepted, file.rows_rejected, file.rows_repeated,
        total, tuple(problems),
    )  # fmt: skip


def _journal(
    outcome: PaymentFileOutcome, file: PaymentFile, *, actor: Actor, at: dt.datetime
) -> None:
    write(
        entries.PAYMENTS_BOOKED, file, actor=actor, at=at, read=outcome.rows_read,
        accepted=outcome.rows_accepted, rejected=outcome.rows_rejected,
        repeated=outcome.rows_repeated, total_dh=dirhams(outcome.total_centimes),
    )  # fmt: skip
