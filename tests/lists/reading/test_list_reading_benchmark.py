"""The benchmark of reading runs, on few rows."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "benchmarks" / "list_reading.py"


def test_it_measures_csv_and_xlsx(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("list_reading", SCRIPT)
    assert spec
    assert spec.loader
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    benchmark.write_csv(tmp_path / "list.csv", 200)
    benchmark.write_xlsx(tmp_path / "list.xlsx", 200)
    assert benchmark.measure(tmp_path / "list.csv", 200, benchmark.bare_csv) > 0
    assert benchmark.measure(tmp_path / "list.xlsx", 200, benchmark.bare_xlsx) > 0
    assert capsys.readouterr().out.count("200 rows") == 2
