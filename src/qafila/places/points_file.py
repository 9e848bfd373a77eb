"""Reading a file of points (`code,lat,lon`): every row is accepted, rejected or repeated.

Pure: the bytes and the known codes come in, the balance and the faults go out. A bad row never
stops the file.
"""

from __future__ import annotations

import codecs
import csv
import math
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from qafila.foundation.errors import DomainError
from qafila.places import errors

COLUMNS = ("code", "lat", "lon")
# A box around the whole territory in degrees: La Gouira to Cap Spartel, the Atlantic to Figuig.
SOUTH, NORTH, WEST, EAST = 20.6, 36.1, -17.3, -0.9
_DELIMITERS = ",;\t"
_LONGEST_LINE = 10_000
_LINE_ENDS = re.compile(r"\r\n|\r|\n")


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
    lines = _numbered_rows(_text(content, name))
    heading_line, heading = next(lines)
    places = _columns(heading, name, heading_line)
    result, first_lines = PointsRead(), dict[str, int]()
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        result.read += 1
        try:
            code, point = _row(cells, places, line, known_codes, present_code_of)
            _keep(result, first_lines, line, code, point)
        except DomainError as fault:
            result.faults.append(fault)
    if result.read == 0:
        raise errors.FileEmpty(file=name)
    return result


def _text(content: bytes, name: str) -> str:
    if b"\0" in content or content.startswith(
        (b"PK\x03\x04", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        raise errors.NotText(file=name)
    # A stray byte in a column we do not read must not cost the row: it is judged cell by cell.
    text = content.decode("utf-8-sig", errors="surrogateescape")
    if not text.strip():
        raise errors.FileEmpty(file=name)
    return text


def _numbered_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that is not blank, with its number; line by line, so that an unclosed quote
    spoils its own line only."""
    lines = [
        (number, line) for number, line in enumerate(_LINE_ENDS.split(text), 1) if line.strip()
    ]
    delimiter = max(_DELIMITERS, key=lines[0][1].count)
    for number, line in lines:
        yield number, next(csv.reader([line[:_LONGEST_LINE]], delimiter=delimiter))


def _columns(heading: list[str], name: str, line: int) -> dict[str, int]:
    found = {cell.strip().lower(): place for place, cell in reversed([*enumerate(heading)])}
    missing = [column for column in COLUMNS if column not in found]
    if missing:
        raise errors.ColumnsMissing(file=name, line=line, missing=", ".join(missing))
    return {column: found[column] for column in COLUMNS}


def _row(
    cells: list[str],
    places: dict[str, int],
    line: int,
    known_codes: Collection[str],
    present_code_of: Callable[[str], str | None],
) -> tuple[str, Point]:
    code = _cell(cells, places, "code", line)
    if not code:
        raise errors.CodeMissing(line=line)
    if code not in known_codes:
        present = present_code_of(code)
        if present:
            raise errors.CodeReplaced(line=line, commune=code, present=present)
        raise errors.CodeUnknown(line=line, commune=code[:40])
    latitude, longitude = (_degrees(cells, places, name, line) for name in ("lat", "lon"))
    _check_in_morocco(latitude, longitude, line)
    return code, Point(latitude, longitude)


def _cell(cells: list[str], places: dict[str, int], column: str, line: int) -> str:
    place = places[column]
    text = cells[place].strip() if place < len(cells) else ""
    if any("\udc80" <= letter <= "\udcff" for letter in text):
        raise errors.CharactersUnreadable(line=line, column=column)
    return text


def _degrees(cells: list[str], places: dict[str, int], column: str, line: int) -> float:
    text = _cell(cells, places, column, line)
    if not text:
        raise errors.RowCutShort(line=line, column=column)
    try:
        value = float(text.replace("\u2212", "-").replace(",", "."))
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
