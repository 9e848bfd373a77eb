"""Lines and cells as bad exports leave them: quotation marks, entities, notes, numbers in names."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.lists.reading.workbook_files import write_csv

from qafila.lists.reading.reading import read_file
from qafila.lists.reading.results import FileReading

DBASE = b"\x03\x7a\x01\x01\x02\0\0\0\x41\0\x20\0" + bytes(20)  # kind, day, rows, lengths
DBASE += b"NOM" + bytes(29) + b"\r" + b" " * 40
HEAD = "Nom;Prénom;CIN;Tél\n"
SAMIRA, BRAHIM = "Zerouali;Samira;BE123456;0612345678\n", "Oukhouya;Brahim;JB45678;0661223344\n"


def read(folder: Path, text: str | bytes, name: str = "l.csv") -> FileReading:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    reading = read_file(path)
    balance = reading.accepted + reading.rejected.height + reading.repeated.height
    assert reading.read == balance + reading.left_out.height
    return reading


def codes(reading: FileReading) -> list[str]:
    return [problem.code for problem in reading.problems]


def test_lines_parted_by_another_sign_than_the_rest(tmp_path: Path) -> None:
    reading = read(tmp_path, HEAD + SAMIRA.replace(";", ",") + BRAHIM)
    assert reading.rows["card_number"].to_list() == ["BE123456", "JB45678"]
    assert [(p.code, p.params["row"]) for p in reading.problems] == [("other_delimiter", 2)]


def test_a_title_with_commas_is_not_parted(tmp_path: Path) -> None:
    reading = read(tmp_path, HEAD + SAMIRA + "Fait à Settat, en un lieu, par nous, ce jour;;;\n")
    assert (reading.accepted, reading.left_out.height) == (1, 1)


def test_headings_parted_otherwise_than_all_rows(tmp_path: Path) -> None:
    reading = read(tmp_path, "Nom,Prénom,CIN,Tél;;;\n" + "".join((SAMIRA, BRAHIM)))
    assert reading.accepted == 2


def test_a_whole_row_in_one_cell_is_rejected_never_skipped(tmp_path: Path) -> None:
    text = "N°;Nom;Prénom;CIN;Tél\n1;Zerouali;Samira;BE123456;\n2 Oukhouya Brahim JB45678;;;;\n"
    reading = read(tmp_path, text)
    assert reading.rejected.select("row", "reason").rows() == [(3, "no_name")]


def test_a_quote_that_closes_before_a_letter_is_stray(tmp_path: Path) -> None:
    rows = 'Zerouali;"Samira;BE123456;"12, rue X"\nOukhouya;Brahim;JB45678;"Rue 1\nBP 3"\n'
    reading = read(tmp_path, "Nom;Prénom;CIN;Adresse\n" + rows)
    assert reading.rows["card_number"].to_list() == ["BE123456", "JB45678"]
    assert [(p.code, p.params["row"]) for p in reading.problems] == [("stray_quotes", 2)]


def test_letters_written_as_entities(tmp_path: Path) -> None:
    text = "Nom;Pr&eacute;nom;CIN\nZerouali;Sa&iuml;d;BE123456\n&#1587;&#1610;&#1583;;Ali;JB45678\n"
    assert read(tmp_path, text).rows["given_name"].to_list() == ["Saïd", "Ali"]


def test_addresses_of_several_lines_where_every_cell_is_quoted(tmp_path: Path) -> None:
    people = [f'"Zerouali","BE12345{n}","Rue 1, n° 2, étage 3\nBP 3, Settat, Maroc"' for n in "678"]
    reading = read(tmp_path, '"Nom complet","CIN","Adresse"\n' + "\n".join(people))
    assert (reading.accepted, codes(reading)) == (3, [])


def test_a_quote_never_closed_where_every_cell_is_quoted(tmp_path: Path) -> None:
    lines = [
        '"Nom","Prénom","CIN"',
        '"Zerouali","Samira","BE123456',
        '"Oukhouya","Brahim","JB45678"',
        '"Chraibi","Nawal","BK55555"',
    ]
    reading = read(tmp_path, "\n".join(lines))
    assert reading.rows["card_number"].to_list() == ["BE123456", "JB45678", "BK55555"]
    assert codes(reading) == ["stray_quotes"]


@pytest.mark.parametrize(("left", "right"), ["''", "«»", "“”"])
def test_other_quotation_marks_are_of_no_name(tmp_path: Path, left: str, right: str) -> None:
    rows = [["Nom", "CIN"], ["Zerouali Samira", "BE123456"], ["Oukhouya Brahim", "JB45678"]]
    quoted = [[f"{left}{cell}{right}" for cell in row] for row in rows]
    reading = read_file(write_csv(tmp_path / "l.csv", quoted))
    assert reading.rows["full_name"].to_list() == ["Zerouali Samira", "Oukhouya Brahim"]
    assert reading.rows["card_number"].to_list() == ["BE123456", "JB45678"]


@pytest.mark.parametrize("said", ["Néant", "xxx", "Inconnu", "SNP", "لا يوجد", "مجهول"])
def test_what_says_that_there_is_no_name(tmp_path: Path, said: str) -> None:
    reading = read(tmp_path, HEAD + SAMIRA + f"{said};{said};EE1234;\n{said};Omar;EE1235;\n")
    assert reading.rejected.select("row", "reason").rows() == [(3, "no_name")]
    assert reading.remarks.select("row", "code").rows() == [(4, "name_says_nothing")]


def test_a_truth_value_is_no_name(tmp_path: Path) -> None:
    reading = read(tmp_path, HEAD + SAMIRA + "true;FAUX;EE1234;\n")
    assert reading.rejected["reason"].to_list() == ["name_lost"]


def test_numbers_in_the_cell_of_the_name(tmp_path: Path) -> None:
    people = ("1- Chraibi Nawal;BK55555", "Amrani Omar BE999999;", "Tazi Ali 061;EE1234")
    text = "\n".join(["Nom et prénom;CIN", *people])
    reading = read(tmp_path, text)
    assert reading.rows.select("full_name", "card_number").rows() == [
        ("Chraibi Nawal", "BK55555"), ("Amrani Omar", "BE999999"), ("Tazi Ali", "EE1234"),
    ]  # fmt: skip
    assert reading.remarks.select("row", "code", "taken").rows() == [
        (3, "name_with_number", "Amrani Omar"), (3, "card_in_name", "BE999999"),
        (4, "name_with_number", "Tazi Ali"),
    ]  # fmt: skip


def test_letters_as_drawn_become_letters_as_written(tmp_path: Path) -> None:
    reading = read(tmp_path, "الاسم الكامل;CIN\nﺳﻤﻴﺮﺓ ﺍﻟﺰﺭﻭﺍﻟﻲ;BE123456\n")
    assert reading.rows["full_name"].to_list() == ["سميرة الزروالي"]


NOTES = ("Fait à Settat", "Le Président", "Amine Berrada", "Tél: 0522112233", "(*) sans carte")


def test_what_stands_below_the_signature_is_no_person(tmp_path: Path) -> None:
    people = "Zerouali Samira;BE123456;\nOukhouya Brahim;JB45678;\n"
    notes = "".join(f"{note};;\n" for note in NOTES)
    reading = read(tmp_path, "Nom et prénom;CIN;Tél\n" + people + notes)
    assert reading.rows["full_name"].to_list() == ["Zerouali Samira", "Oukhouya Brahim"]
    assert reading.left_out["why"].to_list() == ["footer"] * len(NOTES)


def test_a_person_between_notes_is_kept(tmp_path: Path) -> None:
    rows = "Zerouali Samira;BE123456;\nLe Président;;\nAmine Berrada EE123456;;\nTazi Ali;EE1;\n"
    reading = read(tmp_path, "Nom et prénom;CIN;Tél\n" + rows)
    assert reading.rows["row"].to_list() == [2, 4, 5]


def test_part_of_a_name_alone_in_its_row_is_rejected_with_its_reason(tmp_path: Path) -> None:
    reading = read(tmp_path, HEAD + "Poterie;;;\n" + SAMIRA + "Douar Ait Ali;;;\n" + BRAHIM)
    assert reading.rejected.select("row", "reason").rows() == [(2, "name_alone")]
    assert reading.left_out.select("row", "why").rows() == [(4, "section")]


def test_a_list_of_names_only_keeps_them(tmp_path: Path) -> None:
    text = "Nom et prénom;CIN;Tél\n" + "".join(f"{name};;\n" for name in ("Zerouali", "Tazi Omar"))
    assert read(tmp_path, text).accepted == 2


@pytest.mark.parametrize("line", ["S/Total;;;2", "Suite page suivante;;;", "Vu et vérifié;;;"])
def test_lines_between_pages_are_no_people(tmp_path: Path, line: str) -> None:
    reading = read(tmp_path, HEAD + SAMIRA + line + "\n" + BRAHIM)
    assert (reading.accepted, reading.left_out.height) == (2, 1)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"BEGIN:VCARD\nVERSION:3.0\nN:Zerouali;Samira\nEND:VCARD\n", "contacts"),
        (b"INSERT INTO artisans (nom, prenom) VALUES\n('Zerouali','Samira');\n", "database"),
        (DBASE, "database"),
    ],
)  # fmt: skip
def test_files_of_other_programs_say_what_they_are(
    tmp_path: Path, content: bytes, kind: str
) -> None:
    reading = read(tmp_path, content)
    assert [(p.code, p.params["kind"]) for p in reading.problems] == [("not_a_list", kind)]


def test_a_second_phone_column_is_one_more_phone(tmp_path: Path) -> None:
    reading = read(tmp_path, "Nom et prénom;Tél 1;Tél 2\nZerouali Samira;;0661223344\n")
    assert reading.rows["phone"].to_list() == ["+212661223344"]
