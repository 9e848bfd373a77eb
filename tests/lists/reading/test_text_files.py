"""Delimited text: any delimiter, any encoding, quotes, ragged lines, control characters."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qafila.lists.reading.reading import read_file
from qafila.lists.reading.results import FileReading
from qafila.tables.delimited import read_delimited
from qafila.tables.encodings import as_utf8

FRENCH = [
    ["Nom", "Prénom", "CIN", "Date de naissance", "Téléphone"],
    ["Aït Moussa", "Noëlle", "JE254533", "18/06/1978", "0612345678"],
    ["El Hajjéj", "François", "BK12345", "01/02/1980", "0712345678"],
    ["Bénaïssa", "Aïcha", "W99881", "03/04/1975", "0655443322"],
]
ARABIC = [
    ["الاسم العائلي", "الاسم الشخصي", "رقم البطاقة الوطنية", "تاريخ الازدياد", "الهاتف"],
    ["العباسي", "عائشة", "JE254533", "18/06/1978", "0612345678"],
    ["أيت الطالب", "مصطفى", "BK12345", "01/02/1980", "0712345678"],
    ["بنكيران", "فاطمة الزهراء", "W99881", "03/04/1975", "0655443322"],
]


def reading_of(tmp_path: Path, data: bytes) -> FileReading:
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    return read_file(path)


def text_of(rows: list[list[str]], delimiter: str = ";", end: str = "\r\n") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(rows)
    return stream.getvalue()


def names_of(reading: FileReading) -> list[tuple[str, str]]:
    return reading.rows.select("family_name", "given_name").rows()


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso8859_15", "cp850",
     "mac_roman", "utf-32"],
)  # fmt: skip
def test_french_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    reading = reading_of(tmp_path, text_of(FRENCH).encode(encoding))
    assert names_of(reading) == [(row[0], row[1]) for row in FRENCH[1:]]
    assert reading.problems == ()


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256", "iso8859_6", "cp720"],
)
def test_arabic_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    reading = reading_of(tmp_path, text_of(ARABIC).encode(encoding))
    assert names_of(reading) == [(row[0], row[1]) for row in ARABIC[1:]]


def test_half_a_letter_does_not_change_the_encoding_of_a_short_file(tmp_path: Path) -> None:
    data = text_of(FRENCH).encode()
    reading = reading_of(tmp_path, data[:-20] + b"\xc3" + data[-20:])
    assert names_of(reading)[:2] == [(row[0], row[1]) for row in FRENCH[1:3]]
    assert [(p.code, p.params["row"]) for p in reading.problems] == [("mixed_encodings", 4)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "~", "^", "؛", "¦", ":", "#"])
def test_every_delimiter(tmp_path: Path, delimiter: str) -> None:
    reading = reading_of(tmp_path, text_of(FRENCH, delimiter).encode())
    assert names_of(reading) == [(row[0], row[1]) for row in FRENCH[1:]]
    assert reading.rows.get_column("row").to_list() == [2, 3, 4]


cell = st.text(
    st.characters(codec="utf-8", categories=("L", "N"), include_characters=" -'éàç()."), max_size=12
).map(str.strip)
rows_of_cells = st.lists(
    st.lists(cell.filter(bool), min_size=4, max_size=4), min_size=3, max_size=12
)


@settings(max_examples=150, deadline=None)
@given(
    rows=rows_of_cells, delimiter=st.sampled_from(",;\t|~^"), end=st.sampled_from(["\n", "\r\n"])
)
def test_what_is_written_is_read(rows: list[list[str]], delimiter: str, end: str) -> None:
    table = [["Nom", "Prénom", "CIN", "Commune"], *rows]
    sheet = read_delimited(text_of(table, delimiter, end).encode()).sheets[0]
    assert sheet.cells.drop("row").rows() == [tuple(row) for row in table]


@settings(max_examples=80, deadline=None)
@given(
    data=st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), min_size=4),
    encoding=st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]),
)
def test_marked_encodings_give_the_text_back(data: str, encoding: str) -> None:
    assert as_utf8(data.encode(encoding))[0].decode() == data.removeprefix("\ufeff")


@settings(max_examples=150, deadline=None)
@given(data=st.binary(min_size=1, max_size=400))
def test_no_bytes_whatever_raise(data: bytes) -> None:
    sheet = read_delimited(data).sheets[0]
    assert sheet.cells.height <= sheet.height


def test_quoted_line_ends_count_as_one_row(tmp_path: Path) -> None:
    text = 'Nom;Prénom;CIN\r\n"El\r\nAbbassi";"Amal";JE254533\r\nOuchen;"Bi""lal""";BK12345\r\n'
    reading = reading_of(tmp_path, text.encode())
    assert names_of(reading) == [("El Abbassi", "Amal"), ("Ouchen", 'Bi"lal"')]
    assert reading.rows.get_column("row").to_list() == [2, 3]


