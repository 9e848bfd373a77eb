"""What was noticed of a foreign file, as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from qafila.tables.notices import Notice

_SENTENCES: Mapping[str, Any] = {
    "file_not_found": _("This file does not exist. Check its name and its folder."),
    "folder": _("This is a folder, not a file. Give the files in it one by one."),
    "fixed_width": _(
        "The columns of this text are separated by spaces alone and cannot be distinguished from "
        "the spaces inside names. Open it in a spreadsheet program, separate the columns and save"
        " it as xlsx."
    ),
    "file_unreadable": _("This file could not be opened. Check that you are allowed to read it."),
    "file_empty": _("This file is empty. Ask its sender for the list again."),
    "file_too_large": _(
        "This file has %(megabytes)s MB and the limit is %(limit)s MB. Cut it into several files."
    ),
    "not_a_list": _(
        "This file is not a list but %(kind)s. Save the list as xlsx or csv and give that file."
    ),
    "password_protected": _(
        "This workbook is protected by a password. Save it without a password and give it again."
    ),
    "damaged_file": _("This file is damaged and cannot be opened. Ask its sender for it again."),
    "zip_bomb": _(
        "Uncompressed, this file is far too large for a list, so it was not opened. Save the list"
        " as csv."
    ),
    "sheet_too_large": _(
        "Cells far away make this sheet too large to open. Delete the empty columns and rows "
        "around the list and save it again."
    ),
    "other_kind_than_named": _(
        "The file is named %(named)s but holds %(kind)s; it was read as what it holds."
    ),
    "too_many_columns": _(
        "There are more than %(limit)s columns; those beyond were left out. "
        "Delete the columns that are not needed."
    ),
    "formulas_without_value": _(
        "Cells that hold a formula without a stored result, read as empty: %(count)s. "
        "Open the file in a spreadsheet program, save it and give it again."
    ),
    "external_links": _(
        "The workbook refers to other files (%(count)s); they were not opened, "
        "the stored values were read."
    ),
    "nul_bytes": _("Zero bytes removed from the text: %(count)s."),
    "mixed_encodings": _(
        "Lines encoded otherwise than the rest, which were mended: %(rows)s; the first is line "
        "%(row)s. Check their accents."
    ),
    "stray_quotes": _(
        "A quotation mark opened in row %(row)s is never closed; quotation marks were read "
        "as ordinary characters there. Check that row."
    ),
    "other_delimiter": _(
        "Lines parted by another sign than the rest, which were read all the same: %(count)s; "
        "the first is row %(row)s. Check them."
    ),
    "hidden_rows": _(
        "Rows hidden in the workbook that were read like the others: %(count)s. "
        "Check that they belong to the list."
    ),
    "hidden_columns": _(
        "Columns hidden in the workbook that were read like the others: %(columns)s. "
        "Check that they belong to the list."
    ),
    "hidden_sheets": _(
        "Sheets hidden in the workbook that were read like the others: %(sheets)s. "
        "Check that they belong to the list."
    ),
    "sheet_unreadable": _(
        "This sheet cannot be read. Copy the list into a new workbook and give that one."
    ),
}

_KINDS: Mapping[str, Any] = {
    "pdf": _("a PDF document"),
    "image": _("an image"),
    "archive": _("a compressed archive"),
    "document": _("a text document or a presentation"),
    "program": _("a program"),
    "database": _("a database"),
    "web_page": _("a web page"),
    "xml": _("an XML document"),
    "sylk": _("a SYLK file of an old spreadsheet program"),
    "json": _("a JSON document"),
    "contacts": _("a file of contacts (vCard)"),
    "unknown": _("something Qafila does not know"),
    "text": _("delimited text (csv)"),
}


class NoticeSentence:
    """A notice's sentence that is built when it is shown, in the language of who reads it."""

    def __init__(self, notice: Notice) -> None:
        self._notice = notice

    def __str__(self) -> str:
        return notice_sentence(self._notice)


def notice_sentence(notice: Notice) -> str:
    """What happened to a file or a sheet and what to do, without the place."""
    params = dict(notice.params)
    if "kind" in params:
        kind = str(params["kind"])
        params["kind"] = str(_KINDS.get(kind, kind))
    return str(_SENTENCES[notice.code]) % params
