"""Legal references in the reader's language: parameters hold them as the French texts cite them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

from qafila_law.wording.catalogues import catalogue, day_in_words
from qafila_law.wording.typography import set_spaces

_FRENCH = "fr"
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_LAW = re.compile(r"[Ll]oi (\d+)-(\d+)")
_DECREE = re.compile(r"[Dd]écret (\d+)-(\d+)-(\d+)")
_ARTICLE = re.compile(r"articles? (\d[\w°-]*)")
_DATED = re.compile(rf"du (\d+) ({'|'.join(_MONTHS)}) (\d{{4}})")


@lru_cache(maxsize=1024)
def reference_in(reference: str, language: str) -> str:
    """`Loi 98-15, article 14` as people cite it in `language` (ar: القانون رقم 98.15، المادة 14).

    UnknownLanguageError for a language the package does not speak.
    """
    texts = catalogue(language)
    if language == _FRENCH:
        return set_spaces(reference, language)
    forms: Mapping[str, str] = texts["reference_forms"]
    told = _DATED.sub(_dated(language, forms["dated"]), reference)
    for french, word in texts["reference_words"].items():
        told = told.replace(french, word)
    for pattern, name in ((_LAW, "law"), (_DECREE, "decree"), (_ARTICLE, "article")):
        told = pattern.sub(_form(forms[name]), told)
    told = told.replace(" ; ", forms["semicolon"]).replace(", ", forms["comma"])
    return told[:1].upper() + told[1:]


def _form(form: str) -> Callable[[re.Match[str]], str]:
    return lambda found: form.format(*found.groups())


def _dated(language: str, form: str) -> Callable[[re.Match[str]], str]:
    def told(found: re.Match[str]) -> str:
        day = date(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1]))
        return form.format(day_in_words(day, language))

    return told
