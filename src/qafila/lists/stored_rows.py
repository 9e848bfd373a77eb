"""From what was read in a file to the rows of the table, accepted, rejected and repeated alike."""

from __future__ import annotations

import polars as pl

from qafila.linkage.names import name_keys
from qafila.lists.reading import FileReading
from qafila.lists.reading.raw_sheet import RawSheet

_TEXTS = (
    "family_name", "given_name", "full_name", "sex", "birth_precision", "card_number", "phone",
    "fund_number", "register_number", "tax_number", "ae_number", "place_text", "commune_code",
    "province_code", "region_code", "trade_text", "category", "notes",
)  # fmt: skip
_LONGEST_NUMBER = 20
_LARGEST_INTEGER = 2**31 - 1
# What a list knows a person by, the surest first: its own numbers, then the card number.
_OWN_NUMBERS = ("register_number", "fund_number", "tax_number", "ae_number", "card_number")
_NAMES = ("family_name", "given_name", "full_name")


def rows_to_store(reading: FileReading) -> pl.DataFrame:
    """One record per data row, named as the columns of `lists_row` (without id and import).

    Accepted rows come first, then rejected, then repeated ones; `cells` are the raw cells by
    column number, from a reading that kept its sheets as opened.
    """
    rows = pl.concat(
        [_accepted(reading.rows), _rejected(reading), _repeated(reading)], how="diagonal"
    )
    rows = rows.join(
        _raw_cells(reading.opened), on=["sheet", "row"], how="left", maintain_order="left"
    )
    return _with_keys(rows.with_columns(pl.col("cells").fill_null("{}"))).rename(
        {"row": "row_number"}
    )


def _accepted(rows: pl.DataFrame) -> pl.DataFrame:
    rows, too_long = _within_limits(rows)
    code = pl.concat_str(pl.lit('{"code":"'), pl.element(), pl.lit('"}'))
    warnings = pl.concat_list("warnings", too_long).list.drop_nulls()
    return rows.with_columns(
        pl.concat_str(
            pl.lit("["), warnings.list.eval(code).list.join(","), pl.lit("]")
        ).alias("reasons")
    ).select(
        "sheet", "row", "source", *_TEXTS, "birth_date", "effect_date", "months_unpaid",
        "struck_off", "reasons",
        pl.col("annual_tax").alias("annual_tax_dh"),
        pl.lit("accepted").alias("outcome"),
    )  # fmt: skip


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
        *(pl.when(~bad.fill_null(value=False)).then(pl.col(n)).alias(n)
          for n, bad in unusable.items()),
    )  # fmt: skip
    return rows, pl.col("too_long")


def _rejected(reading: FileReading) -> pl.DataFrame:
    reasons = pl.concat_str(
        pl.lit('[{"code":"'), "reason", pl.lit('","params":'), "params", pl.lit("}]")
    )
    return reading.rejected.select(
        "sheet", "row", reasons.alias("reasons"), pl.lit("rejected").alias("outcome")
    )


def _repeated(reading: FileReading) -> pl.DataFrame:
    reasons = pl.concat_str(
        pl.lit('[{"code":"repeats_row","params":{"first_row":'), "first_row", pl.lit("}}]")
    )
    return reading.repeated.select(
        "sheet", "row", reasons.alias("reasons"), pl.lit("repeated").alias("outcome")
    )


def _raw_cells(opened: tuple[RawSheet, ...]) -> pl.DataFrame:
    """The cells of every filled row as JSON; NUL characters, which no database takes, left out."""
    parts = [
        sheet.cells.select(
            pl.lit(sheet.name).alias("sheet"),
            "row",
            pl.struct(pl.col(sheet.columns).str.replace_all("\x00", "", literal=True))
            .struct.json_encode()
            .alias("cells"),
        )
        for sheet in opened
        if sheet.columns
    ]
    return pl.concat(parts)


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


def content_key_anew() -> pl.Expr:
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
    keys = pl.Series([list(name_keys(name)) for name in distinct], dtype=pl.List(pl.String))
    table = pl.DataFrame({"name": distinct, "keys": keys})
    found = names.to_frame("name").join(table, on="name", how="left", maintain_order="left")
    return found["keys"].fill_null(pl.lit([], dtype=pl.List(pl.String)))


def _content_key() -> pl.Expr:
    numbers = [pl.concat_str("source", pl.lit(n), n, separator="|") for n in _OWN_NUMBERS]
    by_name = pl.concat_str(
        "source", "name_key", pl.col("birth_date").cast(pl.String), "phone",
        separator="|", ignore_nulls=True,
    )  # fmt: skip
    accepted = pl.col("outcome") == "accepted"
    return pl.when(accepted).then(pl.coalesce(*numbers, by_name))
