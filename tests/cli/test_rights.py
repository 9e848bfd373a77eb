"""`qafila rights`: rebuilt and shown from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from tests.api.factories import AT, insured
from typer.testing import CliRunner

from qafila.cli.main import command_line
from qafila.enrolment.models import Dependant
from qafila.foundation import clock
from qafila.foundation.trail import acting, system_actor
from qafila.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(AT):
        yield


def run(*words: str) -> str:
    done = CliRunner().invoke(command_line(), ["rights", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_rights_are_rebuilt_and_shown_with_the_family() -> None:
    person, actor = insured(), system_actor("tests")
    with acting(actor, at=AT):
        spouse = Person.objects.create(
            full_name_latn="AMINE Ali", created_at=AT, created_by_id=actor.id
        )
        Dependant.objects.create(
            insured=person, person=spouse, relation="spouse", state="declared", since=AT.date()
        )
    counted = json.loads(run("rebuild", "--json"))
    assert (counted["persons"], counted["dependants"], counted["open"]) == (1, 1, 1)
    told = json.loads(run("show", str(person.pk), "--on", "2026-11-22", "--json"))
    assert [(one["who"], one["status"]) for one in told] == [
        ("insured", "open"), ("spouse", "open")
    ]  # fmt: skip
    plain = run("show", str(person.pk), "--on", "2026-11-22", "--lang", "ar")
    assert "مستفيد من التغطية" in plain
    assert "AMINE" not in plain
    later = json.loads(run("show", str(person.pk), "--on", "2035-01-01", "--json"))
    assert [one["status"] for one in later] == ["not_known", "not_known"]
    assert all(one["why"].startswith("Pas encore connu") for one in later)
    before = json.loads(run("show", str(person.pk), "--on", "2026-11-01", "--json"))
    assert before[0]["why"].startswith("Situation de vos droits au 1er novembre 2026")


def test_a_day_that_is_none_is_refused() -> None:
    done = CliRunner().invoke(command_line(), ["rights", "show", "1", "--on", "22/11/2026"])
    assert done.exit_code == 2
