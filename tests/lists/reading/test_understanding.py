"""Headings, columns and rows as people write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from qafila.lists.reading.columns.headings import list_synonyms, meaning_of
from qafila.lists.reading.columns.mapping import MappingError, parse_mapping
from qafila.lists.reading.reading import read_file, read_files
from qafila.lists.reading.results import FileReading
from qafila.tables.notices import CannotRead

from .workbook_files import AMAL, BILAL, HEADINGS, write_csv, write_xlsx

GOOD = [HEADINGS, AMAL, BILAL]


def read_rows(tmp_path: Path, rows: Sequence[Sequence[Any]]) -> FileReading:
    return read_file(write_xlsx(tmp_path / "list.xlsx", {"Feuil1": rows}))


def column(reading: FileReading, name: str) -> list[Any]:
    return reading.rows.get_column(name).to_list()


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("N° CIN", "card_number"),
        ("C.I.N.", "card_number"),
        ("carte_nationale", "card_number"),
        ("رقم البطاقة الوطنيه", "card_number"),
        ("Date Naiss.", "birth_date"),
        ("DATENAISSANCE", "birth_date"),
        ("dateNaissance", "birth_date"),
        ("تاريخ الإزدياد", "birth_date"),
        ("Née le", "birth_date"),
        ("Tél. portable", "phone"),
        ("GSM", "phone"),
        ("NOM & PRENOM", "full_name"),
        ("الإسم الكامل", "full_name"),
        ("Family Name", "family_name"),
        ("Nbre mois impayés", "months_unpaid"),
        ("Nom du père", "ignored"),
        ("N° d'ordre", "serial"),
        ("Numéro de téléphone du déclarant", "phone"),
        ("Quantité", None),
        ("1978", None),
    ],
)
def test_headings(heading: str, field: str | None) -> None:
    match = meaning_of(heading)
    assert (match and match.field) == field


def test_headings_of_two_lines_with_merged_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["ر.ت", "الاسم", None, "البطاقة الوطنية"])
    sheet.append([None, "العائلي", "الشخصي", None])
    sheet.append([1, "العباسي", "أمل", "JE254533"])
    sheet.append([2, "أوشن", "بلال", "BK12345"])
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("A1:A2")
    book.save(tmp_path / "list.xlsx")
    reading = read_file(tmp_path / "list.xlsx")
    assert column(reading, "given_name") == ["أمل", "بلال"]
    assert column(reading, "row") == [3, 4]


def test_cells_merged_downwards_count_for_every_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Commune", "Nom", "Prénom", "CIN"])
    sheet.append(["Bouznika", *AMAL[:3]])
    sheet.append([None, *BILAL[:3]])
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "list.xlsx")
    assert column(read_file(tmp_path / "list.xlsx"), "commune_code") == ["06.111.01.03"] * 2


def test_headings_repeated_on_every_printed_page(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, [*GOOD, HEADINGS, ["Skalli", "Itto", "W12345", "1990", ""]])
    assert (reading.read, reading.accepted) == (4, 3)
    assert reading.skipped.filter(pl.col("why") == "header_again").get_column("row").to_list() == [
        4
    ]


def test_a_second_table_with_other_columns_on_one_sheet(tmp_path: Path) -> None:
    second = [["CIN", "Prénom", "Nom"], ["W12345", "Itto", "Skalli"]]
    reading = read_rows(tmp_path, [*GOOD, [], ["Coopérative Tifawin"], *second])
    assert column(reading, "family_name") == ["El Abbassi", "Ouchen", "Skalli"]
    assert column(reading, "card_number")[-1] == "W12345"


def test_a_heading_written_twice_fills_the_gaps_and_is_said(tmp_path: Path) -> None:
    rows = [["Nom", "Prénom", "Tél", "CIN", "Tél"], ["Abbassi", "Amal", "", "JE1234", "0612345678"]]
    reading = read_rows(
        tmp_path, [*rows, ["Ouchen", "Bilal", "0712345678", "BK1234", "0600000001"]]
    )
    assert column(reading, "phone") == ["+212612345678", "+212712345678"]
    assert [p.code for p in reading.problems] == ["heading_twice"]


def test_totals_footers_and_numbered_blanks_are_not_people(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["ر.ت", *HEADINGS],
        [1, *AMAL],
        [2, *BILAL],
        [3],
        ["", "Total", 2],
        ["Fait à Settat, le 12/03/2022"],
    ]
    reading = read_rows(tmp_path, rows)
    assert (reading.read, reading.accepted, reading.left_out.height) == (5, 2, 3)
    assert reading.skipped.select("row", "why").sort("row").rows() == [
        (1, "header"), (4, "numbered_blank"), (5, "total"), (6, "footer"),
    ]  # fmt: skip


def test_a_total_under_a_heading_of_cards_is_no_person(tmp_path: Path) -> None:
    rows = [["Nom", "Prénom", "CIN"], AMAL[:3], ["Total", "Amal", "BK12345"], ["Total", None, 2],
            ["المجموع العام", None, "٢"]]  # fmt: skip
    reading = read_rows(tmp_path, rows)
    assert column(reading, "card_number") == ["JE254533", "BK12345"]
    assert reading.skipped.select("row", "why").rows() == [
        (1, "header"), (4, "total"), (5, "total"),
    ]  # fmt: skip


def test_unknown_headings_are_named_once(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, [[*HEADINGS, "Xyzzy"], [*AMAL, "a"], [*BILAL, "b"]])
    assert [(p.code, p.params["headings"]) for p in reading.problems] == [
        ("unknown_headings", "Xyzzy")
    ]
    assert reading.sheets[0].unknown_columns == ("Xyzzy",)


def test_columns_are_told_by_content_where_headings_fail(tmp_path: Path) -> None:
    people = [
        ["Amal", "Abbassi", "JE254533", "0612345678", "18/06/1978"],
        ["Mohamed", "Ouchen", "BK12345", "0712345678", "01/01/1980"],
        ["Fatima", "Skalli", "W99881", "0655443322", "03/04/1975"],
    ]
    headed = read_rows(tmp_path, [["C1", "C2", "C3", "C4", "C5"], *people])
    bare = read_rows(tmp_path, people)
    for reading in (headed, bare):
        assert column(reading, "given_name")[-3:] == ["Amal", "Mohamed", "Fatima"]
        assert column(reading, "family_name")[-3:] == ["Abbassi", "Ouchen", "Skalli"]
        assert column(reading, "card_number")[-3:] == ["JE254533", "BK12345", "W99881"]
        assert column(reading, "phone")[-3:] == ["+212612345678", "+212712345678", "+212655443322"]
    assert bare.read == headed.read == 3
    assert "no_heading_row" in [p.code for p in bare.problems]


def test_cells_mangled_by_excel(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Nom", "Prénom", "CIN", "Date de naissance", "Tél", "N° CNSS"],
        ["Abbassi", "Amal", "je 254-533", 28659, 612345678.0, 154484150.0],
        ["Ouchen", "Bilal", "MC33O031", "٠١/٠٢/١٩٨٤", "00212 712 345678", "154 484 151"],
        ["Skalli", "Itto", "W12345", "06/18/1978", "٠٦١٢٣٤٥٦٧٨", ""],
        ["Wahbi", "Anir", "B1", "12 mars 1981", "06 12 34 56 78 / 0522334455", "x"],
        ["Zeroual", "Izza", "P889020", 1980, "????", ""],
        ["Fikri", "Hana", "BE1", "21/05/58", "", ""],
    ]
    reading = read_rows(tmp_path, rows)
    assert column(reading, "card_number")[:2] == ["JE254533", "MC330031"]
    assert column(reading, "birth_date") == [
        dt.date(1978, 6, 18), dt.date(1984, 2, 1), dt.date(1978, 6, 18), dt.date(1981, 3, 12),
        dt.date(1980, 1, 1), dt.date(1958, 5, 21),
    ]  # fmt: skip
    assert column(reading, "birth_precision")[4] == "year"
    assert column(reading, "phone")[:4] == [
        "+212612345678", "+212712345678", "+212612345678", "+212612345678",
    ]  # fmt: skip
    assert column(reading, "fund_number")[:2] == ["154484150", "154484151"]
    assert column(reading, "warnings")[3:5] == [
        ["phone_first_of_several", "fund_number_unreadable"],
        ["phone_unreadable"],
    ]


def test_closed_vocabularies(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Nom", "Prénom", "Sexe", "Catégorie", "Radié", "Impôt annuel", "Mois impayés"],
        ["Abbassi", "Amal", "أنثى", "AE", "نعم", "1 800,50 DH", 0],
        ["Ouchen", "Bilal", "H", "صانع تقليدي", "non", 640, "14"],
        ["Skalli", "Itto", "?", "C.P.U", "peut-être", "gratuit", "-"],
    ]
    reading = read_rows(tmp_path, rows)
    assert column(reading, "sex") == ["F", "M", None]
    assert column(reading, "category") == ["auto_entrepreneur", "craftworker", "cpu"]
    assert column(reading, "struck_off") == [True, False, None]
    assert column(reading, "annual_tax") == [1801, 640, None]
    assert column(reading, "months_unpaid") == [0, 14, None]
    assert set(column(reading, "warnings")[2]) == {
        "sex_unknown", "struck_off_unknown", "amount_unreadable", "months_unreadable",
    }  # fmt: skip


def test_rows_without_a_name_are_rejected_with_their_cells(tmp_path: Path) -> None:
    rows = [*GOOD, ["", "", "W12345", "1990", ""], ["????", "??", "W12346", "1990", ""],
            ["123", "", "W12347", "1990", ""]]  # fmt: skip
    reading = read_rows(tmp_path, rows)
    assert reading.rejected.select("row", "reason").rows() == [
        (4, "no_name"), (5, "name_lost"), (6, "name_without_letters"),
    ]  # fmt: skip
    assert reading.rejected.get_column("cells")[0].to_list()[2] == "W12345"
    assert reading.read == reading.accepted + 3 == 5


def test_identical_rows_are_repeated_not_accepted_twice(tmp_path: Path) -> None:
    again = ["El  Abbassi ", "Amal", "je254533", "18-06-1978", "+212612345678"]
    reading = read_rows(tmp_path, [*GOOD, again])
    assert reading.repeated.select("row", "first_row").rows() == [(4, 2)]
    assert reading.read == 3


def test_formula_cells_keep_their_stored_value_and_text_stays_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for cells in [[*HEADINGS, "Observations"], [*AMAL, "=cmd|' /C calc'!A0"], [*BILAL, "+1"]]:
        sheet.append(cells)
    sheet["F2"].data_type = "s"
    sheet["A3"] = "=A2"
    book.save(tmp_path / "list.xlsx")
    reading = read_file(tmp_path / "list.xlsx")
    assert column(reading, "notes") == ["=cmd|' /C calc'!A0", "+1"]
    assert column(reading, "family_name")[1] is None
    assert "formulas_without_value" in [p.code for p in reading.problems]


def test_sixteen_thousand_columns_are_cut_and_said(tmp_path: Path) -> None:
    rows = [[*row, *("x" for _ in range(16_379))] for row in GOOD]
    reading = read_rows(tmp_path, rows)
    assert reading.accepted == 2
    assert "too_many_columns" in [p.code for p in reading.problems]
    text = read_file(write_csv(tmp_path / "wide.csv", rows))
    assert text.accepted == 2
    assert "too_many_columns" in [p.code for p in text.problems]


def test_full_names_and_years_make_a_field_sheet(tmp_path: Path) -> None:
    rows = [["الاسم الكامل", "سنة الازدياد", "ملاحظات"], ["أسماء العباسي", "1974", ""]]
    reading = read_rows(tmp_path, [*rows, ["بلال أوشن", "١٩٨٠", "متزوج"]])
    assert reading.sheets[0].source == "field_sheet"
    assert column(reading, "birth_date") == [dt.date(1974, 1, 1), dt.date(1980, 1, 1)]


def test_a_mapping_overrides_what_is_found(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "l.csv", [["A", "B", "C"], ["x", "Amal", "JE1234"]])
    mapping = parse_mapping(
        "files:\n  l.csv:\n    header_row: 1\n    source: chamber\n"
        "    columns: {A: ignored, b: full_name, '#3': card_number}\n"
    )
    reading = read_files([path], mapping=mapping)
    assert reading.rows.select("source", "full_name", "card_number").rows() == [
        ("chamber", "Amal", "JE1234")
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: [", "mapping_not_yaml"),
        ("- 1", "mapping_not_a_table"),
        ("files: [1]", "mapping_not_a_table"),
        ("columns: {Nom: surname}", "mapping_unknown_field"),
        ("source: bank", "mapping_unknown_source"),
        ("header_row: zero", "mapping_bad_row"),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(MappingError) as refused:
        parse_mapping(text)
    assert refused.value.problem.code == code


def test_the_installation_s_own_headings_are_known_beside_the_built_in_ones(
    tmp_path: Path, settings: Any
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("fields:\n  phone: [joignable au]\n", encoding="utf-8")
    assert meaning_of("Joignable au") is None
    settings.LIST_HEADINGS = str(own)
    for heading in ("Joignable au", "GSM"):
        found = meaning_of(heading)
        assert found is not None
        assert found.field == "phone"


@pytest.mark.parametrize("text", [None, "fields: [", "fields:\n  shoe_size: [pointure]\n"])
def test_own_headings_that_cannot_be_used_are_told(
    text: str | None, tmp_path: Path, settings: Any
) -> None:
    own = tmp_path / "own.yaml"
    if text:
        own.write_text(text, encoding="utf-8")
    settings.LIST_HEADINGS = str(own)
    with pytest.raises(CannotRead) as refused:
        list_synonyms()
    assert refused.value.notice.params == {"named": "own.yaml"}
