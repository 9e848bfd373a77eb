"""The translation catalogues of all rooms: found, compiled, and held against the code's sentences.

Sentences are marked in Python by gettext's functions and in templates by Django's tags. Babel reads
both (templates through Django's own `templatize`), so no gettext program is needed on the machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from qafila_law.wording import typography

SOURCES = Path(__file__).resolve().parents[2]
LANGUAGES = ("ar", "fr", "zgh")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


@dataclass(frozen=True)
class Sentence:
    """A marked sentence: its English text, the context that tells two uses apart, and its place."""

    text: str
    context: str | None
    place: str


def catalogue_files() -> list[Path]:
    """Every `django.po` of every room."""
    return sorted(SOURCES.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_all() -> int:
    """Write the `.mo` beside each `.po` that changed; returns how many were written.

    No-break spaces are put into what is compiled, here and nowhere else.
    """
    written = 0
    rules = Path(typography.__file__).stat().st_mtime
    for po in catalogue_files():
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < max(rules, po.stat().st_mtime):
            mo.write_bytes(compiled(po))
            written += 1
    return written


def compiled(po: Path) -> bytes:
    """The catalogue as gettext reads it, with the no-break spaces of its language."""
    language = po.parts[-3]
    catalogue = read_catalogue(po)
    for message in catalogue:
        if message.id and isinstance(message.string, tuple | list):
            message.string = tuple(typography.set_spaces(text, language) for text in message.string)
        elif message.id:
            message.string = typography.set_spaces(message.string, language)
    partial = BytesIO()
    write_mo(partial, catalogue)
    return partial.getvalue()


def faults() -> list[str]:
    """Each missing, fuzzy, unused or misplaced translation, as a sentence naming its place."""
    found: list[str] = []
    for room in sorted(p.name for p in SOURCES.iterdir() if p.is_dir()):
        sentences = {(s.text, s.context): s for s in _marked_sentences(SOURCES / room)}
        for language in LANGUAGES:
            found += _faults_of(room, language, sentences)
    return found


def _faults_of(
    room: str, language: str, sentences: dict[tuple[str, str | None], Sentence]
) -> Iterator[str]:
    po = SOURCES / room / "locale" / language / "LC_MESSAGES" / "django.po"
    catalogue = read_catalogue(po) if po.exists() else Catalog(locale=None)
    known = {(_singular(m), m.context): m for m in catalogue if m.id}
    where = f"{room}/{language}"
    for key, sentence in sentences.items():
        message = known.get(key)
        if message is None or not _complete(message):
            yield f"{where}: no translation of “{sentence.text}” ({sentence.place})."
        elif message.fuzzy:
            yield f"{where}: the translation of “{sentence.text}” is marked fuzzy."
        elif _placeholders_differ(message):
            yield f"{where}: other placeholders in the translation of “{sentence.text}”."
    for key in known.keys() - sentences.keys():
        yield f"{where}: “{key[0]}” is translated but nothing uses it."


def _marked_sentences(folder: Path) -> Iterator[Sentence]:
    for path in sorted(folder.rglob("*.py")):
        yield from _extracted(path, path.read_text())
    for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.txt")]):
        if "templates" in path.parts:
            # What is left of a template is read as Python, where indentation would have a meaning.
            yield from _extracted(path, _INDENTATION.sub("", templatize(path.read_text())))


def _extracted(path: Path, source: str) -> Iterator[Sentence]:
    place = str(path.relative_to(SOURCES))
    for found in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
        line, text, _comments, context = found
        singular = text[0] if isinstance(text, tuple) else text
        if singular:
            yield Sentence(singular, context, f"{place}:{line}")


def read_catalogue(po: Path) -> Catalog:
    """The messages of one `.po`."""
    with po.open("rb") as file:
        # Babel does not know `zgh` plurals; the header of the file says them.
        return read_po(file, locale=None, abort_invalid=True)


def _singular(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def _complete(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(texts)


def _placeholders_differ(message: Message) -> bool:
    ids = message.id if isinstance(message.id, tuple | list) else [message.id]
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    wanted = set().union(*(_placeholders(i) for i in ids))
    # A plural form may leave the number out ("one person"), but nothing may be added or renamed.
    if len(ids) > 1:
        return any(not _placeholders(t) <= wanted for t in texts)
    return any(_placeholders(t) != wanted for t in texts)


def _placeholders(text: str) -> set[str]:
    return {a or b for a, b in _PLACEHOLDER.findall(text)}
