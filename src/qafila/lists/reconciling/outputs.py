"""Everything a reconciliation leaves in its folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qafila.lists.reading.written_mapping import write_mapping
from qafila.lists.reconciling.exports import (
    write_links,
    write_only_in,
    write_rejected,
    write_remarks,
    write_review,
    write_rows,
)
from qafila.lists.reconciling.running import Reconciliation

NAMES = (
    "rows.csv",
    "review.csv",
    "links.csv",
    "rejected.csv",
    "remarks.csv",
    "mapping.yaml",
    "only_in.xlsx",
    "report.html",
    "report.pdf",
)
"""What is written, in this order; links.csv only where the links carry their evidence."""


def names_of(done: Reconciliation) -> list[str]:
    """What is written of this reconciliation."""
    return [name for name in NAMES if done.explained or name != "links.csv"]


def write_outputs(
    done: Reconciliation, folder: Path, *, on_output: Callable[[str], None] | None = None
) -> list[Path]:
    """Writes the files of `names_of`: tables, mapping and the two reports.

    A links.csv of an earlier run that this one does not write is removed. The folder is made when
    it is missing; raises OSError when it cannot be written. Everything is written beside and takes
    its name only when all of it is whole, so that whoever is interrupted leaves no half of a file
    behind that looks like a result.
    """
    # What draws is large: only who writes a report loads it, not every page that words evidence.
    from qafila.lists.reconciling.report import make_report, write_html, write_pdf

    folder.mkdir(parents=True, exist_ok=True)
    report = make_report(done)
    writers: dict[str, Callable[[Path], None]] = {
        "rows.csv": lambda path: write_rows(done, path),
        "review.csv": lambda path: write_review(done, path),
        "links.csv": lambda path: write_links(done, path),
        "rejected.csv": lambda path: write_rejected(done, path),
        "remarks.csv": lambda path: write_remarks(done, path),
        "mapping.yaml": lambda path: _write_mapping(done, path),
        "only_in.xlsx": lambda path: write_only_in(done, path),
        "report.html": lambda path: write_html(report, path),
        "report.pdf": lambda path: write_pdf(report, path),
    }
    names = names_of(done)
    for name in names:
        writers[name](_beside(folder, name))
        if on_output:
            on_output(name)
    for name in set(NAMES) - set(names):
        (folder / name).unlink(missing_ok=True)
    return [_beside(folder, name).replace(folder / name) for name in names]


def _beside(folder: Path, name: str) -> Path:
    """Where a file is written until it is whole; what an interrupted run left is overwritten."""
    return folder / f".{name}.part"


def _write_mapping(done: Reconciliation, path: Path) -> None:
    path.write_text(write_mapping(done.reading), encoding="utf-8")
