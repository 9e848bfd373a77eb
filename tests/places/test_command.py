"""`qafila places import-points`."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation
from typer.testing import CliRunner, Result

from qafila.cli.rooms.places import places_app

pytestmark = pytest.mark.django_db


def _run(file: Path) -> Result:
    with translation.override("fr"):
        return CliRunner().invoke(places_app, [str(file)], env={"QAFILA_LANGUAGE": "en"})


def test_good_rows_are_taken_in_and_bad_ones_told(places: None, tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text("code,lat,lon\n08.587.11.25,30.87,-5.86\n08.587.11.05,-5.86,30.87\n")
    done = _run(file)
    assert done.exit_code == 0
    balance = "2 rows read = 1 accepted + 1 rejected + 0 repeated; 1 points changed."
    assert done.stdout == f"points.csv: {balance}\n"
    assert "Line 3: latitude -5.86 and longitude 30.87 seem to be swapped" in done.stderr


def test_nothing_usable_is_exit_code_2_with_the_reasons(places: None, tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text("code,lat,lon\nX,30.87,-5.86\n")
    done = _run(file)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "holds no point that can be used: 1 of 1 rows" in done.stderr
    assert "Line 2: no commune has the code “X”" in done.stderr


def test_a_missing_file_is_exit_code_2(db: None, tmp_path: Path) -> None:
    done = _run(tmp_path / "nowhere.csv")
    assert done.exit_code == 2
    assert "nowhere.csv could not be opened" in done.stderr
