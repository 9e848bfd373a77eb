"""Handing in a file of payments: checked first, booked by a job once somebody says so."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import transaction
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from qafila.contributions.access import require_posting
from qafila.contributions.actions.payment_files import PaymentFileOutcome
from qafila.contributions.payment_file_list import find_payment_file
from qafila.exchange.kept_payment_files import (
    ReceivedFile,
    forget_file,
    forget_old_files,
    keep_file,
    kept_file,
)
from qafila.exchange.payment_files import book_bank_file
from qafila.foundation.actors import Actor
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.trail import acting

JOB = "contributions.book_payment_file"
KEPT_FOR = dt.timedelta(days=7)


class _Checked(Exception):
    """Unwinds the booking of a check, so that nothing of it stays."""

    def __init__(self, outcome: PaymentFileOutcome) -> None:
        self.outcome = outcome


@dataclass(frozen=True)
class InboxFile:
    """A file between its check and its booking; `file_id` once it is booked."""

    name: str
    file_name: str
    channel: str
    checked: PaymentFileOutcome
    file_id: int | None


def check_bank_file(
    content: bytes, file_name: str, *, channel: str, actor: Actor, at: dt.datetime
) -> str:
    """Keep the file and say what booking it would do; nothing is booked. Returns its inbox name.

    The check books the file and takes everything back, so that both always agree. Errors: as
    `book_bank_file`.
    """
    require_posting(actor)
    bare = Path(file_name.replace("\\", "/")).name.replace("\x00", "")[-120:] or "payments"
    try:
        with acting(actor, at=at):
            raise _Checked(book_bank_file(content, bare, channel=channel, actor=actor, at=at))
    except _Checked as check:
        checked = check.outcome
    sha256 = hashlib.sha256(content).hexdigest()
    return keep_file(ReceivedFile(bare, channel, actor, content, sha256, checked))


def inbox_file(name: str, *, actor: Actor) -> InboxFile:
    """The file as it was checked, for who handed it in. NotAllowed, NotFoundInScope."""
    require_posting(actor)
    file = _own(name, actor)
    booked = find_payment_file(file.sha256)
    return InboxFile(name, file.file_name, file.channel, file.checked, booked)


def ask_to_book(name: str, *, actor: Actor, at: dt.datetime) -> bool:
    """Have a checked file booked in the background; False when it was asked for before."""
    require_posting(actor)
    _own(name, actor)
    try:
        with acting(actor, at=at), transaction.atomic():
            jobs.configure_task(JOB, queueing_lock=f"{JOB}:{name}").defer(name=name)
    except AlreadyEnqueued:
        return False
    return True


def book_kept_file(name: str, *, at: dt.datetime) -> PaymentFileOutcome:
    """Book a kept file in the name of who handed it in, then forget its bytes. Safe to repeat.

    What the check told stays, so that whoever waits is led to the booked file.
    """
    file = kept_file(name)
    if not file.content:
        return file.checked
    outcome = book_bank_file(
        file.content, file.file_name, channel=file.channel, actor=file.actor, at=at
    )
    keep_file(replace(file, content=b""), name)
    return outcome


def discard_file(name: str, *, actor: Actor) -> None:
    """Delete a file that shall not be booked after all. NotAllowed, NotFoundInScope."""
    require_posting(actor)
    _own(name, actor)
    forget_file(name)


def empty_inbox(*, at: dt.datetime) -> int:
    """Delete files handed in a week ago or more, whatever became of them; how many."""
    return forget_old_files(at - KEPT_FOR)


def _own(name: str, actor: Actor) -> ReceivedFile:
    file = kept_file(name)
    if file.actor.id != actor.id:
        raise NotFoundInScope(file=name)
    return file
