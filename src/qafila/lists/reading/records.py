"""From the data rows of a sheet to canonical rows, rejected rows and repeated rows."""

from __future__ import annotations

import json
from dataclasses import dataclass

import polars as pl

from qafila.lists.reading.layout import Layout
from qafila.lists.reading.schemas import CANONICAL, REJECTED, REPEATED
from qafila.lists.reading.values import (
    clean_text,
    read_cards,
    read_categories,
    read_dates,
    read_fund_numbers,
    read_numbers_as_text,
    read_phones,
    read_sexes,
    read_whole_numbers,
    read_yes_no,
)
from qafila.places.gazetteer import resolve_places

_NOT_COMPARED = frozenset(("file", "sheet", "row", "source", "card_raw", "warnings"))
_NAMES = ("family_name", "given_name", "full_name")
_TEXTS = (*_NAMES, "place_text", "province_text", "trade_text", "notes")
_HASHED_AT_ONCE = 100_000
_NUMBERS_AS_TEXT = ("register_number", "tax_number", "ae_number")
_CATEGORY_OF_SOURCE = {"tax_cpu": "cpu", "auto_entrepreneur": "auto_entrepreneur"}


@dataclass(frozen=True)
class Records:
    """What became of the data rows of one sheet: read = accepted + rejected + repeated."""

    rows: pl.DataFrame
    rejected: pl.DataFrame
    repeated: pl.DataFrame
    hidden_characters: int = 0


def make_records(
    body: pl.DataFrame, layout: Layout, *, file: str, sheet: str, source: str, province: str | None
) -> Records:
    """Canonical rows of the data rows ``body``; ``province`` stands where no column says one."""
    raw = _raw_columns(body, layout)
    columns, warnings = _cleaned(raw)
    if province and "province_text" not in raw:
        columns["province_text"] = pl.repeat(province, body.height, dtype=pl.String, eager=True)
    if "category" not in raw and source in _CATEGORY_OF_SOURCE:
        category = _CATEGORY_OF_SOURCE[source]
        columns["category"] = pl.repeat(category, body.height, dtype=pl.String, eager=True)
    frame = _framed(body, columns, file=file, sheet=sheet, source=source)
    frame = _with_places(frame, warnings)
    frame = frame.with_columns(_warning_lists(warnings, frame.height)).select(CANONICAL.names())
    hidden = _hidden_count(raw, columns)
    return _divided(frame, body, raw, hidden)


def _raw_columns(body: pl.DataFrame, layout: Layout) -> dict[str, pl.Series]:
    raw = {
        f: body.get_column(c) for c, f in layout.fields.items() if f not in ("ignored", "serial")
    }
    for column, name in layout.spare.items():
        raw[name] = raw[name].zip_with(raw[name].is_not_null(), body.get_column(column))
    return raw


def _cleaned(
    raw: dict[str, pl.Series],
) -> tuple[dict[str, pl.Series], dict[str, pl.Series]]:
    """The canonical columns, and a mask per warning code."""
    columns = {name: clean_text(raw[name]) for name in _TEXTS if name in raw}
    columns |= {n: read_numbers_as_text(raw[n]) for n in _NUMBERS_AS_TEXT if n in raw}
    warnings: dict[str, pl.Series] = {}
    for name, (read, code) in _READERS.items():
        if name in raw:
            columns[name] = read(raw[name])
            _note(warnings, code, raw[name].is_not_null() & columns[name].is_null())
    if "card_number" in raw:
        columns["card_raw"] = clean_text(raw["card_number"])
    _read_birth(raw, columns, warnings)
    if "effect_date" in raw:
        columns["effect_date"], _ = read_dates(raw["effect_date"])
        lost = raw["effect_date"].is_not_null() & columns["effect_date"].is_null()
        _note(warnings, "effect_date_unreadable", lost)
    return columns, warnings


_READERS = {
    "sex": (read_sexes, "sex_unknown"),
    "card_number": (read_cards, "card_unreadable"),
    "phone": (read_phones, "phone_unreadable"),
    "fund_number": (read_fund_numbers, "fund_number_unreadable"),
    "category": (read_categories, "category_unknown"),
    "annual_tax": (read_whole_numbers, "amount_unreadable"),
    "months_unpaid": (read_whole_numbers, "months_unreadable"),
    "struck_off": (read_yes_no, "struck_off_unknown"),
}


