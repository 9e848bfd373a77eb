"""Handing in a file of payments: checked by a job, booked by another once somebody says so.

The check books the file and takes everything back, so that both always agree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.utils import translation
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from qafila.contributions.access import may_post_everywhere, require_posting_everywhere
from qafila.contributions.calls.job_status import job_movement
from qafila.contributions.payments.booking import PaymentFileOutcome
from qafila.contributions.payments.file_queries import find_payment_file
from qafila.exchange.errors import PaymentFileNotChecked, PaymentFileTooLarge, PostingTakenAway
from qafila.exchange.payments.files import book_bank_file
from qafila.exchange.payments.kept_files import (
    ReceivedFile,
    forget_content,
    forget_file,
    forget_old_files,
    keep_content,
    keep_note,
    kept_content,
    kept_file,
    kept_files,
)
from qafila.exchange.payments.relay_file import LARGEST_FILE
from qafila.exchange.sealed_files import LargerThanAllowed
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.errors import DomainError, NotFoundInScope
from qafila.foundation.scope import known_by
from qafila.foundation.trail import acting
from qafila.institutions.access import own_and_handed_over, present_actor

CHECK = "contributions.check_payment_file"
BOOK = "contributions.book_payment_file"
KEPT_FOR = dt.timedelta(days=7)
# Of a file with a million wrong rows nobody reads each; once it is booked they are all listed.
PROBLEMS_KEPT = 500

InboxState = Literal[
    "waiting",
    "checking",
    "stopped",
    "refused",
    "known",
    "checked",
    "booking_waits",
    "booking",
    "booking_stopped",
    "booked",
]
_CHECKS: dict[str, InboxState] = {"waiting": "waiting", "moving": "checking"}
_BOOKINGS: dict[str, InboxState] = {
    "none": "checked",
    "waiting": "booking_waits",
    "moving": "booking",
    "stopped": "booking_stopped",
}


class _Checked(Exception):
    """Unwinds the booking of a check, so that nothing of it stays."""

    def __init__(self, outcome: PaymentFileOutcome) -> None:
        self.outcome = outcome


@dataclass(frozen=True)
class InboxFile:
    """A file from its arrival to its booking.

    `state`: waiting, checking, stopped (the check was left half-way), refused (`refusal` says
    why), known (the same bytes were booked before), checked, booking_waits, booking,
    booking_stopped, or booked. `file_id` once these bytes are booked. `checked` tells the first
    problems only, `PROBLEMS_KEPT` at most.
    """

    name: str
    file_name: str
    channel: str
    state: InboxState
    rows_read: int | None
    checked: PaymentFileOutcome | None
    refusal: str
    file_id: int | None


def receive_bank_file(
    chunks: Iterable[bytes], file_name: str, *, channel: str, actor: Actor, at: dt.datetime
) -> str:
    """Keep a file as it arrives and have a job check it; nothing is booked. Its inbox name.

    Errors: NotAllowed, PaymentFileTooLarge.
    """
    require_posting_everywhere(actor)
    bare = Path(file_name.replace("\\", "/")).name.replace("\x00", "")[-120:] or "payments"
    try:
        name, sealed = keep_content(chunks, most=LARGEST_FILE)
    except LargerThanAllowed as error:
        raise PaymentFileTooLarge(file=bare, limit=LARGEST_FILE >> 20) from error
    try:
        keep_note(ReceivedFile(bare, channel, actor.id, sealed.sha256, sealed.size), name, new=True)
        with acting(actor, at=at):
            _defer(CHECK, name)
    except BaseException:
        forget_file(name)
        raise
    return name


def inbox_file(name: str, *, actor: Actor, at: dt.datetime) -> InboxFile:
    """The file as it stands, for who handed it in. NotAllowed, NotFoundInScope."""
    require_posting_everywhere(actor)
    file = _own(name, actor)
    file_id = find_payment_file(file.sha256)
    refusal = (file.refused or {}).get(translation.get_language() or "en", "")
    return InboxFile(
        name,
        file.file_name,
        file.channel,
        _state(name, file, file_id, at),
        file.rows_read,
        file.checked,
        refusal,
        file_id,
    )


@dataclass(frozen=True)
class InboxEntry:
    """A file that waits for its check or for a word of who handed it in."""

    name: str
    file_name: str
    channel: str
    state: Literal["checking", "refused", "checked"]


def own_inbox(*, actor: Actor) -> list[InboxEntry]:
    """The files the actor handed in that are neither booked nor dropped, the latest first.

    NotAllowed.
    """
    require_posting_everywhere(actor)
    own = own_and_handed_over(actor)
    return [
        InboxEntry(name, file.file_name, file.channel, _noted_state(file))
        for name, file in kept_files()
        if file.handed_in_by in own and not file.booked
    ]


def _noted_state(file: ReceivedFile) -> Literal["checking", "refused", "checked"]:
    if file.refused is not None:
        return "refused"
    return "checked" if file.checked is not None else "checking"


def _state(name: str, file: ReceivedFile, file_id: int | None, at: dt.datetime) -> InboxState:
    if file_id is not None:
        # A booking killed at its very end has not noted that it is done.
        ours = file.booked or job_movement(BOOK, {"name": name}, at=at) != "none"
        return "booked" if ours else "known"
    if file.refused is not None:
        return "refused"
    if file.checked is None:
        return _CHECKS.get(job_movement(CHECK, {"name": name}, at=at), "stopped")
    return _BOOKINGS[job_movement(BOOK, {"name": name}, at=at)]


def ask_to_check_again(name: str, *, actor: Actor, at: dt.datetime) -> bool:
    """Have a check that was left half-way done again; False when it waits or was done.

    Errors: NotAllowed, NotFoundInScope.
    """
    require_posting_everywhere(actor)
    file = _own(name, actor)
    if _state(name, file, None, at) != "stopped":
        return False
    with acting(actor, at=at):
        return _defer(CHECK, name)


def ask_to_book(name: str, *, actor: Actor, at: dt.datetime) -> bool:
    """Have a checked file booked in the background; False when it was asked for before.

    Errors: NotAllowed, NotFoundInScope, PaymentFileNotChecked.
    """
    require_posting_everywhere(actor)
    file = _own(name, actor)
    if file.checked is None:
        raise PaymentFileNotChecked(file=file.file_name)
    with acting(actor, at=at):
        return _defer(BOOK, name)


def _defer(task: str, name: str) -> bool:
    """False when the same job waits already."""
    try:
        with transaction.atomic():
            jobs.configure_task(task, queueing_lock=f"{task}:{name}").defer(name=name)
    except AlreadyEnqueued:
        return False
    return True


@known_by("the kept file")
def check_kept_file(name: str, *, at: dt.datetime) -> None:
    """Note what booking the file would do, or why it is refused. Nothing of it is booked.

    Safe to repeat: a file that was checked or refused keeps its answer. NotFoundInScope when the
    file was dropped meanwhile.
    """
    file = kept_file(name)
    if file.checked is not None or file.refused is not None:
        return
    content = kept_content(name)

    def note_rows(rows: int) -> None:
        keep_note(replace(file, rows_read=rows), name)

    actor = present_actor(file.handed_in_by, on=day_of(at))
    try:
        _require_still(file, actor)
        with acting(actor, at=at):
            raise _Checked(
                book_bank_file(
                    content,
                    file.file_name,
                    channel=file.channel,
                    actor=actor,
                    at=at,
                    on_read=note_rows,
                )
            )
    except _Checked as check:
        problems = check.outcome.problems[:PROBLEMS_KEPT]
        told = replace(check.outcome, problems=problems)
        keep_note(replace(file, checked=told, rows_read=told.rows_read), name)
    except DomainError as refusal:
        _refuse(name, file, refusal)


def _require_still(file: ReceivedFile, actor: Actor) -> None:
    """Raise PostingTakenAway when who handed the file in may book none any more."""
    if not may_post_everywhere(actor):
        raise PostingTakenAway(file=file.file_name, name=actor.name)


def _refuse(name: str, file: ReceivedFile, refusal: DomainError) -> None:
    forget_content(name)
    keep_note(replace(file, refused=_in_every_language(refusal)), name)


def _in_every_language(refusal: DomainError) -> dict[str, str]:
    """The sentence as any reader may want it: who looks later chooses the language then."""
    told = {}
    for code in ("en", *dict(settings.LANGUAGES)):
        with translation.override(code):
            told[code] = refusal.sentence()
    return told


@known_by("the kept file")
def book_kept_file(name: str, *, at: dt.datetime) -> PaymentFileOutcome:
    """Book a kept file in the name of who handed it in, then forget its bytes. Safe to repeat.

    What the check told stays, so that whoever waits is led to the booked file. Errors:
    NotFoundInScope, PaymentFileNotChecked, PostingTakenAway (noted on the file, whose bytes are
    forgotten) when that person's post ended meanwhile, and as `book_bank_file`.
    """
    file = kept_file(name)
    if file.checked is None:
        raise PaymentFileNotChecked(file=file.file_name)
    if file.booked:
        return file.checked
    actor = present_actor(file.handed_in_by, on=day_of(at))
    try:
        _require_still(file, actor)
    except PostingTakenAway as refusal:
        _refuse(name, file, refusal)
        raise
    outcome = book_bank_file(
        kept_content(name), file.file_name, channel=file.channel, actor=actor, at=at
    )
    keep_note(replace(file, booked=True), name)
    forget_content(name)
    return outcome


def discard_file(name: str, *, actor: Actor) -> None:
    """Delete a file that shall not be booked after all. NotAllowed, NotFoundInScope."""
    require_posting_everywhere(actor)
    _own(name, actor)
    forget_file(name)


def empty_inbox(*, at: dt.datetime) -> int:
    """Delete files handed in a week ago or more, whatever became of them; how many."""
    return forget_old_files(at - KEPT_FOR)


def _own(name: str, actor: Actor) -> ReceivedFile:
    """The file, for who handed it in or for who has that person's files now: then it is theirs."""
    file = kept_file(name)
    if file.handed_in_by not in own_and_handed_over(actor):
        raise NotFoundInScope(file=name)
    return file if file.handed_in_by == actor.id else _taken_over(name, file, actor)


def _taken_over(name: str, file: ReceivedFile, actor: Actor) -> ReceivedFile:
    theirs = replace(file, handed_in_by=actor.id)
    keep_note(theirs, name)
    return theirs
