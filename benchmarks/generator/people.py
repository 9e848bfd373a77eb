"""Synthetic people in households, at any size, from the project's own names; nobody is real.

A person is one record: names (row numbers of the name tables and their long tail), sex, birth date,
card number (some have none), phone, commune and craft. Households share family name, commune, often
phone and craft; some are twins, some fathers and sons of one name, some cousins of one name and
year; a share of siblings holds cards that follow one another, as families make them on one day;
cooperatives share one phone. All is drawn from a seed.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from .family_tail import family_tail
from .name_tables import Name, tables

CRAFTS = (
    ("النجار", "Menuisier"), ("الحداد", "Forgeron"), ("الدراز", "Tisserand"),
    ("صانعة الزرابي", "Tisseuse de tapis"), ("الفخار", "Potier"), ("الخياط التقليدي", "Tailleur"),
    ("صانع المنتوجات الجلدية", "Maroquinier"), ("صانع البلاغي", "Babouchier"),
    ("الصائغ", "Bijoutier"), ("صانع النحاس", "Dinandier"), ("الحلاق", "Coiffeur"),
    ("الرصاص", "Plombier"), ("الدباغ", "Tanneur"), ("طراز", "Brodeuse"), ("الحلواني", "Pâtissier"),
)  # fmt: skip
_CARD_LETTERS = ("A", "AB", "B", "BE", "BK", "C", "CD", "D", "DA", "EE", "F", "G", "GA", "H", "HA",
                 "I", "IA", "J", "JA", "JB", "JC", "JE", "JF", "K", "L", "LA", "M", "MA", "MC",
                 "N", "P", "PA", "PB", "Q", "R", "S", "SH", "T", "TA", "U", "V", "W", "WA", "X",
                 "Z", "ZG")  # fmt: skip
_COMMUNES = 1_500
_WITHOUT_CARD = 0.03
"""Grown people without a card, of whom no list can have a number."""

_TWINS = 0.02
_SONS = 0.02
_COUSINS = 0.01


@dataclass(frozen=True)
class People:
    """People as one frame, and the name tables its numbers point to."""

    frame: pl.DataFrame
    men: tuple[Name, ...]
    women: tuple[Name, ...]
    families: tuple[Name, ...]


def make_people(count: int, *, seed: int = 1, split: str = "all", siblings: float = 0.1) -> People:
    """`count` people with person numbers from 0; the same for the same seed and arguments.

    `siblings` is the share of household members whose card number follows that of the one before.
    """
    chance = np.random.default_rng(seed)
    men, women, known = tables(split)
    families = known + family_tail(split)
    household = _households(chance, count)
    frame = _shared_by_household(chance, household, len(families))
    frame |= _own(chance, count, len(men), len(women))
    _make_twins_and_namesakes(chance, frame, household)
    _make_cards_follow(chance, frame, household, siblings)
    return People(
        pl.DataFrame({"person": np.arange(count), **_as_series(frame)}), men, women, families
    )


def _as_series(frame: dict[str, np.ndarray]) -> dict[str, pl.Series]:
    return {
        name: pl.Series(name, values.tolist(), dtype=pl.String)
        if values.dtype == object
        else pl.Series(name, values)
        for name, values in frame.items()
    }


def _households(chance: np.random.Generator, count: int) -> np.ndarray:
    """The household of each person: sizes 1 to 5, neighbours in the numbering."""
    sizes = chance.choice([1, 2, 3, 4, 5], size=count, p=[0.55, 0.22, 0.12, 0.07, 0.04])
    return np.repeat(np.arange(count), sizes)[:count]


def _zipf(chance: np.random.Generator, values: int, count: int, power: float) -> np.ndarray:
    """Draw numbers below `values`, the first ones much more often."""
    weights = 1.0 / np.arange(2, values + 2) ** power
    return chance.choice(values, size=count, p=weights / weights.sum())


def _shared_by_household(
    chance: np.random.Generator, household: np.ndarray, families: int
) -> dict[str, np.ndarray]:
    count, last = len(household), int(household[-1]) + 1
    phone = 600_000_000 + chance.integers(0, 199_999_999, last)
    craft, own_craft = (_zipf(chance, len(CRAFTS), size, 0.4) for size in (last, count))
    shares_phone, shares_craft = chance.random(count) < 0.6, chance.random(count) < 0.5
    own_phone = 600_000_000 + chance.integers(0, 199_999_999, count)
    cooperative = chance.random(count) < 0.02
    coop_phone = 500_000_000 + chance.integers(0, max(1, count // 400) + 1, count)
    phones = np.where(shares_phone, phone[household], own_phone)
    return {
        "household": household,
        "family": _zipf(chance, families, last, 0.75)[household],
        "commune": _zipf(chance, _COMMUNES, last, 0.6)[household],
        "phone": np.where(cooperative, coop_phone, phones),
        "craft": np.where(shares_craft, craft[household], own_craft),
    }


def _own(chance: np.random.Generator, count: int, men: int, women: int) -> dict[str, np.ndarray]:
    woman = chance.random(count) < 0.45
    given = np.where(woman, _zipf(chance, women, count, 0.8), _zipf(chance, men, count, 0.8))
    year = chance.integers(1950, 2005, count)
    day = np.where(chance.random(count) < 0.12, 0, chance.integers(0, 365, count))
    start = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    letters = np.array(_CARD_LETTERS)[chance.integers(0, len(_CARD_LETTERS), count)]
    digits = chance.permutation(max(count * 4, 900_000))[:count] + 10_000
    return {
        "woman": woman,
        "given": given,
        "birth": start + day,
        "card": np.char.add(letters, digits.astype(str)),
    }


def _make_twins_and_namesakes(
    chance: np.random.Generator, frame: dict[str, np.ndarray], household: np.ndarray
) -> None:
    """Some are twins of the household member before, some bear his name: sons and cousins."""
    follows = np.flatnonzero(np.concatenate([[False], household[1:] == household[:-1]]))
    drawn = chance.random(len(follows))
    twins = follows[drawn < _TWINS]
    sons = follows[(drawn >= _TWINS) & (drawn < _TWINS + _SONS)]
    cousins = follows[(drawn >= _TWINS + _SONS) & (drawn < _TWINS + _SONS + _COUSINS)]
    frame["birth"][twins] = frame["birth"][twins - 1]
    same = twins[frame["given"][twins] == frame["given"][twins - 1]]
    frame["given"][same] += np.where(frame["given"][same] > 0, -1, 1)
    for namesakes in (sons, cousins):
        frame["given"][namesakes] = frame["given"][namesakes - 1]
        frame["woman"][namesakes] = frame["woman"][namesakes - 1]
    born = frame["birth"][sons - 1] + np.timedelta64(9_200, "D")
    frame["birth"][sons] = np.minimum(born, np.datetime64("2006-12-31"))
    years = frame["birth"][cousins - 1].astype("datetime64[Y]").astype("datetime64[D]")
    frame["birth"][cousins] = years + chance.integers(1, 365, len(cousins))


def _make_cards_follow(
    chance: np.random.Generator,
    frame: dict[str, np.ndarray],
    household: np.ndarray,
    siblings: float,
) -> None:
    """Numbers that follow those of the household member before; none for a few people."""
    follows = np.flatnonzero(np.concatenate([[False], household[1:] == household[:-1]]))
    cards = frame["card"].astype(object)
    for place in follows[chance.random(len(follows)) < siblings]:
        before = str(cards[place - 1])
        letters = before.rstrip("0123456789")
        cards[place] = f"{letters}{int(before[len(letters) :]) + 1}"
    cards[chance.random(len(cards)) < _WITHOUT_CARD] = ""
    frame["card"] = cards
