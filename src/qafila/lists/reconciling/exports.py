"""The tables written beside the report: csv files and the workbook of who is only where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import xlsxwriter
from django.utils import translation
from django.utils.translation import get_language_bidi
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from qafila.lists.reading.births import precise_text
from qafila.lists.reading.labels import field_label
from qafila.lists.reading.sentences import reason_sentence, skip_sentence, warning_sentence
from qafila.lists.reconciling import texts
from qafila.lists.reconciling.counting import (
    figures_by_file,
    only_here,
    several_times,
    with_names,
)
from qafila.lists.reconciling.evidence import pair_sentence
from qafila.lists.reconciling.link_wording import link_sentences
from qafila.lists.reconciling.neutralising import neutral, neutralised
from qafila.lists.reconciling.running import ROW_KEY, Reconciliation
from qafila.tables.limits import MAX_CELL_CHARACTERS

_MAX_ROWS = 1_048_000
_LINKS_AT_ONCE = 50_000
_SIDES = [
    "left_file",
    "left_sheet",
    "left_row",
    "right_file",
    "right_sheet",
    "right_row",
]
_PAIR = [
    "left_file",
    "left_sheet",
    "left_row",
    "left_name",
    "right_file",
    "right_sheet",
    "right_row",
    "right_name",
    "probability",
]
_SHOWN = (
    "family_name",
    "given_name",
    "full_name",
    "birth_date",
    "card_number",
    "phone",
    "fund_number",
    "register_number",
    "tax_number",
    "ae_number",
    "place_text",
    "trade_text",
)


def write_rows(done: Reconciliation, path: Path) -> None:
    """``rows.csv``: every data row with its person; for programs, hence without a mark."""
    rows = done.rows.with_columns(pl.col("probability").round(6))
    neutralised(rows).write_csv(path)


def write_review(done: Reconciliation, path: Path) -> None:
    """``review.csv``: pairs to decide, best first, evidence in words (also Arabic and French)."""
    pairs = with_names(done.review, done)
    evidence = pairs.get_column("evidence").to_list()
    words = {"evidence": [pair_sentence(e) for e in evidence]}
    for language in ("ar", "fr"):
        with translation.override(language):
            words[f"evidence_{language}"] = [pair_sentence(e) for e in evidence]
    columns = [pl.Series(name, values, dtype=pl.String) for name, values in words.items()]
    table = pairs.select(_PAIR).with_columns(pl.col("probability").round(4), *columns)
    _write_csv(table.with_row_index("rank", offset=1), path)


def write_links(done: Reconciliation, path: Path) -> None:
    """``links.csv``: every automatic link, surest first, and why, in one sentence of each language.

    Written in slices, so that the words of a million links are never held at once.
    """
    links = done.links.with_row_index("number", offset=1)
    with path.open("wb") as file:
        for start in range(0, max(links.height, 1), _LINKS_AT_ONCE):
            part = links.slice(start, _LINKS_AT_ONCE)
            words = []
            for language in ("ar", "fr"):
                with translation.override(language):
                    words.append(link_sentences(part["evidence"]).alias(f"because_{language}"))
            table = part.select("number", *_SIDES, pl.col("probability").round(6), *words)
            neutralised(table).write_csv(
                file, include_bom=not start, include_header=not start, line_terminator="\r\n"
            )


def write_rejected(done: Reconciliation, path: Path) -> None:
    """``rejected.csv``: every row left out with its outcome, reason, sentence and cells."""
    reading = done.reading
    rejected = reading.rejected.select(
        *ROW_KEY, "reason", "params", "cells", outcome=pl.lit("rejected")
    )
    repeated = reading.repeated.select(
        *ROW_KEY,
        pl.lit("repeats_row").alias("reason"),
        pl.struct("first_row").struct.json_encode().alias("params"),
        pl.lit([], dtype=pl.List(pl.String)).alias("cells"),
        pl.lit("repeated").alias("outcome"),
    )
    skipped = reading.left_out.select(
        *ROW_KEY,
        pl.col("why").alias("reason"),
        pl.lit("{}").alias("params"),
        "cells",
        pl.lit("skipped").alias("outcome"),
    )
    together = pl.concat([rejected, repeated, skipped])
    sentences = [_left_out(*one) for one in together.select("outcome", "reason", "params").rows()]
    table = together.select(
        *ROW_KEY,
        "outcome",
        "reason",
        pl.Series("sentence", sentences, dtype=pl.String),
        pl.col("cells").list.join(" | "),
    )
    _write_csv(table.with_row_index("number", offset=1), path)


def _left_out(outcome: str, reason: str, params: str) -> str:
    return skip_sentence(reason) if outcome == "skipped" else reason_sentence(reason, params)


def write_remarks(done: Reconciliation, path: Path) -> None:
    """``remarks.csv``: each cell of an accepted row that was not understood, and what was done."""
    remarks = done.reading.remarks
    words = {code: warning_sentence(code) for code in remarks.get_column("code").unique()}
    done_with = remarks.get_column("code").replace_strict(
        list(words), list(words.values()), return_dtype=pl.String
    )
    table = remarks.select(
        *ROW_KEY,
        pl.col("heading").alias("column"),
        pl.col("cell").alias("value"),
        "code",
        done_with.alias("what_was_done"),
        "taken",
    )
    _write_csv(table.with_row_index("number", offset=1), path)


def _write_csv(table: pl.DataFrame, path: Path) -> None:
    """For people: with a byte-order mark, without which Excel shows no Arabic.

    Programs that do not know the mark lose only the first column's name, a running number.
    """
    neutralised(table).write_csv(path, include_bom=True, line_terminator="\r\n")


def write_only_in(done: Reconciliation, path: Path) -> None:
    """``only_in.xlsx``: for each file who is nowhere else, and who is in it several times."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        _write_summary(done, book.add_worksheet(texts.summary()), bold)
        taken = {texts.summary().casefold()}
        for label, table in _tables(done):
            for number, start in enumerate(range(0, max(table.height, 1), _MAX_ROWS)):
                name = _sheet_name(f"{label} {number + 1}" if number else label, taken)
                _write_table(book.add_worksheet(name), table.slice(start, _MAX_ROWS), bold)


