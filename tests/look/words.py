"""Sentences that escaped the catalogues: English text of the source shown to people."""

from __future__ import annotations

from babel.messages.pofile import read_po

from qafila.foundation.wording.catalogues import catalogue_files


def english_sentences(language: str) -> frozenset[str]:
    """English texts whose translation differs and that are no word of the language itself."""
    english: set[str] = set()
    spoken: set[str] = set()
    for po in catalogue_files():
        if po.parts[-3] != language:
            continue
        with po.open("rb") as file:
            for message in read_po(file, abort_invalid=True):
                if message.id and isinstance(message.id, str) and "%(" not in message.id:
                    english.add(message.id)
                    spoken.add(str(message.string))
    return frozenset(english - spoken)
