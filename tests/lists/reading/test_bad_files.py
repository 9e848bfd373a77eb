"""Files that are not lists, or hardly: one problem each, and the other files go on."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from qafila.lists.reading.reading import read_file, read_files
from qafila.lists.reading.results import FileReading

from .workbook_files import (
    AMAL,
    BILAL,
    HEADINGS,
    ods_row,
    replace_part,
    write_csv,
    write_ods,
    write_xlsx,
)
from .xls_file import write_xls

GOOD = [HEADINGS, AMAL, BILAL]


def codes(reading: FileReading) -> list[str]:
    return [problem.code for problem in reading.problems]


def only_problem(path: Path) -> str:
    reading = read_file(path)
    assert reading.read == 0
    assert not reading.usable
    assert all(problem.params["file"] == path.name for problem in reading.problems)
    return codes(reading)[0]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("list.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "pdf"),
        ("list.xlsx", b"\x89PNG\r\n\x1a\n\x00\x00\x00", "image"),
        ("list.xls", b"<html><body><table><tr><td>Nom</td></tr></table>", "web_page"),
        ("list.xls", b"<?xml version='1.0'?><Workbook/>", "xml"),
        ("list.csv", bytes(range(1, 9)) * 500, "unknown"),
        ("list.csv", b"Rar!\x1a\x07\x00", "archive"),
    ],
)
def test_what_is_not_a_list_is_said(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    reading = read_file(path)
    assert reading.problems[0].code == "not_a_list"
    assert reading.problems[0].params["kind"] == kind


def test_a_document_in_a_zip_is_not_a_list(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    assert read_file(path).problems[0].params["kind"] == "document"


def test_missing_and_empty_files(tmp_path: Path) -> None:
    assert only_problem(tmp_path / "none.csv") == "file_not_found"
    (tmp_path / "empty.csv").write_bytes(b"\xef\xbb\xbf \r\n")
    assert only_problem(tmp_path / "empty.csv") == "file_empty"
    (tmp_path / "folder.csv").mkdir()
    assert only_problem(tmp_path / "folder.csv") == "folder"


def test_password_protected_workbooks(tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "secret.xlsx").write_bytes(ole)
    assert only_problem(tmp_path / "secret.xlsx") == "password_protected"
    ods = write_ods(tmp_path / "secret.ods", ods_row(HEADINGS))
    replace_part(ods, "META-INF/manifest.xml", b"<manifest:encryption-data/>")
    assert only_problem(ods) == "password_protected"


def test_damaged_workbooks(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "good.xlsx", {"A": GOOD})
    data = path.read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(data[: len(data) // 2])
    assert only_problem(tmp_path / "cut.xlsx") == "damaged_file"
    middle = bytearray(data)
    middle[400:900] = bytes(500)
    (tmp_path / "holed.xlsx").write_bytes(bytes(middle))
    assert only_problem(tmp_path / "holed.xlsx") in ("damaged_file", "no_usable_sheet")
    replace_part(path, "xl/workbook.xml", b"<workbook><sheets><sheet")
    assert only_problem(path) in ("damaged_file", "no_usable_sheet")


def test_a_broken_sheet_lets_the_other_sheets_go_on(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "book.xlsx", {"A": GOOD, "B": GOOD})
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    data = bytearray(path.read_bytes())
    begin = start + 30 + len("xl/worksheets/sheet1.xml")
    data[begin : begin + 60] = b"\xff" * 60
    path.write_bytes(bytes(data))
    reading = read_file(path)
    assert [(p.code, p.params["sheet"]) for p in reading.problems] == [("sheet_unreadable", "A")]
    assert reading.read == 2


def test_zip_bombs_by_declared_and_by_real_size(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "bomb.xlsx", {"A": GOOD})
    replace_part(path, "xl/media/image1.bin", bytes(300 << 20))
    assert only_problem(path) == "zip_bomb"
    liar = bytearray(path.read_bytes())
    declared = (300 << 20).to_bytes(4, "little")
    while declared in liar:
        place = liar.index(declared)
        liar[place : place + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(bytes(liar))
    assert only_problem(path) in ("zip_bomb", "damaged_file")


def test_an_ods_repeating_a_filled_row_without_end_is_a_bomb(tmp_path: Path) -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
    row = '<table:table-row table:number-rows-repeated="1048576">'
    bomb = f"{row}{cell}<text:p>x</text:p></table:table-cell></table:table-row>"
    assert only_problem(write_ods(tmp_path / "bomb.ods", bomb)) == "zip_bomb"


def test_a_lone_cell_in_the_far_corner_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "far.xlsx", {"A": GOOD})
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    replace_part(path, "xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", far))
    assert only_problem(path) == "sheet_too_large"


def test_every_problem_of_a_sheet_lets_the_other_sheets_go_on(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "book.xlsx",
        {
            "empty": [],
            "titles": [["Liste des artisans"], ["Année 2022"]],
            "headings": [HEADINGS],
            "unnamed": [["CIN", "Ville"], ["JE254533", "Settat"], ["BK12345", "Safi"]],
            "good": GOOD,
        },
    )
    reading = read_file(path)
    assert {p.params["sheet"]: p.code for p in reading.problems} == {
        "empty": "sheet_empty",
        "titles": "sheet_only_titles",
        "headings": "sheet_only_titles",
        "unnamed": "no_name_column",
    }
    assert reading.read == reading.accepted == 2


def test_no_usable_sheet_leads_the_problems(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "book.xlsx", {"empty": []})
    assert codes(read_file(path)) == ["no_usable_sheet", "sheet_empty"]


def test_the_other_files_go_on(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"%PDF-1.4")
    good = write_csv(tmp_path / "b.csv", GOOD)
    reading = read_files([tmp_path / "a.csv", good, tmp_path / "none.xlsx"])
    assert [f.read for f in reading.files] == [0, 2, 0]
    assert [p.code for p in reading.problems] == ["not_a_list", "file_not_found"]


def test_a_workbook_named_csv_is_read_as_the_workbook_it_is(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "book.xlsx", {"A": GOOD}).rename(tmp_path / "book.csv")
    reading = read_file(path)
    assert reading.accepted == 2
    assert codes(reading) == ["other_kind_than_named"]


def test_a_csv_named_xls_is_read_as_text(tmp_path: Path) -> None:
    reading = read_file(write_csv(tmp_path / "list.xls", GOOD))
    assert reading.accepted == 2
    assert codes(reading) == ["other_kind_than_named"]


def test_files_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    paths = [write_csv(tmp_path / "l.csv", GOOD), write_csv(tmp_path / "b" / "l.csv", GOOD)]
    reading = read_files(paths)
    assert [f.name for f in reading.files] == ["l.csv", "l (2).csv"]
    assert codes(reading.files[1]) == ["same_file_name"]


def test_old_excel_workbooks_are_read(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["الاسم العائلي", "الاسم الشخصي", "الهاتف"],
        ["العباسي", "أمل", 639741374.0],
    ]
    reading = read_file(write_xls(tmp_path / "list.xls", rows))
    assert reading.problems == ()
    assert reading.rows.select("family_name", "phone").rows() == [("العباسي", "+212639741374")]


def test_ods_is_read_with_its_repeated_blank_rows(tmp_path: Path) -> None:
    blank = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/>'
    rows = "".join(map(ods_row, GOOD)) + blank + "</table:table-row>"
    reading = read_file(write_ods(tmp_path / "list.ods", rows))
    assert reading.accepted == 2
    assert reading.rows.get_column("card_number").to_list() == ["JE254533", "BK12345"]
