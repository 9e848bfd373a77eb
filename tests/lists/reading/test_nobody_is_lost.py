"""Random files made of known people: everybody comes out, or is named where rows are left out.

`QAFILA_RANDOM_FILES` says how many files are made (few unless told otherwise), and
`QAFILA_RANDOM_FROM` the seed of the first.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tests.lists.reading.random_files import RandomFile

from qafila.lists.reading.columns.mapping import parse_mapping
from qafila.lists.reading.reading import read_files
from qafila.lists.reading.results import Reading
from qafila.lists.reading.written_mapping import write_mapping
from qafila.tables.folding import fold

FILES = int(os.environ.get("QAFILA_RANDOM_FILES", "120"))
FIRST = int(os.environ.get("QAFILA_RANDOM_FROM", "0"))
FOUND_BEFORE = (100_007, 1_405_303)  # cards one column to the right; a title over the headings


def everything_said(reading: Reading) -> str:
    """All that is accepted, rejected, remarked, repeated or refused, as one text."""
    rows = reading.rows.select("card_number", "card_raw", "full_name", "family_name", "given_name")
    parts = [str(cell) for row in rows.rows() for cell in row]
    parts += [cell for cells in reading.rejected["cells"] for cell in cells]
    parts += reading.remarks["cell"].to_list()
    return "\n".join(parts)


def words(*names: str | None) -> set[str]:
    return {word for name in names if name for word in fold(name).split()}


def misread(made: RandomFile, reading: Reading) -> list[Any]:
    """Rows that speak of nobody known, or under another name than theirs, without a remark."""
    known = {one.card: words(one.family, one.given) for one in made.people}
    columns = ("row", "card_number", "family_name", "given_name", "full_name", "warnings")
    return [
        (row, card, names)
        for row, card, *names, warnings in reading.rows.select(columns).rows()
        if not warnings and known.get(card) != words(*names)
    ]


def check(made: RandomFile, path: Path) -> None:
    reading = read_files([path])
    (file,) = reading.files
    told = (made.seed, [problem.code for problem in file.problems], made.rows)
    assert file.usable, told
    said = everything_said(reading)
    assert not [one.card for one in made.people if one.card not in said], told
    assert not misread(made, reading), (misread(made, reading), *told)
    assert file.accepted <= len(made.people), told
    balance = file.accepted + file.rejected.height + file.repeated.height
    assert file.read == balance + file.left_out.height, told
    again = read_files([path], mapping=parse_mapping(write_mapping(reading)))
    assert again.rows.equals(reading.rows), told


def test_everybody_comes_out_or_is_named(tmp_path: Path) -> None:
    for seed in (*FOUND_BEFORE, *range(FIRST, FIRST + FILES)):
        made = RandomFile(seed)
        check(made, made.write(tmp_path))
