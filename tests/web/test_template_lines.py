"""Templates are read by people: one block element a line, and no line longer than a screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines

import qafila

SOURCES = Path(qafila.__path__[0])
TEMPLATES = sorted(p for p in SOURCES.rglob("*.html") if "templates" in p.parts)
LONGEST_LINE = 140
_BLOCK = re.compile(
    r"<(?:div|p|ul|ol|li|dl|dt|dd|h[1-6]|table|thead|tbody|tr|td|th|caption|form|fieldset|legend|"
    r"section|article|header|footer|main|nav|aside|details|summary)\b"
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(SOURCES)))
def test_a_line_holds_one_block_element(path: Path) -> None:
    wrong = [
        f"{path.name}:{number}: break this line, one block element on each"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LONGEST_LINE or len(_BLOCK.findall(line)) > 1
    ]
    assert not wrong, "\n".join(wrong)


def test_indentation_is_not_sent() -> None:
    page = engines["django"].get_template("components/empty.html").render({"title": "x"})
    assert not re.search(r"\n[ \t]", page)
