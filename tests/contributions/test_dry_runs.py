"""The dry run of a month as a job: asked for, assessed once, kept an hour, deleted after a week."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.contributions.factories import craftworker
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, agent

from qafila.contributions.calls import dry_runs
from qafila.contributions.calls.dry_runs import (
    ask_dry_run,
    dry_run_of,
    forget_dry_runs,
)
from qafila.contributions.calls.month_ahead import month_ahead
from qafila.contributions.errors import MonthOutsideScheme, NoAmountByLaw
from qafila.contributions.models.calls_and_ledger import Call, Run
from qafila.foundation.actors import Actor, Role
from qafila.foundation.errors import NotAllowed
from qafila.jobs import tasks

pytestmark = pytest.mark.django_db
DECEMBER = dt.date(2026, 12, 1)


@pytest.fixture(autouse=True)
def drafts(tmp_path: Path, settings: Any) -> Path:
    settings.UPLOADS = tmp_path
    return tmp_path / "dry-runs"


@pytest.fixture
def salma(db: None) -> Actor:
    """Of the fund, for the whole country."""
    return agent(Role.FUND_LIAISON, national=True)


def ask(actor: Actor, at: dt.datetime = AT, *, again: bool = False) -> bool:
    return ask_dry_run(DECEMBER, actor=actor, at=at, again=again)


def seen(actor: Actor, at: dt.datetime = AT) -> dry_runs.DryRun:
    found = dry_run_of(DECEMBER, actor=actor, at=at)
    assert found is not None
    return found


def test_the_job_tells_what_the_law_says_and_writes_nothing(salma: Actor) -> None:
    craftworker()
    enrolled(category="cpu")
    assert dry_run_of(DECEMBER, actor=salma, at=AT) is None
    assert ask(salma)
    assert seen(salma).state == "waiting"
    tasks.dry_run(**ProcrastinateJob.objects.get().args)
    told = seen(salma)
    assert (told.state, told.asked_by) == ("done", salma.name)
    assert told.ahead == month_ahead(DECEMBER, actor=salma)
    assert told.ahead.calls == 1
    assert not Run.objects.exists()
    assert not Call.objects.exists()


def test_what_was_assessed_lasts_an_hour_and_is_assessed_again_then_or_when_asked(
    salma: Actor,
) -> None:
    craftworker()
    ask(salma)
    tasks.dry_run("2026-12")
    first = seen(salma)
    craftworker()
    tasks.dry_run("2026-12")
    assert not ask(salma, AT + dt.timedelta(minutes=59))
    assert seen(salma) == first
    with_job_done()
    assert ask(salma, again=True)
    tasks.dry_run("2026-12")
    again = seen(salma).ahead
    assert again is not None
    assert again.calls == 2
    with_job_done()
    assert ask(salma, AT + dt.timedelta(hours=1))


def with_job_done() -> None:
    """As the worker leaves it: the job is no longer one that waits."""
    ProcrastinateJob.objects.all().delete()


def test_of_two_who_ask_the_second_waits_for_the_first(salma: Actor) -> None:
    other = agent(Role.PROGRAMME_LEAD, national=True)
    assert ask(salma)
    assert not ask(other)
    assert not ask(other, again=True)
    assert seen(other).asked_by == salma.name
    assert ProcrastinateJob.objects.count() == 1


def test_killed_in_the_middle_it_shows_how_far_it_was_and_begins_again(
    salma: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        craftworker()
    monkeypatch.setattr("qafila.contributions.calls.month_ahead.PERSONS_PER_BATCH", 1)
    kept = dry_runs.keep_draft

    def killed(draft: Any) -> None:
        kept(draft)
        if draft.parts_done == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(dry_runs, "keep_draft", killed)
    ask(salma)
    with pytest.raises(KeyboardInterrupt):
        tasks.dry_run("2026-12")
    with_job_done()
    left = seen(salma)
    assert (left.state, left.parts_done, left.parts) == ("stopped", 2, 3)
    monkeypatch.setattr(dry_runs, "keep_draft", kept)
    assert ask(salma)
    tasks.dry_run("2026-12")
    assert seen(salma).ahead == month_ahead(DECEMBER, actor=salma)


def test_a_refusal_is_told_in_the_language_of_who_looks(
    salma: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise NoAmountByLaw(month="2026-12", category="craftworker", refusal="x")

    ask(salma)
    monkeypatch.setattr(dry_runs, "month_ahead", refuse)
    tasks.dry_run("2026-12")
    assert seen(salma).state == "refused"
    sentences = set()
    for language in ("ar", "fr", "zgh"):
        with translation.override(language):
            sentences.add(seen(salma).refusal)
    assert len(sentences) == 3


def test_drafts_go_after_a_week(salma: Actor, drafts: Path) -> None:
    ask(salma)
    (kept,) = drafts.iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    noted = dt.datetime.fromtimestamp(kept.stat().st_mtime, dt.UTC)
    assert forget_dry_runs(at=noted + dt.timedelta(days=6)) == 0
    assert forget_dry_runs(at=noted + dt.timedelta(days=8)) == 1
    assert dry_run_of(DECEMBER, actor=salma, at=AT) is None
    tasks.dry_run("2026-12")


def test_only_those_who_run_months_look_ahead_and_only_in_the_scheme(salma: Actor) -> None:
    auditor = agent(Role.AUDITOR, national=True)
    with pytest.raises(NotAllowed):
        ask(auditor)
    with pytest.raises(NotAllowed):
        dry_run_of(DECEMBER, actor=auditor, at=AT)
    with pytest.raises(MonthOutsideScheme):
        ask_dry_run(dt.date(2019, 1, 1), actor=salma, at=AT)
    assert not ProcrastinateJob.objects.exists()
