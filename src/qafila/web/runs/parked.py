"""Everyone a run did not call, and why: as a list, as files, on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from qafila.contributions.access import books_seen_by, may_see_books
from qafila.contributions.calls.month_runs.run_progress import Parked, parked_in
from qafila.foundation.actors import Scope
from qafila.web.design.components import TAGS
from qafila.web.design.record_list import Record, RecordColumn
from qafila.web.people.rows import name_of
from qafila.web.records.listing import Around, Listing, asked_of, record_page
from qafila.web.runs.months_asked import month_or_404
from qafila.web.runs.presenter import category_word, refusal_sentence
from qafila.web.site.refusals import require
from qafila.web.site.requests import StaffRequest

LISTING = Listing(
    "run_parked",
    pgettext_lazy("money", "Parked"),
    (
        RecordColumn("person", pgettext_lazy("money", "Person"), "person"),
        RecordColumn("category", pgettext_lazy("money", "Category")),
        RecordColumn("why", pgettext_lazy("money", "Why")),
        RecordColumn("state", gettext_lazy("State"), "tag"),
    ),
    empty=gettext_lazy("Everyone due was called."),
    saves=False,
)


@require_safe
@login_required
def parked(request: StaffRequest, month: str) -> HttpResponseBase:
    """Everyone the run of a month parked, with the reason."""
    actor = request.actor
    require(may_see_books(actor))
    first = month_or_404(month)
    source = ParkedOf(first, books_seen_by(actor))
    around = Around(more={"month": first}, logged={"month": month})
    asked = asked_of(request)
    return record_page(request, LISTING, source, asked, template="runs/parked.html", around=around)


class ParkedOf:
    """Those a run parked, as a source of rows."""

    def __init__(self, month: dt.date, scope: Scope) -> None:
        self.month, self.scope = month, scope

    def read(self, after: str, count: int) -> Sequence[Parked]:
        """Those who come next, the oldest first."""
        last = int(after) if after.isascii() and after.isdigit() and len(after) < 18 else 0
        return list(parked_in(self.month, scope=self.scope, after=last, limit=count))

    def show(self, found: Sequence[Parked]) -> list[Record]:
        """The rows; each name leads to the file."""
        return [parked_record(one) for one in found]

    def place(self, one: Parked) -> str:
        """The number of the case."""
        return str(one.item_id)


def parked_record(one: Parked) -> Record:
    """A person who was not called."""
    return Record(
        {
            "person": name_of(one.person_id, one.name_ar, one.name_latn),
            "category": category_word(one.category),
            "why": refusal_sentence(one.refusal),
            "state": TAGS["review"] if one.open else TAGS["done"],
        }
    )
