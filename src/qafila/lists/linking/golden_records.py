"""What the rows of lists, taken together, say of each person."""

from __future__ import annotations

import polars as pl

from qafila.people.add_from_lists import PERSON_SCHEMA
from qafila.people.name_keys import index_keys_of

ARABIC = r"\p{Arabic}"
_PRECISIONS = {"year": 1, "month": 2, "day": 3}
_NAMES = ("family_name", "given_name", "full_name")
_NUMBERS = {
    "card": "card_number",
    "fund": "fund_number",
    "register": "register_number",
    "tax": "tax_number",
    "auto_entrepreneur": "ae_number",
}


def portraits(rows: pl.DataFrame) -> pl.DataFrame:
    """One record per `person` of `rows` (canonical columns and `person`), by person ascending.

    Columns of PERSON_SCHEMA and `person`. Names per script: apart before joined, then the most
    frequent spelling, then the longest. Birth date: the most precise, then the most frequent.
    Everything else: the most frequent. Ties go to the value first in alphabetical order.
    """
    people = rows.select("person").unique().sort("person")
    parts = [
        _names(rows, arabic=True, script="ar"),
        _names(rows, arabic=False, script="latn"),
        _keys(rows),
        _most_frequent(rows, ["sex"]),
        _birth(rows),
        _most_frequent(rows, ["card_number"]),
        _place(rows),
    ]
    for part in parts:
        people = people.join(part, on="person", how="left", maintain_order="left")
    return people.select("person", *PERSON_SCHEMA.names())


def numbers_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Every number the rows know their `person` by: person, kind, value."""
    parts = [
        rows.select("person", pl.lit(kind).alias("kind"), pl.col(column).alias("value"))
        for kind, column in _NUMBERS.items()
    ]
    return pl.concat(parts).drop_nulls().unique().sort("person", "kind", "value")


def phones_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Every phone of the rows: person, number."""
    phones = rows.select("person", pl.col("phone").alias("number")).drop_nulls()
    return phones.unique().sort("person", "number")


def _most_frequent(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    counted = rows.select("person", *columns).drop_nulls().group_by("person", *columns).len("times")
    best = counted.sort(
        ["person", "times", *columns], descending=[False, True, *[False] * len(columns)]
    )
    return best.unique("person", keep="first", maintain_order=True).drop("times")


def _birth(rows: pl.DataFrame) -> pl.DataFrame:
    columns = ["person", "birth_date", "birth_precision"]
    known = rows.select(columns).drop_nulls().group_by(columns).len("times")
    ranked = known.with_columns(
        pl.col("birth_precision").replace_strict(_PRECISIONS, default=0).alias("precision")
    ).sort("person", "precision", "times", "birth_date", descending=[False, True, True, False])
    best = ranked.unique("person", keep="first", maintain_order=True)
    return best.select(columns)


def _place(rows: pl.DataFrame) -> pl.DataFrame:
    """The most frequent commune with its province; else the most frequent province."""
    places = rows.select(
        "person",
        pl.col("commune_code").alias("commune_id"),
        pl.col("province_code").alias("province_id"),
        "region_code",
    )
    counted = (
        places.filter(pl.col("province_id").is_not_null())
        .group_by(places.columns)
        .len("times")
        .with_columns(pl.col("commune_id").is_not_null().alias("exact"))
        .sort(
            "person",
            "exact",
            "times",
            "commune_id",
            "province_id",
            descending=[False, True, True, False, False],
        )
    )
    return counted.unique("person", keep="first", maintain_order=True).select(places.columns)


def _names(rows: pl.DataFrame, *, arabic: bool, script: str) -> pl.DataFrame:
    names = rows.select("person", *_NAMES).with_columns(
        pl.coalesce(
            "full_name",
            pl.concat_str("given_name", "family_name", separator=" ", ignore_nulls=True),
        ).alias("shown"),
    )
    names = names.filter(pl.col("shown").str.contains(ARABIC) == arabic)
    counted = names.group_by("person", *_NAMES, "shown").len("times")
    apart = pl.col("family_name").is_not_null() & pl.col("given_name").is_not_null()
    ranked = counted.with_columns(
        apart.alias("apart"), pl.col("shown").str.len_chars().alias("letters")
    ).sort(
        "person",
        "apart",
        "times",
        "letters",
        "shown",
        "family_name",
        descending=[False, True, True, True, False, False],
    )
    best = ranked.unique("person", keep="first", maintain_order=True)
    return best.select(
        "person",
        pl.col("shown").alias(f"full_name_{script}"),
        pl.col("family_name").alias(f"family_name_{script}"),
        pl.col("given_name").alias(f"given_name_{script}"),
    )


def _keys(rows: pl.DataFrame) -> pl.DataFrame:
    """The keys by which the person is found, of every spelling in the rows."""
    written = pl.concat([rows.select("person", pl.col(n).alias("name")) for n in _NAMES])
    return index_keys_of(written)
