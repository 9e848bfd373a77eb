"""Importing points of communes from a CSV file."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from qafila.foundation.actors import Actor, Role
from qafila.foundation.errors import NotAllowed
from qafila.foundation.models import JournalEntry
from qafila.places import errors
from qafila.places.actions import PointsImported, import_points
from qafila.places.models import Commune, PlacesImport
from qafila.places.points_file import read_points

ZAG = "10.071.01.03"
NKOB = "08.587.11.25"
HEADING = "code,lat,lon,source\n"
KNOWN = frozenset({ZAG, NKOB})


def _read(content: str | bytes) -> tuple[dict[str, tuple[float, float]], list[str], int]:
    raw = content if isinstance(content, bytes) else content.encode()
    found = read_points(raw, name="p.csv", known_codes=KNOWN, present_code_of={"OLD": ZAG}.get)
    assert found.read == len(found.points) + len(found.faults) + found.repeated
    points = {code: (p.latitude, p.longitude) for code, p in found.points.items()}
    return points, [fault.sentence() for fault in found.faults], found.repeated


@pytest.mark.parametrize(
    "content",
    [
        f"code,lat,lon\n{ZAG},28.02,-9.33\n",
        f"\ufeffLON , name, Lat ,CODE\r\n-9.33,Zag,28.02,{ZAG}\r\n",
        f"code;lat;lon\n{ZAG};28,02;-9,33\n",
        f"code\tlat\tlon\n\n{ZAG}\t28.02\t\u22129.33\n\n",
        f'code,lat,lon,note\n{ZAG},28.02,-9.33,"an unclosed quote\n'.encode(),
        b"code,lat,lon,name\n" + ZAG.encode() + b",28.02,-9.33,Za\xe9g\n",
    ],
)
def test_files_as_people_save_them_are_read(content: str | bytes) -> None:
    assert _read(content) == ({ZAG: (28.02, -9.33)}, [], 0)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",28.02,-9.33", "Line 3: the column code is empty"),
        ("10.71.1.3,28.02,-9.33", "Line 3: no commune has the code “10.71.1.3”"),
        (
            "OLD,28.02,-9.33",
            f"Line 3: “OLD” is the code of 2014. The commune now has the code {ZAG}",
        ),
        (f"{ZAG},28.02,", "Line 3: the column lon is empty"),
        (f"{ZAG}", "Line 3: the column lat is empty"),
        (f"{ZAG},north,-9.33", "Line 3: “north” in the column lat is not a number"),
        (f"{ZAG},nan,-9.33", "Line 3: “nan” in the column lat is not a number"),
        (f"{ZAG},-9.33,28.02", "Line 3: latitude -9.33 and longitude 28.02 seem to be swapped"),
        (f"{ZAG},28.02,9.33", "Line 3: the longitude 9.33 lies east of Morocco"),
        (f"{ZAG},48.85,2.35", "Line 3: the point 48.85, 2.35 is not in Morocco"),
        (f"{NKOB},28.02,-9.33", f"Line 3: the commune {NKOB} already has another point in line 2"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_others_go_on(row: str, words: str) -> None:
    points, sentences, _ = _read(f"{HEADING}{NKOB},30.87,-5.86,x\n{row}\n")
    assert points == {NKOB: (30.87, -5.86)}
    assert len(sentences) == 1
    assert sentences[0].startswith(words)
    assert sentences[0].endswith(".")


def test_degrees_and_minutes_are_told_whatever_the_encoding() -> None:
    points, sentences, _ = _read(HEADING.encode() + ZAG.encode() + b",28\xb002,-9.33,x\n")
    assert points == {}
    assert sentences[0].startswith("Line 2: “28°02” in the column lat is not a number")


def test_a_workbook_with_a_title_and_long_headings_is_read(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "p.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Coordonnées des communes"])
        sheet.write_row(2, 0, ["Code commune", "Latitude", "Longitude"])
        sheet.write_row(3, 0, [ZAG, 28.02, -9.33])
    assert _read((tmp_path / "p.xlsx").read_bytes()) == ({ZAG: (28.02, -9.33)}, [], 0)


def test_the_same_row_twice_is_counted_as_repeated() -> None:
    row = f"{ZAG},28.02,-9.33,x\n"
    assert _read(HEADING + row + row) == ({ZAG: (28.02, -9.33)}, [], 1)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", errors.FileEmpty),
        (b" \r\n\r\n", errors.FileEmpty),
        (b"\xef\xbb\xbf\n", errors.FileEmpty),
        (b"\xc2\xa0\x1c", errors.NotATable),
        (HEADING.encode(), errors.FileEmpty),
        (b"PK\x03\x04 a workbook", errors.NotATable),
        ("code,lat,lon\n".encode("utf-16"), errors.FileEmpty),
        (b"code,lat,latitude,lon\n1,2,3,4\n", errors.ColumnTwice),
        (b"code,latitude\n1,2\n", errors.ColumnsMissing),
        (b"\xff\xd8\xff\xe0 a picture", errors.NotATable),
    ],
)
def test_a_file_that_holds_nothing_is_refused(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as refused:
        _read(content)
    assert "p.csv" in refused.value.sentence()  # type: ignore[attr-defined]


def test_missing_columns_are_named() -> None:
    with pytest.raises(errors.ColumnsMissing) as refused:
        _read("code,north\n1,2\n")
    assert refused.value.params["missing"] == "lat, lon"


@given(st.binary(max_size=200))
def test_no_content_breaks_the_reader(rest: bytes) -> None:
    with contextlib.suppress(errors.UnusablePointsFile):
        _read(HEADING.encode() + rest)


@pytest.mark.django_db
def test_points_reach_the_communes_and_the_balance_is_kept(
    places: None, system: Actor, at: dt.datetime, tmp_path: Path
) -> None:
    file = tmp_path / "points.csv"
    file.write_text(f"{HEADING}{NKOB},30.87,-5.86,a\n{ZAG},28.02,-9.33,a\n?,1,1,a\n")
    result = import_points(file, actor=system, at=at)
    assert (result.read, result.accepted, result.rejected, result.repeated) == (3, 2, 1, 0)
    assert Commune.objects.get(code=NKOB).latitude == 30.87
    record = PlacesImport.objects.get(subject="points")
    assert (record.read, record.changed, record.source) == (3, 2, "points.csv")
    assert JournalEntry.objects.filter(verb="places.points_imported").count() == 1


@pytest.mark.django_db
def test_importing_again_changes_nothing(
    places: None, system: Actor, at: dt.datetime, tmp_path: Path
) -> None:
    file = tmp_path / "points.csv"
    file.write_text(f"{HEADING}{NKOB},30.87,-5.86,a\n")
    import_points(file, actor=system, at=at)
    assert import_points(file, actor=system, at=at) == PointsImported(
        "points.csv", read=1, accepted=1, rejected=0, repeated=0, changed=0, faults=()
    )


@pytest.mark.django_db
def test_a_file_without_one_good_row_is_refused_with_its_faults(
    places: None, system: Actor, at: dt.datetime, tmp_path: Path
) -> None:
    file = tmp_path / "points.csv"
    file.write_text(f"{HEADING}?,30.87,-5.86,a\n")
    with pytest.raises(errors.NoUsablePoint) as refused:
        import_points(file, actor=system, at=at)
    assert [type(fault) for fault in refused.value.faults] == [errors.CodeUnknown]
    assert not PlacesImport.objects.filter(subject="points").exists()


@pytest.mark.django_db
def test_a_code_of_2014_is_answered_with_the_one_of_today(
    places: None, system: Actor, at: dt.datetime, tmp_path: Path
) -> None:
    file = tmp_path / "points.csv"
    file.write_text(f"{HEADING}01.051.05.01,35.1,-4,a\n")
    with pytest.raises(errors.NoUsablePoint) as refused:
        import_points(file, actor=system, at=at)
    assert "01.051.11.01" in refused.value.faults[0].sentence()


@pytest.mark.django_db
def test_a_missing_file_is_told(system: Actor, at: dt.datetime, tmp_path: Path) -> None:
    with pytest.raises(errors.FileNotReadable):
        import_points(tmp_path / "nowhere.csv", actor=system, at=at)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.COUNTER_AGENT, Role.FIELD_AGENT, Role.AUDITOR])
def test_agents_and_auditors_do_not_import_points(
    role: Role, system: Actor, at: dt.datetime, tmp_path: Path
) -> None:
    with pytest.raises(NotAllowed):
        import_points(tmp_path, actor=Actor.holding(system.id, "x", {role}), at=at)
