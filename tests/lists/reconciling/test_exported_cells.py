"""Cells of exports that programs would run, or that no workbook can hold."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from python_calamine import load_workbook

from qafila.lists.reconciling.exports import write_only_in
from qafila.lists.reconciling.neutralising import neutral, neutralised
from qafila.lists.reconciling.running import reconcile_files


@pytest.mark.parametrize("sign", ["\uff1d", "\uff0b", "\uff0d", "\uff20", "=", "+", "-", "@"])
def test_wide_signs_are_neutralised_like_plain_ones(sign: str) -> None:
    cell = f"{sign}SUM(A1)"
    assert neutral(cell) == f"'{cell}"
    assert neutralised(pl.DataFrame({"a": [cell]}))["a"][0] == f"'{cell}"


def test_a_cell_longer_than_a_workbook_allows_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(f"Nom;Prénom;CIN\nOuchen;Bilal;BK12345\n{'X' * 40_000};Amal;JE254533\n")
    write_only_in(reconcile_files([path]), tmp_path / "only.xlsx")
    rows = load_workbook(tmp_path / "only.xlsx").get_sheet_by_index(1).to_python()
    assert [len(str(row[3])) for row in rows[1:]] == [6, 32_767]
