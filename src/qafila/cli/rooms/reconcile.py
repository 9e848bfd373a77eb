"""`qafila lists reconcile`: who is on which list, without a database."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from qafila.cli.django_setup import prepare_django

if TYPE_CHECKING:
    from qafila.lists.reconciling.running import Reconciliation


def reconcile(
    files: Annotated[list[Path], typer.Argument(help="List files: csv, xlsx, xls or ods.")],
    out: Annotated[Path, typer.Option(help="Folder for the results.")],
    engine: Annotated[str, typer.Option(help="duckdb, or spark for a cluster.")] = "duckdb",
    mapping: Annotated[
        Path | None, typer.Option(help="YAML that says what the columns hold.")
    ] = None,
    links: Annotated[
        bool | None,
        typer.Option(help="Write why each link was made; without a word, up to 200,000 rows."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Find the same people in several list files; write rows, review, only_in and a report.

    Ends with 1 when an error in Qafila ended a file; the results of the others are written.
    """
    prepare_django()
    from qafila.lists.reading.columns.mapping import MappingError
    from qafila.lists.reconciling.running import NothingReadable

    console = Console(stderr=True)
    try:
        done = _reconciled(files, out, _engine(engine), _mapping(mapping), links, console)
    except (NothingReadable, MappingError) as refusal:
        _refuse(refusal.sentence())
    if as_json:
        json.dump(_figures(done), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        _show(done, out)
    if any(problem.code == "unexpected_error" for problem in done.reading.problems):
        sys.exit(1)


def _refuse(sentence: str) -> None:
    typer.echo(sentence, err=True)
    sys.exit(2)


def _engine(name: str) -> Literal["duckdb", "spark"]:
    if name == "duckdb":
        return "duckdb"
    if name != "spark":
        raise typer.BadParameter("duckdb | spark", param_hint="--engine")
    from importlib.util import find_spec

    from qafila.lists.reconciling import texts

    if find_spec("pyspark") is None:
        _refuse(texts.spark_missing())
    return "spark"


def _mapping(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    from qafila.lists.reading.columns.mapping import parse_mapping
    from qafila.lists.reconciling import texts

    try:
        return parse_mapping(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        _refuse(texts.mapping_not_found(str(path)))
        raise


def _reconciled(
    files: list[Path],
    out: Path,
    engine: Literal["duckdb", "spark"],
    mapping: dict[str, Any] | None,
    links: bool | None,
    console: Console,
) -> Reconciliation:
    """Reads, links and writes under one progress bar; warnings go to the error output."""
    from qafila.lists.reading.sentences import problem_sentence
    from qafila.lists.reconciling import outputs, texts
    from qafila.lists.reconciling.outputs import write_outputs
    from qafila.lists.reconciling.running import reconcile_files

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        reading = progress.add_task(texts.stage("reading"), total=len(files))
        linking = progress.add_task(texts.stage("linking"), total=None, start=False)
        writing = progress.add_task(texts.stage("writing"), total=len(outputs.NAMES), start=False)

        done = reconcile_files(
            files,
            engine=engine,
            mapping=mapping,
            explain=links,
            on_file=lambda _file: progress.advance(reading),
            on_linking=lambda _rows: progress.start_task(linking),
        )
        for problem in done.reading.problems:
            console.print(problem_sentence(problem), style="yellow", markup=False)
        progress.update(linking, total=1, completed=1)
        progress.update(writing, total=len(outputs.names_of(done)))
        progress.start_task(writing)
        try:
            write_outputs(done, out, on_output=lambda _name: progress.advance(writing))
        except OSError:
            _refuse(texts.folder_not_writable(str(out)))
    return done


def _figures(done: Reconciliation) -> dict[str, Any]:
    """Stable names; every file's balance, then the whole."""
    from qafila.lists.reconciling.counting import figures_by_file

    files = [dataclasses.asdict(figures) for figures in figures_by_file(done)]
    sums = {
        f"rows_{name}": sum(file[name] for file in files)
        for name in ("read", "accepted", "rejected", "repeated", "skipped", "remarked")
    }
    pairs = {"review_pairs": done.review.height}
    return {**sums, "persons": done.persons, **pairs, "files": files}


def _show(done: Reconciliation, out: Path) -> None:
    from qafila.lists.reconciling import texts
    from qafila.lists.reconciling.counting import figures_by_file

    labels = texts.file_columns()
    numbers = ("read", "accepted", "rejected", "repeated", "skipped", "persons")
    # Narrow enough for a terminal of 80 columns: figures are never cut, names may be folded.
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(labels["file"], overflow="fold", min_width=16)
    for name in numbers:
        longest = max(map(len, labels[name].split()))
        table.add_column(labels[name], justify="right", min_width=longest)
    for f in figures_by_file(done):
        table.add_row(f.file, *(str(getattr(f, name)) for name in numbers))
    console = Console()
    console.print(table)
    headline = texts.headline(
        files=len(done.reading.files),
        rows=done.reading.read,
        persons=done.persons,
        review=done.review.height,
    )
    console.print(headline, markup=False)
    console.print(texts.written_to(str(out)), markup=False)
