"""What can be noticed of a foreign file, as codes with parameters; no sentence stands here.

The sentences, in the reader's language, are in :mod:`qafila.foundation.wording.table_sentences`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Params = Mapping[str, str | int]

REFUSALS = (
    "file_not_found",
    "folder",
    "fixed_width",
    "file_unreadable",
    "file_empty",
    "file_too_large",
    "not_a_list",
    "password_protected",
    "damaged_file",
    "zip_bomb",
    "sheet_too_large",
)
"""Nothing of the file could be read."""

WARNINGS = (
    "other_kind_than_named",
    "too_many_columns",
    "formulas_without_value",
    "external_links",
    "nul_bytes",
    "mixed_encodings",
    "stray_quotes",
    "other_delimiter",
    "sheet_unreadable",
    "hidden_rows",
    "hidden_columns",
    "hidden_sheets",
)
"""The file was read, and this should be known about it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing a person should know about a file; ``params`` say where and what."""

    code: str
    params: Params = field(default_factory=dict)


class CannotRead(Exception):
    """Raised when a file or a sheet cannot be read; carries its notice."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.notice = Notice(code, params)
