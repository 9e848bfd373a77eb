"""What can be wrong with a list, a sheet of it or a row, as codes with parameters.

The sentence of each code, in the reader's language, is in :mod:`.sentences`; what any table may
bring about (:mod:`qafila.tables.notices`) has its sentence in the foundation.
"""

from __future__ import annotations

FILE_ERRORS = ("no_usable_sheet",)
"""Nothing of the file speaks of persons."""

SHEET_ERRORS = ("sheet_empty", "sheet_only_titles", "no_name_column")
"""Nothing of this sheet could be read; the other sheets go on."""

WARNINGS = (
    "unknown_headings",
    "heading_twice",
    "no_heading_row",
    "hidden_characters",
    "same_file_name",
)
"""The file was read, and this should be known about it."""

REJECTION_REASONS = ("no_name", "name_without_letters", "name_lost")
"""Why a row cannot speak of a person."""

ROW_WARNINGS = (
    "date_unreadable",
    "effect_date_unreadable",
    "phone_unreadable",
    "card_unreadable",
    "fund_number_unreadable",
    "amount_unreadable",
    "months_unreadable",
    "sex_unknown",
    "category_unknown",
    "struck_off_unknown",
    "place_unknown",
    "place_ambiguous",
    "province_unknown",
)
"""A cell of a good row that could not be used; the row is accepted without it."""

SKIP_REASONS = (
    "blank",
    "title",
    "header",
    "header_again",
    "total",
    "footer",
    "section",
    "numbered_blank",
)
"""Why a row is not a data row."""
