"""The benchmark of re-linking runs, on few rows; and the chance of a match falls with the rows."""

from __future__ import annotations

import datetime as dt
import importlib
from pathlib import Path

import pytest
from django.db import connection

from qafila.foundation.trail import acting, system_actor
from qafila.lists.linking import linkage_input
from qafila.lists.linking.link_rows import _prior_now
from qafila.lists.models import LinkModel, ListImport
from qafila.places.actions import load_places

AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_it_measures_and_finds_the_persons_of_new_rows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    benchmark = importlib.import_module("list_relinking")
    actor = system_actor("tests")
    load_places(actor=actor, at=AT)
    with connection.cursor() as cursor:
        spent = benchmark.relinked(300, 40, actor, cursor, quality=False)
    assert spent.processor > 0
    precision, recall = map(float, capsys.readouterr().out.split()[-2:])
    assert precision >= 0.9
    assert recall >= 0.8


@pytest.mark.django_db
def test_the_prior_learned_falls_as_rows_come_in() -> None:
    actor = system_actor("tests")
    model = LinkModel(learned_at=AT, rows=100, chances={}, prior=0.01)
    with acting(actor, at=AT):
        for digest, state, rows in (("a", "linked", 100), ("b", "read", 300), ("c", "failed", 9)):
            ListImport.objects.create(
                file_name=digest, sha256=digest, size_bytes=1, state=state, rows_read=rows,
                rows_accepted=rows, imported_by_id=actor.id, imported_at=AT,
            )  # fmt: skip
    assert _prior_now(model) == pytest.approx(0.0025)


@pytest.mark.django_db
def test_without_linked_rows_most_are_new() -> None:
    assert linkage_input.most_rows_are_new(0)
