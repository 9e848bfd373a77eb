"""Background jobs call their actions; an uploaded list is read, linked and counted by its job."""

from __future__ import annotations

import datetime as dt

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from qafila.accompaniment.models import Progress
from qafila.contributions.ledger import proofs
from qafila.foundation.actors import Actor
from qafila.jobs import tasks
from qafila.lists.importing.uploads import receive_upload
from qafila.lists.models import ListImport

LIST = (
    "Nom;Prénom;CIN;Date de naissance;Province;Commune;Métier\n"
    "ALAOUI;FATIMA;BE123456;12/03/1981;Berrechid;BERRECHID;Potier\n"
)


@pytest.mark.django_db(transaction=True)
def test_an_upload_is_read_by_its_job(reference: None, system: Actor, at: dt.datetime) -> None:
    record = receive_upload("list.csv", [LIST.encode()], actor=system, at=at)
    job = ProcrastinateJob.objects.get(task_name="lists.read_upload", args__import_id=record.pk)
    assert job.args == {"import_id": record.pk}
    tasks.read_upload(**job.args)
    assert ListImport.objects.get(pk=record.pk).state == "linked"
    assert Progress.objects.count() == 1


@pytest.mark.django_db
def test_the_nightly_jobs_run_on_an_empty_house(reference: None) -> None:
    tasks.relink_changed_rows(0)
    tasks.nightly_contributions(0)


@pytest.mark.django_db
def test_books_out_of_balance_are_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "ledger_imbalance", lambda: [("run-1", 5)])
    with pytest.raises(proofs.BooksOutOfBalance, match="run-1 is off by 5 centimes"):
        proofs.require_balanced_books()
