"""Which trade a list means by a word: exact names, then a small table of synonyms, then keys.

Lists write الدراز, نسيج or Tisserand for the same craftworker. What is not recognised stays text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from qafila.linkage.names.name_keys import name_keys
from qafila.linkage.names.transliteration import fold_text
from qafila.register.models import Trade

Key = TypeVar("Key")
DATA = Path(__file__).parent / "data"
_WORD = re.compile(r"[^\W\d_]+")
_IN_BRACKETS = re.compile(r"\([^)]*\)")


def trade_key(text: str) -> str:
    """The words of a trade's name, folded, without the Arabic article; '' for no letters."""
    words = _WORD.findall(fold_text(text))
    return " ".join(re.sub(r"^ال(?=\w\w)", "", word) for word in words)


def trade_name_keys(name_fr: str, name_ar: str) -> list[str]:
    """The keys stored with a trade, for search in both scripts."""
    return sorted({*name_keys(name_fr), *name_keys(name_ar)})


@dataclass(frozen=True)
class TradeBook:
    """Every way to write a trade that is known without doubt, by exact key and by sounded key."""

    exact: dict[str, int]
    sounded: dict[tuple[str, ...], int]

    def trade_id_of(self, text: str) -> int | None:
        """The trade meant by `text`, or None when nothing or more than one fits."""
        key = trade_key(text)
        if not key:
            return None
        return self.exact.get(key) or self.sounded.get(tuple(sorted(name_keys(text))))


def trade_book() -> TradeBook:
    """The book of the trades in the database and the table of synonyms. One query."""
    trades = list(Trade.objects.order_by("pk").values_list("pk", "name_fr", "name_ar"))
    by_name = {name_fr: pk for pk, name_fr, _ in trades}
    names = [(name, pk) for pk, *both in trades for name in both]
    exact = _unambiguous((trade_key(form), pk) for name, pk in names for form in _forms(name))
    exact |= {
        trade_key(text): by_name[name_fr] for text, name_fr in _synonyms() if name_fr in by_name
    }
    sounded = _unambiguous((tuple(sorted(name_keys(name))), pk) for name, pk in names)
    return TradeBook(exact, sounded)


def find_trade_of(text: str, book: TradeBook | None = None) -> Trade | None:
    """The trade meant by `text` in any script, or None: the text is then kept as it is."""
    trade_id = (book or trade_book()).trade_id_of(text)
    return Trade.objects.get(pk=trade_id) if trade_id else None


def _forms(name: str) -> set[str]:
    return {name, _IN_BRACKETS.sub(" ", name)}


def _synonyms() -> list[tuple[str, str]]:
    with (DATA / "trade_synonyms.csv").open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["name_fr"]) for row in csv.DictReader(file)]


def _unambiguous(pairs: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    """Only the keys that lead to a single trade."""
    found: dict[Key, set[int]] = {}
    for key, trade_id in pairs:
        found.setdefault(key, set()).add(trade_id)
    return {key: next(iter(ids)) for key, ids in found.items() if len(ids) == 1 and key}
