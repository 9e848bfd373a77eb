"""What can be wrong with a file of points: a row's fault is a value that says its sentence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.errors import DomainError


class UnusablePointsFile(DomainError):
    """Nothing of the file can be used; `faults` says why row by row, where rows were read."""

    code = "unusable_points_file"

    def __init__(self, *, faults: tuple[DomainError, ...] = (), **params: object) -> None:
        super().__init__(**params)
        self.faults = faults


class FileNotReadable(UnusablePointsFile):
    code = "file_not_readable"
    template = _(
        "%(file)s could not be opened. Check that the file exists and that you may read it."
    )


class FileEmpty(UnusablePointsFile):
    code = "file_empty"
    template = _(
        "%(file)s is empty. It must be a CSV file with the columns code, lat and lon, "
        "one commune in each line."
    )


class NotATable(UnusablePointsFile):
    code = "not_a_table"
    template = _("The file %(file)s holds no points. %(reason)s")


class ColumnTwice(UnusablePointsFile):
    code = "column_twice"
    template = _(
        "%(file)s, line %(line)s: several columns are headed as %(column)s (%(headings)s). Rename "
        "those that are not meant."
    )


class ColumnsMissing(UnusablePointsFile):
    code = "columns_missing"
    template = _(
        "%(file)s, line %(line)s: the heading has no column %(missing)s. The first line must "
        "name the columns code, lat and lon."
    )


class NoUsablePoint(UnusablePointsFile):
    code = "no_usable_point"
    template = _(
        "%(file)s holds no point that can be used: %(rejected)s of %(read)s rows were rejected. "
        "Correct the rows listed below and import the file again."
    )


class CodeMissing(DomainError):
    code = "code_missing"
    template = _("Line %(line)s: the column code is empty. Write the commune's official code.")


class CodeUnknown(DomainError):
    code = "code_unknown"
    template = _(
        "Line %(line)s: no commune has the code “%(commune)s”. Official codes look like "
        "06.355.01.03; the column must be text, or the spreadsheet changes it."
    )


class CodeReplaced(DomainError):
    code = "code_replaced"
    template = _(
        "Line %(line)s: “%(commune)s” is the code of 2014. The commune now has the code "
        "%(present)s; write that one."
    )


class RowCutShort(DomainError):
    code = "row_cut_short"
    template = _(
        "Line %(line)s: the column %(column)s is empty. Write both coordinates in degrees, "
        "or delete the line."
    )


class CoordinateNotANumber(DomainError):
    code = "coordinate_not_a_number"
    template = _(
        "Line %(line)s: “%(value)s” in the column %(column)s is not a number of degrees. "
        "Write it like 33.58 or -7.61."
    )


class CoordinatesSwapped(DomainError):
    code = "coordinates_swapped"
    template = _(
        "Line %(line)s: latitude %(lat)s and longitude %(lon)s seem to be swapped. In Morocco "
        "the latitude is between 20 and 36 and the longitude between -18 and 0."
    )


class MinusSignLost(DomainError):
    code = "minus_sign_lost"
    template = _(
        "Line %(line)s: the longitude %(lon)s lies east of Morocco; the minus sign seems to be "
        "lost. Longitudes in Morocco are negative."
    )


class OutsideMorocco(DomainError):
    code = "outside_morocco"
    template = _(
        "Line %(line)s: the point %(lat)s, %(lon)s is not in Morocco. Check both coordinates; "
        "they must be degrees (WGS 84)."
    )


class CodeGivenTwice(DomainError):
    code = "code_given_twice"
    template = _(
        "Line %(line)s: the commune %(commune)s already has another point in line %(first)s. "
        "Keep one of the two lines."
    )
