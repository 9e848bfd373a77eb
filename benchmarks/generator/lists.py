"""Lists about synthetic people, in the canonical row contract, with the mess of real ones."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from .name_tables import Name
from .people import CRAFTS, People

_LATIN_TYPOS = "abcdefghijklmnopqrstuvwxyz"
_ARABIC_TYPOS = "ابتجحدرزسشعغفقكلمنهوي"


@dataclass(frozen=True)
class ListKind:
    """What a kind of list holds, and how carefully."""

    file: str
    arabic: bool
    share: float
    columns: frozenset[str]
    full_name: bool = False
    typos: float = 0.03
    card_missing: float = 0.05
    repeats: float = 0.02
    year_only: float = 0.0


_ALL = frozenset({"card", "birth", "phone", "place", "craft", "sex"})
KINDS: tuple[ListKind, ...] = (
    ListKind("chamber.xlsx", True, 0.60, _ALL - {"sex"}, card_missing=0.25, year_only=0.08),
    ListKind("register.csv", False, 0.45, _ALL),
    ListKind("tax.csv", False, 0.25, frozenset({"card", "place", "craft"}), True,
             card_missing=0.15),
    ListKind("auto.csv", False, 0.16, frozenset({"card", "birth", "phone", "craft"})),
    ListKind("fund.xlsx", False, 0.42, frozenset({"card", "birth"}), card_missing=0.10),
    ListKind("field.xlsx", True, 0.06, _ALL - {"sex", "card"}, True, year_only=1.0),
)  # fmt: skip
"""Six lists as institutions keep them."""

TWO_LARGE_LISTS: tuple[ListKind, ...] = (
    ListKind("chamber.csv", True, 0.65, _ALL - {"sex"}, card_missing=0.2, repeats=0.0),
    ListKind("register.csv", False, 0.65, _ALL, card_missing=0.05, repeats=0.0),
)
"""Two lists of one population in two scripts, each with 65 % of it."""


def make_lists(
    people: People, kinds: tuple[ListKind, ...] = KINDS, *, seed: int = 2
) -> pl.DataFrame:
    """Rows of all lists with a column `person` (the truth), in the row contract otherwise."""
    chance = np.random.default_rng(seed)
    return pl.concat([_make_list(chance, people, kind) for kind in kinds], how="diagonal")


def _make_list(chance: np.random.Generator, people: People, kind: ListKind) -> pl.DataFrame:
    count = people.frame.height
    chosen = np.flatnonzero(chance.random(count) < kind.share)
    again = chosen[chance.random(len(chosen)) < kind.repeats]
    order = chance.permutation(np.concatenate([chosen, again]))
    frame = people.frame[order]
    rows = frame.select(
        pl.col("person"), pl.lit(kind.file).alias("file"), pl.lit("").alias("sheet")
    ).with_columns(row=pl.int_range(2, frame.height + 2, dtype=pl.Int64))
    rows = rows.with_columns(_names(chance, people, frame, kind))
    return rows.with_columns(_circumstances(chance, frame, kind))


def _names(
    chance: np.random.Generator, people: People, frame: pl.DataFrame, kind: ListKind
) -> list[pl.Series]:
    woman = frame["woman"].to_numpy()
    given = np.where(
        woman,
        _spelled(chance, people.women, np.where(woman, frame["given"], 0), kind.arabic),
        _spelled(chance, people.men, np.where(woman, 0, frame["given"]), kind.arabic),
    )
    family = _spelled(chance, people.families, frame["family"].to_numpy(), kind.arabic)
    given, family = (_mistyped(chance, names, kind) for names in (given, family))
    if not kind.full_name:
        return [pl.Series("family_name", family), pl.Series("given_name", given)]
    first = chance.random(len(given)) < (0.2 if kind.arabic else 0.8)
    parts = zip(np.where(first, family, given), np.where(first, given, family), strict=True)
    return [pl.Series("full_name", [f"{one} {two}" for one, two in parts])]


def _spelled(
    chance: np.random.Generator, table: tuple[Name, ...], numbers: np.ndarray, arabic: bool
) -> np.ndarray:
    """A spelling of each name: the usual one for two rows of three."""
    spellings = [name.arabic if arabic else name.latin for name in table]
    widest = max(len(one) for one in spellings)
    grid = np.array([[one[i % len(one)] for i in range(widest)] for one in spellings], dtype=object)
    other = chance.integers(0, widest, len(numbers))
    names = grid[numbers, np.where(chance.random(len(numbers)) < 0.66, 0, other)]
    upper = chance.random() < 0.5 and not arabic
    return np.array([name.upper() for name in names], dtype=object) if upper else names


def _mistyped(chance: np.random.Generator, names: np.ndarray, kind: ListKind) -> np.ndarray:
    """One letter dropped, doubled, exchanged with its neighbour or wrong, in a share of names."""
    letters = _ARABIC_TYPOS if kind.arabic else _LATIN_TYPOS
    result = names.copy()
    for place in np.flatnonzero(chance.random(len(names)) < kind.typos):
        name, error = str(names[place]), int(chance.integers(0, 4))
        at = int(chance.integers(0, max(1, len(name) - 1)))
        wrong = letters[int(chance.integers(0, len(letters)))]
        rest = name[at + 1 :]
        result[place] = name[:at] + (
            rest, name[at] * 2 + rest, rest[:1] + name[at] + rest[1:], wrong + rest
        )[error]  # fmt: skip
    return result


def _circumstances(
    chance: np.random.Generator, frame: pl.DataFrame, kind: ListKind
) -> list[pl.Series]:
    columns: list[pl.Series] = []
    if "card" in kind.columns:
        columns.append(_cards(chance, frame, kind))
    if "birth" in kind.columns:
        columns.extend(_births(chance, frame, kind))
    if "phone" in kind.columns:
        here = chance.random(frame.height) < 0.7
        phones = "+212" + frame["phone"].cast(pl.String)
        columns.append(pl.select(pl.when(pl.Series(here)).then(phones).alias("phone")).to_series())
    if "place" in kind.columns:
        moved = chance.random(frame.height) < 0.04
        commune = np.where(moved, chance.integers(0, 1_500, frame.height), frame["commune"])
        columns.append(pl.Series("commune_code", [f"C{number:04d}" for number in commune]))
        columns.append(pl.Series("province_code", [f"P{number // 20:03d}" for number in commune]))
    if "craft" in kind.columns:
        named = [craft[0 if kind.arabic else 1] for craft in CRAFTS]
        columns.append(pl.Series("trade_text", [named[number] for number in frame["craft"]]))
    if "sex" in kind.columns:
        columns.append(pl.Series("sex", np.where(frame["woman"], "F", "M")))
    return columns


def _cards(chance: np.random.Generator, frame: pl.DataFrame, kind: ListKind) -> pl.Series:
    cards = frame["card"].to_numpy().astype(object)
    for place in np.flatnonzero((chance.random(len(cards)) < 0.012) & (cards != "")):
        card, at = str(cards[place]), -int(chance.integers(1, 5))
        digit = str((int(card[at]) + 1 + int(chance.integers(0, 9))) % 10)
        cards[place] = card[:at] + digit + (card[at + 1 :] if at != -1 else "")
    cards[(chance.random(len(cards)) < kind.card_missing) | (cards == "")] = None
    return pl.Series("card_number", cards.tolist(), dtype=pl.String)


def _births(
    chance: np.random.Generator, frame: pl.DataFrame, kind: ListKind
) -> tuple[pl.Series, pl.Series]:
    birth = frame["birth"].to_numpy().astype("datetime64[D]").copy()
    year_only = chance.random(len(birth)) < kind.year_only
    years = birth.astype("datetime64[Y]")
    birth[year_only] = years[year_only].astype("datetime64[D]")
    months = birth.astype("datetime64[M]")
    month = (months - years).astype(int) + 1
    day = (birth - months.astype("datetime64[D]")).astype(int) + 1
    exchanged = (chance.random(len(birth)) < 0.012) & ~year_only & (day <= 12)
    turned = (years.astype("datetime64[M]") + (day - 1)).astype("datetime64[D]") + (month - 1)
    birth[exchanged] = turned[exchanged]
    precision = np.where(year_only, "year", "day")
    return pl.Series("birth_date", birth).cast(pl.Date), pl.Series("birth_precision", precision)
