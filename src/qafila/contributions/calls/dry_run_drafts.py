"""Dry runs of months as drafts: figures without any person, kept for some days and then deleted.

A draft is no fact: it is a file among the uploads and not a row of the books.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from qafila.contributions.calls.comparison import Differences
from qafila.contributions.calls.month_ahead import CategoryAhead, MonthAhead


@dataclass(frozen=True)
class Draft:
    """A dry run asked for; `ahead` or `refused` (the reason by language) once it is done."""

    month: dt.date
    asked_by: str
    asked_at: dt.datetime
    parts_done: int = 0
    parts: int | None = None
    ahead: MonthAhead | None = None
    refused: Mapping[str, str] | None = None

    @property
    def done(self) -> bool:
        """Whether nothing more will come of it."""
        return self.ahead is not None or self.refused is not None


def keep_draft(draft: Draft) -> None:
    """Put the draft in the place of what was kept for its month, at once."""
    told = {
        "month": draft.month.isoformat(),
        "asked_by": draft.asked_by,
        "asked_at": draft.asked_at.isoformat(),
        "parts_done": draft.parts_done,
        "parts": draft.parts,
        "ahead": _figures_told(draft.ahead) if draft.ahead else None,
        "refused": draft.refused,
    }
    beside = _folder() / f".{uuid.uuid4().hex}"
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
        json.dump(told, kept)
        kept.flush()
        os.fsync(kept.fileno())
    beside.replace(_path(draft.month))


def find_draft(month: dt.date) -> Draft | None:
    """The draft of `month`, or None."""
    try:
        told = json.loads(_path(month).read_bytes())
    except FileNotFoundError:
        return None
    return Draft(
        month,
        told["asked_by"],
        dt.datetime.fromisoformat(told["asked_at"]),
        told["parts_done"],
        told["parts"],
        _figures_of(month, told["ahead"]) if told["ahead"] else None,
        told["refused"],
    )


def forget_old_drafts(before: dt.datetime) -> int:
    """Delete the drafts nothing was noted of since `before`; how many."""
    old = [one for one in _folder().iterdir() if one.stat().st_mtime < before.timestamp()]
    for path in old:
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
    return len(old)


def _figures_told(ahead: MonthAhead) -> dict[str, Any]:
    return {name: value for name, value in asdict(ahead).items() if name != "month"}


def _figures_of(month: dt.date, told: dict[str, Any]) -> MonthAhead:
    return MonthAhead(
        month,
        told["calls"],
        told["total_centimes"],
        told["parked"],
        Differences(**told["differences"]),
        tuple(CategoryAhead(**one) for one in told["categories"]),
    )


def _path(month: dt.date) -> Path:
    return _folder() / f"{month:%Y-%m}.json"


def _folder() -> Path:
    folder = Path(settings.UPLOADS) / "dry-runs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
