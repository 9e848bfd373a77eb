"""What a writer may not write, held against every catalogue and the law's texts.

The words and their forbidden neighbours are in `words.yaml`; each fault says where, what, and what
to write instead. `qafila translations check` lists them beside what is missing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from qafila.foundation.wording.catalogues import catalogue_files, read_catalogue
from qafila_law.wording.catalogues import LANGUAGES, TEXTS_FOLDER

WORDS: Final = Path(__file__).with_name("words.yaml")
_ISOLATED = re.compile("\u2066.*?\u2069")
_START = r"(?:^|[.؛] )"
_SINGULAR = "افتح|اختر|أعد|اكتب|احفظ|اطلب|اضغط|ابحث|أضف|انظر|احذف|أدخل|ارفع|جرب|استعمل|انسخ|ابدأ"
_PASSIVE = re.compile(
    "(?:قبل|قبلت|رفض|رفضت|سجل|سجلت|أودع|فتح|فتحت|أغلق|أغلقت|ألغي|ألغيت|سحب|سحبت|حذف|حذفت|شطب|أنهي|"
    "أنهيت|سلم|سلمت|دون|دونت|أعيد|أعيدت|قرئ|قرئت|أدي|أديت|صحح|صححت|أضيف|أضيفت|سوي|سويت|قيد|محيت) "
)
_DONE = re.compile(r"\b(?:was|were|has been|have been)\b")
RULES: Final = {
    "ar": (
        (re.compile(r"\d-\d"), "figures with a hyphen turn round: write 41.23, or 30/11/2026"),
        (re.compile("[\u064b-\u0652]"), "a vowel mark: take a word that reads one way"),
        (
            re.compile(rf"{_START}(?:{_SINGULAR})(?:ه|ها)? "),
            "a singular imperative: اكتبوا، اختاروا",
        ),
    ),
    "fr": (
        (re.compile(r"\b(?:de|du|que|le) %\(month\)s"), "“de avril”: write “Cotisations : …”"),
        (re.compile("[\u00a0\u202f]"), "a no-break space: it is put in when compiled"),
    ),
    "zgh": ((re.compile("\u2d35"), "ⴵ is not a letter of the 33: write ⴷⵊ"),),
}


@dataclass(frozen=True)
class Written:
    """One text in one language: where it is, its English, and what stands there."""

    where: str
    language: str
    english: str
    context: str | None
    forms: tuple[str, ...]


def writing_faults() -> list[str]:
    """Each forbidden word or writing of the catalogues and the law's texts, as a sentence."""
    catalogues = list(_of_catalogues())
    found = [fault for one in [*catalogues, *_of_law()] for fault in faults_of(one)]
    return [*found, *_two_translations(catalogues)]


def faults_of(one: Written) -> Iterator[str]:
    """What is wrong with one text."""
    for form in one.forms:
        text = _ISOLATED.sub("", form)
        for pattern, why in (*RULES.get(one.language, ()), *_forbidden(one)):
            if pattern.search(text):
                yield f"{one.where}: “{form}”: {why}."
        if one.language == "ar" and _DONE.search(one.english) and _PASSIVE.match(text):
            yield f"{one.where}: “{form}”: a bare passive; write تم and its noun."
    if one.language == "ar" and len(one.forms) == 6 and len(set(one.forms[:5])) < 5:
        yield f"{one.where}: “{one.forms[0]}”: six forms of a plural that do not differ."


def words() -> dict[str, Any]:
    """The one list of words, as `words.yaml` has it."""
    return _words()


@cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(WORDS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return found


@cache
def _never(language: str) -> tuple[tuple[re.Pattern[str], str, re.Pattern[str] | None], ...]:
    listed = words()["never"].get(language, ())
    return tuple(
        (
            re.compile(one["word"]),
            f"not a word of ours: {one['say']}",
            re.compile(one["unless"]) if "unless" in one else None,
        )
        for one in listed
    )


def _forbidden(one: Written) -> Iterator[tuple[re.Pattern[str], str]]:
    for pattern, why, unless in _never(one.language):
        if unless is None or not unless.search(one.english):
            yield pattern, why


def _of_catalogues() -> Iterator[Written]:
    for po in catalogue_files():
        language, room = po.parts[-3], po.parts[-5]
        for message in read_catalogue(po):
            if not message.id:
                continue
            plural = isinstance(message.id, tuple | list)
            english = message.id[0] if plural else message.id
            forms = tuple(message.string) if plural else (message.string,)
            yield Written(f"{room}/{language}", language, english, message.context, forms)


def _of_law() -> Iterator[Written]:
    for language in LANGUAGES:
        text = (TEXTS_FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
        sections = yaml.load(text, Loader=yaml.CSafeLoader)
        for section in ("terms", "steps", "errors", "fields"):
            for name, told in sections[section].items():
                yield Written(f"law/{language}/{name}", language, name, None, (str(told),))


def _two_translations(catalogues: list[Written]) -> Iterator[str]:
    known: dict[tuple[str, str, str | None], dict[tuple[str, ...], str]] = defaultdict(dict)
    for one in catalogues:
        known[one.language, one.english, one.context].setdefault(one.forms, one.where)
    for (_, english, _context), forms in known.items():
        if len(forms) > 1:
            places = ", ".join(sorted(forms.values()))
            yield f"{places}: “{english}” is translated in two ways: choose one, or give a context."
