"""Payments noted from receipts, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qafila.contributions.payments.note_queries import NoteTold
from qafila.web.design.figures import money_text
from qafila.web.payments.forms import channel_word
from qafila.web.people.presenter import names_in_order


@dataclass(frozen=True)
class NoteShown:
    """A note as a page shows it."""

    note: NoteTold
    name: str
    sum: str
    channel: str


def notes_shown(notes: Iterable[NoteTold]) -> list[NoteShown]:
    """Notes with the person's name, the sum and the channel in the reader's language."""
    return [
        NoteShown(
            one,
            names_in_order(one.name_ar, one.name_latn)[0],
            money_text(one.amount_centimes),
            channel_word(one.channel),
        )
        for one in notes
    ]
