"""Moroccan names with the spellings clerks use: Arabic, then Latin ones, the usual first.

Written for this project. Each line of a table (`names/*.txt`) is `arabic[/arabic…] latin[/latin…]`;
spaces inside a name are written as underscores.
"""

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

_TABLES = Path(__file__).parent / "names"


@dataclass(frozen=True)
class Name:
    """One name with its Arabic and Latin spellings, the usual first."""

    arabic: tuple[str, ...]
    latin: tuple[str, ...]


def _read(table: str) -> tuple[Name, ...]:
    names = []
    for line in (_TABLES / f"{table}.txt").read_text(encoding="utf-8").splitlines():
        arabic, latin = line.rsplit(" ", 1)
        names.append(Name(_spellings(arabic), _spellings(latin)))
    return tuple(names)


def _spellings(text: str) -> tuple[str, ...]:
    return tuple(part.replace("_", " ") for part in text.split("/"))


def is_held_out(name: Name) -> bool:
    """Whether the name belongs to the half never used for tuning; fixed for ever by its letters."""
    return blake2b(name.arabic[0].encode(), digest_size=1).digest()[0] % 2 == 1


MEN, WOMEN, FAMILIES = _read("men"), _read("women"), _read("families")


def tables(split: str) -> tuple[tuple[Name, ...], tuple[Name, ...], tuple[Name, ...]]:
    """Men's, women's and family names of a split: "tuning", "held-out" or "all"."""
    kept = {"tuning": (False,), "held-out": (True,), "all": (False, True)}[split]
    men, women, families = (
        tuple(name for name in table if is_held_out(name) in kept)
        for table in (MEN, WOMEN, FAMILIES)
    )
    return men, women, families
