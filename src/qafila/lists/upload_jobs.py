"""The job that reads an upload, as the queue has it."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

TASK = "lists.read_upload"
GIVEN_UP: dict[str, Any] = {"code": "reading_given_up", "params": {}}
"""The problem of an import whose job was given up, as imports keep problems."""
NO_FAULT_OF_THE_FILE = ("unexpected_error", GIVEN_UP["code"])
_ALIVE = ("todo", "doing")


def reading_given_up(import_id: int) -> bool:
    """Whether the job that reads this upload failed for good: tried often, or lost its workers."""
    jobs = ProcrastinateJob.objects.filter(task_name=TASK, args__import_id=import_id)
    states = set(jobs.order_by("pk").values_list("status", flat=True))
    return "failed" in states and states.isdisjoint(_ALIVE)
