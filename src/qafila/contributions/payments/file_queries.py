"""The files of payments booked so far, and the problems of one of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum

from qafila.contributions.models.calls_and_ledger import PaymentFile
from qafila.contributions.payments.problems import PaymentProblem
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.scope import reference_data
from qafila.institutions.actor_told import actor_told


@dataclass(frozen=True)
class BookedFile:
    """A booked file with its balance: read = accepted + rejected + repeated; who handed it in."""

    file_id: int
    file_name: str
    channel: str
    received_at: dt.datetime
    received_by: str
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_repeated: int
    booked_centimes: int
    problems: tuple[PaymentProblem, ...] = ()


@reference_data
def booked_files(*, before: int | None = None, count: int = 50) -> list[BookedFile]:
    """The latest files first, from the one before `before` (its number), without their problems."""
    files = PaymentFile.objects.select_related("received_by__account").defer("problems")
    if before is not None:
        files = files.filter(pk__lt=before)
    found = files.annotate(booked=Sum("payments__amount_centimes", default=0)).order_by("-pk")
    return [_told(file, file.booked, ()) for file in found[:count]]


@reference_data
def booked_file(file_id: int) -> BookedFile:
    """One file with every problem of its rows. NotFoundInScope when there is none.

    Problems hold row numbers and what stood there, no person.
    """
    files = PaymentFile.objects.select_related("received_by__account").filter(pk=file_id)
    file = files.annotate(booked=Sum("payments__amount_centimes", default=0)).first()
    if file is None:
        raise NotFoundInScope(file=file_id)
    return _told(file, file.booked, tuple(PaymentProblem(**one) for one in file.problems))


@reference_data
def find_payment_file(sha256: str) -> int | None:
    """The number of the file with these bytes, once it is booked."""
    return PaymentFile.objects.filter(sha256=sha256).values_list("pk", flat=True).first()


def _told(file: PaymentFile, booked: int, problems: tuple[PaymentProblem, ...]) -> BookedFile:
    return BookedFile(
        file.pk,
        file.file_name,
        file.channel,
        file.received_at,
        actor_told(file.received_by),
        file.rows_read,
        file.rows_accepted,
        file.rows_rejected,
        file.rows_repeated,
        booked,
        problems,
    )
