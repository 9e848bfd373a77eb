"""Jobs that wait, move or were parked, as whoever looks after the house sees them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from qafila.foundation import journal
from qafila.foundation.actors import Actor, Role
from qafila.foundation.errors import DomainError
from qafila.foundation.models import ActorRecord
from qafila.foundation.queue.journal import STARTED_AGAIN
from qafila.foundation.scope import reference_data
from qafila.foundation.trail import acting


class JobNotParked(DomainError):
    code = "job_not_parked"
    template = _("Job %(job)s does not wait to be started again. Nothing was changed.")


class JobWaitsAlready(DomainError):
    code = "job_waits_already"
    template = _("The same job as %(job)s waits already. Nothing was changed.")


@dataclass(frozen=True)
class JobListed:
    """A job and when something last happened to it; `about`: its month or number, else empty."""

    job_id: int
    task: str
    queue: str
    status: str
    attempts: int
    last_at: dt.datetime | None
    about: str = ""


LOOK_AFTER_JOBS = (Role.ADMINISTRATOR, Role.PROGRAMME_LEAD)
_SAID_OF = ("month", "import_id")


def may_look_after_jobs(actor: Actor) -> bool:
    """Administrators and programme leads of the whole country: jobs are of no territory."""
    return actor.scope_of(*LOOK_AFTER_JOBS).national


@reference_data
def unfinished_jobs(*, most: int | None = None) -> list[JobListed]:
    """Jobs that wait, move, or failed for good, the oldest first; `most` of each state."""
    listed: list[JobListed] = []
    for status in ("failed", "doing", "todo"):
        found = ProcrastinateJob.objects.filter(status=status)
        last = found.annotate(last=Max("procrastinateevent__at")).order_by("pk")[:most]
        listed += [_listed(one) for one in last]
    return sorted(listed, key=lambda job: job.job_id)


def _listed(one: ProcrastinateJob) -> JobListed:
    about = next((str(one.args[name]) for name in _SAID_OF if name in one.args), "")
    return JobListed(
        one.pk, one.task_name, one.queue_name, one.status, one.attempts, one.last, about
    )


def start_again(*, job_id: int, actor: Actor, at: dt.datetime) -> None:
    """Start a job again that failed for good. Raises NotAllowed, JobNotParked, JobWaitsAlready."""
    actor.require_everywhere(*LOOK_AFTER_JOBS, Role.SYSTEM)
    with acting(actor, at=at):
        job = ProcrastinateJob.objects.filter(pk=job_id, status="failed").first()
        if job is None:
            raise JobNotParked(job=job_id)
        _put_back(job_id)
        journal.write(
            STARTED_AGAIN,
            ActorRecord.objects.get(pk=actor.id),
            actor=actor,
            at=at,
            job=job_id,
            task=job.task_name,
        )


def _put_back(job_id: int) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Tried as often again as at first.
            cursor.execute(
                "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL); "
                "UPDATE procrastinate_jobs SET attempts = 0 WHERE id = %s",
                [job_id, job_id],
            )
    except IntegrityError:
        raise JobWaitsAlready(job=job_id) from None


@reference_data
def living_workers(*, at: dt.datetime, silent_for: dt.timedelta) -> int:
    """How many workers told lately that they live."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=at - silent_for).count()


@reference_data
def parked_jobs() -> int:
    """How many jobs failed for good and wait for somebody to look at them."""
    return ProcrastinateJob.objects.filter(status="failed").count()
