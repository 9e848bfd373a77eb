"""`qafila linkage …`: compare names from a csv file; no rule lives here."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qafila.cli.django_setup import prepare_django

linkage_app = typer.Typer(help="Compare names across scripts.", no_args_is_help=True)

_NAMES = ("left", "right")
_TRUTHS = ("truth", "expected", "same_person", "label")
_HEADINGS = frozenset(
    {
        "left",
        "right",
        "name",
        "name1",
        "name2",
        "nom",
        "nom1",
        "nom2",
        "الاسم",
        "arabic",
        "latin",
        "english",
        "french",
        "arabe",
        "ar",
        "fr",
        "en",
        "source",
        "target",
    }
)
_YES = frozenset({"yes", "true", "1", "oui", "نعم", "same"})
_ADDED = ("score", "same", "why")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LANGUAGES = ("ar", "fr", "zgh", "en")
_MOST_BYTES = 200_000_000
_WHY = {
    "written_same": gettext_lazy("written alike letter for letter"),
    "same_other_script": gettext_lazy("the same name in the other script"),
    "same_spelling_variant": gettext_lazy("spellings of the same name"),
    "familiar_form": gettext_lazy("one is the familiar form of the other"),
    "initial": gettext_lazy("one is the first letter of the other"),
    "order_exchanged": gettext_lazy("the words are in another order"),
    "typing_error": gettext_lazy("one or two letters are missing, added, exchanged or wrong"),
    "word_missing": gettext_lazy("one name has a word the other lacks"),
    "words_joined": gettext_lazy("words written together in one and apart in the other"),
    "names_apart": gettext_lazy("two names that look alike are different names"),
    "different_word": gettext_lazy("a word has no match"),
    "empty": gettext_lazy("one of the two has no name"),
}


@linkage_app.callback()
def linkage() -> None:
    """Compare names across Arabic, Latin and Tifinagh spellings."""


@linkage_app.command("compare-names")
def compare_names_command(
    source: Annotated[
        Path, typer.Argument(metavar="IN.csv", help="csv (or tab-separated) with two names a line.")
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT.csv", help="csv to write.")],
    left: Annotated[
        str, typer.Option(help="Heading of the one name; else left, or column 1.")
    ] = "",
    right: Annotated[
        str, typer.Option(help="Heading of the other name; else right, or column 2.")
    ] = "",
    truth: Annotated[
        str, typer.Option(help="Heading that says yes or no; else truth or expected, if there.")
    ] = "",
    language: Annotated[
        str, typer.Option(help="Language of the reasons: ar, fr, zgh or en; else the terminal's.")
    ] = "",
) -> None:
    """Compare the two names of each line; keeps all columns, adds score (0-1), same and why.

    A file of two columns may lack headings. Where a column says whether the two are one name, the
    recall and the precision of the verdicts are printed.
    """
    prepare_django()
    _speak(language)
    heading, records = _read_records(source, headed=bool(left or right or truth))
    places = _places(source, heading, left, right)
    verdicts = [_compared(*(record[place] for place in places)) for record in records]
    try:
        with target.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([*(_harmless(name) for name in heading), *_ADDED])
            for record, verdict in zip(records, verdicts, strict=True):
                writer.writerow([*(_harmless(cell) for cell in record), *verdict])
    except OSError as error:
        told = _("%(file)s cannot be written (%(problem)s): choose another place or name.")
        _refuse(told % {"file": target, "problem": error.strerror})
    done = _("%(count)s pairs compared, written to %(file)s.")
    typer.echo(done % {"count": len(records), "file": target})
    known = _truth_place(source, heading, truth)
    if known is not None:
        right_ones = [record[known].strip().lower() in _YES for record in records]
        _print_quality([verdict[1] == "yes" for verdict in verdicts], right_ones)


def _print_quality(said: list[bool], true: list[bool]) -> None:
    """Recall and precision of the verdicts, over the pairs that a person judged."""
    both = sum(one and other for one, other in zip(said, true, strict=True))
    told = _(
        "Recall %(recall)s, precision %(precision)s over %(count)s pairs, %(true)s of one name."
    )
    shares = {
        "recall": f"{both / sum(true):.4f}" if any(true) else "–",
        "precision": f"{both / sum(said):.4f}" if any(said) else "–",
    }
    typer.echo(told % {**shares, "count": len(said), "true": sum(true)})


def _speak(language: str) -> None:
    """Print everything in the language asked for, if one was."""
    if not language:
        return
    if language not in _LANGUAGES:
        told = _("--language %(code)s is not a language of Qafila. Write ar, fr, zgh or en.")
        _refuse(told % {"code": language})
    translation.activate(language)


def _compared(left: str, right: str) -> tuple[str, str, str]:
    from qafila.linkage.names.name_comparison import compare_names

    found = compare_names(left, right)
    why = "; ".join(str(_WHY[code]) for code in found.why)
    return f"{found.score:.3f}", "yes" if found.same else "no", why


def _harmless(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell


def _read_records(source: Path, *, headed: bool) -> tuple[list[str], list[list[str]]]:
    """The heading and the lines that are not empty, all as long as the longest."""
    text = _read_text(source)
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        records = [record for record in reader if any(cell.strip() for cell in record)]
    except csv.Error as error:
        told = _("%(file)s is not a csv file that can be read: %(problem)s.")
        _refuse(told % {"file": source, "problem": error})
    widest = max((len(record) for record in records), default=0)
    if widest < len(_NAMES):
        told = _("%(file)s does not have two columns: each line needs two names.")
        _refuse(told % {"file": source})
    headed = headed or _begins_with_headings(records[0])
    heading = records.pop(0) if headed else list(_NAMES)
    heading += [""] * (widest - len(heading))
    return heading, [record + [""] * (widest - len(record)) for record in records]


def _begins_with_headings(first: list[str]) -> bool:
    """Whether a first line names its columns; a file of bare pairs holds two names there."""
    return len(first) > len(_NAMES) or not _HEADINGS.isdisjoint(_folded(first))


def _folded(heading: list[str]) -> list[str]:
    return [name.strip().lower() for name in heading]


def _places(source: Path, heading: list[str], left: str, right: str) -> list[int]:
    """Where the two names are: as asked for, by their usual headings, else the first two."""
    names = _folded(heading)
    asked = [left.strip().lower() or "left", right.strip().lower() or "right"]
    if not (left or right) and not set(asked) & set(names):
        return [0, 1]
    return [_place(source, names, wanted) for wanted in asked]


def _place(source: Path, names: list[str], wanted: str) -> int:
    if names.count(wanted) != 1:
        told = _(
            "%(file)s does not have one column named “%(column)s”: name the two columns with "
            "--left and --right, each a heading that is there once."
        )
        _refuse(told % {"file": source, "column": wanted})
    return names.index(wanted)


def _truth_place(source: Path, heading: list[str], truth: str) -> int | None:
    names = _folded(heading)
    if truth:
        return _place(source, names, truth.strip().lower())
    return next((names.index(name) for name in _TRUTHS if names.count(name) == 1), None)


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
