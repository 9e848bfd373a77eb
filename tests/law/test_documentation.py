"""What the documentation says of the law is what the law does."""

from __future__ import annotations

import re
from pathlib import Path

import qafila_law
from qafila_law.parameter_tree import all_parameters
from qafila_law.wording.doubts import doubts

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"


def test_the_page_of_doubts_is_up_to_date() -> None:
    written = (DOCS / "law-doubts.md").read_text(encoding="utf-8")
    assert written.rstrip().endswith("\n".join(doubts()).rstrip()), "Run: qafila docs generate"


def test_every_parameter_with_a_doubt_is_on_the_page() -> None:
    page = "\n".join(doubts())
    for parameter in all_parameters().values():
        if any(value.documentation for value in parameter.values):
            assert f"## `{parameter.path.split('[')[0]}`" in page


def test_every_function_in_the_reference_exists_and_the_other_way_round() -> None:
    text = (DOCS / "law.md").read_text(encoding="utf-8")
    table = text.split("| Function |")[1].split("\n\n")[0]
    told = set(re.findall(r"`(\w+)\(", table.replace("|---|---|", "")))
    public = {
        name
        for name in qafila_law.__all__
        if name.islower() and not name.startswith(("read_", "first_month", "labels"))
    }
    assert told - public == set()
    assert public - told <= {"centimes_of", "dirhams", "day_of", "month_of"}


def test_all_public_names_can_be_imported() -> None:
    for name in qafila_law.__all__:
        assert getattr(qafila_law, name) is not None
