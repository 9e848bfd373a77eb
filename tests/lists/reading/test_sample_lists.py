"""The six lists as institutions exchange them, against their truth."""

from __future__ import annotations

import polars as pl
import pytest

from qafila.lists.reading.columns.mapping import parse_mapping
from qafila.lists.reading.reading import read_files
from qafila.lists.reading.results import Reading
from qafila.lists.reading.written_mapping import write_mapping
from tests_paths import SAMPLE_LISTS

LISTS = SAMPLE_LISTS
READ = {
    "auto_entrepreneurs.csv": (593, "auto_entrepreneur"),
    "caravane_fiche_terrain.xlsx": (224, "field_sheet"),
    "chambre_artisanat_2022.xlsx": (2341, "chamber"),
    "cnss_immatricules.xlsx": (1563, "fund"),
    "dgi_cpu_2026.csv": (912, "tax_cpu"),
    "registre_artisanat_export.csv": (1741, "register"),
}


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_files([LISTS / name for name in READ])


def every_row(reading: Reading) -> pl.DataFrame:
    frames = (reading.rows, reading.rejected, reading.repeated)
    return pl.concat(frame.select("file", "sheet", "row") for frame in frames)


def truth() -> pl.DataFrame:
    frame = pl.read_csv(LISTS / "truth.csv", schema_overrides={"sheet": pl.String})
    return frame.with_columns(pl.col("sheet").fill_null(""))


def test_rows_and_kinds_of_each_file(reading: Reading) -> None:
    found = {f.name: (f.read, f.sheets[0].source) for f in reading.files}
    assert found == READ


def test_every_row_of_the_truth_is_read_once_and_no_other(reading: Reading) -> None:
    keys = ["file", "sheet", "row"]
    assert every_row(reading).sort(keys).equals(truth().select(keys).sort(keys))


def test_repeated_rows_are_the_same_person(reading: Reading) -> None:
    people = truth()
    pairs = reading.repeated.join(people, on=["file", "sheet", "row"]).join(
        people.rename({"row": "first_row", "person_id": "first"}), on=["file", "sheet", "first_row"]
    )
    assert pairs.height == reading.repeated.height > 0
    assert pairs.filter(pl.col("person_id") != pl.col("first")).is_empty()


def test_no_warning_but_lost_phones_and_communes_of_the_same_name(reading: Reading) -> None:
    warned = reading.rows.explode("warnings").drop_nulls("warnings")
    counts = dict(warned.group_by("file", "warnings").len().select("warnings", "len").rows())
    assert set(counts) == {"phone_unreadable", "place_ambiguous"}
    assert counts["phone_unreadable"] == 61
    assert reading.problems == []


def test_titles_headings_totals_and_blanks_are_listed(reading: Reading) -> None:
    chamber = reading.skipped.filter(pl.col("file") == "chambre_artisanat_2022.xlsx")
    counts = dict(chamber.get_column("why").value_counts().rows())
    assert counts == {"title": 48, "blank": 24, "header": 24, "total": 24}


def test_the_mapping_written_reads_the_same_rows(reading: Reading) -> None:
    mapping = parse_mapping(write_mapping(reading))
    again = read_files([LISTS / name for name in READ], mapping=mapping)
    assert again.rows.equals(reading.rows)


def test_sheet_names_give_the_province(reading: Reading) -> None:
    rows = reading.rows.filter(pl.col("sheet") == "سطات")
    assert rows.get_column("province_code").unique().to_list() == ["06.461"]
