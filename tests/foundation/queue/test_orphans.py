"""Jobs that lost their worker are started again, or parked; parked ones can be started again."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from oauth2_provider.models import get_access_token_model, get_application_model
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role
from qafila.foundation.errors import NotAllowed
from qafila.foundation.models import JournalEntry
from qafila.foundation.queue.clearing import clear_expired
from qafila.foundation.queue.jobs import (
    JobNotParked,
    JobWaitsAlready,
    living_workers,
    start_again,
    unfinished_jobs,
)
from qafila.foundation.queue.kinds import KINDS
from qafila.foundation.queue.orphans import Orphan, take_up_orphans

pytestmark = pytest.mark.django_db
TASK = "lists.read_upload"


def _sql(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if cursor.description else None


def _job(lock: str | None = None) -> int:
    return int(app.configure_task(TASK, queueing_lock=lock).defer(import_id=1))


def _taken_by_a_worker(silent_for: int) -> None:
    worker = _sql("INSERT INTO procrastinate_workers (last_heartbeat) VALUES "
                  "(now() - make_interval(secs => %s)) RETURNING id", silent_for)  # fmt: skip
    _sql("SELECT id FROM procrastinate_fetch_job_v2(ARRAY['lists']::varchar[], %s)", worker)


def _status(job: int) -> tuple[str, int]:
    found = ProcrastinateJob.objects.get(pk=job)
    return found.status, found.attempts


def test_a_job_of_a_living_worker_is_left_alone() -> None:
    job = _job()
    _taken_by_a_worker(silent_for=5)
    assert take_up_orphans() == []
    assert _status(job)[0] == "doing"


def test_a_job_that_loses_its_worker_three_times_is_parked(
    caplog: pytest.LogCaptureFixture,
) -> None:
    job = _job()
    for parked in (False, False, True):
        _taken_by_a_worker(silent_for=40)
        with caplog.at_level(logging.WARNING):
            assert take_up_orphans() == [Orphan(job, TASK, parked)]
    assert _status(job) == ("failed", 3)
    assert caplog.messages == [
        *[f"Job {job} ({TASK}) lost its worker: started again."] * 2,
        f"Job {job} ({TASK}) lost its worker: parked after 3 times.",
    ]
    _taken_by_a_worker(silent_for=40)
    assert take_up_orphans() == []


def test_a_job_whose_worker_was_forgotten_is_taken_up_too() -> None:
    job = _job()
    _taken_by_a_worker(silent_for=40)
    _sql("DELETE FROM procrastinate_workers")
    assert take_up_orphans() == [Orphan(job, TASK, parked=False)]
    assert _status(job) == ("todo", 1)


def test_a_job_that_waits_a_second_time_is_not_done_twice() -> None:
    first = _job(lock="one")
    _taken_by_a_worker(silent_for=40)
    second = _job(lock="one")
    assert take_up_orphans() == [Orphan(first, TASK, parked=True)]
    assert (_status(first)[0], _status(second)[0]) == ("failed", "todo")


def test_a_parked_job_can_be_started_again(system: Actor, at: dt.datetime) -> None:
    job = _job(lock="one")
    with pytest.raises(JobNotParked):
        start_again(job_id=job, actor=system, at=at)
    _sql("UPDATE procrastinate_jobs SET status = 'doing'")
    _sql("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", job)
    [listed] = unfinished_jobs()
    assert (listed.job_id, listed.status, listed.attempts) == (job, "failed", 1)
    nobody = Actor.holding(system.id, "a", {Role.COUNTER_AGENT}, WHOLE_COUNTRY)
    with pytest.raises(NotAllowed):
        start_again(job_id=job, actor=nobody, at=at)
    start_again(job_id=job, actor=system, at=at)
    assert _status(job) == ("todo", 0)
    entry = JournalEntry.objects.get(verb="foundation.job_started_again")
    assert entry.data == {"job": job, "task": TASK}


def test_a_parked_job_waits_while_the_same_waits_already(system: Actor, at: dt.datetime) -> None:
    job = _job(lock="one")
    _sql("UPDATE procrastinate_jobs SET status = 'doing'")
    _sql("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", job)
    _job(lock="one")
    with pytest.raises(JobWaitsAlready):
        start_again(job_id=job, actor=system, at=at)


def test_every_queue_has_its_worker() -> None:
    served = [queue for queues in KINDS.values() for queue in queues]
    assert len(served) == len(set(served))
    app.perform_import_paths()
    assert {task.queue for task in app.tasks.values()} <= {*served, "builtin"}
    assert "contributions" not in KINDS["short"]


def test_what_is_over_leaves_and_what_failed_stays(at: dt.datetime) -> None:
    old, failed, fresh = _job(), _job(), _job()
    _sql("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id <> %s", failed)
    _sql("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", failed)
    _sql("UPDATE procrastinate_events SET at = now() - interval '31 days' WHERE job_id <> %s",
         fresh)  # fmt: skip
    _sql("INSERT INTO django_session VALUES ('a', 'b', now() - interval '1 s'),"
         " ('c', 'd', now() + interval '1 h')")  # fmt: skip
    client = get_application_model().objects.create(
        name="CHU", client_type="confidential", authorization_grant_type="client-credentials"
    )
    tokens = get_access_token_model().objects
    for token, hours in (("over", -1), ("holds", 1)):
        expires = dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)
        tokens.create(application=client, token=token, scope="", expires=expires)
    cache.set("over", 1, -1)
    clear_expired()
    assert set(ProcrastinateJob.objects.values_list("pk", flat=True)) == {failed, fresh}
    assert old not in {failed, fresh}
    assert [one.session_key for one in Session.objects.all()] == ["c"]
    assert [one.token for one in tokens.all()] == ["holds"]
    assert _sql("SELECT count(*) FROM foundation_shared_value") == 0


def test_living_workers_are_counted(at: dt.datetime) -> None:
    _taken_by_a_worker(silent_for=5)
    _taken_by_a_worker(silent_for=500)
    now = dt.datetime.now(dt.UTC)
    assert living_workers(at=now, silent_for=dt.timedelta(minutes=1)) == 1
