"""`qafila linkage …`: compare names from a csv file; no rule lives here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NoReturn

import typer

linkage_app = typer.Typer(help="Compare names across scripts.", no_args_is_help=True)

_COLUMNS = ("left", "right")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_MOST_BYTES = 200_000_000


@linkage_app.callback()
def linkage() -> None:
    """Compare names across Arabic, Latin and Tifinagh spellings."""


@linkage_app.command("compare-names")
def compare_names_command(
    source: Annotated[Path, typer.Argument(metavar="IN.csv", help="csv with left and right.")],
    target: Annotated[Path, typer.Argument(metavar="OUT.csv", help="csv to write.")],
) -> None:
    """Compare the names in columns left and right; adds score (0-1), same (yes/no) and why."""
    records = list(_read_pairs(source))
    try:
        with target.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([*_COLUMNS, "score", "same", "why"])
            writer.writerows(_compared(left, right) for left, right in records)
    except OSError as error:
        _refuse(f"{target} cannot be written ({error.strerror}): choose another place or name.")
    typer.echo(f"{len(records)} pairs compared, written to {target}.")


def _compared(left: str, right: str) -> list[str]:
    from qafila.linkage.names import NAME_REASONS, compare_names

    found = compare_names(left, right)
    why = "; ".join(NAME_REASONS[code] for code in found.why)
    same = "yes" if found.same else "no"
    return [_harmless(left), _harmless(right), f"{found.score:.3f}", same, why]


def _harmless(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell


def _read_pairs(source: Path) -> Iterator[tuple[str, str]]:
    text = _read_text(source)
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        places = _places(source, next(reader, []))
        for record in reader:
            if any(cell.strip() for cell in record):
                left, right = (record[place] if place < len(record) else "" for place in places)
                yield left, right
    except csv.Error as error:
        _refuse(f"{source} is not a csv file that can be read: {error}.")


def _places(source: Path, heading: list[str]) -> list[int]:
    names = [name.strip().lower() for name in heading]
    for wanted in _COLUMNS:
        if names.count(wanted) != 1:
            problem = "has no column" if wanted not in names else "has more than one column"
            _refuse(
                f"{source} {problem} named “{wanted}”: its first line must name the columns "
                "left and right, once each."
            )
    return [names.index(wanted) for wanted in _COLUMNS]


def _read_text(source: Path) -> str:
    try:
        if source.stat().st_size > _MOST_BYTES:
            _refuse(f"{source} is larger than 200 MB: split it into smaller files.")
        data = source.read_bytes()
    except OSError as error:
        _refuse(f"{source} cannot be read ({error.strerror}): check the name and the permissions.")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding).replace("\x00", "")
    except UnicodeDecodeError:
        _refuse(f"{source} is not a text file in UTF-8: save it again as “CSV UTF-8”.")


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
