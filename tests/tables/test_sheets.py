"""Foreign files opened as tables: titles, headings by synonyms, cells under no heading."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from qafila.tables.notices import CannotRead
from qafila.tables.sheets import Sheet, open_tables
from qafila.tables.synonyms import Synonyms, SynonymsRefused, parse_synonyms

KNOWN = Synonyms(
    {"number": ["n°", "numéro", "الرقم"], "amount": ["montant", "المبلغ"], "day": ["date"]}
)
ROWS = [["Relevé du mois"], [], ["N°", "Montant", "Date"], ["A1", "163,52", "20/11/2026"]]


def as_csv(rows: list[list[str]], separator: str = ";") -> bytes:
    return "\n".join(separator.join(row) for row in rows).encode()


def as_xlsx(rows: list[list[str]], path: Path) -> bytes:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Novembre")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path.read_bytes()


def only(content: bytes) -> Sheet:
    (sheet,) = open_tables(content, synonyms=KNOWN).sheets
    return sheet


def test_csv_and_workbook_give_the_same_table(tmp_path: Path) -> None:
    for content in (as_csv(ROWS), as_csv(ROWS, "\t"), as_xlsx(ROWS, tmp_path / "a.xlsx")):
        sheet = only(content)
        assert sheet.header_row == 3
        assert sheet.headings == {"number": "N°", "amount": "Montant", "day": "Date"}
        assert sheet.rows.rows() == [(4, "A1", "163,52", "20/11/2026")]
        assert sheet.centimes("amount")[0].to_list() == [16352]
        assert sheet.text("absent").to_list() == [None]


def test_rows_bear_the_number_a_person_sees_and_blank_ones_are_none() -> None:
    rows = [*ROWS, ["", "", ""], [], ["A2", "5", ""]]
    assert only(as_csv(rows)).rows.get_column("row").to_list() == [4, 7]


def test_cells_under_no_heading_are_named() -> None:
    sheet = only(as_csv([ROWS[2], ["A1", "163", "x", "52"], ["A2", "1", "x"]], ","))
    assert sheet.beyond.to_list() == [2]


def test_two_headings_of_one_field_are_both_named_and_neither_chosen() -> None:
    sheet = only(as_csv([["N°", "Montant", "المبلغ"], ["1", "2", "3"]]))
    assert sheet.twice == {"amount": ("Montant", "المبلغ")}
    assert sheet.rows.columns == ["row", "number"]


def test_a_file_without_headings_says_so_and_an_empty_one_is_refused() -> None:
    assert open_tables(b"a;b\n1;2\n", synonyms=KNOWN).unheaded == ("",)
    with pytest.raises(CannotRead) as refused:
        open_tables(b" \n\n", synonyms=KNOWN)
    assert refused.value.notice.code == "file_empty"


def test_a_synonyms_file_adds_headings_and_wins() -> None:
    more = parse_synonyms("fields:\n  amount: [Versé, date]\n", fields=("amount", "day"))
    both = KNOWN.with_more(more)
    assert (both.surely("versé"), both.surely("DATE"), both.surely("Numéro")) == (
        "amount", "amount", "number",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [("fields: [", "synonyms_not_yaml"), ("[]", "synonyms_not_a_table"),
     ("fields:\n  sum: [x]\n", "synonyms_unknown_field"),
     ("fields:\n  amount: x\n", "synonyms_not_a_table")],
)  # fmt: skip
def test_a_wrong_synonyms_file_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(SynonymsRefused) as refused:
        parse_synonyms(text, fields=("amount",))
    assert refused.value.code == code
