"""Several columns of one thing: parts of a name, the name in another script, parts of a date."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from qafila.lists.reading.columns.contents import given_share, name_share, sample_of
from qafila.lists.reading.columns.headings import NAME_FIELDS
from qafila.tables.folding import fold

_PARTS_FILLED = 0.5
_LOOKS_LIKE_NAMES = 0.7
_GIVEN_NAMES = 0.2
_DAY, _MONTH = {"jour", "jj", "day", "يوم", "اليوم"}, {"mois", "mm", "month", "شهر", "الشهر"}
_YEAR = {fold(word) for word in ("année", "an", "aaaa", "year", "سنة", "السنة")}
Fields = dict[str, str]


def without_letters(fields: Fields, headings: Mapping[str, str], body: pl.DataFrame) -> Fields:
    """The fields without columns headed as names that hold no letter: “Nombre”, say, of counts."""
    kept = dict(fields)
    for column, name in fields.items():
        if (name in NAME_FIELDS and not _holds_names(column, body)) or (
            name == "given_name" and _counts(column, fields, headings)
        ):
            kept.pop(column)
    return kept


def _counts(column: str, fields: Fields, headings: Mapping[str, str]) -> bool:
    """“Nombre” is a given name in Spanish, and only beside a family name."""
    spanish = "family_name" in fields.values()
    return fold(headings.get(column, "")) == "nombre" and not spanish


def _holds_names(column: str, body: pl.DataFrame) -> bool:
    values = sample_of(body, column)
    return not values or any(c.isalpha() for value in values for c in value)


def name_parts(
    fields: Fields,
    spare: Fields,
    headings: Mapping[str, str],
    body: pl.DataFrame,
    merged: Mapping[str, str],
) -> tuple[Fields, Fields, tuple[str, ...]]:
    """The fields and spare columns, and the columns that together hold the full name.

    Two columns with one heading are parts of a name when both are filled in one script; where one
    of them holds given names, the other holds family names.
    """
    main = next((c for c, f in fields.items() if f == "full_name"), None)
    if main is None or {"family_name", "given_name"} & set(fields.values()):
        return fields, spare, ()
    others = [c for c, f in spare.items() if f == "full_name" and _part_of(main, c, body)]
    beside = str(int(main) + 1)
    if _unheaded_part(main, beside, fields, spare, headings, body, merged):
        others.append(beside)
    if not others:
        return fields, spare, ()
    left = {c: f for c, f in spare.items() if c not in others}
    return fields, left, tuple(sorted((main, *others), key=int))


def _part_of(main: str, other: str, body: pl.DataFrame) -> bool:
    pair = body.select(main, other).drop_nulls()
    fewer = min(body.height - body.get_column(c).null_count() for c in (main, other))
    if pair.is_empty() or pair.height < _PARTS_FILLED * fewer:
        return False
    scripts = [_arabic_share(pair.get_column(c)) > _PARTS_FILLED for c in (main, other)]
    same = (pair.get_column(main) == pair.get_column(other)).mean()
    return scripts[0] == scripts[1] and float(str(same or 0)) < _PARTS_FILLED


def _arabic_share(values: pl.Series) -> float:
    return float(str(values.str.contains(r"\p{Arabic}").mean() or 0))


def _unheaded_part(
    main: str,
    beside: str,
    fields: Fields,
    spare: Fields,
    headings: Mapping[str, str],
    body: pl.DataFrame,
    merged: Mapping[str, str],
) -> bool:
    """Whether the column right of the full name has no heading of its own and holds names too."""
    if beside not in body.columns or beside in fields or beside in spare:
        return False
    if merged.get(beside) != main and headings.get(beside):
        return False
    values = sample_of(body, beside)
    if not values or not headings or name_share(values) < _LOOKS_LIKE_NAMES:
        return False
    given = max(given_share(values), given_share(sample_of(body, main)))
    return (merged.get(beside) == main or given >= _GIVEN_NAMES) and _part_of(main, beside, body)


def birth_parts(headings: Mapping[str, str]) -> tuple[str, ...]:
    """The columns of day, month and year where one birth date stands in three beside each other."""
    last = {c: (fold(heading).split() or [""])[-1] for c, heading in headings.items()}
    for column, word in last.items():
        three = tuple(str(int(column) + step) for step in range(3))
        words = [last.get(c, "") for c in three]
        if word in _DAY and words[1] in _MONTH and words[2] in _YEAR:
            return three
    return ()
