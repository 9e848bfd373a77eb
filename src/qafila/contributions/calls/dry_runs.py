"""Asking what a month would call: a job assesses it; nothing of the books is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.utils import translation
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from qafila.contributions.access import require_posting_everywhere
from qafila.contributions.calls.assessment import require_month_in_scheme
from qafila.contributions.calls.dry_run_drafts import (
    Draft,
    find_draft,
    forget_old_drafts,
    keep_draft,
)
from qafila.contributions.calls.job_status import job_movement
from qafila.contributions.calls.month_ahead import MonthAhead, month_ahead
from qafila.contributions.ledger.months import first_day
from qafila.foundation.actors import Actor
from qafila.foundation.errors import DomainError
from qafila.foundation.trail import acting

JOB = "contributions.dry_run"
# Facts change all day: what was assessed longer ago is assessed again when it is asked for.
FRESH_FOR = dt.timedelta(hours=1)
KEPT_FOR = dt.timedelta(days=7)

DryRunState = Literal["waiting", "moving", "stopped", "refused", "done"]


@dataclass(frozen=True)
class DryRun:
    """What a month would call, by the facts of `asked_at`, or how far the assessment is.

    `parts` is None until it is known how many there are; `refusal` says why there is no answer.
    """

    month: dt.date
    state: DryRunState
    asked_by: str
    asked_at: dt.datetime
    parts_done: int
    parts: int | None
    ahead: MonthAhead | None
    refusal: str


def dry_run_of(month: dt.date, *, actor: Actor, at: dt.datetime) -> DryRun | None:
    """The dry run of `month` as it stands; None when nobody asked for one. NotAllowed."""
    require_posting_everywhere(actor)
    draft = find_draft(first_day(month))
    if draft is None:
        return None
    refusal = (draft.refused or {}).get(translation.get_language() or "en", "")
    return DryRun(
        draft.month,
        _state(draft, at),
        draft.asked_by,
        draft.asked_at,
        draft.parts_done,
        draft.parts,
        draft.ahead,
        refusal,
    )


def _state(draft: Draft, at: dt.datetime) -> DryRunState:
    if draft.refused is not None:
        return "refused"
    if draft.ahead is not None:
        return "done"
    movement = job_movement(JOB, {"month": f"{draft.month:%Y-%m}"}, at=at)
    return movement if movement in ("waiting", "moving") else "stopped"


def ask_dry_run(month: dt.date, *, actor: Actor, at: dt.datetime, again: bool = False) -> bool:
    """Have a job assess what `month` would call; False when it is under way or was, an hour ago.

    With `again`, what is done is assessed again all the same. Errors: NotAllowed,
    MonthOutsideScheme.
    """
    require_posting_everywhere(actor)
    month = first_day(month)
    require_month_in_scheme(month)
    draft = find_draft(month)
    if draft is not None and not _to_assess(draft, at, again):
        return False
    with acting(actor, at=at):
        keep_draft(Draft(month, actor.name, at))
        return _defer(month)


def _to_assess(draft: Draft, at: dt.datetime, again: bool) -> bool:
    if draft.done:
        return again or at - draft.asked_at >= FRESH_FOR
    return _state(draft, at) == "stopped"


def _defer(month: dt.date) -> bool:
    """False when somebody else's job for the month waits already."""
    key = f"{month:%Y-%m}"
    try:
        with transaction.atomic():
            jobs.configure_task(JOB, queueing_lock=f"{JOB}:{key}").defer(month=key)
    except AlreadyEnqueued:
        return False
    return True


def assess_dry_run(month: dt.date, *, actor: Actor) -> None:
    """Assess the dry run that was asked for, range by range, and keep its figures.

    One that is done keeps its answer; one that was killed begins again, so that its figures are
    of one moment. Errors: NotAllowed.
    """
    require_posting_everywhere(actor)
    draft = find_draft(first_day(month))
    if draft is None or draft.done:
        return

    def note(done: int, parts: int) -> None:
        keep_draft(replace(draft, parts_done=done, parts=parts))

    try:
        ahead = month_ahead(draft.month, actor=actor, on_progress=note)
    except DomainError as refusal:
        keep_draft(replace(draft, refused=_in_every_language(refusal)))
    else:
        keep_draft(replace(draft, ahead=ahead))


def _in_every_language(refusal: DomainError) -> dict[str, str]:
    told = {}
    for code in ("en", *dict(settings.LANGUAGES)):
        with translation.override(code):
            told[code] = refusal.sentence()
    return told


def forget_dry_runs(*, at: dt.datetime) -> int:
    """Delete dry runs nobody asked for again in a week; how many."""
    return forget_old_drafts(at - KEPT_FOR)
