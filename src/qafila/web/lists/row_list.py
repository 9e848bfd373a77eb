"""The rows of one import as a list, by what became of them, each with its person."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from qafila.foundation.actors import Actor, Scope
from qafila.lists.access import require_may_import
from qafila.lists.import_rows import REMARKED, ImportRow, rows_of_import
from qafila.lists.queries import ImportProgress, import_progress
from qafila.lists.reading.labels import outcome_word
from qafila.web.design.record_list import (
    Asked,
    Choice,
    FilePlace,
    Filter,
    PersonName,
    Record,
    RecordColumn,
)
from qafila.web.records.listing import Around, Listing, asked_of, record_page
from qafila.web.site.requests import StaffRequest

OUTCOMES = ("accepted", REMARKED, "rejected", "repeated", "skipped")
LISTING = Listing(
    "list_rows",
    _("Rows of the list"),
    (
        RecordColumn("name", _("Name"), "person"),
        RecordColumn("place", _("Row"), "place"),
        RecordColumn("outcome", _("Outcome")),
        RecordColumn("said", _("Remarks")),
        RecordColumn("cells", _("As it came")),
    ),
    a_page=50,
    empty=_("No row of this kind."),
    empty_icon="list",
)


@require_safe
@login_required
def list_rows(request: StaffRequest, import_id: int) -> HttpResponseBase:
    """All rows of an import, or those of one outcome, on a page or as a file."""
    actor = request.actor
    scope = require_may_import(actor)
    progress = import_progress(import_id, scope=scope, actor=actor)
    asked = asked_of(request, filters={"outcome": OUTCOMES})
    more = {"progress": progress}
    around = Around(
        filters=(_outcomes(progress),),
        count=lambda: _number(progress, asked.value("outcome")),
        more=more,
    )
    source = Rows(import_id, asked, scope, actor)
    return record_page(request, LISTING, source, asked, template="lists/rows.html", around=around)


def _number(progress: ImportProgress, outcome: str) -> int:
    return {
        "": progress.rows_read,
        "accepted": progress.rows_accepted,
        REMARKED: progress.rows_remarked,
        "rejected": progress.rows_rejected,
        "repeated": progress.rows_repeated,
        "skipped": progress.rows_skipped,
    }[outcome]


def _outcomes(progress: ImportProgress) -> Filter:
    words = {one: outcome_word(one) for one in OUTCOMES if one != REMARKED}
    words[REMARKED] = str(_("Accepted with remarks"))
    choices = [Choice(one, words[one], _number(progress, one)) for one in OUTCOMES]
    every = pgettext_lazy("rows", "All")
    return Filter("outcome", _("Outcome"), choices, shown_as="chips", every=every)


class Rows:
    """The rows in the order of the file."""

    def __init__(self, import_id: int, asked: Asked, scope: Scope, actor: Actor) -> None:
        self.import_id, self.scope, self.actor = import_id, scope, actor
        self.outcome = asked.value("outcome")

    def read(self, after: str, count: int) -> list[ImportRow]:
        """The rows that come next."""
        return rows_of_import(
            self.import_id,
            scope=self.scope,
            actor=self.actor,
            outcome=self.outcome,
            after=int(after) if after.isascii() and after.isdigit() and len(after) < 18 else 0,
            count=count,
        )

    def show(self, found: Sequence[ImportRow]) -> list[Record]:
        """The rows as records."""
        return [_row(one) for one in found]

    def place(self, one: ImportRow) -> str:
        """Where a row stands."""
        return str(one.row_id)


def _row(one: ImportRow) -> Record:
    href = reverse("person", args=[one.person_id]) if one.person_id else ""
    return Record(
        {
            "name": PersonName(one.name or "—", "", href, one.person_id),
            "place": FilePlace("", one.sheet, one.row_number),
            "outcome": outcome_word(one.outcome),
            "said": " ".join(one.sentences),
            "cells": " | ".join(cell for cell in one.cells if cell),
        }
    )
