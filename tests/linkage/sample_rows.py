"""Small frames of rows in the canonical contract."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from qafila.linkage.linking import LinkageResult

SCHEMA = {
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int64,
    "family_name": pl.String,
    "given_name": pl.String,
    "full_name": pl.String,
    "sex": pl.String,
    "birth_date": pl.Date,
    "birth_precision": pl.String,
    "card_number": pl.String,
    "phone": pl.String,
    "commune_code": pl.String,
    "place_text": pl.String,
    "trade_text": pl.String,
    "fund_number": pl.String,
}

_FAMILIES = (
    "التازي",
    "Filali",
    "برادة",
    "El Khatib",
    "السوسي",
    "Ziani",
    "الشرايبي",
    "Ouazzani",
    "زروال",
    "Guessous",
    "أيت باها",
    "Benkirane",
    "المنصوري",
    "Lahlou",
    "أفيلال",
)
_GIVEN = (
    "محمد",
    "Khadija",
    "حسن",
    "Rachida",
    "يوسف",
    "Zineb",
    "كريم",
    "Aicha",
    "سعيد",
    "Souad",
    "إدريس",
    "Naima",
    "رشيد",
    "Malika",
    "عمر",
    "Hanane",
)


def _record(number: int, values: dict[str, Any]) -> dict[str, Any]:
    defaults: dict[str, Any] = {"file": "a.csv", "sheet": "", "row": number + 2}
    if "birth_date" in values:
        defaults["birth_precision"] = "day"
    return {**dict.fromkeys(SCHEMA), **defaults, **values}


def _bystander(number: int) -> dict[str, Any]:
    """Someone unlike anyone else, so that common names are common and rare ones rare."""
    return _record(
        number,
        {
            "file": "others.csv",
            "family_name": _FAMILIES[number % len(_FAMILIES)],
            "given_name": _GIVEN[(number // 3) % len(_GIVEN)],
            "sex": "FM"[number % 2],
            "birth_date": date(1950 + number % 50, 2 + number % 11, 2 + number % 26),
            "card_number": f"X{700000 + 137 * number}",
            "phone": f"+2126{10_000_000 + 7919 * number}",
            "commune_code": f"{number % 97:02d}.001",
            "trade_text": "Menuisier",
        },
    )


def make_rows(*people: dict[str, Any], bystanders: int = 150) -> pl.DataFrame:
    """Rows from dictionaries of columns, before 150 bystanders of another file."""
    records = [_record(number, one) for number, one in enumerate(people)]
    records += [_bystander(number) for number in range(bystanders)]
    return pl.DataFrame(records, schema=SCHEMA)


FATIMA: dict[str, Any] = {
    "family_name": "العباسي",
    "given_name": "فاطمة الزهراء",
    "birth_date": date(1980, 5, 17),
    "card_number": "JE254533",
    "phone": "+212612345678",
    "commune_code": "06.141",
    "trade_text": "نسيج",
}
FATIMA_IN_FRENCH: dict[str, Any] = {
    **FATIMA,
    "file": "b.csv",
    "family_name": "EL ABBASSI",
    "given_name": "FATIMAZAHRA",
    "trade_text": "Tisserand",
}


def persons(result: LinkageResult) -> list[str]:
    """The persons of the rows that are not bystanders, in file and row order."""
    own = result.assignments.filter(pl.col("file") != "others.csv").sort("row", "file")
    return own["person"].to_list()


def bands(result: LinkageResult) -> list[str]:
    """The bands of the pairs between rows that are not bystanders."""
    own = (pl.col("left_file") != "others.csv") & (pl.col("right_file") != "others.csv")
    return result.pairs.filter(own)["band"].to_list()
