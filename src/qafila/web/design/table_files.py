"""Tables as files to download, csv or xlsx; nothing in them runs.

A file is written to the disk once it is large, so that a long list costs little memory, and whole
before its first byte leaves: what goes wrong is an answer that says so, never half a file.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase

from qafila.lists.reconciling.neutralising import neutral

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_IN_MEMORY = 1 << 20


def table_file(
    name: str, kind: str, headings: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> HttpResponseBase:
    """The rows as `name`.csv or `name`.xlsx. Texts a spreadsheet would run are made harmless.

    Sums are given in dirhams, with a point. Another `kind` is not found.
    """
    if kind not in KINDS:
        raise Http404
    file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    write = _write_csv if kind == "csv" else _write_xlsx
    write(file, [str(one) for one in headings], rows)
    length = file.tell()
    file.seek(0)
    if length <= _IN_MEMORY:
        response = HttpResponse(file.read(), content_type=KINDS[kind])
        response["Content-Disposition"] = f'attachment; filename="qafila-{name}.{kind}"'
        return response
    return FileResponse(
        file, as_attachment=True, filename=f"qafila-{name}.{kind}", content_type=KINDS[kind]
    )


def _write_csv(file: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([neutral(_text(cell)) for cell in row])
    text.flush()
    text.detach()


def _write_xlsx(file: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, headings, book.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell)
        sheet.freeze_panes(1, 0)
    file.seek(0, io.SEEK_END)


def _write(sheet: Any, row: int, column: int, cell: Any) -> None:
    if isinstance(cell, int):
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, neutral(_text(cell)))


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)
