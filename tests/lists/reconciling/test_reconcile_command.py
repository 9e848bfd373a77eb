"""`qafila lists reconcile`, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from qafila.cli.rooms.reconcile import reconcile

app = typer.Typer()
app.command()(reconcile)
runner = CliRunner()
GOOD = "Nom;Prénom;CIN\nOuchen;Bilal;BK12345\nOuchen;Bilal;BK12345\nSkalli;Itto;W12345\n"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_figures_as_json_balance(good: Path, tmp_path: Path) -> None:
    result = runner.invoke(app, [str(good), "--out", str(tmp_path / "out"), "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures["rows_read"] == 3 == figures["rows_accepted"] + figures["rows_repeated"]
    assert figures["persons"] == 2
    assert figures["files"][0]["file"] == "good.csv"
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written >= {"rows.csv", "review.csv", "only_in.xlsx", "report.html", "report.pdf"}


def test_a_bad_file_is_warned_of_and_the_others_go_on(good: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.xlsx").write_bytes(b"%PDF-1.7")
    files = [str(tmp_path / "bad.xlsx"), str(good)]
    result = runner.invoke(app, [*files, "--out", str(tmp_path / "out")])
    assert result.exit_code == 0
    assert "bad.xlsx" in result.stderr
    assert "good.csv" in result.stdout


def test_no_readable_file_is_exit_code_two(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(b"%PDF-1.7")
    files = [str(tmp_path / "bad.csv"), str(tmp_path / "none.csv")]
    result = runner.invoke(app, [*files, "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "bad.csv" in result.stderr
    assert result.stderr.count("none.csv") == 1
    assert not (tmp_path / "out").exists()


def test_wrong_mappings_and_folders_are_exit_code_two(good: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("columns: {Nom: surname}", encoding="utf-8")
    for options in (
        ["--out", str(tmp_path / "out"), "--mapping", str(mapping)],
        ["--out", str(tmp_path / "out"), "--mapping", str(tmp_path / "missing.yaml")],
        ["--out", str(good)],
        ["--out", str(tmp_path / "out"), "--engine", "abacus"],
    ):
        assert runner.invoke(app, [str(good), *options]).exit_code == 2
