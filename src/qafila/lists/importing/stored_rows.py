"""From what was read in a file to the rows of the table, whatever became of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import polars as pl

from qafila.linkage.names.name_keys import name_keys
from qafila.lists.reading.results import FileReading
from qafila.tables.raw_sheet import RawSheet

_TEXTS = (
    "family_name",
    "given_name",
    "full_name",
    "sex",
    "birth_precision",
    "card_number",
    "phone",
    "fund_number",
    "register_number",
    "tax_number",
    "ae_number",
    "place_text",
    "commune_code",
    "province_code",
    "region_code",
    "trade_text",
    "category",
    "notes",
)
_LONGEST_NUMBER = 20
_LARGEST_INTEGER = 2**31 - 1
# What a list knows a person by, the surest first: its own numbers, then the card number.
_OWN_NUMBERS = ("register_number", "fund_number", "tax_number", "ae_number", "card_number")
_ACCEPTED_ONLY = {
    "source": pl.String(),
    **dict.fromkeys(_TEXTS, pl.String()),
    "birth_date": pl.Date(),
    "effect_date": pl.Date(),
    "months_unpaid": pl.Int64(),
    "struck_off": pl.Boolean(),
    "annual_tax_dh": pl.Int64(),
}
_NAMES = ("family_name", "given_name", "full_name")


def slices_to_store(
    reading: FileReading, size: int, *, province_code: str = ""
) -> Iterator[pl.DataFrame]:
    """One record per data row, named as the columns of `lists_row` (no id, no import), in slices.

    Accepted rows come first, then rejected, repeated and skipped ones. Rows without a place get
    that of `province_code`, the territory of whoever handed in the list. `cells` are the raw cells
    by column number, from a reading that kept its sheets as opened. What is made of a row takes
    more room than the row itself: a long file is stored without ever holding all of that.
    """
    said = _reasons_of_remarks(reading.remarks)
    outcomes = (
        (reading.rows, lambda part: _accepted(_placed(part, province_code), said)),
        (reading.rejected, _rejected),
        (reading.repeated, _repeated),
        (reading.left_out, _skipped),
    )
    for frame, records_of in outcomes:
        for start in range(0, frame.height, size):
            part = frame.slice(start, size)
            rows = records_of(part).join(
                _raw_cells(reading.opened, part),
                on=["sheet", "row"],
                how="left",
                maintain_order="left",
            )
            missing = [
                pl.lit(None, kind).alias(name)
                for name, kind in _ACCEPTED_ONLY.items()
                if name not in rows.columns
            ]
            yield _with_keys(rows.with_columns(pl.col("cells").fill_null("{}"), *missing)).rename(
                {"row": "row_number"}
            )


def _placed(rows: pl.DataFrame, province_code: str) -> pl.DataFrame:
    """Rows that name no place lie where the list comes from."""
    if not province_code:
        return rows
    placeless = pl.col("province_code").is_null()
    region = province_code.partition(".")[0]
    return rows.with_columns(
        pl.when(placeless)
        .then(pl.lit(province_code))
        .otherwise("province_code")
        .alias("province_code"),
        pl.when(placeless).then(pl.lit(region)).otherwise("region_code").alias("region_code"),
    )


def _reasons_of_remarks(remarks: pl.DataFrame) -> pl.DataFrame | None:
    """Sheet, row, and the row's remarks as items of a JSON list; None where there are none."""
    if remarks.is_empty():
        return None
    params = pl.struct("heading", "cell", "taken", "field").struct.json_encode()
    item = pl.concat_str(
        pl.lit('{"code":"'),
        "code",
        pl.lit('","params":'),
        params.str.replace_all("\\u0000", "", literal=True),
        pl.lit("}"),
    )
    items = remarks.select("sheet", "row", item.alias("said"))
    return items.group_by("sheet", "row", maintain_order=True).agg(pl.col("said").str.join(","))


def _accepted(rows: pl.DataFrame, said: pl.DataFrame | None) -> pl.DataFrame:
    rows, too_long = _within_limits(rows)
    if said is None:
        rows = rows.with_columns(pl.lit(None, pl.String).alias("said"))
    else:
        rows = rows.join(said, on=["sheet", "row"], how="left", maintain_order="left")
    too_long = pl.concat_str(pl.lit('{"code":"'), too_long, pl.lit('"}'))
    reasons = pl.concat_str("said", too_long, separator=",", ignore_nulls=True)
    return rows.with_columns(
        pl.concat_str(pl.lit("["), reasons, pl.lit("]")).alias("reasons")
    ).select(
        "sheet",
        "row",
        "source",
        *_TEXTS,
        "birth_date",
        "effect_date",
        "months_unpaid",
        "struck_off",
        "reasons",
        pl.col("annual_tax").alias("annual_tax_dh"),
        pl.lit("accepted").alias("outcome"),
    )


def _skipped(skipped: pl.DataFrame) -> pl.DataFrame:
    reasons = pl.concat_str(pl.lit('[{"code":"'), "why", pl.lit('"}]'))
    return skipped.select(
        "sheet", "row", reasons.alias("reasons"), pl.lit("skipped").alias("outcome")
    )


