"""A worker killed in the middle of a list: another takes the import up, and nothing is doubled."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from qafila.foundation.actors import WHOLE_COUNTRY, Actor
from qafila.foundation.queue.orphans import take_up_orphans
from qafila.lists.importing.uploads import (
    read_again,
    read_upload,
    receive_upload,
    uploads_waiting,
)
from qafila.lists.models import ListImport, Row
from qafila.lists.queries import import_progress
from qafila.people.models import Person

PEOPLE = 40
LIST = "Nom;Prénom;CIN;Date de naissance;Province;Commune\n" + "".join(
    f"ALAOUI{chr(65 + n % 26)};FATIMA;BE{200_000 + 17 * n};{1 + n % 28}/03/{1950 + n};Settat;\n"
    for n in range(PEOPLE)
)
# The worker of the house, which stops for good once rows are stored when it is told to.
_WORKER = """
import sys, time
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from qafila.lists.importing import import_file

settings.UPLOADS = sys.argv[1]
if sys.argv[2] == "stops":
    def stop(*_):
        print("stored", flush=True)
        time.sleep(600)
    import_file._finish = stop
call_command("procrastinate", "worker", "--queues=lists", "--one-shot", "--concurrency=1")
"""


def worker(uploads: Path, how: str) -> subprocess.Popen[str]:
    name = str(connection.settings_dict["NAME"])
    named = {"DJANGO_SETTINGS_MODULE": "qafila.config.settings", "QAFILA_DATABASE_NAME": name}
    return subprocess.Popen(
        [sys.executable, "-c", _WORKER, str(uploads), how],
        env={**os.environ, **named},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_import_whose_worker_was_killed_is_finished_once(
    reference: None, system: Actor, at: dt.datetime, settings: Any, tmp_path: Path
) -> None:
    settings.UPLOADS = tmp_path
    record = receive_upload("list.csv", [LIST.encode()], actor=system, at=at)
    with worker(tmp_path, "stops") as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "stored\n"
        assert ListImport.objects.get().state == "reading"
        killed.send_signal(signal.SIGKILL)
    assert Row.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 min'")
    assert [orphan.parked for orphan in take_up_orphans()] == [False]
    with worker(tmp_path, "works") as second:
        second.communicate(timeout=120)
    record.refresh_from_db()
    assert (record.state, record.rows_accepted, record.persons_new) == ("linked", PEOPLE, PEOPLE)
    assert (Row.objects.count(), Person.objects.count()) == (PEOPLE, PEOPLE)
    assert ProcrastinateJob.objects.get(task_name="lists.read_upload").status == "succeeded"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_an_import_whose_job_was_given_up_failed_and_can_be_read_again(
    system: Actor, at: dt.datetime, settings: Any, tmp_path: Path
) -> None:
    settings.UPLOADS = tmp_path
    record = receive_upload("list.csv", [LIST.encode()], actor=system, at=at)
    assert uploads_waiting() == [record.pk]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        cursor.execute(
            "SELECT procrastinate_finish_job_v1(id, 'failed', false) FROM procrastinate_jobs"
        )
    progress = import_progress(record.pk, scope=WHOLE_COUNTRY)
    assert (progress.state, progress.ended, progress.may_again) == ("failed", True, True)
    assert uploads_waiting() == []
    read_again(record.pk, actor=system, at=at)
    progress = import_progress(record.pk, scope=WHOLE_COUNTRY)
    assert (progress.state, progress.may_again) == ("waiting", False)
    assert read_upload(record.pk, actor=system, at=at).rows_accepted == PEOPLE
