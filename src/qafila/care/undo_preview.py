"""What undoing a merge would give back to each file, or what stands against it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from qafila.care.merge_preview import FileHolds, file_holds
from qafila.foundation.actors import Actor
from qafila.foundation.errors import DomainError
from qafila.people.merging.undoing import undo_merge


@dataclass(frozen=True)
class UndoPreview:
    """The common file today, and both files after the undoing.

    `parts` is empty when the undoing is refused, for `refusal`, which names what stands against it.
    """

    common: FileHolds
    parts: tuple[FileHolds, FileHolds] | None
    refusal: str = ""


class _SeenEnough(Exception):
    """Ends the trial: whatever it wrote is taken back."""


def undo_preview(merge_id: int, kept: int, *, actor: Actor, at: dt.datetime) -> UndoPreview:
    """Try the undoing, look at both files, and take everything back: nothing is changed.

    Raises NotAllowed and NotFoundInScope as `undo_merge`; other refusals are told.
    """
    common = file_holds(kept, actor, at)
    found = UndoPreview(common, None)
    try:
        with transaction.atomic():
            undone = undo_merge(merge_id, actor=actor, at=at)
            parts = (file_holds(kept, actor, at), file_holds(undone.absorbed, actor, at))
            found = UndoPreview(common, parts)
            raise _SeenEnough
    except _SeenEnough:
        return found
    except DomainError as refusal:
        if refusal.code in ("not_allowed", "not_found"):
            raise
        return UndoPreview(common, None, refusal.sentence())