def _within_limits(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Expr]:
    """Numbers no table column can hold are left out of the row, with a warning on it."""
    numbers = _OWN_NUMBERS[:-1]
    long = {name: pl.col(name).str.len_chars() > _LONGEST_NUMBER for name in numbers}
    large = {
        name: pl.col(name).abs() > _LARGEST_INTEGER for name in ("annual_tax", "months_unpaid")
    }
    unusable = long | large
    lost = pl.any_horizontal(*unusable.values())
    rows = rows.with_columns(
        pl.when(lost.fill_null(value=False)).then(pl.lit("number_too_long")).alias("too_long"),
        *(
            pl.when(~bad.fill_null(value=False)).then(pl.col(n)).alias(n)
            for n, bad in unusable.items()
        ),
    )
    return rows, pl.col("too_long")


def _rejected(rejected: pl.DataFrame) -> pl.DataFrame:
    reasons = pl.concat_str(
        pl.lit('[{"code":"'), "reason", pl.lit('","params":'), "params", pl.lit("}]")
    )
    return rejected.select(
        "sheet", "row", reasons.alias("reasons"), pl.lit("rejected").alias("outcome")
    )


def _repeated(repeated: pl.DataFrame) -> pl.DataFrame:
    reasons = pl.concat_str(
        pl.lit('[{"code":"repeats_row","params":{"first_row":'), "first_row", pl.lit("}}]")
    )
    return repeated.select(
        "sheet", "row", reasons.alias("reasons"), pl.lit("repeated").alias("outcome")
    )


def _raw_cells(opened: tuple[RawSheet, ...], part: pl.DataFrame) -> pl.DataFrame:
    """The cells around the rows of a slice as JSON; NUL characters, which no database takes, out.

    The rows of a sheet stand in their order.
    """
    rows_of = {str(sheet): rows["row"] for (sheet,), rows in part.group_by("sheet")}
    parts = [
        _cells_of(sheet, rows_of[sheet.name]).select(
            pl.lit(sheet.name).alias("sheet"),
            "row",
            pl.struct(pl.col(sheet.columns).str.replace_all("\x00", "", literal=True))
            .struct.json_encode()
            .alias("cells"),
        )
        for sheet in opened
        if sheet.columns and sheet.name in rows_of
    ]
    return pl.concat(parts)


def _cells_of(sheet: RawSheet, rows: pl.Series) -> pl.DataFrame:
    ends = pl.Series([rows.min(), rows.max()], dtype=rows.dtype) + pl.Series([0, 1])
    start, end = sheet.cells["row"].search_sorted(ends)
    return sheet.cells.slice(start, end - start).join(rows.to_frame(), on="row", how="semi")


def _with_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """The keys of the name, and the key by which the same row is known when it comes again."""
    rows = with_name_keys(rows)
    return rows.with_columns(_content_key().alias("content_key")).drop("source")


def with_name_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `name_keys` and `name_key` of their names, as they are stored."""
    keys = [_keys_of(rows[name]).alias(f"{name}_keys") for name in _NAMES]
    every = pl.concat_list(f"{name}_keys" for name in _NAMES)
    rows = rows.with_columns(keys).with_columns(every.alias("name_keys"))
    return rows.with_columns(
        pl.col("name_keys").list.sort().list.join(" ").alias("name_key"),
        pl.col("name_keys").list.unique(maintain_order=True),
    ).drop(f"{name}_keys" for name in _NAMES)


def content_key_again() -> pl.Expr:
    """The `content_key` of a stored row under its new `name_key`; one by a number stays."""
    parts = pl.col("content_key").str.splitn("|", 3).struct
    by_name = pl.concat_str(
        parts.field("field_0"), "name_key", parts.field("field_2"), separator="|", ignore_nulls=True
    )
    by_number = parts.field("field_1").is_in(_OWN_NUMBERS)
    kept = pl.when(by_number).then("content_key").otherwise(by_name)
    return pl.when(pl.col("content_key") != "").then(kept)


def _keys_of(names: pl.Series) -> pl.Series:
    """The keys of each name; each distinct name is read once."""
    distinct = names.drop_nulls().unique()
    keys = pl.Series([list(_keys_of_name(name)) for name in distinct], dtype=pl.List(pl.String))
    table = pl.DataFrame({"name": distinct, "keys": keys})
    found = names.to_frame("name").join(table, on="name", how="left", maintain_order="left")
    return found["keys"].fill_null(pl.lit([], dtype=pl.List(pl.String)))


# The slices of a list share most of their names.
_keys_of_name = lru_cache(maxsize=100_000)(name_keys)


def _content_key() -> pl.Expr:
    numbers = [pl.concat_str("source", pl.lit(n), n, separator="|") for n in _OWN_NUMBERS]
    by_name = pl.concat_str(
        "source",
        "name_key",
        pl.col("birth_date").cast(pl.String),
        "phone",
        separator="|",
        ignore_nulls=True,
    )
    accepted = pl.col("outcome") == "accepted"
    return pl.when(accepted).then(pl.coalesce(*numbers, by_name))
