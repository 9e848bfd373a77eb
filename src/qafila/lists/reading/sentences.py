"""The sentence of each problem and reason, in the reader's language: what, where, what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qafila.foundation.wording.table_sentences import notice_sentence
from qafila.tables.notices import Notice

_FILES: Mapping[str, Any] = {
    "no_usable_sheet": _(
        "No sheet of this file holds a list of persons. Check that it is the right file."
    ),
    "upload_gone": _("The uploaded file is no longer kept. Upload it again."),
    "reading_given_up": _(
        "The reading of this file was begun several times and never finished. Read it again; if "
        "that fails too, cut the file into several."
    ),
    "list_headings_unusable": _(
        "Nothing was read: the installation's own file of headings, %(named)s, cannot be used. "
        "Those who maintain Qafila mend it or take it out of QAFILA_LIST_HEADINGS; then read the "
        "list again."
    ),
    "unexpected_error": _(
        "This file could not be read because of an error in Qafila; the other files go on. "
        "Try again, and give this reference to those who maintain Qafila: %(reference)s."
    ),
}

_SHEETS: Mapping[str, Any] = {
    "sheet_empty": _("This sheet is empty, nothing was read from it."),
    "sheet_only_titles": _("This sheet holds titles or headings and no rows below them."),
    "no_name_column": _(
        "No column of names was found among these headings: %(headings)s. "
        "Head it “Nom et prénom” or “الاسم الكامل”, or give a mapping file."
    ),
    "no_names": _(
        "Neither headings nor a column of names were found in this sheet. Check that it is a list "
        "of persons, and head its columns."
    ),
    "side_by_side": _(
        "Two lists are side by side: the second begins with “%(heading)s” (column %(column)s). "
        "Nothing was read. Put each list in a sheet of its own."
    ),
    "headings_in_first_column": _(
        "The headings are in the first column, one below another: %(headings)s. Where one person "
        "ends and the next begins is not clear, so nothing was read. Put the headings in one row "
        "and each person in a row below."
    ),
}

_WARNINGS: Mapping[str, Any] = {
    "turned_over": _(
        "The headings are in the first column, one below another (%(headings)s): each further "
        "column was read as one person. The number of a row is that of its column (B is 2)."
    ),
    "forms_read": _(
        "The sheet holds forms, one below another (%(headings)s): each was read as one person, "
        "under the number of its last row."
    ),
    "tables_parted": _(
        "%(count)s lists with the same headings are side by side; each was read as a sheet of its"
        " own: %(sheets)s."
    ),
    "headings_shifted": _(
        "The headings were one column to the left of what they name; they were moved. Check the "
        "first column, which has none."
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
        "No headings were understood; columns were recognised by their content. Check the mapping."
    ),
    "hidden_characters": _(
        "Rows whose names held invisible characters, which were removed: %(rows)s."
    ),
    "columns_without_heading": _(
        "These columns hold cells under no heading and were left out: %(columns)s. "
        "Give them a heading."
    ),
    "more_cells_than_headings": _(
        "Rows with more cells than there are headings: %(count)s (%(rows)s). A comma inside a cell "
        "may have parted it. Check these rows."
    ),
    "ages_not_used": _(
        "The ages under “%(heading)s” were not used: an age says no year of birth without the day "
        "it was asked. Ask the sender for dates or years of birth."
    ),
    "dates_month_first": _(
        "The dates under “%(heading)s” were read with the month first, because only that way all "
        "of them are dates."
    ),
    "dates_mixed": _(
        "Under “%(heading)s” some dates have the day first and some the month; where both were "
        "possible the day was taken first. Check them."
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
    "mapping_bad_lines": _(
        "The mapping gives “%(lines)s” as the number of lines of headings. Give 1 or 2."
    ),
    "mapping_bad_row": _(
        "The mapping gives “%(row)s” as the row of the headings. Give a row number, 1 or more."
    ),
}

_REASONS: Mapping[str, Any] = {
    "no_name": _("The row has no name, so it cannot be about a person. Add the name."),
    "name_without_letters": _(
        "The name “%(cell)s” holds no letter. Check whether the columns are shifted in this row."
    ),
    "name_lost": _(
        "The name was lost before the file reached us (“%(cell)s”). "
        "Export the list again in UTF-8 or as xlsx."
    ),
    "not_a_person": _(
        "“%(cell)s” is the name of no person. If it is, write it with the given name first."
    ),
    "name_alone": _(
        "“%(cell)s” is alone in the row: a part of a name, or a title. If it is a person, write "
        "the whole name and what else is known."
    ),
    "repeats_row": _("The row repeats row %(first_row)s and was counted once."),
}

_ROW_WARNINGS: Mapping[str, Any] = {
    "turned_over": _(
        "The headings are in the first column, one below another (%(headings)s): each further "
        "column was read as one person. The number of a row is that of its column (B is 2)."
    ),
    "forms_read": _(
        "The sheet holds forms, one below another (%(headings)s): each was read as one person, "
        "under the number of its last row."
    ),
    "tables_parted": _(
        "%(count)s lists with the same headings are side by side; each was read as a sheet of its"
        " own: %(sheets)s."
    ),
    "date_unreadable": _("The date of birth could not be read."),
    "date_only_year": _("Only the year of birth could be read."),
    "date_only_month": _("Only the month and the year of birth could be read."),
    "date_exchanged": _(
        "Day and month are in the opposite order to the rest of the column and were exchanged."
    ),
    "birth_impossible": _(
        "A birth in the future or before 1900 is impossible; the date was left out."
    ),
    "age_not_used": _("The age says no year of birth and was not used."),
    "effect_date_unreadable": _("The date of effect could not be read."),
    "phone_unreadable": _("The phone number could not be read."),
    "phone_first_of_several": _("The cell holds several phone numbers; the first was taken."),
    "phone_placeholder": _("This is not a real phone number; it was left out."),
    "card_unreadable": _("The card number could not be read."),
    "card_first_of_several": _("The cell holds several card numbers; the first was taken."),
    "card_part_read": _("The cell holds more than the card number; the number was taken."),
    "card_reversed": _("The letters of the card number were behind its digits; they were moved."),
    "card_placeholder": _("This is not a real card number; it was left out."),
    "fund_number_unreadable": _("The fund number could not be read; it must have nine digits."),
    "number_rounded": _(
        "A spreadsheet program rounded this number, its last digits are lost; it was left out."
    ),
    "number_placeholder": _("This is not a real number; it was left out."),
    "number_unreadable": _("This number could not be read; it was left out."),
    "name_part_lost": _("This part of the name was lost before the list reached us."),
    "name_says_nothing": _("This says that there is no name; it was left out."),
    "name_with_number": _("A number was in the name's cell; it is not part of the name."),
    "card_in_name": _("The card number was in the name's cell; it was taken from there."),
    "amount_unreadable": _("The amount of tax could not be read."),
    "months_unreadable": _("The number of unpaid months could not be read."),
    "sex_unknown": _("The sex could not be read."),
    "category_unknown": _("The category is not one that Qafila knows."),
    "struck_off_unknown": _("Whether the person was struck off could not be read."),
    "place_unknown": _("The commune is not one that Qafila knows."),
    "place_ambiguous": _("Several communes bear this name; say the province."),
    "province_unknown": _("The province is not one that Qafila knows."),
    "second_value": _("Another column says the same thing otherwise; this value was left out."),
    "extra_cells": _("The row has more cells than there are headings; these were left out."),
    "row_shifted": _("Every cell of the row was one column off; the row was read as if in place."),
    "number_too_long": _("A number with too many digits was left out of this row."),
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

_PROBLEMS = {**_FILES, **_SHEETS, **_WARNINGS, **_MAPPINGS}


def problem_sentence(problem: Notice) -> str:
    """``list.xlsx, sheet “سطات”: This sheet is empty, nothing was read from it.``"""
    known = _PROBLEMS.get(problem.code)
    sentence = str(known) % problem.params if known else notice_sentence(problem)
    where = place_of(problem.params)
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


_KINDS_OF_REASONS: Mapping[str, Any] = {
    "no_name": _("The row has no name."),
    "name_without_letters": _("The name holds no letter."),
    "name_lost": _("The name was lost before the file reached us."),
    "not_a_person": _("The name is that of no person."),
    "name_alone": _("Part of a name, or a title, is alone in the row."),
    "repeats_row": _("The row repeats another one and was counted once."),
}


def kind_of_reason(code: str) -> str:
    """Why rows were rejected or repeated, without the cells of one of them."""
    return str(_KINDS_OF_REASONS[code])


def warning_sentence(code: str, params: Mapping[str, Any] | None = None) -> str:
    """What was not understood of an accepted row; with ``params``, of which cell and what was read.

    ``params``: ``heading``, ``cell`` and ``taken`` as kept with the row.
    """
    said = str(_ROW_WARNINGS[code])
    if not params or not params.get("cell"):
        return said
    values = {"heading": params.get("heading", ""), "cell": params["cell"], "sentence": said}
    where = gettext("“%(heading)s”: “%(cell)s”. %(sentence)s") % values
    taken = params.get("taken")
    return (
        gettext("%(remark)s Taken: %(taken)s.") % {"remark": where, "taken": taken}
        if taken
        else where
    )


def skip_sentence(code: str) -> str:
    """Why a row is not a data row."""
    return str(_SKIPPED[code])
