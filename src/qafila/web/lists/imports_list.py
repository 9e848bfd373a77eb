"""The imports as a list: those in use, and those that failed and were put away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.foundation.actors import Actor, Scope
from qafila.lists.queries import imports_of
from qafila.web.design.components import TAGS, Tag
from qafila.web.design.record_list import Asked, Choice, Filter, Record, RecordColumn
from qafila.web.lists.words import source_word
from qafila.web.records.listing import Listing

STATES: dict[str, Tag] = {
    "waiting": Tag(pgettext_lazy("list", "Waiting to be read"), "info", "waiting"),
    "reading": TAGS["running"],
    "read": Tag(pgettext_lazy("list", "Being linked"), "info", "waiting"),
    "linked": TAGS["done"],
    "failed": TAGS["failed"],
}
SHOWN = Filter(
    "shown",
    pgettext_lazy("list", "Which lists"),
    (Choice("away", pgettext_lazy("list", "Put away")),),
    shown_as="chips",
    every=pgettext_lazy("list", "In use"),
)
LISTING = Listing(
    "lists",
    _("Lists imported"),
    (
        RecordColumn("file", _("File")),
        RecordColumn("source", _("Kind of list")),
        RecordColumn("at", _("Imported on"), "moment"),
        RecordColumn("read", _("Rows read"), "number"),
        RecordColumn("accepted", _("Accepted"), "number"),
        RecordColumn("left_out", _("Left out"), "number"),
        RecordColumn("state", _("State"), "tag"),
        RecordColumn("acts", pgettext_lazy("anomaly", "To do"), "part", part="lists/put_away.html"),
    ),
    people=False,
    a_page=50,
    empty=_("No list was imported yet."),
    empty_icon="list",
)


class Imports:
    """The imports of the territory and one's own, the latest first."""

    def __init__(self, asked: Asked, scope: Scope, actor: Actor) -> None:
        self.scope, self.actor = scope, actor
        self.away = asked.value("shown") == "away"

    def read(self, after: str, count: int) -> list[Any]:
        """The imports that come next."""
        before = int(after) if after.isascii() and after.isdigit() and len(after) < 18 else None
        return imports_of(
            scope=self.scope, actor=self.actor, before=before, limit=count, put_away=self.away
        )

    def show(self, found: Sequence[Any]) -> list[Record]:
        """The imports as records."""
        return [_row(one) for one in found]

    def place(self, one: Any) -> str:
        """Where an import stands."""
        return str(one.pk)


def _row(one: Any) -> Record:
    failed = one.state == "failed"
    return Record(
        {
            "file": one.file_name,
            "source": source_word(one.source),
            "at": one.imported_at,
            "read": one.rows_read,
            "accepted": one.rows_accepted,
            "left_out": one.rows_rejected + one.rows_repeated + one.rows_skipped,
            "state": STATES[one.state],
            "acts": {"id": one.pk, "name": one.file_name, "away": one.put_away_at is not None}
            if failed
            else None,
        },
        href=reverse("list_import", args=[one.pk]),
    )
