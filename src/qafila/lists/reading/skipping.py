"""Rows that are not data: blank, titles, headings again, totals, footers, section titles."""

from __future__ import annotations

import re

import polars as pl

from qafila.lists.reading.headings import meaning_of
from qafila.lists.reading.layout import Layout
from qafila.lists.reading.schemas import SKIPPED_IN_SHEET
from qafila.tables.raw_sheet import RawSheet
from qafila.tables.synonyms import EXACT, IGNORED

_TOTAL = (
    r"(?i)^\W*(?:sous[\s-]*totaux|sous[\s-]*total|totaux|total|somme|grand total|effectif total"
    r"|(?:ال)?مجموع(?:\s|$|:)|المجموع|(?:ال)?[اإ]جمالي|العدد\s+(?:الإجمالي|الاجمالي))(?:\W|$)"
)
_FOOTER = (
    r"(?i)^\W*(?:fait\s+[àa]|fait\s+le|signature|cachet|page\s+\d|le\s+pr[ée]sident|le\s+directeur"
    r"|le\s+chef|arr[êe]t[ée]\s+la\s+pr[ée]sente|source\s*:|nb\s*:|n\.b|توقيع|التوقيع|الإمضاء|امضاء"
    r"|خاتم|حرر\s+ب|صفحة\s+\d|رئيس\s+الغرفة|المدير|ملاحظة\s*:)"
)
_SECTION = (
    r"(?i)^\W*(?:جماعة|الجماعة|عمالة|إقليم|اقليم|قيادة|دائرة|commune|province|pr[ée]fecture|cercle"
    r"|ca[ïi]dat|annexe|coop[ée]rative|تعاونية)\b.{2,}"
)
_FEW = 3
# What marks a row as a person's, were it called Total: there a total only counts.
_SIGNS = {
    "card_number": r"\pL.*\d",
    "phone": r"\d(?:\D?\d){7}",
    "birth_date": r"\d[-/.]\d|\b(?:19|20)\d\d\b",
}


def blank_rows(sheet: RawSheet) -> pl.DataFrame:
    """Stretches of blank rows, one record each."""
    rows = sheet.cells.get_column("row")
    before = pl.concat([pl.Series([0], dtype=pl.Int64), rows])
    after = pl.concat([rows, pl.Series([sheet.height + 1], dtype=pl.Int64)])
    gaps = pl.DataFrame({"row": before + 1, "last_row": after - 1})
    return gaps.filter(pl.col("row") <= pl.col("last_row")).with_columns(why=pl.lit("blank"))


def skipped(rows: pl.Series, why: str) -> pl.DataFrame:
    """Single skipped rows."""
    frame = pl.DataFrame({"row": rows, "last_row": rows})
    return frame.with_columns(why=pl.lit(why))


def rows_above(sheet: RawSheet, layout: Layout) -> pl.DataFrame:
    """Title rows above the headings, and the heading rows."""
    if not layout.header_rows:
        return pl.DataFrame(schema=SKIPPED_IN_SHEET)
    rows = sheet.cells.get_column("row")
    titles = skipped(rows.filter(rows < layout.header_rows[0]), "title")
    return pl.concat([titles, skipped(pl.Series(layout.header_rows, dtype=pl.Int64), "header")])


def reasons_to_skip(body: pl.DataFrame, layout: Layout, headings: list[int]) -> pl.Series:
    """For each row of the body, why it is not data; null for data rows.

    ``headings`` are the rows that :func:`heading_rows_in` found.
    """
    columns = [c for c in body.columns if c != "row"]
    filled = body.select(pl.sum_horizontal(pl.col(c).is_not_null() for c in columns)).to_series()
    reason = pl.Series("why", [None], dtype=pl.String).new_from_index(0, body.height)
    few = body.filter(filled <= _FEW) if len(columns) > 1 else body
    if few.height:
        found = _reasons_of_short_rows(few, layout, columns)
        reason = _placed(reason, body, few.get_column("row"), found)
    rows = pl.Series(headings, dtype=pl.Int64)
    if rows.is_empty():
        return reason
    return reason.scatter(body.get_column("row").search_sorted(rows), "header_again")


def _placed(reason: pl.Series, body: pl.DataFrame, rows: pl.Series, found: pl.Series) -> pl.Series:
    known = found.is_not_null()
    if not known.any():
        return reason
    places = body.get_column("row").search_sorted(rows.filter(known))
    return reason.scatter(places, found.filter(known))


def _reasons_of_short_rows(few: pl.DataFrame, layout: Layout, columns: list[str]) -> pl.Series:
    """Totals, footers, section titles and rows that only bear their number."""
    names = [c for c, f in layout.fields.items() if f.endswith("_name")]
    serial = layout.column_of("serial")
    signs = [(pl.col(c), _SIGNS[f]) for c, f in layout.fields.items() if f in _SIGNS]
    text = pl.concat_str(columns, separator=" ", ignore_nulls=True).str.strip_chars()
    one = pl.sum_horizontal(pl.col(c).is_not_null() for c in columns) == 1
    unsigned = pl.all_horizontal(pl.lit(True), *(c.is_null() for c, _ in signs))
    signed = pl.any_horizontal(pl.lit(False), *(c.str.contains(p) for c, p in signs))
    signed = signed.fill_null(value=False)
    nameless = pl.all_horizontal(pl.col(c).is_null() for c in names) if names else pl.lit(True)
    only_number = one & pl.col(serial).str.contains(r"^\d{1,7}$") if serial else pl.lit(False)
    worded = few.select(
        pl.when(only_number & nameless)
        .then(pl.lit("numbered_blank"))
        .when(~signed & pl.any_horizontal(pl.col(c).str.contains(_TOTAL) for c in columns))
        .then(pl.lit("total"))
        .when(unsigned & text.str.contains(_FOOTER))
        .then(pl.lit("footer"))
        .when(one & (nameless | (text.str.contains(_SECTION) & (len(columns) > 1))))
        .then(
            pl.when(text.str.contains(_SECTION))
            .then(pl.lit("section"))
            .when(nameless & text.str.contains(r"\pL\pL+"))
            .then(pl.lit("footer"))
        )
        .alias("why")
    )
    return worded.to_series()


def heading_rows_in(body: pl.DataFrame, layout: Layout) -> list[int]:
    """Numbers of rows in the body that are headings, the same as above or others."""
    columns = [c for c, f in layout.fields.items() if f.endswith("_name") or f == "card_number"]
    rows: set[int] = set()
    for column in columns:
        suspects = _heading_like(body.get_column(column))
        if not suspects:
            continue
        for number, *cells in body.filter(pl.col(column).is_in(suspects)).iter_rows():
            if _fields_named(cells) >= min(2, max(1, len(layout.headings))):
                rows.add(int(number))
    return sorted(rows)


def _heading_like(values: pl.Series) -> list[str]:
    """Distinct cells that are exactly a heading, looked for only among likely words."""
    distinct = values.drop_nulls().unique()
    likely = distinct.filter(distinct.str.contains(_HEADING_LETTERS))
    return [v for v in likely if (m := meaning_of(v)) and m.strength >= EXACT]


_HEADING_LETTERS = (
    r"(?i)nom|name|artisan|assur|cin|cni|carte|card|identi|ident|contribuable|b[ée]n[ée]fic|اسم|إسم"
    r"|نسب|لقب|صانع|بطاقة|ب\.و|ب\.ت|ب و"
)


def _fields_named(cells: list[str | None]) -> int:
    matches = (meaning_of(c) for c in cells if c and not re.search(r"\d", c))
    return len({m.field for m in matches if m and m.strength >= EXACT and m.field != IGNORED})
