"""The table of what ASVS asks names every requirement of level 2 once, and only what exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
TABLE = PROJECT / "docs" / "reference" / "asvs.md"

# Chapter and section, with the requirements of levels 1 and 2 in ASVS 4.0.3.
LEVEL_2 = """
2.1: 1-12; 2.2: 1-3; 2.3: 1-3; 2.4: 1-5; 2.5: 1-7; 2.6: 1-3; 2.7: 1-6; 2.8: 1-7; 2.9: 1-3
2.10: 1-4; 3.1: 1; 3.2: 1-4; 3.3: 1-4; 3.4: 1-5; 3.5: 1-3; 3.7: 1; 4.1: 1-3 5; 4.2: 1-2
4.3: 1-3; 5.1: 1-5; 5.2: 1-8; 5.3: 1-10; 5.4: 1-3; 5.5: 1-4; 6.1: 1-3; 6.2: 1-6; 6.3: 1-2
6.4: 1-2; 7.1: 1-4; 7.2: 1-2; 7.3: 1 3 4; 7.4: 1-3; 8.1: 1-4; 8.2: 1-3; 8.3: 1-8; 9.1: 1-3
9.2: 1-4; 10.2: 1-2; 10.3: 1-3; 11.1: 1-8; 12.1: 1-3; 12.2: 1; 12.3: 1-6; 12.4: 1-2; 12.5: 1-2
12.6: 1; 13.1: 1 3-5; 13.2: 1-3 5-6; 13.3: 1-2; 13.4: 1-2; 14.1: 1-4; 14.2: 1-6; 14.3: 2-3
14.4: 1-7; 14.5: 1-4
"""
MAY_BE_OPEN = ("10.", "11.")
_PATH = re.compile(r"`((?:tests|src|docs|deploy)/[^`: ]+)(?:::(\w+))?[^`]*`")


def _asked() -> list[str]:
    found = []
    for part in re.split(r";|\n", LEVEL_2.strip()):
        section, _, numbers = part.strip().partition(": ")
        for span in numbers.split():
            first, _, last = span.partition("-")
            found += [f"{section}.{n}" for n in range(int(first), int(last or first) + 1)]
    return found


def _rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if re.match(r"\| \d", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def wrong(text: str) -> list[str]:
    """What is wrong with the table: a state that is none, nothing shown, what does not exist."""
    found = []
    for number, asked, state, shown in _rows(text):
        if state not in ("met", "n/a", "not met"):
            found.append(f"{number}: {state!r} is no state")
        if state == "not met" and not number.startswith(MAY_BE_OPEN):
            found.append(f"{number} ({asked}) is not met")
        if not shown:
            found.append(f"{number}: nothing shows it")
        for path, test in _PATH.findall(shown):
            if not (PROJECT / path).exists():
                found.append(f"{number}: there is no {path}")
            elif test and test not in _functions(PROJECT / path):
                found.append(f"{number}: there is no {test} in {path}")
    return found


def _functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_requirement_of_level_2_is_named_once_in_order() -> None:
    assert [row[0] for row in _rows(TABLE.read_text(encoding="utf-8"))] == _asked()


def test_what_the_table_names_exists_and_nothing_that_must_be_met_is_not() -> None:
    assert wrong(TABLE.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "row",
    [
        "| 2.1.1 | Long passwords | met | `tests/nowhere/test_nothing.py` |",
        "| 2.1.1 | Long passwords | met | `tests/architecture/test_asvs.py::test_nothing` |",
        "| 2.1.1 | Long passwords | met | |",
        "| 2.1.1 | Long passwords | perhaps | `Makefile` |",
        "| 2.1.1 | Long passwords | not met | nothing yet |",
    ],
)
def test_the_rules_bite(row: str) -> None:
    assert len(wrong(row)) == 1


_ASKS_OTHERS = re.compile(
    r"^\s*(?:import|from) (?:requests|httpx|aiohttp|urllib3|urllib\.request|http\.client|ftplib)\b",
    re.MULTILINE,
)


def test_no_program_of_the_house_asks_another_server() -> None:
    """But for its database and its mail server: nothing typed can send it anywhere."""
    sources = [*(PROJECT / "src").rglob("*.py"), *(PROJECT / "law" / "qafila_law").rglob("*.py")]
    asking = [str(one) for one in sources if _ASKS_OTHERS.search(one.read_text(encoding="utf-8"))]
    assert len(sources) > 300
    assert asking == []