def _write_summary(done: Reconciliation, sheet: Worksheet, bold: Format) -> None:
    columns = texts.file_columns()
    headings = [columns["file"], columns["persons"], columns["only_here"], columns["several_times"]]
    _lay_out(sheet)
    sheet.write_row(0, 0, headings, bold)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, len(headings) - 1, 20)
    for number, figures in enumerate(figures_by_file(done), start=1):
        sheet.write_string(number, 0, neutral(figures.file))
        numbers = (figures.persons, figures.only_here, figures.several_times)
        sheet.write_row(number, 1, numbers)


def _tables(done: Reconciliation) -> Iterator[tuple[str, pl.DataFrame]]:
    """A label and a table for each file and each of the two questions."""
    persons = done.rows.select(*ROW_KEY, "person").drop_nulls("person")
    exact = precise_text(pl.col("birth_date"), pl.col("birth_precision")).alias("birth_date")
    content = done.reading.rows.with_columns(exact).select(*ROW_KEY, *_SHOWN)
    rows = persons.join(content, on=ROW_KEY, how="left", maintain_order="left")
    questions = ((texts.only_here(), only_here(done)), (texts.several(), several_times(done)))
    for file in done.reading.files:
        mine = rows.filter(pl.col("file") == file.name)
        for question, wanted in questions:
            keys = wanted.filter(pl.col("file") == file.name).select("person")
            found = mine.join(keys, on="person", how="semi").sort("person", "sheet", "row")
            yield f"{question} {Path(file.name).stem}", found.drop("file")


def _sheet_name(label: str, taken: set[str]) -> str:
    """At most 31 characters, none of those Excel refuses, not used before."""
    clean = "".join("-" if c in "[]:*?/\\'" else c for c in label)
    name, number = clean[:31].strip(), 2
    while name.casefold() in taken:
        name, number = f"{clean[:27].strip()} {number}", number + 1
    taken.add(name.casefold())
    return name


def _write_table(sheet: Worksheet, table: pl.DataFrame, bold: Format) -> None:
    filled = [c for c in table.columns if c in ("person", "sheet", "row") or _some(table[c])]
    labels = texts.row_columns()
    sheet.write_row(0, 0, [labels.get(c) or field_label(c) for c in filled], bold)
    _lay_out(sheet)
    sheet.set_column(0, len(filled) - 1, 18)
    if table.is_empty():
        sheet.write_string(1, 0, texts.report_texts()["none"])
    else:
        sheet.autofilter(0, 0, table.height, len(filled) - 1)
    for number, cells in enumerate(table.select(filled).iter_rows(), start=1):
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write_number(number, column, cell)
            elif cell is not None:
                sheet.write_string(number, column, neutral(str(cell))[:MAX_CELL_CHARACTERS])


def _lay_out(sheet: Worksheet) -> None:
    """Headings stay in view; a workbook in Arabic begins at the right."""
    sheet.freeze_panes(1, 0)
    if get_language_bidi():
        sheet.right_to_left()


def _some(values: pl.Series) -> bool:
    return values.null_count() < len(values)
