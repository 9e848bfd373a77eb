"""Files that could not be read, put away from the list of imports, and brought back."""

from __future__ import annotations

import datetime as dt

from qafila.foundation import journal
from qafila.foundation.actors import Actor
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.trail import acting
from qafila.lists.access import import_in_scope, require_may_import
from qafila.lists.journal import LIST_BROUGHT_BACK, LIST_PUT_AWAY
from qafila.lists.models import ListImport


def put_away(import_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """Put an import that failed out of the way; what was said of it is kept.

    Raises NotAllowed, NotFoundInScope; SomeoneElseActed when it did not fail or is away already.
    """
    scope = require_may_import(actor)
    with acting(actor, at=at):
        record = import_in_scope(import_id, scope, actor=actor)
        failed = ListImport.objects.filter(
            pk=record.pk, state=ListImport.State.FAILED, put_away_at=None
        )
        if not failed.update(put_away_at=at):
            raise SomeoneElseActed
        journal.write(LIST_PUT_AWAY, record, actor=actor, at=at)


def bring_back(import_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """Take back that an import was put away. Errors as `put_away`."""
    scope = require_may_import(actor)
    with acting(actor, at=at):
        record = import_in_scope(import_id, scope, actor=actor)
        away = ListImport.objects.filter(pk=record.pk).exclude(put_away_at=None)
        if not away.update(put_away_at=None):
            raise SomeoneElseActed
        journal.write(LIST_BROUGHT_BACK, record, actor=actor, at=at)
