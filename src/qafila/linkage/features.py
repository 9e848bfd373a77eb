"""From the rows of lists to the columns the model compares.

Each distinct name, place and trade is read once, whatever the number of rows.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from qafila.linkage.names.name_keys import name_keys
from qafila.linkage.names.name_order import NameRoles
from qafila.linkage.names.name_words import NameWord, name_words
from qafila.linkage.names.transliteration import fold_text
from qafila.linkage.values.trades import craft_of

ROW_ID = ("file", "sheet", "row")
_SEED = 5

_TEXT_COLUMNS = (
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
    "province_text",
    "trade_text",
)

# Arabic letters one for one in ASCII, so that edit distances in SQL count letters, not bytes.
_ARABIC_TO_ASCII = str.maketrans(
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويءؤئگڭڤپ", "AbtvjHxdVrzs$SDTZEgfqklmnhwy'WYGGFP"
)

PARTS = {
    "family_sound": pl.String,
    "family_key": pl.String,
    "family_spelling": pl.String,
    "family_letters": pl.Int64,
    "given_sound": pl.String,
    "given_key": pl.String,
    "given_spelling": pl.String,
    "given_letters": pl.Int64,
    "family_core": pl.String,
    "given_first": pl.String,
    "given_end": pl.String,
    "name_key": pl.Int64,
    "name_arabic": pl.Boolean,
    "family_words": pl.String,
    "given_words": pl.String,
}


def comparison_columns(rows: pl.DataFrame) -> pl.DataFrame:
    """One record per row, in the same order, with `uid` (0-based) and the compared columns."""
    absent = [
        pl.lit(None, pl.String).alias(name) for name in _TEXT_COLUMNS if name not in rows.columns
    ]
    dates = [] if "birth_date" in rows.columns else [pl.lit(None, pl.Date).alias("birth_date")]
    frame = rows.with_columns(absent + dates).with_row_index("uid").cast({"uid": pl.Int64})
    frame = frame.with_columns(pl.col(name).cast(pl.String) for name in _TEXT_COLUMNS)
    with ThreadPoolExecutor(max_workers=1) as beside:
        others = beside.submit(lambda: _with_blocking_columns(_with_plain_columns(frame)))
        names = _names_of_rows(frame)
    return others.result().hstack(names).select(*_kept_columns())


def _with_blocking_columns(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        card_letters=_order_free(frame["card_number"]),
        card_head=pl.col("card_number").str.slice(0, 4),
        card_tail=pl.col("card_number").str.slice(-3),
    )


def _order_free(values: pl.Series) -> pl.Series:
    """A number for each value that is the same for its characters in any order."""
    longest = values.str.len_chars().max()
    places = range(longest if isinstance(longest, int) else 0)
    numbers = [values.str.slice(place, 1).hash(_SEED) // 64 for place in places]
    total = sum(numbers, pl.zeros(len(values), pl.UInt64, eager=True))
    return pl.select(pl.when(values.is_not_null()).then(total.reinterpret(signed=True))).to_series()


def _kept_columns() -> list[str]:
    return [
        "uid",
        *ROW_ID,
        *PARTS,
        "card_number",
        "phone",
        "fund_number",
        "register_number",
        "tax_number",
        "ae_number",
        "birth_day",
        "birth_exchanged",
        "birth_year",
        "birth_exact",
        "first_january",
        "sex",
        "place_key",
        "place",
        "province",
        "craft",
        "card_letters",
        "card_head",
        "card_tail",
    ]


def _names_of_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """PARTS of each row: each distinct family, given and full name is read once."""
    named = frame.with_columns(pl.col(*_SIDES.values()).replace("", None))
    apart = pl.any_horizontal(pl.col(*_SIDES.values()).is_not_null())
    full = _FULL + pl.col("full_name").fill_null("")
    texts = named.select(
        *_SIDES.values(),
        *(
            pl.when(apart).then(pl.col(column)).otherwise(full).alias(side)
            for side, column in _SIDES.items()
        ),
    )
    cuts = _cut_full_names(texts)
    found = []
    for side in _SIDES:
        values = texts[side].unique().drop_nulls().sort().to_list()
        words = [cuts[text][side] if text in cuts else name_words(text) for text in values]
        table = _side_table(side, values, words)
        parts = texts.select(side).join(table, on=side, how="left", maintain_order="left")
        found.append(parts.drop(side))
    return pl.concat(found, how="horizontal").with_columns(*_parts_of_both_sides()).select(*PARTS)


_SIDES = {"family": "family_name", "given": "given_name"}
_FULL = "\0"
"""Begins the text of a name written in one column, which no name begins with."""


def _cut_full_names(texts: pl.DataFrame) -> dict[str, dict[str, Sequence[NameWord]]]:
    """Family and given words of the names in one column, as the lists with two columns teach."""
    whole = texts["family"].unique().drop_nulls().sort()
    whole = whole.filter(whole.str.starts_with(_FULL))
    roles = NameRoles() if not len(whole) else _learn_roles(texts)
    cuts = ((text, roles.split(name_words(text.removeprefix(_FULL)))) for text in whole)
    return {text: dict(zip(_SIDES, sides, strict=True)) for text, sides in cuts}


def _learn_roles(texts: pl.DataFrame) -> NameRoles:
    roles = NameRoles()
    both = texts.drop_nulls(list(_SIDES.values()))
    for text, times in both.group_by("family_name").len().iter_rows():
        roles.learn(name_words(text), (), times)
    for text, times in both.group_by("given_name").len().iter_rows():
        roles.learn((), name_words(text), times)
    return roles


_READ = {
    "sound": pl.String,
    "keys": pl.String,
    "spelling": pl.String,
    "end": pl.String,
    "arabic": pl.Boolean,
    "words": pl.String,
}
_Read = tuple[str, str, str, str, bool | None, str]


def _side_table(side: str, values: list[str], words: list[Sequence[NameWord]]) -> pl.DataFrame:
    """The parts of each text of one side of a name, in columns that begin with the side."""
    read = zip(*map(_read_words, words), strict=True) if words else ([] for _ in _READ)
    columns = zip(_READ.items(), read, strict=True)
    table = pl.DataFrame([pl.Series(name, list(one), kind) for (name, kind), one in columns])
    table = table.with_columns(pl.col(pl.String).replace("", None))
    key = pl.col("keys").str.replace_all(" ", "", literal=True)
    return (
        table.with_columns(
            pl.col("sound").str.replace_all("e", "a").str.replace_all("aa", "a"),
            key=key,
            core=_core(key),
            first=pl.col("keys").str.split(" ").list.first(),
            letters=_order_free(table["spelling"]),
            number=_order_free_sum(pl.col("keys").str.split(" ")),
        )
        .drop("keys")
        .select(pl.Series(side, values, pl.String), pl.all().name.prefix(f"{side}_"))
    )


def _read_words(words: Sequence[NameWord]) -> _Read:
    """What `_READ` names, for the words of one side of a name; the keys are parted by spaces."""
    if len(words) == 1:
        word = words[0]
        return (
            word.sound,
            word.key,
            _spelling(word.text),
            _ending(word),
            word.arabic,
            word.written,
        )
    return (
        "".join(word.sound for word in words),
        " ".join(word.key for word in words if word.key),
        _spelling("".join(word.text for word in words)),
        _ending(words[-1]) if words else "y",
        words[0].arabic if words else None,
        " ".join(word.written for word in words),
    )


def _parts_of_both_sides() -> list[pl.Expr]:
    """The columns of PARTS that ask for more than one side."""
    key = pl.sum_horizontal(f"{side}_number" for side in _SIDES)
    return [
        pl.col("given_end").fill_null("y"),
        pl.when(key != 0).then(key).alias("name_key"),
        pl.coalesce("family_arabic", "given_arabic").alias("name_arabic"),
    ]


def _core(key: pl.Expr) -> pl.Expr:
    """The key without an elided article or first vowel: لعروسي and العروسي give RS."""
    length = key.str.len_chars()
    bare = key.str.strip_prefix("L").str.strip_chars_start("AWY")
    core = (
        pl.when(key.str.starts_with("AL") & (length > 4))
        .then(key.str.slice(2))
        .when((length > 2) & (bare != ""))
        .then(bare)
    )
    return core.otherwise(key)


def _order_free_sum(words: pl.Expr) -> pl.Expr:
    """A number for the keys of a name that is the same for them in any order."""
    numbers = words.list.eval(pl.element().hash(_SEED) // 2**16)
    return numbers.list.sum().cast(pl.Int64)


def _spelling(text: str) -> str:
    """The text in ASCII, one character for one."""
    if text.isascii():
        return text
    return text.translate(_ARABIC_TO_ASCII).encode("ascii", "replace").decode("ascii")


def _ending(word: NameWord) -> str:
    """The last vowel: a is feminine; ى and ي are exchanged in Arabic, so they are y (open)."""
    if word.arabic and word.text[-1:] in ("ي", "ى"):
        return "y"
    return "a" if word.sound.endswith("a") else "-"


def _with_plain_columns(frame: pl.DataFrame) -> pl.DataFrame:
    day = pl.col("birth_precision").fill_null("day") == "day"
    known = pl.col("birth_date").is_not_null()
    date = pl.when(day).then(pl.col("birth_date"))
    return frame.with_columns(
        birth_day=date.dt.to_string("%Y-%m-%d"),
        birth_exchanged=date.dt.to_string("%Y-%d-%m"),
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
