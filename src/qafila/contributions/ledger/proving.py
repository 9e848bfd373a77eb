"""Proving that the books balance, and writing down that it was proved."""

from __future__ import annotations

import datetime as dt

from qafila.contributions import journal as entries
from qafila.contributions.access import require_posting_everywhere
from qafila.contributions.ledger.proofs import require_balanced_books
from qafila.contributions.models.calls_and_ledger import LedgerLine
from qafila.foundation.actors import Actor
from qafila.foundation.journal import write
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting


def prove_books(*, actor: Actor, at: dt.datetime) -> int:
    """Prove every posting and every derived column, and journal it; answers the lines proved.

    Errors: NotAllowed; BooksOutOfBalance, and then nothing is journalled.
    """
    require_posting_everywhere(actor)
    with acting(actor, at=at):
        require_balanced_books()
        lines = LedgerLine.objects.count()
        subject = ActorRecord.objects.get(pk=actor.id)
        write(entries.BOOKS_PROVED, subject, actor=actor, at=at, lines=lines)
    return lines
