"""Why two rows were or were not held to be one person: codes, parameters and bits.

Each piece of evidence is a struct `code`, `params` and `weight`. `weight` is in bits: +1 doubles
the odds that the two rows are one person, -1 halves them. `params` holds `left` and `right` (the
values as the two rows have them, null where nothing is to be shown) and `shared` (how many rows
hold the agreeing value: a phone of two rows says more than one of forty). Codes, by comparison:

- card: `card_same`, `card_one_error`, `card_differs`
- own_number (fund, register, tax, auto-entrepreneur): `own_number_same`
- family: `family_same`, `family_same_other_script`, `family_exchanged` (family and given name in
  each other's column), `family_variant` (article or first vowel more), `family_close` (one typing
  error), `family_alike`, `family_differs`
- given: `given_same`, `given_same_other_script`, `given_exchanged`, `given_close`, `given_part`
  (one of several given names), `given_alike`, `given_differs`
- birth: `birth_same_day`, `birth_same_first_january`, `birth_day_month_exchanged`,
  `birth_same_year`, `birth_one_digit`, `birth_same_year_other_day`, `birth_near_year`,
  `birth_differs`
- phone: `phone_same`, `phone_shared_by_many` (more than `MANY_SHARE` rows), `phone_one_error`,
  `phone_differs`
- place: `commune_same`, `commune_close`, `province_same`, `place_differs`
- craft: `craft_same`, `craft_differs`
- sex: `sex_same`, `sex_differs`
- without a weight: `decided_same`, `decided_apart` (people decided), `ambiguous` (another person
  fits as well), `card_of_two` (one card number, all else different), `two_given_names` and
  `given_names_unsure` (nothing says which of two people with all else in common it is; see
  `two_people`), `contradiction_card_differs`, `contradiction_sex_differs`,
  `contradiction_birth_differs`, `contradiction_given_differs`, `contradiction_decided_apart` (the
  two persons, as gathered, contradict each other, so the pair was not linked automatically)

The given name is called the same, alike or different as `names.given_names` finds, word by word. Of
a name written in one column only the part compared is quoted.
"""

import math
import re
from collections.abc import Mapping

import polars as pl

from qafila.linkage.comparisons import COMPARISONS
from qafila.linkage.comparisons.level import Comparison, Level
from qafila.linkage.comparisons.names import GIVEN_NAME
from qafila.linkage.names.given_names import given_verdicts
from qafila.linkage.names.transliteration import fold_text

MANY_SHARE = 6
"""A phone on more rows than this is called shared by many."""

_NO_LETTERS = re.compile(r"[\W\d_]+")

EVIDENCE = pl.List(
    pl.Struct(
        {
            "code": pl.String,
            "params": pl.Struct({"left": pl.String, "right": pl.String, "shared": pl.Int64}),
            "weight": pl.Float64,
        }
    )
)
"""The type of the evidence column."""

SHOWN = {
    "card": "card_number",
    "own_number": "own_number",
    "family": "family_shown",
    "given": "given_shown",
    "birth": "birth_shown",
    "phone": "phone",
    "place": "place_text",
    "craft": "trade_text",
    "sex": "sex",
}
"""The column whose values stand in `params`, by comparison."""

RELATION_CODES = (
    "decided_same",
    "decided_apart",
    "ambiguous",
    "card_of_two",
    "two_given_names",
    "given_names_unsure",
    "contradiction_card_differs",
    "contradiction_sex_differs",
    "contradiction_birth_differs",
    "contradiction_given_differs",
    "contradiction_decided_apart",
)

EVIDENCE_CODES: tuple[str, ...] = (
    *(
        level.code
        for one in COMPARISONS
        for level in one.levels
        if level.code != "own_number_other"
    ),
    "family_same_other_script",
    "given_same_other_script",
    "phone_shared_by_many",
    *RELATION_CODES,
)
"""Every code that can occur."""


def shown_values(rows: pl.DataFrame, columns: pl.DataFrame) -> pl.DataFrame:
    """What evidence quotes, one record per row, in the rows' order."""
    names = {name: pl.lit(None, pl.String) for name in _QUOTED if name not in rows.columns}
    quoted = rows.with_columns(**names).select(_QUOTED)
    return pl.concat([columns, quoted], how="horizontal").with_columns(
        family_shown="family_name",
        given_shown="given_name",
        birth_shown=pl.coalesce("birth_day", pl.col("birth_year").cast(pl.String)),
        own_number=pl.coalesce("fund_number", "register_number", "tax_number", "ae_number"),
    )


_QUOTED = ["family_name", "given_name", "full_name", "place_text", "trade_text"]


