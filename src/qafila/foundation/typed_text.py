"""The one door for text that people type: on a page, to the API, to a command, in a cell of a list.

What does not show is taken out (control and zero-width characters, and those that turn the
direction of writing), the rest is in NFC, spaces are single. Too much is refused by a sentence.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.errors import DomainError
from qafila.tables.folding import tidied

LONGEST_NAME, LONGEST_LINE, LONGEST_NOTE = 150, 200, 1_000


class TextTooLong(DomainError):
    """More was typed than the place takes; nothing of it was kept."""

    code = "text_too_long"
    template = _(
        "The text is %(length)s characters long; at most %(most)s fit here. Shorten it and send it "
        "again."
    )


class NameWithoutLetters(DomainError):
    """A name of digits, signs or nothing that shows."""

    code = "name_without_letters"
    template = _("A name needs letters. Type it as on the national card.")


def line(text: str, *, most: int = LONGEST_LINE) -> str:
    """One line as it is kept; empty where nothing shows. Raises TextTooLong."""
    _require_short(text, most)
    return tidied(text)


def note(text: str, *, most: int = LONGEST_NOTE) -> str:
    """Several lines as they are kept, such as a reason. Raises TextTooLong."""
    _require_short(text, most)
    return "\n".join(map(tidied, text.splitlines())).strip()


def name(text: str, *, most: int = LONGEST_NAME) -> str:
    """A name as it is kept; empty where none was typed. Raises TextTooLong, NameWithoutLetters."""
    kept = line(text, most=most)
    if text.strip() and not any(map(str.isalpha, kept)):
        raise NameWithoutLetters
    return kept


def _require_short(text: str, most: int) -> None:
    if len(text) > most:
        raise TextTooLong(length=len(text), most=most)