def test_a_quote_never_closed_loses_no_row(tmp_path: Path) -> None:
    lines = ['"Ouchen;Bilal;BK12345' if i == 3 else f"Abbassi;Amal;JE{i}" for i in range(500)]
    reading = reading_of(tmp_path, "\n".join(["Nom;Prénom;CIN", *lines]).encode())
    assert reading.read == 500
    assert [(p.code, p.params["row"]) for p in reading.problems] == [("stray_quotes", 5)]


def test_blank_lines_and_titles_keep_the_row_numbers(tmp_path: Path) -> None:
    text = "Liste 2022\n\nNom;Prénom;CIN\n\nAbbassi;Amal;JE1234\n;;\nOuchen;Bilal;BK12345\n"
    reading = reading_of(tmp_path, text.encode())
    assert reading.rows.get_column("row").to_list() == [5, 7]
    assert reading.skipped.select("row", "last_row", "why").sort("row").rows() == [
        (1, 1, "title"), (2, 2, "blank"), (3, 3, "header"), (4, 4, "blank"), (6, 6, "blank"),
    ]  # fmt: skip


def test_longer_and_shorter_lines_are_read(tmp_path: Path) -> None:
    text = "Nom;Prénom;CIN\nAbbassi;Amal;JE1234;x;y\nOuchen;Bilal\nSkalli;Itto;BK12345\n"
    reading = reading_of(tmp_path, text.encode())
    assert reading.rows.get_column("card_number").to_list() == ["JE1234", None, "BK12345"]


def test_one_column_of_full_names(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, "Nom et prénom\nAmal Abbassi\nOuchen Bilal\n".encode("utf-16"))
    assert reading.rows.get_column("full_name").to_list() == ["Amal Abbassi", "Ouchen Bilal"]


def test_the_sep_line_of_excel_is_not_a_row(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, b"sep=|\nNom|Prenom|CIN\nAbbassi|Amal|JE1234\n")
    assert reading.rows.get_column("row").to_list() == [3]


def test_lines_of_another_encoding_are_mended(tmp_path: Path) -> None:
    lines = [";".join(row) for row in FRENCH]
    data = "\n".join(lines).encode() + b"\n" + "Zéroual;Hélène;JB1;;".encode("cp1252")
    reading = reading_of(tmp_path, data)
    assert names_of(reading)[-1] == ("Zéroual", "Hélène")
    assert [(p.code, p.params["row"]) for p in reading.problems] == [("mixed_encodings", 5)]


def test_text_decoded_twice_is_mended(tmp_path: Path) -> None:
    text = "\n".join(";".join(row) for row in [FRENCH[0], FRENCH[1], ARABIC[1]])
    spoiled = "".join(
        chr(b) if b in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes((b,)).decode("cp1252")
        for b in text.encode()
    )
    reading = reading_of(tmp_path, spoiled.encode())
    assert names_of(reading) == [("Aït Moussa", "Noëlle"), ("العباسي", "عائشة")]


def test_nul_bytes_are_removed_and_said(tmp_path: Path) -> None:
    reading = reading_of(
        tmp_path, b"Nom;Prenom;CIN\nAb\x00bassi;Amal;JE1234\nOuchen;Bilal;BK1234\n"
    )
    assert names_of(reading)[0] == ("Abbassi", "Amal")
    assert [(p.code, p.params["count"]) for p in reading.problems] == [("nul_bytes", 1)]


def test_bidi_overrides_are_removed_and_said(tmp_path: Path) -> None:
    text = "Nom;Prénom;CIN\n\u202eAbbassi\u202c;A\u200bmal;JE1234\nOuchen;Bilal;BK1234\n"
    reading = reading_of(tmp_path, text.encode())
    assert names_of(reading)[0] == ("Abbassi", "Amal")
    assert [p.code for p in reading.problems] == ["hidden_characters"]


def test_a_million_blank_lines_are_quick_and_counted_as_one_stretch(tmp_path: Path) -> None:
    data = b"Nom;Prenom;CIN\nAbbassi;Amal;JE1234\n" + b";;\n" * 1_000_000 + b"Ouchen;Bilal;BK1234\n"
    reading = reading_of(tmp_path, data)
    assert reading.rows.get_column("row").to_list() == [2, 1_000_003]
    blank = reading.skipped.filter(pl.col("why") == "blank")
    assert blank.select("row", "last_row").rows() == [(3, 1_000_002)]
