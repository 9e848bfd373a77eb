"""`qafila contributions`: the month, its differences, payments and statements from the shell."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contributions.factories import craftworker, payments_file
from tests.register.factories import AT, places

from qafila.cli.refusals import UnusableRequest
from qafila.cli.rooms.money import contributions as cli
from qafila.cli.rooms.money.figures import month_of
from qafila.contributions.errors import MonthOutsideScheme
from qafila.contributions.ledger.queries import (
    ledger_imbalance,
    settlement_disagreements,
)
from qafila.contributions.models.calls_and_ledger import Call, Run
from qafila.enrolment.models import Enrolment
from qafila.exchange.errors import PaymentFileUnreadable
from qafila.foundation import clock
from qafila.foundation.trail import acting, system_actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield
    assert ledger_imbalance() == []
    assert settlement_disagreements() == []


def test_a_dry_run_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    craftworker()
    cli.run("2026-11", dry_run=True, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["calls"], told["total_dh"], told["new"]) == (1, "163.52", 1)
    assert told["categories"][0]["category"] == "craftworker"
    assert not Run.objects.exists()


def test_a_run_is_posted_once_and_its_differences_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    craftworker()
    for wanted in (1, 0):
        cli.run("2026-11", as_json=True)
        told = json.loads(capsys.readouterr().out)
        assert (told["calls"], told["parts_posted_now"]) == (1, wanted)
    assert Call.objects.count() == 1
    cli.differences("2026-11", as_json=True)
    (line,) = json.loads(capsys.readouterr().out)
    assert (line["change"], line["now_dh"], line["before_dh"]) == ("new", "163.52", "0.00")


def test_months_already_called_follow_the_facts(capsys: pytest.CaptureFixture[str]) -> None:
    insured = craftworker()
    cli.run("2026-11")
    with acting(system_actor("tests"), at=AT):
        Enrolment.objects.filter(pk=insured.pk).update(
            state="closed", closed_on=dt.date(2026, 10, 15)
        )
    capsys.readouterr()
    for dry_run, wanted in ((True, 1), (False, 1), (False, 0)):
        cli.correct(since="2026-11", dry_run=dry_run, as_json=True)
        told = json.loads(capsys.readouterr().out)
        assert (told["lowered"], told["raised"]) == (wanted, 0)


def test_tables_are_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    craftworker()
    cli.run("2026-11")
    cli.differences("2026-11")
    out = capsys.readouterr().out
    assert "163.52" in out
    assert "craftworker" in out


def test_a_file_is_booked_and_the_same_file_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = craftworker().fund_number
    file = payments_file(tmp_path, {"fund_number": number}, {"fund_number": "999999999"})
    cli.book(file, channel="bank", as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["rows_read"], told["rows_accepted"], told["rows_rejected"]) == (2, 1, 1)
    assert told["booked_dh"] == "163.52"
    assert told["problems"][0].startswith("Row 3: ")
    cli.book(file, channel="bank", as_json=False)
    cli.book(file, channel="bank", as_json=True)
    again = json.loads(capsys.readouterr().out.partition("{")[2].join(["{", ""]))
    assert again["known_file"] is True


def test_a_statement_is_written(tmp_path: Path) -> None:
    out = tmp_path / "statement.pdf"
    cli.statement(craftworker().person_id, out=out, language="fr")
    assert out.read_bytes().startswith(b"%PDF")


def test_what_cannot_be_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnusableRequest, match="is not a month"):
        cli.run("november", dry_run=True)
    with pytest.raises(UnusableRequest, match="cannot be opened"):
        cli.book(tmp_path / "nothing.csv")
    with pytest.raises(MonthOutsideScheme):
        cli.run("2019-01", dry_run=True)
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    with pytest.raises(PaymentFileUnreadable):
        cli.book(empty)


def test_months_are_first_days() -> None:
    assert month_of("2026-11") == dt.date(2026, 11, 1)
