"""The sentence of each problem and reason, in the reader's language: what, where, what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qafila.lists.reading.problems import Problem

_FILES: Mapping[str, Any] = {
    "file_not_found": _("This file does not exist. Check its name and its folder."),
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
        "This file unfolds to far more than a list needs, so it was not opened. "
        "Save the list as csv."
    ),
    "no_usable_sheet": _(
        "No sheet of this file holds a list of persons. Check that it is the right file."
    ),
}

_SHEETS: Mapping[str, Any] = {
    "sheet_empty": _("This sheet is empty, nothing was read from it."),
    "sheet_only_titles": _("This sheet holds titles or headings and no rows below them."),
    "no_name_column": _(
        "No column of names was found among these headings: %(headings)s. "
        "Head it “Nom et prénom” or “الاسم الكامل”, or give a mapping file."
    ),
    "sheet_too_large": _(
        "Cells far away make this sheet too large to open. Delete the empty columns and rows "
        "around the list and save it again."
    ),
    "sheet_unreadable": _(
        "This sheet cannot be read. Copy the list into a new workbook and give that one."
    ),
}

_WARNINGS: Mapping[str, Any] = {
    "other_kind_than_named": _(
        "The file is named %(named)s but holds %(kind)s; it was read as what it holds."
    ),
    "too_many_columns": _(
        "There are more than %(limit)s columns; those beyond were left out. "
        "Delete the columns that are not needed."
    ),
    "unknown_headings": _(
        "These headings were not understood and their columns were left out: %(headings)s. "
        "A mapping file can say what they hold."
    ),
    "heading_twice": _(
        "The heading “%(heading)s” says again what another column says; "
        "it only fills the gaps of that column."
    ),
    "no_heading_row": _(
        "No headings were understood; columns were told by their content. Check the mapping."
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
    "hidden_characters": _(
        "Rows whose names held invisible characters, which were removed: %(rows)s."
    ),
    "mixed_encodings": _(
        "Lines encoded otherwise than the rest, which were mended: %(rows)s; the first is line "
        "%(row)s. Check their accents."
    ),
    "stray_quotes": _(
        "A quotation mark opened in row %(row)s is never closed; quotation marks were read "
        "as ordinary characters. Check that row."
    ),
    "same_file_name": _("Another file has the same name; this one is called %(as)s here."),
}

_MAPPINGS: Mapping[str, Any] = {
    "mapping_not_yaml": _("The mapping is not valid YAML: see its line %(line)s."),
    "mapping_not_a_table": _(
        "The mapping does not have the expected form. "
        "Start from the mapping.yaml that Qafila wrote."
    ),
    "mapping_unknown_field": _(
        "The mapping gives the heading “%(heading)s” a field that does not exist: %(field)s. "
        "Use one of the fields of the mapping.yaml that Qafila wrote."
    ),
    "mapping_unknown_source": _(
        "The mapping names a kind of list that does not exist: %(source)s."
    ),
    "mapping_bad_row": _(
        "The mapping gives “%(row)s” as the row of the headings. Give a row number, 1 or more."
    ),
}

_REASONS: Mapping[str, Any] = {
    "no_name": _("The row has no name, so it cannot speak of a person. Add the name."),
    "name_without_letters": _(
        "The name “%(cell)s” holds no letter. Check whether the columns are shifted in this row."
    ),
    "name_lost": _(
        "The name was lost before the file reached us (“%(cell)s”). "
        "Export the list again in UTF-8 or as xlsx."
    ),
    "repeats_row": _("The row repeats row %(first_row)s and was counted once."),
}

_ROW_WARNINGS: Mapping[str, Any] = {
    "date_unreadable": _("The date of birth could not be read."),
    "effect_date_unreadable": _("The date of effect could not be read."),
    "phone_unreadable": _("The phone number could not be read."),
    "card_unreadable": _("The card number could not be read."),
    "fund_number_unreadable": _("The fund number could not be read; it must have nine digits."),
    "amount_unreadable": _("The amount of tax could not be read."),
    "months_unreadable": _("The number of unpaid months could not be read."),
    "sex_unknown": _("The sex could not be read."),
    "category_unknown": _("The category is not one that Qafila knows."),
    "struck_off_unknown": _("Whether the person was struck off could not be read."),
    "place_unknown": _("The commune is not one that Qafila knows."),
    "place_ambiguous": _("Several communes bear this name; say the province."),
    "province_unknown": _("The province is not one that Qafila knows."),
}

_SKIPPED: Mapping[str, Any] = {
    "blank": _("Blank row."),
    "title": _("Title."),
    "header": _("Headings."),
    "header_again": _("Headings again."),
    "total": _("Total."),
    "footer": _("Text below or beside the list."),
    "section": _("Title of a section."),
    "numbered_blank": _("Row with a number and nothing else."),
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
    "unknown": _("something Qafila does not know"),
    "text": _("delimited text (csv)"),
}

_PROBLEMS = {**_FILES, **_SHEETS, **_WARNINGS, **_MAPPINGS}


def problem_sentence(problem: Problem) -> str:
    """``list.xlsx, sheet “سطات”: This sheet is empty, nothing was read from it.``"""
    params = dict(problem.params)
    if "kind" in params:
        kind = str(params["kind"])
        params["kind"] = str(_KINDS.get(kind, kind))
    sentence = str(_PROBLEMS[problem.code]) % params
    where = place_of(params)
    return f"{where}: {sentence}" if where else sentence


def place_of(params: Mapping[str, Any]) -> str:
    """The file and the sheet a problem is in; empty for a problem of no file."""
    if "file" not in params:
        return ""
    if params.get("sheet"):
        place = gettext("%(file)s, sheet “%(sheet)s”")
        return place % {"file": params["file"], "sheet": params["sheet"]}
    return str(params["file"])


def reason_sentence(code: str, params: Mapping[str, Any] | str | None = None) -> str:
    """Why a row was rejected or repeated; ``params`` as kept, a mapping or its JSON."""
    values = json.loads(params) if isinstance(params, str) else dict(params or {})
    return str(_REASONS[code]) % values


def warning_sentence(code: str) -> str:
    """What could not be used of an accepted row."""
    return str(_ROW_WARNINGS[code])


def skip_sentence(code: str) -> str:
    """Why a row is not a data row."""
    return str(_SKIPPED[code])
