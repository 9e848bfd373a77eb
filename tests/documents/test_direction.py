"""What stands in a line from right to left keeps its own order: the drawn ink is compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typst

from qafila.documents import fonts

TEMPLATES = Path(fonts.__file__).with_name("templates")
_HEAD = """#import "paper.typ": isolated
#set page(width: 160mm, height: 14mm, margin: 2mm)
#set text(font: FAMILIES, size: 11pt, lang: "ar", dir: rtl)
"""


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "paper.typ").write_text((TEMPLATES / "paper.typ").read_text())
    return folder / "line.typ"


def _ink(paper: Path, line: str) -> bytes:
    """The line as a picture, in the papers' own fonts."""
    families = "(" + ", ".join(json.dumps(family) for family in fonts.FAMILIES) + ",)"
    paper.write_text(_HEAD.replace("FAMILIES", families) + line)
    folder = fonts.font_folder()
    drawn: bytes = typst.compile(
        paper,
        root=paper.parent,
        font_paths=[folder] if folder else [],
        sys_inputs={"values": "{}"},
        format="png",
        ppi=72.0,
    )
    return drawn


@pytest.mark.parametrize("told", ["41-23", "29/11/2026", "12:30 – 14:00", "FATIMA AIT LAHCEN (2)"])
def test_a_value_on_an_arabic_paper_is_drawn_as_it_is_alone(paper: Path, told: str) -> None:
    isolated = _ink(paper, f'العدد #isolated("{told}") الجديد')
    alone = _ink(paper, f"العدد #box(text(dir: ltr)[{told}]) الجديد")
    assert isolated == alone


def test_a_number_with_a_dash_turns_round_without_isolation_and_one_with_a_point_does_not(
    paper: Path,
) -> None:
    """Why laws are numbered with a point in Arabic, and why values are isolated."""
    for number, keeps in (("41-23", False), ("41.23", True)):
        bare = _ink(paper, f"القانون رقم {number} الجديد")
        alone = _ink(paper, f"القانون رقم #box(text(dir: ltr)[{number}]) الجديد")
        assert (bare == alone) is keeps
