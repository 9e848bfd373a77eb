"""Jobs whose worker died: taken up again within a minute, parked when they kill their workers.

A worker tells every ten seconds that it lives. A job held by one that has been silent for half a
minute, or that is gone, is nobody's. The worker that finds it puts it back; a job that lost its
worker for the third time is parked as failed, since it would take the next one along as well
(out of memory, most often), and waits for somebody to look at it and start it again.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from django.db import IntegrityError, close_old_connections, connection, transaction

SILENT_FOR_SECONDS = 30
LOOKED_FOR_EVERY_SECONDS = 15
LOST_WORKERS = 3

logger = logging.getLogger(__name__)

_ORPHANS = """
SELECT job.id, job.task_name, job.attempts FROM procrastinate_jobs job
LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND (
  worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s)
)
ORDER BY job.id FOR UPDATE OF job SKIP LOCKED
"""
_AGAIN = "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)"
_PARK = "SELECT procrastinate_finish_job_v1(%s, 'failed', false)"


@dataclass(frozen=True)
class Orphan:
    """A job that lost its worker, and whether it was parked instead of started again."""

    job_id: int
    task: str
    parked: bool


def take_up_orphans() -> list[Orphan]:
    """Put back or park every job that lost its worker; one log line for each."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ORPHANS, [SILENT_FOR_SECONDS])
        found = [_taken_up(*row) for row in cursor.fetchall()]
    for orphan in found:
        # Warned of, so that it is in every installation's log.
        logger.warning(
            "Job %d (%s) lost its worker: %s.",
            orphan.job_id,
            orphan.task,
            f"parked after {LOST_WORKERS} times" if orphan.parked else "started again",
        )
    return found


def _taken_up(job_id: int, task: str, attempts: int) -> Orphan:
    if attempts + 1 < LOST_WORKERS:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_AGAIN, [job_id])
            return Orphan(job_id, task, parked=False)
        except IntegrityError:
            pass  # the same job waits already, and will do what this one did not
    with connection.cursor() as cursor:
        cursor.execute(_PARK, [job_id])
    return Orphan(job_id, task, parked=True)


def watch_for_orphans(stop: threading.Event) -> None:
    """Take up orphans again and again until told to stop: for a thread of a worker."""
    while not stop.wait(LOOKED_FOR_EVERY_SECONDS):
        try:
            take_up_orphans()
        except Exception:
            # Without the database there is nothing to take up; the next look may find it.
            logger.exception("Jobs that lost their worker could not be looked for.")
        finally:
            close_old_connections()
