"""The sentences of :func:`evidence.link_sentence` for very many links at once, in columns.

Each code is worded once, with a mark where its values go; the values are put in by the column.
"""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext, pgettext

from qafila.lists.reconciling.evidence import MOST_REASONS, plain_fragment

_VALUES, _SHARED = "\x02", "\x03"
_PAIR = "pair"


def link_sentences(evidence: pl.Series) -> pl.Series:
    """Why the rows of each link are one person, as plain text in the language in force.

    `evidence` as linkage gives it: one list of pieces per link, strongest first.
    """
    pieces = (
        evidence.rename("evidence")
        .to_frame()
        .with_row_index(_PAIR)
        .explode("evidence")
        .unnest("evidence")
        .unnest("params")
        .filter(pl.col("code").is_not_null())
    )
    weight = pl.col("weight").fill_null(0.0)
    told = pl.int_range(evidence.len(), eager=True).cast(pl.UInt32).alias(_PAIR).to_frame()
    for name, wanted in (("reasons", weight > 0), ("against", weight < 0), ("noted", weight == 0)):
        fragments = _joined(pieces.filter(wanted)).rename({"fragment": name})
        told = told.join(fragments, on=_PAIR, how="left", maintain_order="left")
    return told.select(_sentence()).to_series()


def _sentence() -> pl.Expr:
    reasons = pl.coalesce("reasons", "noted")
    without = gettext("One person, because: %(reasons)s.") % {"reasons": _VALUES}
    doubted = gettext("One person, because: %(reasons)s; although: %(against)s.") % {
        "reasons": _VALUES,
        "against": _SHARED,
    }
    nothing = gettext("Nothing is written about why these rows are one person.")
    return (
        pl.when(reasons.is_null())
        .then(pl.lit(nothing))
        .when(pl.col("against").is_null())
        .then(_filled(without, {_VALUES: reasons}))
        .otherwise(_filled(doubted, {_VALUES: reasons, _SHARED: pl.col("against")}))
        .alias("sentence")
    )


def _filled(template: str, columns: dict[str, pl.Expr]) -> pl.Expr:
    """The template with each mark replaced by its column."""
    parts: list[pl.Expr] = []
    text = ""
    for letter in template:
        if letter in columns:
            parts += [pl.lit(text), columns[letter]]
            text = ""
        else:
            text += letter
    return pl.concat_str(*parts, pl.lit(text))


def _joined(pieces: pl.DataFrame) -> pl.DataFrame:
    """Per pair its first fragments, one behind the other."""
    rank = pl.int_range(pl.len()).over(_PAIR)
    first = pieces.filter(rank < MOST_REASONS).with_columns(
        valued=pl.col("left").is_not_null() | pl.col("right").is_not_null(),
        values=_values(),
        shared=pl.col("shared").cast(pl.String).fill_null("–"),
    )
    wording = _wording(first["code"].unique().sort().to_list())
    worded = first.join(wording, on=["code", "valued"], how="left", maintain_order="left")
    fragment = pl.concat_str(
        "begin",
        pl.when("shares").then("shared").otherwise(pl.lit("")),
        "middle",
        pl.when("quotes").then("values").otherwise(pl.lit("")),
        "end",
    ).alias("fragment")
    between = pgettext("between reasons", ", ")
    return (
        worded.select(_PAIR, fragment)
        .group_by(_PAIR, maintain_order=True)
        .agg(pl.col("fragment").str.join(between))
    )


def _wording(codes: list[str]) -> pl.DataFrame:
    """What stands before, between and behind the number shared and the values, code by code."""
    records = []
    for code in codes:
        for valued in (True, False):
            params = {"shared": _SHARED} | ({"left": _VALUES} if valued else {})
            text = plain_fragment(code, params)
            before, shares, rest = text.rpartition(_SHARED)
            middle, quotes, end = rest.partition(_VALUES)
            records.append((code, valued, before, bool(shares), middle, bool(quotes), end))
    columns = {
        "code": pl.String,
        "valued": pl.Boolean,
        "begin": pl.String,
        "shares": pl.Boolean,
        "middle": pl.String,
        "quotes": pl.Boolean,
        "end": pl.String,
    }
    return pl.DataFrame(records, schema=columns, orient="row")


def _values() -> pl.Expr:
    """Both values as written here; equal ones once."""
    left, right = _as_written_here("left"), _as_written_here("right")
    return (
        pl.when(left == right)
        .then(left)
        .otherwise(pl.concat_str(left, right, separator=" / ", ignore_nulls=True))
    )


def _as_written_here(side: str) -> pl.Expr:
    """A date or a phone as people in Morocco write it; anything else as it is."""
    value, code = pl.col(side), pl.col("code")
    day = value.str.replace(r"^(\d{4})-(\d\d)-(\d\d)$", "${3}/${2}/${1}")
    groups = "\u00a0".join(f"${{{number}}}" for number in range(2, 6))
    phone = value.str.replace(r"^\+212(\d)(\d\d)(\d\d)(\d\d)(\d\d)$", f"0${{1}}\u00a0{groups}")
    return (
        pl.when(code.str.starts_with("birth_"))
        .then(day)
        .when(code.str.starts_with("phone_"))
        .then(phone)
        .otherwise(value)
    )
