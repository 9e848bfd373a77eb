"""The package's own texts, one file for each language, and how each writes a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from qafila_law.errors import UnknownLanguageError
from qafila_law.wording.typography import set_spaces

SOURCE_LANGUAGE = "en"
LANGUAGES = ("ar", "fr", "zgh", SOURCE_LANGUAGE)
TEXTS_FOLDER = Path(__file__).parents[1] / "texts"


@cache
def catalogue(language: str) -> Mapping[str, Mapping[str, Any]]:
    """All texts of one language; UnknownLanguageError when there is none."""
    if language not in LANGUAGES:
        raise UnknownLanguageError(language=language, known=", ".join(LANGUAGES))
    text = (TEXTS_FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return {section: _set_spaces(texts, language) for section, texts in found.items()}


def _set_spaces(told: Any, language: str) -> Any:
    match told:
        case str():
            return set_spaces(told, language)
        case dict():
            return {name: _set_spaces(text, language) for name, text in told.items()}
        case list():
            return [_set_spaces(text, language) for text in told]
        case _:
            return told


def day_in_words(value: date, language: str, pattern: str = "date") -> str:
    """A day, or a month with `pattern` month, as people write it in `language`."""
    formats = catalogue(language)["formats"]
    month = formats["months"][value.month - 1]
    day = formats["first_day"] if value.day == 1 else value.day
    told: str = formats[pattern].format(day=day, month=month, year=value.year)
    return told
