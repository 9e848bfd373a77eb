"""From the data rows of a sheet to canonical rows, rejected rows and repeated rows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from qafila.lists.reading.births import Columns, joined_births, read_births
from qafila.lists.reading.cells.dates import MIXED, MONTH_FIRST, read_dates
from qafila.lists.reading.cells.names import LOST, read_names
from qafila.lists.reading.cells.numbers import (
    read_cards,
    read_fund_numbers,
    read_numbers_as_text,
    read_phones,
)
from qafila.lists.reading.cells.told import Told
from qafila.lists.reading.cells.values import (
    clean_text,
    read_categories,
    read_sexes,
    read_whole_numbers,
    read_yes_no,
)
from qafila.lists.reading.columns.layout import Layout
from qafila.lists.reading.misplaced import take_cards_from_names
from qafila.lists.reading.remarks import Remarks, codes_by_row
from qafila.lists.reading.schemas import CANONICAL, REJECTED, REPEATED
from qafila.places.gazetteer import resolve_places
from qafila.tables.notices import Notice

_NOT_COMPARED = frozenset(("file", "sheet", "row", "source", "card_raw", "warnings"))
_NAMES = ("family_name", "given_name", "full_name")
_TEXTS = ("place_text", "province_text", "trade_text", "notes")
_NO_ORDER_NUMBER = r"\pL.*\d{4}|\d{4}.*\pL"
_HASHED_AT_ONCE = 100_000
_CATEGORY_OF_SOURCE = {"tax_cpu": "cpu", "auto_entrepreneur": "auto_entrepreneur"}
_SECOND_COMPARED = ("phone", "card_number", "birth_date")
_TOLD: Mapping[str, Callable[[pl.Series], Told]] = {
    **dict.fromkeys(_NAMES, read_names),
    "card_number": read_cards,
    "phone": read_phones,
    "fund_number": read_fund_numbers,
    **dict.fromkeys(("register_number", "tax_number", "ae_number"), read_numbers_as_text),
}
_READERS: Mapping[str, tuple[Callable[[pl.Series], pl.Series], str]] = {
    "sex": (read_sexes, "sex_unknown"),
    "category": (read_categories, "category_unknown"),
    "annual_tax": (read_whole_numbers, "amount_unreadable"),
    "months_unpaid": (read_whole_numbers, "months_unreadable"),
    "struck_off": (read_yes_no, "struck_off_unknown"),
}


@dataclass(frozen=True)
class Context:
    """Where rows stand and what is known of all of them. ``today``: no birth is later."""

    file: str
    sheet: str
    source: str
    province: str | None
    today: dt.date
    from_1904: bool = False


@dataclass(frozen=True)
class Records:
    """What became of the data rows of one table: read = accepted + rejected + repeated."""

    rows: pl.DataFrame
    rejected: pl.DataFrame
    repeated: pl.DataFrame
    remarks: pl.DataFrame
    hidden_characters: int = 0
    date_orders: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


def make_records(
    body: pl.DataFrame, layout: Layout, context: Context, *, shifted: pl.Series, refused: pl.Series
) -> Records:
    """Canonical rows of the data rows ``body``; the province of the context where none is said.

    ``shifted``: rows that were put back in place; ``refused``: why a row
    is rejected although something stands where names do, null for the others.
    """
    remarks = Remarks(layout, body.get_column("row"))
    raw = _raw_columns(body, layout, remarks)
    columns, orders = _cleaned(raw, remarks, context)
    _complete(columns, raw, body.height, context)
    _note_rows(body, layout, raw, remarks, shifted)
    frame = _with_places(_framed(body, columns, context), raw, remarks)
    found = remarks.frame()
    frame = frame.with_columns(codes_by_row(found, frame.get_column("row")))
    accepted, rejected, repeated = _divided(frame.select(CANONICAL.names()), body, raw, refused)
    kept = found.join(accepted.select("row"), on="row", how="semi", maintain_order="left")
    notices = _date_notices(orders, layout) + _row_notices(body, layout, raw)
    return Records(
        accepted, rejected, repeated, kept, _hidden_count(raw, columns), orders, tuple(notices)
    )


def _raw_columns(body: pl.DataFrame, layout: Layout, remarks: Remarks) -> Columns:
    raw = {
        f: body.get_column(c) for c, f in layout.fields.items() if f not in ("ignored", "serial")
    }
    if layout.parts:
        raw["full_name"] = (
            body.select(
                pl.concat_str(layout.parts, separator=" ", ignore_nulls=True).alias("whole")
            )
            .to_series()
            .replace("", None)
        )
    if layout.birth_parts:
        raw["birth_date"] = joined_births(body.select(layout.birth_parts))
    for column, name in layout.spare.items():
        if column in layout.birth_parts:
            continue
        other = body.get_column(column)
        if name in _SECOND_COMPARED:
            codes = pl.select(
                pl.when(raw[name].is_not_null() & (other != raw[name])).then(pl.lit("second_value"))
            ).to_series()
            remarks.add_under(layout.heading_of(column), name, codes, other)
        raw[name] = raw[name].zip_with(raw[name].is_not_null(), other)
    return raw


def _cleaned(raw: Columns, remarks: Remarks, context: Context) -> tuple[Columns, dict[str, str]]:
    """The canonical columns, and how the days of each column of dates were read."""
    columns = {name: clean_text(raw[name]) for name in _TEXTS if name in raw}
    for name, read_told in _TOLD.items():
        if name in raw:
            columns[name], codes = read_told(raw[name])
            remarks.add(name, codes, raw[name], columns[name])
    for name, (read, code) in _READERS.items():
        if name in raw:
            columns[name] = read(raw[name])
            remarks.add_where(
                name, raw[name].is_not_null() & columns[name].is_null(), code, raw[name]
            )
    take_cards_from_names(raw, columns, remarks)
    if "card_number" in raw:
        columns["card_raw"] = clean_text(raw["card_number"])
    orders = read_births(raw, columns, remarks, context.today, from_1904=context.from_1904)
    if "effect_date" in raw:
        effect = read_dates(raw["effect_date"], from_1904=context.from_1904)
        columns["effect_date"], orders["effect_date"] = effect.days, effect.order
        codes = effect.codes.replace("date_unreadable", "effect_date_unreadable")
        remarks.add("effect_date", codes, raw["effect_date"], effect.days)
    return columns, orders


def _complete(columns: Columns, raw: Columns, height: int, context: Context) -> None:
    if context.province and "province_text" not in raw:
        columns["province_text"] = pl.repeat(context.province, height, dtype=pl.String, eager=True)
    if "category" not in raw and context.source in _CATEGORY_OF_SOURCE:
        category = _CATEGORY_OF_SOURCE[context.source]
        columns["category"] = pl.repeat(category, height, dtype=pl.String, eager=True)


def _note_rows(
    body: pl.DataFrame, layout: Layout, raw: Columns, remarks: Remarks, shifted: pl.Series
) -> None:
    """Remarks on whole rows: cells under no heading, cells beside their column."""
    serial = layout.column_of("serial")
    if serial:
        odd = body.get_column(serial).str.contains(_NO_ORDER_NUMBER).fill_null(value=False)
        remarks.add_where("serial", odd, "number_unreadable", body.get_column(serial))
    for column in layout.beyond:
        cells = body.get_column(column)
        codes = pl.select(pl.when(cells.is_not_null()).then(pl.lit("extra_cells"))).to_series()
        remarks.add_under(layout.heading_of(column), "", codes, cells)
    if shifted.any():
        written = pl.concat_str(pl.all().exclude("row"), separator=" | ", ignore_nulls=True)
        codes = pl.select(pl.when(shifted).then(pl.lit("row_shifted"))).to_series()
        remarks.add_under("", "", codes, body.select(written.alias("cells")).to_series())


def _date_notices(orders: Mapping[str, str], layout: Layout) -> list[Notice]:
    codes = {MONTH_FIRST: "dates_month_first", MIXED: "dates_mixed"}
    return [
        Notice(codes[order], {"heading": layout.heading_of(layout.column_of(name) or "0")})
        for name, order in orders.items()
        if order in codes
    ]


def _row_notices(body: pl.DataFrame, layout: Layout, raw: Columns) -> list[Notice]:
    notices = []
    last = max(map(int, layout.headings), default=10_000)
    over = [c for c in layout.beyond if int(c) > last]
    inside = [c for c in layout.beyond if int(c) < last]
    if over:
        rows = body.filter(pl.any_horizontal(pl.col(c).is_not_null() for c in over))["row"]
        listed = ", ".join(map(str, rows.head(10).to_list()))
        if len(rows):
            notices.append(Notice("more_cells_than_headings", {"count": len(rows), "rows": listed}))
    if inside:
        listed = ", ".join(layout.heading_of(c) for c in inside[:10])
        notices.append(Notice("columns_without_heading", {"columns": listed}))
    age = layout.column_of("age")
    if age and not {"birth_date", "birth_year"} & set(raw):
        notices.append(Notice("ages_not_used", {"heading": layout.heading_of(age)}))
    return notices


def _framed(body: pl.DataFrame, columns: Columns, context: Context) -> pl.DataFrame:
    fixed = {
        "file": pl.lit(context.file),
        "sheet": pl.lit(context.sheet),
        "source": pl.lit(context.source),
    }
    missing = [
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in CANONICAL.items()
        if name not in columns
        and name not in ("file", "sheet", "row", "source", "warnings")
        and not name.endswith("_code")
    ]
    return body.select("row").with_columns(
        *(values.alias(name) for name, values in columns.items()),
        *missing,
        *(value.alias(name) for name, value in fixed.items()),
    )


def _with_places(frame: pl.DataFrame, raw: Columns, remarks: Remarks) -> pl.DataFrame:
    # Only the two texts go through the look-up: it copies every column it is given.
    found = resolve_places(frame.select("place_text", "province_text"))
    frame = frame.with_columns(found.select("commune_code", "province_code", "region_code"))
    place = frame.get_column("place_text")
    lost = place.is_not_null() & frame.get_column("commune_code").is_null()
    several = found.get_column("place_candidates").list.len() > 1
    remarks.add_where("place_text", lost & several, "place_ambiguous", place)
    remarks.add_where("place_text", lost & ~several, "place_unknown", place)
    if "province_text" in raw:
        province = frame.get_column("province_text")
        unknown = province.is_not_null() & frame.get_column("province_code").is_null()
        remarks.add_where("province_text", unknown, "province_unknown", province)
    return frame


def _hidden_count(raw: Columns, columns: Columns) -> int:
    """Rows whose names held characters that do not show (bidi, zero-width, control)."""
    changed = [raw[n].filter(raw[n] != columns[n]) for n in _NAMES if n in raw and n in columns]
    hidden = r"[\u0000-\u0008\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
    return sum(int(s.str.contains(hidden).sum() or 0) for s in changed)


def _divided(
    frame: pl.DataFrame, body: pl.DataFrame, raw: Columns, refused: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    reason = _reasons_to_reject(frame, raw, refused)
    bad = reason.is_not_null()
    good = frame.filter(~bad) if bad.any() else frame
    rejected = _rejected(frame.filter(bad), body.filter(bad), reason.filter(bad), raw, bad)
    accepted, repeated = _without_repeated(good)
    return accepted, rejected, repeated


def _reasons_to_reject(frame: pl.DataFrame, raw: Columns, refused: pl.Series) -> pl.Series:
    """``no_name``, ``name_lost``, ``name_without_letters`` or what ``refused`` says; else null."""
    text = pl.concat_str(_NAMES, separator=" ", ignore_nulls=True)
    letters = text.str.contains(r"\p{L}")
    lost = [raw[n].str.strip_chars().str.contains(LOST) for n in _NAMES if n in raw]
    was_lost = pl.any_horizontal(pl.lit(value=False), *map(pl.lit, lost)).fill_null(value=False)
    return frame.select(
        pl.when(pl.lit(refused).is_not_null())
        .then(pl.lit(refused))
        .when(letters)
        .then(None)
        .when(was_lost)
        .then(pl.lit("name_lost"))
        .when(text.str.strip_chars(" -./\\_'’") == "")
        .then(pl.lit("no_name"))
        .otherwise(pl.lit("name_without_letters"))
        .alias("reason")
    ).to_series()


def _rejected(
    frame: pl.DataFrame,
    body: pl.DataFrame,
    reason: pl.Series,
    raw: Columns,
    bad: pl.Series,
) -> pl.DataFrame:
    if frame.is_empty():
        return pl.DataFrame(schema=REJECTED)
    names = pl.DataFrame([raw[n].filter(bad).alias(n) for n in _NAMES if n in raw])
    written = names.select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)).to_series()
    params = [
        json.dumps({"cell": text[:80]} if why != "no_name" else {}, ensure_ascii=False)
        for text, why in zip(written, reason, strict=True)
    ]
    cells = [[c or "" for c in cells] for cells in body.drop("row").rows()]
    return frame.select("file", "sheet", "row").with_columns(
        reason.alias("reason"),
        pl.Series("params", params, dtype=pl.String),
        pl.Series("cells", cells, dtype=pl.List(pl.String)),
    )


def _without_repeated(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows equal in every canonical column to an earlier row of the sheet are repeated."""
    compared = [
        name
        for name in frame.columns
        if name not in _NOT_COMPARED and frame.get_column(name).null_count() < frame.height
    ]
    if not compared or frame.is_empty():
        return frame, pl.DataFrame(schema=REPEATED)
    # In slices: a row's content takes far more room than its hash.
    hashed = pl.struct(compared).hash(seed=20261122).alias("content")
    parts = frame.iter_slices(_HASHED_AT_ONCE)
    content = pl.concat([part.select(hashed).to_series() for part in parts])
    first = content.is_first_distinct()
    if first.all():
        return frame, pl.DataFrame(schema=REPEATED)
    return frame.filter(first), _repeated(frame, content, first)


def _repeated(frame: pl.DataFrame, content: pl.Series, first: pl.Series) -> pl.DataFrame:
    marked = frame.select("file", "sheet", "row").with_columns(content.alias("content"))
    firsts = marked.filter(first).select("content", first_row="row")
    again = marked.filter(~first).join(firsts, on="content", how="left", maintain_order="left")
    return again.select(REPEATED.names())
