"""Background jobs on their page: each is said in words, and one that failed starts again."""

from __future__ import annotations

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.register.factories import places
from tests.web.staff import in_language, signed_in

from qafila.foundation.actors import Role
from qafila.foundation.models import JournalEntry
from qafila.web.jobs.presenter import TASKS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def _failed(task: str = "contributions.run_month", **said: str) -> int:
    job = int(app.configure_task(task).defer(**said))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job])
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job])
    return job


def test_every_task_is_said_in_words() -> None:
    ours = {name for name in app.tasks if not name.startswith(("builtin:", "procrastinate."))}
    assert ours == set(TASKS)


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_the_page_shows_what_failed_and_what_waits(language: str) -> None:
    client = in_language(signed_in(Role.ADMINISTRATOR, province=None), language)
    assert client.get("/jobs/").text.count("/again/") == 0
    job = _failed(month="2026-11")
    app.configure_task("contributions.dry_run").defer(month="2026-12")
    page = client.get("/jobs/").text
    assert page.count("/again/") == 1
    assert f"/jobs/{job}/again/" in page
    assert page.index("2026-11") < page.index("2026-12")
    assert "contributions." not in page


@pytest.mark.parametrize("task", sorted(TASKS))
def test_whatever_failed_is_started_again_once(task: str) -> None:
    client, job = signed_in(Role.PROGRAMME_LEAD, province=None), _failed(task)
    assert client.post(f"/jobs/{job}/again/").headers["Location"] == "/jobs/"
    assert ProcrastinateJob.objects.get(pk=job).status == "todo"
    page = client.post(f"/jobs/{job}/again/", follow=True).text
    assert "Rien n’a été modifié" in page
    assert JournalEntry.objects.filter(verb="foundation.job_started_again").count() == 1


def test_jobs_are_looked_after_for_the_whole_country() -> None:
    job = _failed()
    for client in (
        signed_in(Role.ADMINISTRATOR),
        signed_in(Role.COUNTER_AGENT, province=None),
    ):
        assert client.get("/jobs/").status_code == 404
        assert client.post(f"/jobs/{job}/again/").status_code == 404
    assert ProcrastinateJob.objects.get(pk=job).status == "failed"
