"""Rows held to be one person that today's rules would hold to be two."""

import polars as pl

from qafila.linkage.engines import levels_of_pairs
from qafila.linkage.evidence import EVIDENCE, shown_values, with_evidence
from qafila.linkage.features import ROW_ID, comparison_columns
from qafila.linkage.model import Chances, published_chances, with_rarity
from qafila.linkage.two_people import CARD_OF_TWO, CARDS_DIFFER, SETTLED, TWO_GIVEN_NAMES, with_bars

_CODES = (SETTLED, CARDS_DIFFER, CARD_OF_TWO, TWO_GIVEN_NAMES)


def doubtful_pairs(rows: pl.DataFrame, chances: Chances | None = None) -> pl.DataFrame:
    """The pairs of rows of one `person` that the machine would not join today.

    `rows` in the row contract with `row_id` and `person`. Columns: left_id, right_id (row_id),
    evidence (see `evidence`). A doubtful spelling alone puts nobody asunder.
    """
    rows = rows.sort(ROW_ID)
    columns = with_rarity(comparison_columns(rows))
    persons = columns.select("uid", person=rows["person"])
    pairs = persons.join(persons, on="person", suffix="_r").filter(pl.col("uid") < pl.col("uid_r"))
    barred = with_bars(columns, pairs.select(uid_l="uid", uid_r="uid_r"))
    found = barred.filter(
        pl.col("bar").is_in(_CODES),
        (pl.col("bar") != TWO_GIVEN_NAMES) | (pl.col("verdict") == "apart"),
    ).sort("uid_l", "uid_r")
    levels = levels_of_pairs(columns, found)
    explained = with_evidence(levels, shown_values(rows, columns), chances or published_chances())
    return explained.select(
        left_id=rows["row_id"].gather(found["uid_l"]),
        right_id=rows["row_id"].gather(found["uid_r"]),
        evidence=_led_by(found["bar"], explained),
    )


def _led_by(bars: pl.Series, explained: pl.DataFrame) -> pl.Series:
    """The evidence behind the reason why the two rows would not be joined."""
    cards_differ = pl.col("evidence").list.eval(
        pl.element().struct.field("code").is_in(["card_differs", "card_one_error"])
    )
    settled = pl.when(cards_differ.list.any()).then(pl.lit(CARDS_DIFFER))
    code = pl.when(pl.col("bar") == SETTLED).then(settled.otherwise(pl.lit(TWO_GIVEN_NAMES)))
    nothing = pl.struct(
        left=pl.lit(None, pl.String), right=pl.lit(None, pl.String), shared=pl.lit(None, pl.Int64)
    )
    lead = pl.struct(code=code.otherwise("bar"), params=nothing, weight=pl.lit(None, pl.Float64))
    led = pl.concat_list(pl.concat_list([lead]).cast(EVIDENCE), pl.col("evidence").cast(EVIDENCE))
    return explained.with_columns(bar=bars).select(evidence=led)["evidence"]
