"""From the rows of lists to the columns the model compares.

Each distinct name, place and trade is read once, whatever the number of rows.
"""

from collections.abc import Callable

import polars as pl

from qafila.linkage.letters import fold_text
from qafila.linkage.name_keys import name_keys
from qafila.linkage.name_words import NameWord, name_words
from qafila.linkage.orientation import NameRoles
from qafila.linkage.trades import craft_of

ROW_ID = ("file", "sheet", "row")

_TEXT_COLUMNS = (
    "family_name", "given_name", "full_name", "sex", "birth_precision", "card_number", "phone",
    "fund_number", "register_number", "tax_number", "ae_number", "place_text", "commune_code",
    "province_code", "province_text", "trade_text",
)  # fmt: skip

# Arabic letters one for one in ASCII, so that edit distances in SQL count letters, not bytes.
_ARABIC_TO_ASCII = str.maketrans(
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويءؤئگڭڤپ", "AbtvjHxdVrzs$SDTZEgfqklmnhwy'WYGGFP"
)

PARTS = {
    "family_sound": pl.String, "family_key": pl.String, "family_spelling": pl.String,
    "family_letters": pl.String, "given_sound": pl.String, "given_key": pl.String,
    "given_spelling": pl.String, "given_letters": pl.String,
    "family_core": pl.String, "given_first": pl.String,
    "given_end": pl.String, "name_key": pl.String,
    "name_arabic": pl.Boolean,
}  # fmt: skip


def comparison_columns(rows: pl.DataFrame) -> pl.DataFrame:
    """One record per row, in the same order, with `uid` (0-based) and the compared columns."""
    absent = [
        pl.lit(None, pl.String).alias(name) for name in _TEXT_COLUMNS if name not in rows.columns
    ]
    dates = [] if "birth_date" in rows.columns else [pl.lit(None, pl.Date).alias("birth_date")]
    frame = rows.with_columns(absent + dates).with_row_index("uid").cast({"uid": pl.Int64})
    frame = frame.with_columns(pl.col(name).cast(pl.String) for name in _TEXT_COLUMNS)
    return _with_blocking_columns(_with_plain_columns(_with_names(frame))).select(*_kept_columns())


def _with_blocking_columns(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        card_letters=pl.col("card_number").str.split("").list.sort().list.join(""),
        card_head=pl.col("card_number").str.slice(0, 4),
        card_tail=pl.col("card_number").str.slice(-3),
    )


def _kept_columns() -> list[str]:
    return [
        "uid", *ROW_ID, *PARTS, "card_number", "phone", "fund_number", "register_number",
        "tax_number", "ae_number", "birth_day", "birth_exchanged", "birth_month", "birth_year",
        "birth_exact", "first_january", "sex", "place_key", "place", "province",
        "craft", "card_letters", "card_head", "card_tail",
    ]  # fmt: skip


def _with_names(frame: pl.DataFrame) -> pl.DataFrame:
    columns = ["family_name", "given_name", "full_name"]
    names = frame.group_by(columns).len("times").sort(columns)
    roles = _learn_roles(names)
    parts = [_name_parts(roles, *record[:3]) for record in names.iter_rows()]
    table = pl.DataFrame(parts, schema=PARTS, orient="row")
    joined = pl.concat([names.drop("times"), table], how="horizontal")
    return frame.join(joined, on=columns, how="left", nulls_equal=True, maintain_order="left")


def _learn_roles(names: pl.DataFrame) -> NameRoles:
    roles = NameRoles()
    for family, given, _, times in names.iter_rows():
        if family and given:
            roles.learn(name_words(family), name_words(given), times)
    return roles


def _name_parts(
    roles: NameRoles, family: str | None, given: str | None, full: str | None
) -> tuple[object, ...]:
    if family or given:
        families, givens = list(name_words(family or "")), list(name_words(given or ""))
    else:
        families, givens = roles.split(name_words(full or ""))
    words = families + givens
    keys = " ".join(sorted(word.key for word in words if word.key)) or None
    arabic = words[0].arabic if words else None
    first = givens[0].key if givens else None
    read = (*_joined(families), *_joined(givens), _core(families), first)
    return (*read, _ending(givens), keys, arabic)


def _core(words: list[NameWord]) -> str | None:
    """The key without an elided article or first vowel: لعروسي and العروسي give RS."""
    key = "".join(word.key for word in words)
    core = key.removeprefix("L").lstrip("AWY") if len(key) > 2 else key
    return core or key or None


def _joined(words: list[NameWord]) -> tuple[str | None, str | None, str | None, str | None]:
    """Sound, key, ASCII spelling and sorted letters of several words run together."""
    sound = "".join(word.sound for word in words).replace("e", "a").replace("aa", "a")
    key = "".join(word.key for word in words)
    spelling = _ascii("".join(word.text for word in words).translate(_ARABIC_TO_ASCII))
    return sound or None, key or None, spelling or None, "".join(sorted(spelling)) or None


def _ascii(text: str) -> str:
    return "".join(letter if letter.isascii() else "?" for letter in text)


def _ending(words: list[NameWord]) -> str:
    """The last vowel: a is feminine; ى and ي are exchanged in Arabic, so they are y (open)."""
    if not words:
        return "y"
    last = words[-1]
    if last.arabic and last.text[-1:] in ("ي", "ى"):
        return "y"
    return "a" if last.sound.endswith("a") else "-"


def _with_plain_columns(frame: pl.DataFrame) -> pl.DataFrame:
    day = pl.col("birth_precision").fill_null("day") == "day"
    known = pl.col("birth_date").is_not_null()
    date = pl.when(day).then(pl.col("birth_date"))
    return frame.with_columns(
        birth_day=date.dt.to_string("%Y-%m-%d"),
        birth_exchanged=date.dt.to_string("%Y-%d-%m"),
        birth_month=date.dt.to_string("%Y-%m"),
        birth_year=pl.when(known).then(pl.col("birth_date").dt.year()).cast(pl.Int64),
        first_january=(date.dt.ordinal_day() == 1).fill_null(value=False),
        birth_exact=pl.when(date.dt.ordinal_day() != 1).then(date.dt.to_string("%Y-%m-%d")),
        place_key=_once_each(frame, "place_text", _place_key),
        craft=_once_each(frame, "trade_text", craft_of),
    ).with_columns(
        place=pl.coalesce("commune_code", "place_key"),
        province=pl.coalesce("province_code", _once_each(frame, "province_text", _place_key)),
    )


def _place_key(text: str) -> str | None:
    return "".join(name_keys(text)) or fold_text(text).strip() or None


def _once_each(frame: pl.DataFrame, column: str, read: Callable[[str], str | None]) -> pl.Series:
    """Apply `read` to the distinct values of a column."""
    values = frame[column].unique().drop_nulls().sort()
    read_values = pl.Series([read(value) for value in values], dtype=pl.String)
    mapping = pl.DataFrame({column: values, "read": read_values})
    return frame.select(column).join(mapping, on=column, how="left", maintain_order="left")["read"]
