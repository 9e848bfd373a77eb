"""Reading a file of points (code, lat, lon): every row is accepted, rejected or repeated.

Any csv or workbook; the bytes and the known codes come in, the balance and the faults go out. A bad
row never stops the file.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from qafila.foundation.errors import DomainError
from qafila.foundation.wording.table_sentences import NoticeSentence
from qafila.places import errors
from qafila.tables.folding import western_digits
from qafila.tables.notices import CannotRead
from qafila.tables.sheets import Sheet, open_tables
from qafila.tables.synonyms import Synonyms

COLUMNS = ("code", "lat", "lon")
# A box around the whole territory in degrees: La Gouira to Cap Spartel, the Atlantic to Figuig.
SOUTH, NORTH, WEST, EAST = 20.6, 36.1, -17.3, -0.9
_HEADINGS = Synonyms(
    {
        "code": ["code", "code commune", "code de la commune", "رمز الجماعة"],
        "lat": ["lat", "latitude", "خط العرض"],
        "lon": ["lon", "long", "lng", "longitude", "خط الطول"],
    }
)


_MARKS = str.maketrans({"\u2212": "-", ",": ".", "٫": "."})


@dataclass(frozen=True)
class Point:
    """Degrees, WGS 84."""

    latitude: float
    longitude: float


@dataclass
class PointsRead:
    """read = accepted + rejected + repeated, where accepted is the number of `points`."""

    points: dict[str, Point] = field(default_factory=dict)
    faults: list[DomainError] = field(default_factory=list)
    read: int = 0
    repeated: int = 0


def read_points(
    content: bytes,
    *,
    name: str,
    known_codes: Collection[str],
    present_code_of: Callable[[str], str | None],
) -> PointsRead:
    """The points of a file's `content`; `name` is how sentences call the file.

    `present_code_of` gives the code of today for a code of the census of 2014. Raises
    UnusablePointsFile where not one row can be read.
    """
    sheet = _sheet(content, name)
    result, first_lines = PointsRead(), dict[str, int]()
    for row in sheet.rows.iter_rows(named=True):
        line: int = row["row"]
        result.read += 1
        try:
            code, point = _row(row, line, known_codes, present_code_of)
            _keep(result, first_lines, line, code, point)
        except DomainError as fault:
            result.faults.append(fault)
    if result.read == 0:
        raise errors.FileEmpty(file=name)
    return result


def _sheet(content: bytes, name: str) -> Sheet:
    """The first sheet with all the columns. Raises UnusablePointsFile."""
    try:
        opened = open_tables(content, name=name, synonyms=_HEADINGS, fewest=1)
    except CannotRead as error:
        if error.notice.code == "file_empty":
            raise errors.FileEmpty(file=name) from error
        raise errors.NotATable(file=name, reason=NoticeSentence(error.notice)) from error
    sheets = sorted(opened.sheets, key=lambda one: -len({*one.headings, *one.twice}))
    if not sheets:
        raise errors.ColumnsMissing(file=name, line=1, missing=", ".join(COLUMNS))
    sheet = sheets[0]
    for column, written in sheet.twice.items():
        line, both = sheet.header_row, ", ".join(written)
        raise errors.ColumnTwice(file=name, line=line, column=column, headings=both)
    missing = [column for column in COLUMNS if column not in sheet.headings]
    if missing:
        raise errors.ColumnsMissing(file=name, line=sheet.header_row, missing=", ".join(missing))
    return sheet


def _row(
    cells: Mapping[str, str | None],
    line: int,
    known_codes: Collection[str],
    present_code_of: Callable[[str], str | None],
) -> tuple[str, Point]:
    code = cells["code"]
    if not code:
        raise errors.CodeMissing(line=line)
    if code not in known_codes:
        present = present_code_of(code)
        if present:
            raise errors.CodeReplaced(line=line, commune=code, present=present)
        raise errors.CodeUnknown(line=line, commune=code[:40])
    latitude, longitude = (_degrees(cells, name, line) for name in ("lat", "lon"))
    _check_in_morocco(latitude, longitude, line)
    return code, Point(latitude, longitude)


def _degrees(cells: Mapping[str, str | None], column: str, line: int) -> float:
    text = cells[column]
    if not text:
        raise errors.RowCutShort(line=line, column=column)
    try:
        value = float(western_digits(text).translate(_MARKS))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise errors.CoordinateNotANumber(line=line, column=column, value=text[:40])
    return value


def _check_in_morocco(latitude: float, longitude: float, line: int) -> None:
    if _inside(latitude, longitude):
        return
    if _inside(longitude, latitude):
        raise errors.CoordinatesSwapped(line=line, lat=latitude, lon=longitude)
    if _inside(latitude, -longitude):
        raise errors.MinusSignLost(line=line, lon=longitude)
    raise errors.OutsideMorocco(line=line, lat=latitude, lon=longitude)


def _inside(latitude: float, longitude: float) -> bool:
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def _keep(
    result: PointsRead, first_lines: dict[str, int], line: int, code: str, point: Point
) -> None:
    earlier = result.points.get(code)
    if earlier is None:
        result.points[code], first_lines[code] = point, line
    elif earlier == point:
        result.repeated += 1
    else:
        raise errors.CodeGivenTwice(line=line, commune=code, first=first_lines[code])
