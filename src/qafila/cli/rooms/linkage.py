"""`qafila linkage …`: compare names from a csv file; no rule lives here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qafila.cli.django_setup import prepare_django

linkage_app = typer.Typer(help="Compare names across scripts.", no_args_is_help=True)

_COLUMNS = ("left", "right")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LANGUAGES = ("ar", "fr", "zgh", "en")
_MOST_BYTES = 200_000_000
_WHY = {
    "written_same": gettext_lazy("written alike letter for letter"),
    "same_other_script": gettext_lazy("the same name in the other script"),
    "same_spelling_variant": gettext_lazy("spellings of the same name"),
    "order_exchanged": gettext_lazy("the words stand in another order"),
    "typing_error": gettext_lazy("one or two letters are missing, added, exchanged or wrong"),
    "word_missing": gettext_lazy("one name has a word the other lacks"),
    "words_joined": gettext_lazy("words written together in one and apart in the other"),
    "names_apart": gettext_lazy("two names that look alike are different names"),
    "different_word": gettext_lazy("a word has no counterpart"),
    "empty": gettext_lazy("one of the two holds no name"),
}


@linkage_app.callback()
def linkage() -> None:
    """Compare names across Arabic, Latin and Tifinagh spellings."""


@linkage_app.command("compare-names")
def compare_names_command(
    source: Annotated[Path, typer.Argument(metavar="IN.csv", help="csv with left and right.")],
    target: Annotated[Path, typer.Argument(metavar="OUT.csv", help="csv to write.")],
    language: Annotated[
        str, typer.Option(help="Language of the reasons: ar, fr, zgh or en; else the terminal's.")
    ] = "",
) -> None:
    """Compare the names in columns left and right; adds score (0-1), same (yes/no) and why."""
    prepare_django()
    _speak(language)
    records = list(_read_pairs(source))
    try:
        with target.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([*_COLUMNS, "score", "same", "why"])
            writer.writerows(_compared(left, right) for left, right in records)
    except OSError as error:
        told = _("%(file)s cannot be written (%(problem)s): choose another place or name.")
        _refuse(told % {"file": target, "problem": error.strerror})
    done = _("%(count)s pairs compared, written to %(file)s.")
    typer.echo(done % {"count": len(records), "file": target})


def _speak(language: str) -> None:
    """Tell everything in the language asked for, if one was."""
    if not language:
        return
    if language not in _LANGUAGES:
        told = _("--language %(code)s is not a language of Qafila. Write ar, fr, zgh or en.")
        _refuse(told % {"code": language})
    translation.activate(language)


def _compared(left: str, right: str) -> list[str]:
    from qafila.linkage.names.name_comparison import compare_names

    found = compare_names(left, right)
    why = "; ".join(str(_WHY[code]) for code in found.why)
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
        told = _("%(file)s is not a csv file that can be read: %(problem)s.")
        _refuse(told % {"file": source, "problem": error})


def _places(source: Path, heading: list[str]) -> list[int]:
    names = [name.strip().lower() for name in heading]
    for wanted in _COLUMNS:
        if names.count(wanted) != 1:
            told = _(
                "%(file)s does not have one column named “%(column)s”: its first line must name "
                "the columns left and right, once each."
            )
            _refuse(told % {"file": source, "column": wanted})
    return [names.index(wanted) for wanted in _COLUMNS]


def _read_text(source: Path) -> str:
    try:
        if source.stat().st_size > _MOST_BYTES:
            told = _("%(file)s is larger than 200 MB: split it into smaller files.")
            _refuse(told % {"file": source})
        data = source.read_bytes()
    except OSError as error:
        told = _("%(file)s cannot be read (%(problem)s): check the name and the permissions.")
        _refuse(told % {"file": source, "problem": error.strerror})
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding).replace("\x00", "")
    except UnicodeDecodeError:
        told = _("%(file)s is not a text file in UTF-8: save it again as “CSV UTF-8”.")
        _refuse(told % {"file": source})


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
