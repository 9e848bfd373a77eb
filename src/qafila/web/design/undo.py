"""What was done, told on the next page with its way back: a button where nothing is asked, else a
link to the page that asks."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

_MARK = "undo "


@dataclass(frozen=True)
class Undo:
    """The way back: POST to `href` with `fields`; with `asks`, a page that asks why first."""

    href: str
    fields: Mapping[str, str] = field(default_factory=dict)
    asks: bool = False

    @property
    def command_id(self) -> str:
        """A fresh id, so that sending twice undoes once."""
        return str(uuid.uuid4())


def at_once() -> str:
    """The reason of what is taken back right after it was done."""
    return _("Undone right after it was written down.")


def say_done(request: HttpRequest, told: str, undo: Undo | None = None) -> None:
    """Tell on the next page what was done; with `undo`, offer to take it back there."""
    way = {"href": undo.href, "fields": dict(undo.fields), "asks": undo.asks} if undo else None
    messages.success(request, told, extra_tags=_MARK + json.dumps(way) if way else "")


def undo_of(message: Any) -> Undo | None:
    """The way back that a message carries; None when there is none."""
    tags = str(getattr(message, "extra_tags", "") or "")
    return Undo(**json.loads(tags.removeprefix(_MARK))) if tags.startswith(_MARK) else None
