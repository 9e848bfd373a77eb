"""What bars an automatic link, however heavy the evidence: nobody becomes somebody else by machine.

Weights add up what agrees, and twins, brothers and cousins agree in nearly all of it. So a strong
pair is asked four questions before it is believed; a pair that fails one is two people, or goes to
a human (`entity_resolution` lists the traps).
"""

import polars as pl

from qafila.linkage.names.given_names import given_verdicts

_NUMBERS = ("card_number", "fund_number", "register_number", "tax_number", "ae_number")
_ASKED = (
    "file",
    *_NUMBERS,
    "given_words",
    "family_words",
    "family_core",
    "birth_exact",
    "birth_exchanged",
    "birth_day",
    "birth_year",
)

_NEIGHBOURS = 9

TWO_GIVEN_NAMES = "two_given_names"
CARD_OF_TWO = "card_of_two"
CARDS_DIFFER = "contradiction_card_differs"
SETTLED = "two_people"
"""The note on a pair that is plainly two people's: nobody need be asked."""


def with_bars(columns: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs (uid_l, uid_r, …) with `bar`: why they are not linked by machine, else null.

    `verdict` is that of `given_names`; `slip` says that their card numbers differ by a slip of the
    pen that can be believed. Codes: `two_given_names`, `given_names_unsure`, `card_of_two`,
    `contradiction_card_differs` (each for a human), and SETTLED (nobody need be asked). `columns`
    holds the compared columns of all rows.
    """
    known = _both_sides(columns, pairs, _ASKED)
    asked = known.with_columns(verdict=given_verdicts(known))
    return pairs.hstack(asked.select(_bar(), _slip(), "verdict"))


def compare_given_names(columns: pl.DataFrame, pairs: pl.DataFrame) -> None:
    """Compare the given names of pairs that `with_bars` may be asked about, which remembers it.

    An engine that weighs the pairs leaves time for it: names are compared in Python.
    """
    given_verdicts(_both_sides(columns, pairs, ("given_words", "family_words")))


def _both_sides(columns: pl.DataFrame, pairs: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """The columns of both rows of each pair, those of words without that ending."""
    sides = [
        columns[name].gather(pairs[f"uid_{side}"]).alias(f"{name}_{side}")
        for side in ("l", "r")
        for name in names
    ]
    return pl.DataFrame(sides).rename(lambda name: name.replace("_words", ""))


def _bar() -> pl.Expr:
    number_same = pl.any_horizontal(_equal(name) for name in _NUMBERS)
    births_apart, birth_same = _births_apart(), _birth_same()
    family_same = _equal("family_core") | _equal("family")
    apart, unsure = _verdict("apart") | _verdict("unsure"), _verdict("unsure")
    backed = birth_same | (unsure & ~births_apart)
    alike = number_same & family_same & backed & ~_same_list()
    stranger = _equal("card_number") & ~birth_same & ~family_same & (apart | births_apart)
    weak = _verdict("part") & ~number_same & (~birth_same | _same_list())
    return (
        pl.when(_cards_differ() & apart)
        .then(pl.lit(SETTLED))
        .when(_cards_differ() & ~_believed())
        .then(pl.lit(CARDS_DIFFER))
        .when(stranger)
        .then(pl.lit(CARD_OF_TWO))
        .when(apart & ~alike)
        .then(pl.lit(TWO_GIVEN_NAMES))
        .when(weak)
        .then(pl.lit("given_names_unsure"))
        .alias("bar")
    )


def _slip() -> pl.Expr:
    return (_cards_differ() & _believed() & ~_neighbours()).alias("slip")


def _believed() -> pl.Expr:
    """Siblings' numbers follow one another: a slip of the pen is believed of one name only.

    And where the numbers are neighbours, of one day of birth.
    """
    fits = _verdict("same") & ~_births_apart() & ~_same_list()
    return fits & (_birth_same() | ~_neighbours())


def _verdict(code: str) -> pl.Expr:
    return (pl.col("verdict") == code).fill_null(value=False)


def _same_list() -> pl.Expr:
    return pl.col("file_l") == pl.col("file_r")


def _cards_differ() -> pl.Expr:
    return _differ("card_number")


def _birth_same() -> pl.Expr:
    turned = (pl.col("birth_exchanged_l") == pl.col("birth_day_r")).fill_null(value=False)
    return _equal("birth_exact") | turned


def _births_apart() -> pl.Expr:
    return _differ("birth_year") | (_differ("birth_exact") & ~_birth_same())


def _neighbours() -> pl.Expr:
    """Whether two card numbers may have been given out in one morning."""
    letters = [pl.col(f"card_number_{side}").str.extract(r"^([A-Z]+)") for side in "lr"]
    digits = [pl.col(f"card_number_{side}").str.extract(r"(\d+)$").cast(pl.Int64) for side in "lr"]
    near = (digits[0] - digits[1]).abs() <= _NEIGHBOURS
    return ((letters[0] == letters[1]) & near).fill_null(value=False)


def _equal(name: str) -> pl.Expr:
    return (pl.col(f"{name}_l") == pl.col(f"{name}_r")).fill_null(value=False)


def _differ(name: str) -> pl.Expr:
    return (pl.col(f"{name}_l") != pl.col(f"{name}_r")).fill_null(value=False)
