"""Tables side by side, on their side, as forms: read where there is one way, else refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.lists.reading.workbook_files import write_csv, write_xlsx

from qafila.lists.reading.columns.mapping import parse_mapping
from qafila.lists.reading.reading import read_file, read_files
from qafila.lists.reading.results import FileReading
from qafila.lists.reading.written_mapping import write_mapping

SAMIRA, BRAHIM = ["Zerouali", "Samira", "BE123456"], ["Oukhouya", "Brahim", "JB45678"]
NAWAL = ["Chraibi", "Nawal", "BK55555"]
HEADINGS = ["Nom", "Prénom", "CIN"]


def codes(reading: FileReading) -> list[str]:
    return [problem.code for problem in reading.problems]


def people(reading: FileReading) -> list[tuple[str, int, str, str]]:
    return reading.rows.select("sheet", "row", "family_name", "card_number").rows()


def read(path: Path) -> FileReading:
    """One file; its mapping given back gives the same rows, and the balance holds."""
    reading = read_file(path)
    balance = reading.accepted + reading.rejected.height + reading.repeated.height
    assert reading.read == balance + reading.left_out.height
    if reading.usable:
        first = read_files([path])
        again = read_files([path], mapping=parse_mapping(write_mapping(first)))
        assert again.rows.equals(first.rows)
    return reading


def test_lists_side_by_side_under_titles_of_places(tmp_path: Path) -> None:
    rows = [
        ["Settat", "", "", "", "Taroudant"],
        [*HEADINGS, "", *HEADINGS],
        [*SAMIRA, "", *NAWAL],
        BRAHIM,
    ]
    reading = read(write_xlsx(tmp_path / "l.xlsx", {"L": rows}))
    assert people(reading) == [
        ("L (A:C)", 3, "Zerouali", "BE123456"),
        ("L (A:C)", 4, "Oukhouya", "JB45678"),
        ("L (E:G)", 3, "Chraibi", "BK55555"),
    ]


def test_lists_side_by_side_with_their_own_order_numbers(tmp_path: Path) -> None:
    rows = [
        ["N°", *HEADINGS, "N°", *HEADINGS],
        ["1", *SAMIRA, "3", *NAWAL],
        ["2", *BRAHIM, "4", "Tahiri", "Lahcen", "EE99881"],
    ]
    assert read(write_csv(tmp_path / "l.csv", rows)).accepted == 4


@pytest.mark.parametrize("title", ["Conjoint", "Employeur", "Enfants"])
def test_a_second_list_that_may_be_of_other_people_is_refused(tmp_path: Path, title: str) -> None:
    rows = [["", "", "", "", title], [*HEADINGS, "", *HEADINGS], [*SAMIRA, "", *BRAHIM]]
    reading = read(write_xlsx(tmp_path / "l.xlsx", {"L": rows}))
    assert codes(reading) == ["no_usable_sheet", "side_by_side"]


def test_side_by_side_without_anything_between_is_refused(tmp_path: Path) -> None:
    rows = [[*HEADINGS, *HEADINGS], [*SAMIRA, *BRAHIM]]
    assert "side_by_side" in codes(read(write_csv(tmp_path / "l.csv", rows)))


def test_a_blank_column_inside_a_list_is_no_second_list(tmp_path: Path) -> None:
    rows = [["Nom", "", "Prénom", "", "CIN"], *([a, "", b, "", c] for a, b, c in (SAMIRA, BRAHIM))]
    assert read(write_csv(tmp_path / "l.csv", rows)).accepted == 2


def test_a_table_of_counts_beside_the_list_fills_no_gaps(tmp_path: Path) -> None:
    rows = [
        [*HEADINGS, "Commune", "", "Commune", "Effectif"],
        [*SAMIRA, "", "", "Settat", "2"],
        [*BRAHIM, "Taroudant", "", "Total", "2"],
    ]
    reading = read(write_csv(tmp_path / "l.csv", rows))
    assert reading.rows["place_text"].to_list() == [None, "Taroudant"]
    assert codes(reading) == ["unknown_headings"]


def test_a_table_on_its_side_with_a_title(tmp_path: Path) -> None:
    rows = [["Liste", ""], *([h, *v] for h, *v in zip(HEADINGS, SAMIRA, BRAHIM, strict=True))]
    reading = read(write_csv(tmp_path / "l.csv", rows))
    assert people(reading) == [("", 2, "Zerouali", "BE123456"), ("", 3, "Oukhouya", "JB45678")]
    assert "turned_over" in codes(reading)


def test_forms_one_below_another(tmp_path: Path) -> None:
    rows = [
        *([h, v] for h, v in zip(HEADINGS, SAMIRA, strict=True)),
        [],
        *([h, v] for h, v in zip(HEADINGS, BRAHIM, strict=True)),
    ]
    reading = read(write_csv(tmp_path / "l.csv", rows))
    assert people(reading) == [("", 3, "Zerouali", "BE123456"), ("", 7, "Oukhouya", "JB45678")]
    assert codes(reading) == ["forms_read"]


def test_forms_of_which_the_beginning_cannot_be_told_are_refused(tmp_path: Path) -> None:
    rows = [["Nom", "Zerouali"], ["CIN", "BE1"], ["CIN", "BE2"], ["Nom", "Oukhouya"]]
    assert "headings_in_first_column" in codes(read(write_csv(tmp_path / "l.csv", rows)))


def test_people_above_the_headings_of_a_sorted_sheet(tmp_path: Path) -> None:
    reading = read(write_csv(tmp_path / "l.csv", [NAWAL, HEADINGS, BRAHIM, SAMIRA]))
    assert [row for _, row, *_ in people(reading)] == [1, 3, 4]


def test_headings_without_one_for_the_first_column(tmp_path: Path) -> None:
    births = ["01/02/1980", "15/03/1975"]
    rows = [["Prénom", "CIN", "Date de naissance"], [*SAMIRA, births[0]], [*BRAHIM, births[1]]]
    reading = read(write_csv(tmp_path / "l.csv", rows))
    assert people(reading) == [("", 2, "Zerouali", "BE123456"), ("", 3, "Oukhouya", "JB45678")]
    assert "headings_shifted" in codes(reading)


def test_row_numbers_without_a_heading_are_no_remark(tmp_path: Path) -> None:
    rows = [["", *HEADINGS], ["0", *SAMIRA], ["1", *BRAHIM], ["2", *NAWAL]]
    reading = read(write_csv(tmp_path / "l.csv", rows))
    assert (reading.accepted, reading.remarked) == (3, 0)


def test_a_birth_in_three_columns_under_merged_headings(tmp_path: Path) -> None:
    rows = [
        ["Nom", "Prénom", "Date de naissance", "", ""],
        ["", "", "Jour", "Mois", "Année"],
        ["Zerouali", "Samira", "1", "2", "1980"],
        ["Oukhouya", "Brahim", "", "", "1975"],
    ]
    reading = read(write_xlsx(tmp_path / "l.xlsx", {"L": rows}))
    births = reading.rows.select("birth_date", "birth_precision").rows()
    assert [(str(day), precision) for day, precision in births] == [
        ("1980-02-01", "day"), ("1975-01-01", "year"),
    ]  # fmt: skip


def test_a_sheet_of_no_list_says_so_without_headings(tmp_path: Path) -> None:
    path = tmp_path / "l.txt"
    path.write_text("Bonjour\nVoici la liste demandée, bonne réception\nCordialement\nA\n")
    assert "no_names" in codes(read(path))
