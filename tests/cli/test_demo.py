"""`qafila demo --headless` as a newcomer runs it: a process of its own, on real lists."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qafila.cli.demonstration.demo import demo
from qafila.cli.refusals import UnusableRequest
from tests_paths import PROJECT, SAMPLE_LISTS

# One after the other: they all load the same database.
pytestmark = pytest.mark.xdist_group("demo")


def _demo(*arguments: object, language: str = "en") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qafila.cli", "demo", "--headless", *map(str, arguments)],
        cwd=PROJECT,
        env={**os.environ, "QAFILA_LANGUAGE": language, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The figures of the whole chain on the six lists."""
    out = tmp_path_factory.mktemp("demo") / "out.json"
    done = _demo("--lists", SAMPLE_LISTS, "--month", "2026-11", "--json", out)
    assert done.returncode == 0, done.stderr[-3000:]
    answer: dict[str, Any] = json.loads(out.read_text())
    return answer


def test_the_balance_of_rows_holds(figures: dict[str, Any]) -> None:
    parts = figures["rows_accepted"] + figures["rows_rejected"] + figures["rows_repeated"]
    assert figures["rows_read"] == parts + figures["rows_skipped"] == 7374


def test_every_person_has_one_status_of_rights(figures: dict[str, Any]) -> None:
    statuses = ("open", "suspended", "waiting", "closed", "none")
    assert sum(figures[f"rights_{status}"] for status in statuses) == figures["persons"]
    assert all(figures[f"rights_{status}"] for status in ("open", "suspended", "waiting", "none"))


def test_the_chain_narrows_at_each_stage(figures: dict[str, Any]) -> None:
    assert figures["rows_read"] > figures["persons"] > figures["enrolled"] > 0
    assert figures["persons"] > figures["register_entries"] > 0
    assert figures["called_dh"] > 0
    assert figures["paid_dh"] > 0


def test_people_on_several_lists_are_one_person(figures: dict[str, Any]) -> None:
    """The lists speak of 3,617 people; linking finds them to within two in a hundred."""
    truth = (SAMPLE_LISTS / "truth.csv").read_text().splitlines()[1:]
    people = len({line.rsplit(",", 1)[1] for line in truth})
    assert abs(figures["persons"] - people) <= people * 0.05


def test_one_list_alone_goes_through(tmp_path: Path) -> None:
    folder, out = tmp_path / "lists", tmp_path / "out.json"
    folder.mkdir()
    text = (SAMPLE_LISTS / "auto_entrepreneurs.csv").read_text().splitlines()[:60]
    (folder / "one.csv").write_text("\n".join(text))
    done = _demo("--lists", folder, "--json", out)
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(out.read_text())["rows_read"] == 59


def test_a_wrong_option_is_one_sentence() -> None:
    done = _demo("--lists", "/nowhere")
    assert done.returncode == 2
    assert done.stderr.startswith("--lists /nowhere is not a folder.")
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("month", ["2026-13", "2019-01"])
def test_a_month_outside_the_scheme_is_refused(month: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QAFILA_DEMO", "1")  # the command sets it; afterwards it is as before
    with pytest.raises(UnusableRequest) as refused:
        demo(headless=True, month=month)
    sentence = refused.value.sentence()
    assert sentence.startswith(f"--month {month} is not a month of the scheme.")


def test_an_empty_folder_is_told_in_french(tmp_path: Path) -> None:
    done = _demo("--lists", tmp_path, language="fr")
    assert done.returncode == 2
    assert done.stderr.startswith("Aucune liste n’a été trouvée")


def test_a_folder_without_any_usable_file(tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_bytes(b"%PDF-1.7 not a list at all")
    done = _demo("--lists", tmp_path)
    assert done.returncode == 2
    assert "report.csv" in done.stdout + done.stderr
