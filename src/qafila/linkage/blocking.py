"""Which rows are compared at all: those that share a block, and no block is large.

Two rows share a block when they agree in all columns of a rule. As lists grow, so do the rows of
a common name, of a village or of a cooperative's telephone, and comparing all of them with each
other would cost the square of their number. So a block of more than its rule's limit is split by
further columns: two of its rows are compared when one more agrees (year of birth, place, the other
name …), or two more where one still leaves too many. This loses little that could be linked: the
more rows share a value, the less agreeing in it says, and the more a pair must agree in besides.
Only what agrees in everything stays large (one row copied hundreds of times); there each row is
compared with its neighbours in the order of the rows, so that copies still become one person.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

FURTHER_COLUMNS = ("birth_year", "place", "family_core", "given_first", "craft")
"""What splits a large block, in this order; columns of the rule itself are passed over."""

_MOST_ROWS = 8
_MOST_ROWS_OF_ONE = 50
_SPLITS = 2
_COPIES = ("name_key", "birth_day", "card_number", "phone", "place", "craft")
_SEED = 17
_ROWS = 1 << 32
_MULTIPLIER = 0x9E3779B97F4A7C15


@dataclass(frozen=True, slots=True)
class BlockingRule:
    """Columns that must all agree; `of_one_person` when a person alone should hold the value."""

    columns: tuple[str, ...]
    of_one_person: bool = False

    @property
    def most_rows(self) -> int:
        """From more rows than this on, a block is split."""
        return _MOST_ROWS_OF_ONE if self.of_one_person else _MOST_ROWS


BLOCKING: tuple[BlockingRule, ...] = (
    BlockingRule(("card_number",), of_one_person=True),
    BlockingRule(("fund_number",), of_one_person=True),
    BlockingRule(("register_number",), of_one_person=True),
    BlockingRule(("tax_number",), of_one_person=True),
    BlockingRule(("ae_number",), of_one_person=True),
    BlockingRule(("card_head", "given_first")),
    BlockingRule(("card_head", "family_core")),
    BlockingRule(("card_tail", "given_first")),
    BlockingRule(("card_tail", "family_core")),
    BlockingRule(("name_key",)),
    BlockingRule(("phone", "given_first")),
    BlockingRule(("phone", "family_key")),
    BlockingRule(("phone", "birth_year")),
    BlockingRule(("birth_exact", "given_key")),
    BlockingRule(("birth_exact", "family_core")),
    BlockingRule(("given_key", "place", "birth_year")),
    BlockingRule(("family_core", "place", "birth_year")),
    BlockingRule(("family_core", "place", "craft")),
    BlockingRule(("given_key", "place", "craft")),
)
"""Two rows are compared when all columns of one of these agree, and more in large blocks."""


def pairs_of_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """uid_l and uid_r of the rows to compare: each two rows that share a block, once, in order.

    `frame` holds the compared columns in the rows' order.
    """
    pairs = [pair for part in _parts(frame) for pair in _neighbouring(part)]
    keys = pl.concat(pairs).unique().sort() if pairs else pl.Series(dtype=pl.UInt64)
    return pl.DataFrame({"key": keys}).select(
        uid_l=(pl.col("key") // _ROWS).cast(pl.Int64), uid_r=(pl.col("key") % _ROWS).cast(pl.Int64)
    )


def _neighbouring(part: pl.DataFrame) -> Iterator[pl.Series]:
    """The pairs of a part as numbers: rows one place apart in a block, then two, then three …"""
    block, uid = part["block"], part["uid"].cast(pl.UInt64)
    for apart in range(1, part.height):
        shared = block.slice(0, part.height - apart) == block.slice(apart)
        if not shared.any():
            return
        left, right = uid.slice(0, part.height - apart), uid.slice(apart)
        yield left.filter(shared) * _ROWS + right.filter(shared)


def blocks_of_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """uid and block (a number) of every row that shares a block with another; a row is in several.

    `frame` holds the compared columns in the rows' order.
    """
    blocks = pl.concat(list(_parts(frame)))
    return blocks.with_columns(pl.col("block").reinterpret(signed=True))


def _parts(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """uid and block of rows, those of a block together and in the rows' order."""
    rules = (name for rule in BLOCKING for name in rule.columns)
    names = dict.fromkeys([*rules, *FURTHER_COLUMNS, *_COPIES])
    hashed = frame.select("uid", *(_hashed(name) for name in names))
    for number, rule in enumerate(BLOCKING, 1):
        yield from _blocks(hashed, number, rule)
    yield from _copies(hashed)


def _hashed(name: str) -> pl.Expr:
    return pl.when(pl.col(name).is_not_null()).then(pl.col(name).hash(_SEED)).alias(name)


def _blocks(hashed: pl.DataFrame, number: int, rule: BlockingRule) -> Iterator[pl.DataFrame]:
    further = [name for name in FURTHER_COLUMNS if name not in rule.columns]
    rows = hashed.drop_nulls(rule.columns).select("uid", block=_combined(number, rule.columns))
    yield from _split(rows, hashed.select(further), rule, _SPLITS)


def _combined(number: int, columns: Iterable[str]) -> pl.Expr:
    block = pl.lit(number, pl.UInt64)
    for name in columns:
        block = block * _MULTIPLIER + pl.col(name)
    return block


def _split(
    rows: pl.DataFrame, further: pl.DataFrame, rule: BlockingRule, splits: int
) -> Iterator[pl.DataFrame]:
    """Blocks small enough; large ones are split by each of the further columns in turn.

    `further` holds its columns for all rows, so that uid is the place of a row in them.
    """
    rows = _together(rows).with_columns(size=pl.len().over("block"))
    yield rows.filter(pl.col("size") <= rule.most_rows).select("uid", "block")
    large = rows.filter(pl.col("size") > rule.most_rows).drop("size")
    if large.is_empty():
        return
    if not splits:
        if rule.of_one_person:
            yield from _neighbours(large, rule.most_rows)
        return
    for place, name in enumerate(further.columns):
        finer = (pl.col("block") + place + 1) * _MULTIPLIER + pl.col("value")
        parts = large.with_columns(value=further[name].gather(large["uid"])).drop_nulls("value")
        if parts.is_empty():
            continue
        later = further.select(further.columns[place + 1 :])
        yield from _split(parts.select("uid", block=finer), later, rule, splits - 1)


def _together(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that share a block with another, those of a block side by side, in their order."""
    shared = rows.filter(pl.col("block").is_duplicated())
    return shared.sort("block", maintain_order=True)


def _copies(hashed: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Blocks of rows that say the same throughout, however many they are."""
    rows = hashed.drop_nulls("name_key").with_columns(pl.col(_COPIES).fill_null(0))
    rows = _together(rows.select("uid", block=_combined(0, _COPIES)))
    large = rows.filter(pl.len().over("block") > _MOST_ROWS)
    yield from _neighbours(large, _MOST_ROWS)


def _neighbours(large: pl.DataFrame, most_rows: int) -> Iterator[pl.DataFrame]:
    """Two overlapping cuts of each block into stretches of neighbours."""
    place = pl.int_range(pl.len()).over("block")
    for number, shift in enumerate((0, most_rows // 2), 1):
        stretch = ((place + shift) // most_rows).cast(pl.UInt64) * 2 + number
        yield large.select("uid", block=(pl.col("block") + stretch) * _MULTIPLIER)
