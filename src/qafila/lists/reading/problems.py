"""What can be wrong with a list, a sheet of it or a row, as codes with parameters.

The sentence of each code, in the reader's language, is in :mod:`.sentences`; what any table may
bring about (:mod:`qafila.tables.notices`) has its sentence in the foundation.
"""

from __future__ import annotations

FILE_ERRORS = (
    "no_usable_sheet",
    "unexpected_error",
    "upload_gone",
    "reading_given_up",
    "list_headings_unusable",
)
"""Nothing of the file speaks of persons."""

SHEET_ERRORS = (
    "sheet_empty",
    "sheet_only_titles",
    "no_name_column",
    "no_names",
    "side_by_side",
    "headings_in_first_column",
)
"""Nothing of this sheet could be read; the other sheets go on."""

WARNINGS = (
    "turned_over",
    "forms_read",
    "tables_parted",
    "headings_shifted",
    "unknown_headings",
    "heading_twice",
    "no_heading_row",
    "hidden_characters",
    "same_file_name",
    "columns_without_heading",
    "more_cells_than_headings",
    "ages_not_used",
    "dates_month_first",
    "dates_mixed",
)
"""The file was read, and this should be known about it."""

REJECTION_REASONS = ("no_name", "name_without_letters", "name_lost", "not_a_person", "name_alone")
"""Why a row cannot speak of a person."""

ROW_WARNINGS = (
    "date_unreadable",
    "date_only_year",
    "date_only_month",
    "date_exchanged",
    "birth_impossible",
    "age_not_used",
    "effect_date_unreadable",
    "phone_unreadable",
    "phone_first_of_several",
    "phone_placeholder",
    "card_unreadable",
    "card_first_of_several",
    "card_part_read",
    "card_reversed",
    "card_placeholder",
    "fund_number_unreadable",
    "number_rounded",
    "number_placeholder",
    "number_unreadable",
    "name_part_lost",
    "name_says_nothing",
    "name_with_number",
    "card_in_name",
    "amount_unreadable",
    "months_unreadable",
    "sex_unknown",
    "category_unknown",
    "struck_off_unknown",
    "place_unknown",
    "place_ambiguous",
    "province_unknown",
    "second_value",
    "extra_cells",
    "row_shifted",
)
"""What must be said of a cell of a good row; the row is accepted."""

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
