"""Register applications as rows of their list, each with the forms to decide it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.people.access import seen_by
from qafila.places import queries as places
from qafila.register.access import may_decide_applications
from qafila.register.queries import applications_waiting
from qafila.web.design.record_list import Record, RecordColumn
from qafila.web.people.presenter import birth_text, names_in_order
from qafila.web.people.rows import name_of
from qafila.web.person_changes.forms import ReasonForm
from qafila.web.records.listing import Listing
from qafila.web.site.commands import new_command_id
from qafila.web.site.territory import language, named

LISTING = Listing(
    "applications",
    gettext_lazy("Register applications"),
    (
        RecordColumn("person", pgettext_lazy("column", "Name"), "person"),
        RecordColumn("card", pgettext_lazy("column", "Card number (CIN)"), "identifier"),
        RecordColumn("trade", pgettext_lazy("column", "Trade")),
        RecordColumn("opened", gettext_lazy("Opened on"), "day"),
        RecordColumn("decide", gettext_lazy("Decision"), "part", part="applications/decide.html"),
    ),
    empty=gettext_lazy("No application waits"),
)


def without_decisions(listing: Listing) -> Listing:
    """The list for those who decide nothing."""
    return replace(listing, columns=[one for one in listing.columns if one.kind != "part"])


class Waiting:
    """The applications that wait, the longest waiting first, as a source of rows.

    `refused`: the forms that were sent and cannot be, by application.
    """

    def __init__(self, actor: Actor, refused: Mapping[int, ReasonForm]) -> None:
        self.actor, self.refused = actor, refused

    def read(self, after: str, count: int) -> list[Any]:
        """The applications that come next."""
        return applications_waiting(
            scope=seen_by(self.actor), limit=count, after=self._place_of(after)
        )

    def _place_of(self, after: str) -> tuple[dt.datetime, int] | None:
        opened_at, _tilde, last = after.partition("~")
        at = clock.moment_read(opened_at)
        return (at, int(last)) if at and last.isdigit() else None

    def place(self, one: Any) -> str:
        """When it was opened, and its number."""
        return f"{one.opened_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%fZ}~{one.pk}"

    def show(self, found: Sequence[Any]) -> list[Record]:
        """The rows; the places are asked once for all of them."""
        codes = [one.person.commune_id or one.person.province_id for one in found]
        names = places.names_of(codes, language())
        return [self._row(one, names) for one in found]

    def _row(self, one: Any, names: Mapping[str, str]) -> Record:
        person = one.person
        place = names.get(person.commune_id or person.province_id or "", "")
        birth = birth_text(person.birth_date, person.birth_precision)
        return Record(
            {
                "person": name_of(
                    person.pk, person.full_name_ar, person.full_name_latn, place, birth
                ),
                "card": person.card_number,
                "trade": _trade(one),
                "opened": one.opened_at,
                "decide": self._forms(one),
            }
        )

    def _forms(self, one: Any) -> dict[str, object] | None:
        person = one.person
        if not may_decide_applications(self.actor, person.province_id):
            return None
        return {
            "id": one.pk,
            "name": names_in_order(person.full_name_ar, person.full_name_latn)[0],
            "form": self.refused.get(one.pk) or ReasonForm(prefix=f"a{one.pk}"),
            "command_id": new_command_id,
        }


def _trade(one: Any) -> str:
    """The trade, and what was written where the two differ."""
    known = named(one.trade.name_ar, one.trade.name_fr) if one.trade else ""
    if not known or one.trade_text in ("", known):
        return known or one.trade_text
    return _("%(trade)s (written: %(text)s)") % {"trade": known, "text": one.trade_text}
