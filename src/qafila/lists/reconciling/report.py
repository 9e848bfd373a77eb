"""The report of a reconciliation: one page (html) and one document (pdf), Arabic and French."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl
import typst
from django.template import Context, Engine
from django.utils import translation
from django.utils.safestring import mark_safe

from qafila.documents.fonts import FAMILIES, font_folder
from qafila.lists.reading.labels import outcome_word, source_label
from qafila.lists.reading.sentences import (
    kind_of_reason,
    problem_sentence,
    reason_sentence,
    skip_sentence,
    warning_sentence,
)
from qafila.lists.reconciling import charts, texts
from qafila.lists.reconciling.counting import figures_by_file, problems_by_kind, sample_pairs
from qafila.lists.reconciling.evidence import evidence_sentence
from qafila.lists.reconciling.running import Reconciliation

LANGUAGES = (("ar", "rtl", "العربية"), ("fr", "ltr", "Français"))
_SHOWN_PROBLEMS = 60


@dataclass(frozen=True)
class Report:
    """What is said in each language, figures, words and charts; ready for both forms."""

    parts: tuple[dict[str, Any], ...]


def make_report(done: Reconciliation) -> Report:
    """Counts, draws and words everything once per language."""
    parts = []
    for code, direction, name in LANGUAGES:
        with translation.override(code):
            parts.append(_part(done) | {"code": code, "dir": direction, "name": name})
    return Report(tuple(parts))


def _part(done: Reconciliation) -> dict[str, Any]:
    readable = done.pairs.height > 0
    return {
        "t": texts.report_texts(),
        "headline": texts.headline(
            files=len(done.reading.files),
            rows=done.reading.read,
            persons=done.persons,
            review=done.review.height,
        ),
        **_files(done),
        "problems": [problem_sentence(p) for p in done.reading.problems[:_SHOWN_PROBLEMS]],
        "kinds": _kinds(done),
        "rejected": _rejected_rows(done),
        "charts": {
            "overlaps": charts.overlap_chart(done),
            "lists": charts.lists_chart(done),
            "quality": charts.quality_chart(done) if readable else "",
        },
        "samples": [_sample(pair) for pair in sample_pairs(done)],
    }


def _files(done: Reconciliation) -> dict[str, Any]:
    """Each file with its kind and its figures, and the headings of these."""
    labels = texts.file_columns()
    shown = [name for name in labels if name not in ("file", "kind")]
    files = [
        {
            "name": f.file,
            "kind": ("، " if _arabic() else ", ").join(map(source_label, f.sources)),
            "figures": [(labels[name], str(getattr(f, name))) for name in shown],
        }
        for f in figures_by_file(done)
    ]
    return {
        "file_label": labels["file"],
        "figure_labels": [labels[name] for name in shown],
        "files": files,
    }


def _arabic() -> bool:
    return translation.get_language() == "ar"


def _kinds(done: Reconciliation) -> list[list[str]]:
    """Each kind of problem: what became of the row, what it is, in how many rows and files."""
    return [
        [outcome_word(outcome), _kind_sentence(outcome, code), str(rows), str(files)]
        for outcome, code, rows, files in problems_by_kind(done).iter_rows()
    ]


def _kind_sentence(outcome: str, code: str) -> str:
    if outcome == "accepted":
        return warning_sentence(code)
    return skip_sentence(code) if outcome == "skipped" else kind_of_reason(code)


def _rejected_rows(done: Reconciliation) -> list[list[str]]:
    """Each reason, its first case's sentence and how many rows."""
    grouped = done.reading.rejected.group_by("file", "reason", maintain_order=True)
    counted = grouped.agg(pl.col("params").first(), pl.len())
    return [
        [file, reason_sentence(reason, params), str(count)]
        for file, reason, params, count in counted.iter_rows()
    ]


def _sample(pair: dict[str, Any]) -> dict[str, Any]:
    words = texts.report_texts()
    return {
        "left": _where(pair, "left", words["row"]),
        "right": _where(pair, "right", words["row"]),
        "band": words["linked" if pair["band"] == "automatic" else "review"],
        "waiting": pair["band"] != "automatic",
        "chart": charts.waterfall_chart(pair),
        "evidence": [evidence_sentence(e["code"], e["params"]) for e in pair["evidence"]],
    }


def _where(pair: dict[str, Any], side: str, row: str) -> dict[str, Any]:
    places = (pair[f"{side}_file"], pair[f"{side}_sheet"], f"{row} {pair[f'{side}_row']}")
    return {"name": pair[f"{side}_name"] or "", "places": [p for p in places if p]}


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(resources.files(__package__).joinpath("templates"))], autoescape=True)


def write_html(report: Report, path: Path) -> None:
    """One file without references to others; languages are switched without script."""
    parts = [_with_safe_charts(part) for part in report.parts]
    page = _engine().get_template("reconciliation.html").render(Context({"parts": parts}))
    path.write_text(page, encoding="utf-8")


def _with_safe_charts(part: dict[str, Any]) -> dict[str, Any]:
    """SVG made here from escaped text is put into the page as it is."""
    drawn = {name: mark_safe(svg) for name, svg in part["charts"].items()}  # noqa: S308
    samples = [s | {"chart": mark_safe(s["chart"])} for s in part["samples"]]  # noqa: S308
    return part | {"charts": drawn, "samples": samples}


def write_pdf(report: Report, path: Path) -> None:
    """The same report typeset by Typst, Arabic first."""
    with tempfile.TemporaryDirectory(prefix="qafila-report-") as name:
        folder = Path(name)
        template = resources.files(__package__).joinpath("templates/reconciliation.typ")
        (folder / "report.typ").write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
        data = {"fonts": list(FAMILIES), "parts": [_drawn(p, folder) for p in report.parts]}
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        fonts = font_folder()
        document = typst.compile(
            folder / "report.typ", root=folder, font_paths=[fonts] if fonts else []
        )
    path.write_bytes(document)


def _drawn(part: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The part with its charts written as files and named instead."""
    code = part["code"]
    names = {n: _written(svg, folder / f"{code}-{n}.svg") for n, svg in part["charts"].items()}
    samples = [
        sample | {"chart": _written(sample["chart"], folder / f"{code}-sample-{number}.svg")}
        for number, sample in enumerate(part["samples"])
    ]
    return part | {"charts": names, "samples": samples}


def _written(svg: str, path: Path) -> str:
    if not svg:
        return ""
    path.write_text(svg, encoding="utf-8")
    return path.name