def with_evidence(
    levels: pl.DataFrame, shown: pl.DataFrame, chances: Mapping[str, tuple[float, float]]
) -> pl.DataFrame:
    """Add `evidence`, strongest first, to pairs with their levels (uid_l, uid_r, a column each)."""
    needed = [*SHOWN.values(), *(f"tf_{name}" for name in _rarity_columns()), "name_arabic"]
    facts = shown.select("uid", *dict.fromkeys([*needed, *_NAMED]))
    paired = pl.concat([levels["uid_l"], levels["uid_r"]]).unique().to_frame("uid")
    facts = _with_parts_of_full_names(facts.join(paired, on="uid", how="semi"))
    joined = levels
    for side in ("l", "r"):
        renamed = facts.rename({name: f"{name}_{side}" for name in facts.columns})
        joined = joined.join(renamed, on=f"uid_{side}", how="left", maintain_order="left")
    names = joined.select(
        pl.col(f"{name}_words_{side}").alias(f"{name}_{side}") for side in "lr" for name in _PARTS
    )
    joined = joined.with_columns(verdict=given_verdicts(names)).with_columns(given=_given_level())
    pieces = [_piece(one, chances, shown) for one in COMPARISONS]
    listed = pl.concat_list(pieces).list.eval(
        pl.element().filter(pl.element().struct.field("code").is_not_null())
    )
    return joined.select(*levels.columns, evidence=listed)


_PARTS = ("family", "given")
_NAMED = ("full_name", "family_words", "given_words")


def _with_parts_of_full_names(facts: pl.DataFrame) -> pl.DataFrame:
    """What is quoted of a name in one column: the words that were compared, as written there."""
    full = facts.filter(
        pl.col("full_name").is_not_null(),
        pl.col("family_shown").is_null(),
        pl.col("given_shown").is_null(),
    )
    cut = [
        (uid, *_parts_as_written(text, family or "", given or ""))
        for uid, text, family, given in full.select("uid", *_NAMED).iter_rows()
    ]
    schema = {"uid": pl.Int64, "family_part": pl.String, "given_part": pl.String}
    parts = pl.DataFrame(cut, schema=schema, orient="row")
    return facts.join(parts, on="uid", how="left", maintain_order="left").with_columns(
        family_shown=pl.coalesce("family_shown", "family_part"),
        given_shown=pl.coalesce("given_shown", "given_part"),
    )


def _parts_as_written(text: str, family: str, given: str) -> tuple[str, str]:
    """The words of a full name that belong to its family and to its given name."""
    words = text.split()
    sides = []
    for other in (given, family):
        letters = other.replace("-", "")
        own = [word for word in words if _letters_of(word) not in letters]
        sides.append(" ".join(own) if own else text)
    return sides[0], sides[1]


def _letters_of(word: str) -> str:
    return _NO_LETTERS.sub("", fold_text(word)) or word


def _given_level() -> pl.Expr:
    """The level of the given name, never above what comparing its words says."""
    numbers = {level.code: number for number, level in GIVEN_NAME.vector_values.items()}
    alike, differs = numbers["given_alike"], numbers["given_differs"]
    level, verdict = pl.col("given"), pl.col("verdict")
    return (
        pl.when((level >= 0) & (verdict == "apart"))
        .then(differs)
        .when((level > alike) & (verdict == "unsure"))
        .then(alike)
        .when((level == differs) & verdict.is_in(["same", "part"]))
        .then(alike)
        .otherwise(level)
    )


def _rarity_columns() -> list[str]:
    named = [level.rarity_column for one in COMPARISONS for level in one.levels]
    return list(dict.fromkeys(name for name in named if name is not None))


def _piece(
    comparison: Comparison, chances: Mapping[str, tuple[float, float]], shown: pl.DataFrame
) -> pl.Expr:
    """The struct of one comparison; its code is null when nothing can be said."""
    code = pl.lit(None, pl.String)
    weight = pl.lit(None, pl.Float64)
    here = pl.col(comparison.name)
    for number, level in comparison.vector_values.items():
        if level.code == "own_number_other":
            continue
        code = pl.when(here == number).then(pl.lit(level.code)).otherwise(code)
        weight = pl.when(here == number).then(_bits(level, chances)).otherwise(weight)
    value = SHOWN[comparison.name]
    shared = _shared_rows(comparison, shown)
    params = pl.struct(
        left=pl.col(f"{value}_l"), right=pl.col(f"{value}_r"), shared=shared.cast(pl.Int64)
    )
    return pl.struct(code=_refined(code, comparison.name, shared), params=params, weight=weight)


def _bits(level: Level, chances: Mapping[str, tuple[float, float]]) -> pl.Expr:
    m, u = chances[level.code]
    if level.rarity_column is None:
        return pl.lit(round(math.log2(m / u), 2))
    share = pl.max_horizontal(
        f"tf_{level.rarity_column}_l", f"tf_{level.rarity_column}_r", pl.lit(level.rarity_floor)
    )
    return (math.log2(m) - share.log(2)).round(2)


def _shared_rows(comparison: Comparison, shown: pl.DataFrame) -> pl.Expr:
    """How many rows hold the value of the left row, for comparisons that weigh rarity."""
    column = next((one.rarity_column for one in comparison.levels if one.rarity_column), None)
    if column is None:
        return pl.lit(None, pl.Int64)
    filled = shown[column].count()
    return (pl.col(f"tf_{column}_l") * filled).round()


def _refined(code: pl.Expr, name: str, shared: pl.Expr) -> pl.Expr:
    if name in ("family", "given"):
        crossing = pl.col("name_arabic_l") != pl.col("name_arabic_r")
        same = code == f"{name}_same"
        return pl.when(same & crossing).then(pl.lit(f"{name}_same_other_script")).otherwise(code)
    if name == "phone":
        many = (code == "phone_same") & (shared > MANY_SHARE)
        return pl.when(many).then(pl.lit("phone_shared_by_many")).otherwise(code)
    return code
