"""Receipts noted that wait for the money, as a list."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.contributions.access import may_note
from qafila.contributions.payments.note_queries import NoteTold, waiting_notes
from qafila.foundation.actors import Actor, Scope
from qafila.web.design.record_list import Record, RecordColumn
from qafila.web.payments.forms import channel_word
from qafila.web.people.rows import name_of
from qafila.web.records.listing import Listing

LISTING = Listing(
    "payment_notes",
    _("Receipts recorded"),
    (
        RecordColumn("person", pgettext_lazy("money", "Person"), "person"),
        RecordColumn("sum", pgettext_lazy("note", "Amount"), "money"),
        RecordColumn("on", pgettext_lazy("note", "Paid on"), "day"),
        RecordColumn("channel", pgettext_lazy("money", "Channel")),
        RecordColumn("receipt", pgettext_lazy("note", "Receipt"), "identifier"),
        RecordColumn("at", pgettext_lazy("note", "Noted on"), "moment"),
        RecordColumn("by", pgettext_lazy("note", "Noted by")),
        RecordColumn(
            "acts", pgettext_lazy("anomaly", "To do"), "part", part="payment_notes/take_back.html"
        ),
    ),
    a_page=50,
    empty=_("No payment waits to be confirmed."),
)


class Notes:
    """The notes of the territory that wait, oldest first."""

    def __init__(self, scope: Scope, actor: Actor) -> None:
        self.scope, self.actor = scope, actor

    def read(self, after: str, count: int) -> list[NoteTold]:
        """The notes that come next."""
        number = int(after) if after.isascii() and after.isdigit() and len(after) < 18 else 0
        return waiting_notes(scope=self.scope, after=number, count=count)

    def show(self, found: Sequence[NoteTold]) -> list[Record]:
        """The notes as records."""
        return [_row(one, self.actor) for one in found]

    def place(self, one: NoteTold) -> str:
        """Where a note stands."""
        return str(one.note_id)


def _row(one: NoteTold, actor: Actor) -> Record:
    channel = channel_word(one.channel)
    acts = {"note": one.note_id, "person": one.person_id, "sum": one.amount_centimes}
    return Record(
        {
            "person": name_of(one.person_id, one.name_ar, one.name_latn, url_name="person_money"),
            "sum": one.amount_centimes,
            "on": one.paid_on,
            "channel": f"{channel} · {one.place}" if one.place else channel,
            "receipt": one.reference,
            "at": one.noted_at,
            "by": one.noted_by,
            "acts": acts if may_note(actor, one.province_id) else None,
        }
    )
