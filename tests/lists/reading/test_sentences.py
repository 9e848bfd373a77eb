"""Every code of reading has a whole sentence in every language."""

from __future__ import annotations

import pytest
from django.utils import translation

from qafila.lists.reading import problems as codes
from qafila.lists.reading.columns.headings import FIELDS
from qafila.lists.reading.columns.mapping import MappingError, parse_mapping
from qafila.lists.reading.kinds import SOURCES
from qafila.lists.reading.labels import field_label, source_label
from qafila.lists.reading.sentences import (
    problem_sentence,
    reason_sentence,
    skip_sentence,
    warning_sentence,
)
from qafila.tables.notices import Notice
from qafila.tables.synonyms import IGNORED

PARAMS: dict[str, str | int] = {
    "file": "list.xlsx", "sheet": "سطات", "megabytes": 3, "limit": 2, "kind": "pdf", "named": "csv",
    "headings": "a, b", "heading": "a", "count": 2, "rows": 3, "row": 4, "as": "l (2).csv",
    "line": 1, "field": "x", "source": "y", "cell": "?", "first_row": 5,
    "reference": "1a2b", "column": "#3", "columns": "#3", "lines": 3,
    "sheets": "L (A:C), L (E:G)",
}  # fmt: skip
MAPPING_CODES = (
    "mapping_not_yaml", "mapping_not_a_table", "mapping_unknown_field", "mapping_unknown_source",
    "mapping_bad_row", "mapping_bad_lines",
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ar", "fr", "zgh"])
def test_every_code_is_a_whole_sentence(language: str) -> None:
    files = (*codes.FILE_ERRORS, *codes.SHEET_ERRORS, *codes.WARNINGS, *MAPPING_CODES)
    with translation.override(language):
        said = [problem_sentence(Notice(code, PARAMS)) for code in files]
        said += [reason_sentence(code, PARAMS) for code in codes.REJECTION_REASONS]
        said += [reason_sentence("repeats_row", PARAMS)]
        said += [warning_sentence(code) for code in codes.ROW_WARNINGS]
        said += [skip_sentence(code) for code in codes.SKIP_REASONS]
    assert all(sentence.endswith(".") and "%(" not in sentence for sentence in said)
    assert len(set(said)) == len(said)


def test_a_sentence_says_file_and_sheet() -> None:
    with translation.override("en"):
        sentence = problem_sentence(Notice("sheet_empty", {"file": "a.xlsx", "sheet": "سطات"}))
    assert sentence == "a.xlsx, sheet “سطات”: This sheet is empty, nothing was read from it."


def test_a_wrong_mapping_speaks() -> None:
    with pytest.raises(MappingError) as refused:
        parse_mapping("columns: {Nom: surname}")
    with translation.override("en"):
        assert "surname" in refused.value.sentence()


def test_every_field_and_kind_has_a_name() -> None:
    with translation.override("en"):
        fields = {name: field_label(name) for name in (*FIELDS, IGNORED)}
        assert [name for name, label in fields.items() if name == label] == ["name"]
        assert len({source_label(source) for source in SOURCES}) == len(SOURCES)
