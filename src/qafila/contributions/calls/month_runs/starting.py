"""Asking for the run of a month: its plan is written, a job posts it in the background."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from qafila.contributions.access import require_posting_everywhere
from qafila.contributions.calls.assessment import require_month_in_scheme
from qafila.contributions.calls.month_runs.run_progress import (
    JOB,
    RunWatched,
    watched_run,
)
from qafila.contributions.calls.month_runs.runs import PERSONS_PER_PART, open_run
from qafila.contributions.ledger.months import first_day
from qafila.foundation.actors import Actor
from qafila.foundation.trail import acting


@dataclass(frozen=True)
class RunAsked:
    """The run as it stands; `asked_now` is false when it was under way or posted already."""

    run: RunWatched
    asked_now: bool


def start_month(month: dt.date, *, actor: Actor, at: dt.datetime, named: str = "") -> RunAsked:
    """Have the contributions of `month` called by a job, or a run of it that stopped finished.

    Who comes second gets the run of the first, with who started it and when. A month that does not
    come next is called only when `named` types its name. Errors: NotAllowed, MonthClosed,
    MonthOutsideScheme, and those of `require_callable`.
    """
    require_posting_everywhere(actor)
    month = first_day(month)
    require_month_in_scheme(month)
    known = watched_run(month, at=at)
    if known is not None and known.movement not in ("stopped", "reversed"):
        return RunAsked(known, asked_now=False)
    with acting(actor, at=at):
        open_run(month, PERSONS_PER_PART, actor=actor, at=at, named=named)
        asked = _defer(month)
    run = watched_run(month, at=at)
    assert run is not None
    return RunAsked(run, asked_now=asked)


def _defer(month: dt.date) -> bool:
    """False when somebody else's job for the month waits already."""
    key = f"{JOB}:{month:%Y-%m}"
    try:
        with transaction.atomic():
            jobs.configure_task(JOB, queueing_lock=key).defer(month=f"{month:%Y-%m}")
    except AlreadyEnqueued:
        return False
    return True