def _note(warnings: dict[str, pl.Series], code: str, mask: pl.Series) -> None:
    if mask.any():
        warnings[code] = warnings[code] | mask if code in warnings else mask


def _read_birth(
    raw: dict[str, pl.Series], columns: dict[str, pl.Series], warnings: dict[str, pl.Series]
) -> None:
    for name in ("birth_date", "birth_year"):
        if name not in raw:
            continue
        days, precisions = read_dates(raw[name])
        if "birth_date" in columns:
            known = columns["birth_date"].is_not_null()
            days = columns["birth_date"].zip_with(known, days)
            precisions = columns["birth_precision"].zip_with(known, precisions)
        columns["birth_date"], columns["birth_precision"] = days, precisions
        _note(warnings, "date_unreadable", raw[name].is_not_null() & days.is_null())


def _framed(
    body: pl.DataFrame, columns: dict[str, pl.Series], *, file: str, sheet: str, source: str
) -> pl.DataFrame:
    fixed = {"file": pl.lit(file), "sheet": pl.lit(sheet), "source": pl.lit(source)}
    missing = [
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in CANONICAL.items()
        if name not in columns and name not in ("file", "sheet", "row", "source", "warnings")
        and not name.endswith("_code")
    ]  # fmt: skip
    return body.select("row").with_columns(
        *(values.alias(name) for name, values in columns.items()),
        *missing,
        *(value.alias(name) for name, value in fixed.items()),
    )


def _with_places(frame: pl.DataFrame, warnings: dict[str, pl.Series]) -> pl.DataFrame:
    # Only the two texts go through the look-up: it copies every column it is given.
    found = resolve_places(frame.select("place_text", "province_text"))
    frame = frame.with_columns(found.select("commune_code", "province_code", "region_code"))
    lost = frame.get_column("place_text").is_not_null() & frame.get_column("commune_code").is_null()
    several = found.get_column("place_candidates").list.len() > 1
    _note(warnings, "place_ambiguous", lost & several)
    _note(warnings, "place_unknown", lost & ~several)
    said = frame.get_column("province_text").is_not_null()
    _note(warnings, "province_unknown", said & frame.get_column("province_code").is_null())
    return frame


def _warning_lists(warnings: dict[str, pl.Series], height: int) -> pl.Series:
    if not warnings:
        return pl.Series("warnings", [[]], dtype=pl.List(pl.String)).new_from_index(0, height)
    masks = pl.DataFrame([mask.alias(code) for code, mask in warnings.items()])
    codes = [pl.when(pl.col(code)).then(pl.lit(code)) for code in masks.columns]
    return masks.select(pl.concat_list(codes).list.drop_nulls().alias("warnings")).to_series()


def _hidden_count(raw: dict[str, pl.Series], columns: dict[str, pl.Series]) -> int:
    """Rows whose names held characters that do not show (bidi, zero-width, control)."""
    changed = [raw[n].filter(raw[n] != columns[n]) for n in _NAMES if n in raw and n in columns]
    hidden = r"[\u0000-\u0008\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
    return sum(int(s.str.contains(hidden).sum() or 0) for s in changed)


def _divided(
    frame: pl.DataFrame, body: pl.DataFrame, raw: dict[str, pl.Series], hidden: int
) -> Records:
    reason = _reasons_to_reject(frame)
    bad = reason.is_not_null()
    good = frame.filter(~bad) if bad.any() else frame
    rejected = _rejected(frame.filter(bad), body.filter(bad), reason.filter(bad), raw, bad)
    accepted, repeated = _without_repeated(good)
    return Records(accepted, rejected, repeated, hidden)


def _reasons_to_reject(frame: pl.DataFrame) -> pl.Series:
    """``no_name``, ``name_lost`` (only question marks) or ``name_without_letters``; else null."""
    text = pl.concat_str(_NAMES, separator=" ", ignore_nulls=True)
    letters = text.str.contains(r"\p{L}")
    return frame.select(
        pl.when(letters)
        .then(None)
        .when(text.str.strip_chars(" -./\\_'’") == "")
        .then(pl.lit("no_name"))
        .when(text.str.contains(r"^[?\x{fffd} .]+$"))
        .then(pl.lit("name_lost"))
        .otherwise(pl.lit("name_without_letters"))
        .alias("reason")
    ).to_series()


def _rejected(
    frame: pl.DataFrame,
    body: pl.DataFrame,
    reason: pl.Series,
    raw: dict[str, pl.Series],
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
