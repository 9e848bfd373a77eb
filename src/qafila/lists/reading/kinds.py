"""What kind of list a sheet is, from its headings and content, never from the file's name."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from qafila.tables.folding import fold

SOURCES = (
    "register",
    "chamber",
    "tax_cpu",
    "auto_entrepreneur",
    "fund",
    "field_sheet",
    "other",
)

_POINTS: dict[str, dict[str, float]] = {
    "fund": {"fund_number": 3, "months_unpaid": 2, "effect_date": 1},
    "auto_entrepreneur": {"ae_number": 4, "struck_off": 0.5},
    "tax_cpu": {"tax_number": 2, "annual_tax": 2},
    "register": {"register_number": 3, "trade_text": 0.2},
    "chamber": {"serial": 1, "trade_text": 0.8, "card_number": 0.5, "family_name": 0.3},
    "field_sheet": {"full_name": 0.8, "notes": 0.8, "birth_year": 0.8},
}
_TITLE_WORDS = {
    "chamber": "غرفه|chambre|صناع|artisans|chamber",
    "register": "سجل وطني|registre national|national register",
    "fund": "صندوق|cnss|immatricul|fund",
    "tax_cpu": "ضرايب|impots|dgi|cpu",
    "auto_entrepreneur": "مقاول ذاتي|auto entrepreneur",
    "field_sheet": "قافله|caravane|fiche terrain|caravan|ميداني",
}
_TITLE_POINTS = 1.5
_ENOUGH = 2.0


def kind_of_list(fields: Collection[str], titles: Iterable[str] = ()) -> str:
    """One of :data:`SOURCES`, by the fields found and the words of the title rows."""
    points = {
        kind: sum(weight for name, weight in weights.items() if name in fields)
        for kind, weights in _POINTS.items()
    }
    if "card_number" in fields or "family_name" in fields:
        points["field_sheet"] -= 1
    title = " ".join(w.removeprefix("ال") for t in titles for w in fold(t).split())
    for kind, words in _TITLE_WORDS.items():
        if any(word in title for word in words.split("|")):
            points[kind] += _TITLE_POINTS
    best = max(points, key=lambda kind: points[kind])
    return best if points[best] >= _ENOUGH else "other"
