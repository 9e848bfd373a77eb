"""What the register can be asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from qafila.foundation.actors import Scope
from qafila.foundation.scope import reference_data
from qafila.register.models import Application, Entry, Trade


@dataclass(frozen=True)
class TradeRow:
    """A trade with its names in both languages; `status` says how sure the list is."""

    id: int
    name_fr: str
    name_ar: str
    family_fr: str
    family_ar: str
    status: str


@reference_data
def all_trades() -> list[TradeRow]:
    """Every trade, by family and French name. Reference data: no scope."""
    columns = ("id", "name_fr", "name_ar", "family_fr", "family_ar", "status")
    rows = Trade.objects.order_by("family_fr", "name_fr").values_list(*columns)
    return [TradeRow(*row) for row in rows]


def entries_of(person_id: int, *, scope: Scope) -> list[Entry]:
    """The person's entries with their trades, oldest first; none outside the scope."""
    rows = Entry.objects.filter(person_id=person_id).select_related("trade", "person")
    return [row for row in rows.order_by("pk") if scope.covers(row.person.province_id)]


def applications_of(person_id: int, *, scope: Scope) -> list[Application]:
    """The person's applications with their trades, oldest first; none outside the scope."""
    rows = Application.objects.filter(person_id=person_id).select_related("trade", "person")
    return [row for row in rows.order_by("pk") if scope.covers(row.person.province_id)]


def applications_waiting(
    *, scope: Scope, limit: int = 50, after: tuple[dt.datetime, int] | None = None
) -> list[Application]:
    """Submitted applications of the territory, the longest waiting first.

    `after`: when the last one seen was opened, and its number.
    """
    rows = Application.objects.filter(state=Application.State.SUBMITTED)
    if not scope.national:
        rows = rows.filter(person__province_id__in=sorted(scope.province_codes))
    if after:
        opened_at, last = after
        same_moment = Q(opened_at=opened_at, pk__gt=last)
        rows = rows.filter(Q(opened_at__gt=opened_at) | same_moment)
    return list(rows.select_related("person", "trade").order_by("opened_at", "pk")[:limit])


def applications_waiting_number(*, scope: Scope) -> int:
    """How many submitted applications of the territory wait."""
    rows = Application.objects.filter(state=Application.State.SUBMITTED)
    if not scope.national:
        rows = rows.filter(person__province_id__in=sorted(scope.province_codes))
    return rows.count()
