"""What a night does: uploads left unread are read, and rows that speak of nobody yet are linked."""

from __future__ import annotations

import datetime as dt

from qafila.foundation.actors import Actor
from qafila.foundation.errors import DomainError
from qafila.lists.importing.uploads import read_upload, uploads_waiting
from qafila.lists.linking.link_rows import LinkOutcome, link_new_rows


def relink_changed_rows(*, actor: Actor, at: dt.datetime) -> LinkOutcome:
    """Take up what was interrupted and link what is new; the cost follows the new rows.

    Decisions taken since are obeyed. Without anything new, nothing happens.
    """
    for import_id in uploads_waiting():
        try:
            read_upload(import_id, actor=actor, at=at)
        except DomainError:
            # It stays as it is, seen on its page; the others go on.
            continue
    return link_new_rows(actor=actor, at=at)
