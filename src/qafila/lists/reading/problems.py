"""What can be wrong with a file, a sheet or a row, as codes with parameters.

The sentence of each code, in the reader's language, is in :mod:`.sentences`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["error", "warning"]
Params = Mapping[str, str | int]

FILE_ERRORS = (
    "file_not_found",
    "file_unreadable",
    "file_empty",
    "file_too_large",
    "not_a_list",
    "password_protected",
    "damaged_file",
    "zip_bomb",
    "no_usable_sheet",
)
"""Nothing of the file could be read."""

SHEET_ERRORS = (
    "sheet_empty",
    "sheet_only_titles",
    "no_name_column",
    "sheet_too_large",
    "sheet_unreadable",
)
"""Nothing of this sheet could be read; the other sheets go on."""

WARNINGS = (
    "other_kind_than_named",
    "too_many_columns",
    "unknown_headings",
    "heading_twice",
    "no_heading_row",
    "formulas_without_value",
    "external_links",
    "nul_bytes",
    "hidden_characters",
    "mixed_encodings",
    "stray_quotes",
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

_ERRORS = frozenset((*FILE_ERRORS, *SHEET_ERRORS))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a person should know about a file; ``params`` say where and what."""

    code: str
    params: Params = field(default_factory=dict)

    @property
    def level(self) -> Level:
        """``error`` when something was not read, else ``warning``."""
        return "error" if self.code in _ERRORS else "warning"


class CannotRead(Exception):
    """Raised inside this package when a file or a sheet cannot be read; carries its problem."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.problem = Problem(code, params)


class MappingError(ValueError):
    """The mapping given by a person cannot be used; ``problem`` says why."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.problem = Problem(code, params)

    def sentence(self) -> str:
        """What is wrong with the mapping, for a person."""
        from qafila.lists.reading.sentences import problem_sentence

        return problem_sentence(self.problem)
