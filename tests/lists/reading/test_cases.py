"""Files that institutions really send, each with what must come of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.utils import translation

from qafila.lists.reading.columns.mapping import parse_mapping
from qafila.lists.reading.reading import read_file, read_files
from qafila.lists.reading.results import FileReading
from qafila.lists.reading.sentences import problem_sentence, warning_sentence
from qafila.lists.reading.written_mapping import write_mapping

DATA = Path(__file__).parents[1] / "data"
REFUSED = {
    "fixed-width.txt": "fixed_width",
    "web-archive.xls": "not_a_list",
}
FEB = dt.date(1980, 2, 1)


def case(name: str) -> FileReading:
    reading = read_file(DATA / name)
    balance = reading.accepted + reading.rejected.height + reading.repeated.height
    assert reading.read == balance + reading.left_out.height
    return reading


def codes(reading: FileReading) -> list[str]:
    return [problem.code for problem in reading.problems]


def column(reading: FileReading, name: str) -> list[Any]:
    return reading.rows.get_column(name).to_list()


def by_row(reading: FileReading, name: str) -> dict[int, Any]:
    return dict(reading.rows.select("row", name).rows())


def remarks(reading: FileReading) -> dict[int, list[str]]:
    grouped = reading.remarks.group_by("row", maintain_order=True).agg("code")
    return dict(grouped.rows())


def test_ages_are_not_dropped_in_silence() -> None:
    reading = case("age-only.csv")
    assert codes(reading) == ["ages_not_used"]
    assert reading.remarks.select("row", "code", "cell").rows() == [
        (2, "age_not_used", "45"), (3, "age_not_used", "50 ans"),
    ]  # fmt: skip


def test_cards_are_read_or_said() -> None:
    reading = case("cards.csv")
    cards, said = by_row(reading, "card_number"), remarks(reading)
    for row in (7, 8, 9, 10, 11, 18):
        assert cards[row] == "BE123456"
    assert said[7] == ["card_reversed"]
    assert said[9] == ["card_first_of_several"]
    assert said[11] == ["card_part_read"]
    for row in (24, 25):
        assert cards[row] is None
        assert said[row] == ["card_placeholder"]
    for row in (12, 14, 15, 20, 26):
        assert cards[row] is None
        assert said[row] == ["card_unreadable"]
    for row in (21, 22, 23):
        assert cards[row] is None
        assert row not in said


def test_more_cells_than_headings_are_said() -> None:
    reading = case("comma-unquoted.csv")
    (notice,) = reading.problems
    assert (notice.code, notice.params["rows"]) == ("more_cells_than_headings", "2, 4")
    assert by_row(reading, "province_text") == {2: None, 3: None, 4: None}
    assert {2, 4} == set(remarks(reading))


def test_the_heading_name_said_twice_holds_the_parts_of_a_name() -> None:
    reading = case("crash-ism-twice.csv")
    assert column(reading, "full_name") == ["سميرة الزروالي", "إبراهيم أوخويا"]


def test_a_name_in_two_scripts_fills_its_gaps() -> None:
    reading = case("crash-nom-fr-nom-ar.csv")
    assert column(reading, "full_name") == ["Zerouali Samira", "أوخويا إبراهيم"]
    assert codes(reading) == ["heading_twice"]


def test_dates_in_every_form() -> None:
    reading = case("dates-forms.csv")
    lines = (DATA / "dates-forms.csv").read_text(encoding="utf-8").splitlines()
    written = dict(enumerate((line.split(";")[3] for line in lines), 1))
    days = {written[row]: day for row, day in by_row(reading, "birth_date").items()}
    precisions = {written[row]: p for row, p in by_row(reading, "birth_precision").items()}
    for text in ("01 / 02 / 1980", "01–02–1980", "01\\02\\1980", "O1/O2/1980", "Fri Feb 01 1980",
                 "19800201", "01/02/1980.", "29252", "1er février 1980",
                 "فاتح فبراير 1980"):  # fmt: skip
        assert (days[text], precisions[text]) == (FEB, "day"), text
    for text in ("Feb-80", "févr-80"):
        assert (days[text], precisions[text]) == (FEB, "month"), text
    said = {written[row]: found for row, found in remarks(reading).items()}
    for text in ("01/02/2030", "01/02/1890"):
        assert (days[text], said[text]) == (None, ["birth_impossible"])
    assert (days["01/02/19 80"], said["01/02/19 80"]) == (None, ["date_unreadable"])
    assert (precisions["00/00/1980"], said["00/00/1980"]) == ("year", ["date_only_year"])
    assert "dates_mixed" in codes(reading)


def test_a_sheet_wrong_about_its_extent_is_read() -> None:
    assert case("dimension-A0.xlsx").accepted == 5


def test_what_excel_left_in_place_of_a_name_is_no_name() -> None:
    reading = case("excel-errors-as-names.xlsx")
    assert reading.rejected.select("row", "reason").rows() == [
        (3, "no_name"), (5, "name_lost"), (6, "name_lost"),
    ]  # fmt: skip
    assert column(reading, "family_name") == ["Zerouali", "Chraibi"]


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_what_cannot_be_read_says_why(name: str, code: str) -> None:
    reading = case(name)
    assert not reading.usable
    assert code in codes(reading)
    with translation.override("fr"):
        assert all(problem_sentence(problem).endswith(".") for problem in reading.problems)


def test_lists_side_by_side_are_both_read() -> None:
    reading = case("side-by-side.csv")
    assert reading.rows.select("sheet", "row", "card_number").rows() == [
        ("(A:B)", 2, "BE123456"), ("(A:B)", 3, "JB45678"),
        ("(D:E)", 2, "D456789"), ("(D:E)", 3, "PA98765"), ("(D:E)", 4, "BK223344"),
    ]  # fmt: skip
    assert codes(reading) == ["tables_parted"]


def test_a_table_on_its_side_is_turned_over() -> None:
    reading = case("transposed.xlsx")
    assert by_row(reading, "card_number") == {2: "BE123456", 3: "JB45678", 4: "D456789"}
    assert codes(reading) == ["turned_over"]


def test_a_full_name_over_two_columns_is_one_name() -> None:
    reading = case("full-name-over-two-columns.xlsx")
    assert column(reading, "full_name") == ["Zerouali Samira", "Oukhouya Brahim"]
    assert column(reading, "birth_date") == [FEB, dt.date(1975, 3, 15)]


def test_headings_that_say_their_language_are_headings() -> None:
    reading = case("headings-en-francais-en-arabe.csv")
    assert reading.read == 1
    assert column(reading, "card_number") == ["BE123456"]


def test_hidden_rows_columns_and_sheets_are_said() -> None:
    reading = case("hidden-rows-sheets.xlsx")
    assert reading.accepted == 6
    assert {(p.code, p.params.get("count")) for p in reading.problems} == {
        ("hidden_sheets", 2), ("hidden_rows", 1), ("hidden_columns", 1),
    }  # fmt: skip


def test_a_rounded_number_is_no_number() -> None:
    reading = case("ids-scientific.csv")
    assert column(reading, "tax_number") == [None, "12345678"]
    assert remarks(reading) == {2: ["number_rounded"] * 2, 3: ["number_rounded"]}


def test_mac_arabic_keeps_its_slashes() -> None:
    reading = case("mac-arabic.csv")
    assert column(reading, "birth_precision") == ["day"] * 3
    assert column(reading, "birth_date")[0] == FEB


@pytest.mark.parametrize(
    "name",
    [
        path.name for path in sorted(DATA.iterdir()) if path.name not in REFUSED
    ],
)  # fmt: skip
def test_the_mapping_given_back_gives_the_same_rows(name: str) -> None:
    first = read_files([DATA / name])
    again = read_files([DATA / name], mapping=parse_mapping(write_mapping(first)))
    assert again.rows.equals(first.rows)
    assert again.rejected.equals(first.rejected)
    assert again.skipped.equals(first.skipped)


def test_the_second_phone_column_fills_the_gaps() -> None:
    reading = case("mapping-roundtrip-tel-gsm.csv")
    assert column(reading, "phone") == ["+212612345678", "+212528112233"]


def test_rows_without_a_name_are_rejected_never_skipped() -> None:
    reading = case("nameless-rows-skipped.csv")
    assert (reading.read, reading.accepted, reading.rejected.height) == (8, 1, 7)
    assert set(reading.rejected.get_column("reason")) == {"no_name"}


def test_names_that_begin_like_footers_are_people() -> None:
    reading = case("names-taken-for-footers-ar.csv")
    assert (reading.read, reading.accepted) == (8, 8)


def test_the_first_of_two_phones_is_taken_and_said() -> None:
    reading = case("phones.csv")
    for row in (10, 11, 23):
        assert by_row(reading, "phone")[row] == "+212612345678"
        assert remarks(reading)[row] == ["phone_first_of_several"]
    assert remarks(reading)[28] == ["phone_placeholder"]


@pytest.mark.parametrize(
    ("name", "rows", "at"),
    [("quote-stray-near-end.csv", 300, 297), ("quote-unclosed-small.csv", 6, 3)],
)
def test_a_stray_quote_swallows_nobody(name: str, rows: int, at: int) -> None:
    reading = case(name)
    assert reading.accepted == rows
    assert [(p.code, p.params["row"]) for p in reading.problems] == [("stray_quotes", at)]


def test_a_shifted_row_is_put_back_and_said() -> None:
    reading = case("row-shifted-right.csv")
    assert column(reading, "family_name") == ["Zerouali", "Oukhouya", "Chraibi"]
    assert by_row(reading, "card_number")[3] == "JB45678"
    assert remarks(reading) == {3: ["row_shifted"]}


def test_days_of_a_macintosh_workbook() -> None:
    assert column(case("serials-1904-general.xlsx"), "birth_date")[0] == FEB


def test_a_table_of_counts_is_no_list() -> None:
    reading = case("summary-nombre.xlsx")
    assert (reading.accepted, reading.rejected.height) == (4, 0)
    refused = {p.params["sheet"]: p.code for p in reading.problems}
    assert refused["Synthèse"] == "no_name_column"
    assert "TCD" in refused


def test_titles_between_tables_are_no_people() -> None:
    reading = case("titles-inside-sheet.xlsx")
    assert reading.accepted == 3
    titles = reading.left_out.filter(pl.col("why") == "title")
    assert titles.get_column("row").to_list() == [6, 11]


def test_six_people_with_cards_that_follow_each_other_are_read() -> None:
    assert case("twins-consecutive-cards.csv").accepted == 6


def test_headings_in_two_lines_without_merged_cells() -> None:
    reading = case("two-line-headings.csv")
    assert reading.accepted == 6
    assert column(reading, "birth_date")[0] == FEB
    assert column(reading, "phone")[0] == "+212612345678"


def test_a_workbook_under_another_name() -> None:
    reading = case("xlsx-named.xls")
    assert reading.accepted == 2
    assert codes(reading) == ["other_kind_than_named"]


def test_a_remark_says_the_cell_and_what_was_done() -> None:
    reading = case("phones.csv")
    found = reading.remarks.row(by_predicate=pl.col("row") == 10, named=True)
    with translation.override("fr"):
        sentence = warning_sentence(found["code"], found)
    assert "0612345678 0661223344" in sentence
    assert "+212612345678" in sentence
