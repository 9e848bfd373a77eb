"""The page of doubts: every value public sources leave uncertain, and why it was chosen.

`qafila docs generate` writes it to `docs/reference/law-doubts.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from qafila_law.parameter_tree import DatedValue, all_parameters, doubtful_values
from qafila_law.reforms.readings import READINGS

DOUBTS_TITLE = "What the law package is not sure of"

_MARKS = {
    "A": "official or strong source, with a point to check",
    "B": "press or secondary source",
    "C": "general knowledge only",
    "D": "arithmetic or inference",
}


def doubts() -> Iterator[str]:
    """The lines of the page as Markdown, its title excepted."""
    yield "Each value stays easy to change in `law/qafila_law/parameters/`; check it against the"
    yield "Bulletin Officiel before production."
    yield ""
    yield from (f"- **{mark}**: {meaning}." for mark, meaning in _MARKS.items())
    yield ""
    for path, values in groupby(_uncertain(), key=lambda value: value.path.split("[")[0]):
        yield from _section(path, list(values))
    yield from _other_readings()


def _other_readings() -> Iterator[str]:
    yield from ["## Other readings, by name", ""]
    yield "`qafila law compare --reform NAME --on DAY` says how many people each would change, on"
    yield from ["the register, and by how much.", "", "| Name | What it says | Parameters |"]
    yield "|---|---|---|"
    for one in READINGS.values():
        paths = ", ".join(f"`{change.path}`" for change in one.changes)
        yield f"| `{one.name}` | {one.says} | {paths} |"


def _uncertain() -> list[DatedValue]:
    told = [
        value
        for parameter in all_parameters().values()
        for value in parameter.values
        if value.documentation
    ]
    return sorted({*told, *doubtful_values()}, key=lambda value: (value.path, value.since))


def _section(path: str, values: list[DatedValue]) -> list[str]:
    notes = dict.fromkeys(value.documentation for value in values if value.documentation)
    rows = [
        f"| {value.since} | {value.value} {value.unit} | {value.confidence} | "
        f"{value.reference} | {value.source} |"
        for value in values
        if not value.path.endswith("].threshold")
    ]
    heading = ["| From | Value | Mark | Legal text | Read in |", "|---|---|---|---|---|"]
    return [f"## `{path}`", "", *(f"{note}\n" for note in notes), *heading, *rows, ""]
