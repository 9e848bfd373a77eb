"""Whether a background job waits, moves, or was left behind by a worker that died."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from qafila.foundation.scope import reference_data

# A worker tells every ten seconds that it lives; silent for a minute it is taken for dead.
SILENT_FOR = dt.timedelta(seconds=60)

JobMovement = Literal["none", "waiting", "moving", "stopped"]


@reference_data
def job_movement(task: str, argument: dict[str, str], *, at: dt.datetime) -> JobMovement:
    """How the job of `task` with this argument stands at `at`.

    none: never asked for, or carried out; waiting for a worker; moving; stopped: its worker died,
    or it failed for good.
    """
    named = {f"args__{name}": value for name, value in argument.items()}
    jobs = ProcrastinateJob.objects.filter(task_name=task, **named)
    found = jobs.filter(status__in=("todo", "doing", "failed")).order_by("pk")
    holders = dict(found.values_list("status", "worker_id"))
    if "todo" in holders:
        return "waiting"
    if "doing" in holders and _lives(holders["doing"], at):
        return "moving"
    return "stopped" if holders else "none"


def _lives(worker_id: int | None, at: dt.datetime) -> bool:
    beating = ProcrastinateWorker.objects.filter(last_heartbeat__gt=at - SILENT_FOR)
    return worker_id is not None and beating.filter(pk=worker_id).exists()
