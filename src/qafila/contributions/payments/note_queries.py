"""Payments noted from a receipt that wait for the money, of a territory."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from qafila.contributions.models.notes import PaymentNote
from qafila.foundation.actors import Scope
from qafila.institutions.actor_told import name_in_script


@dataclass(frozen=True)
class NoteTold:
    """A note: what the receipt said, who wrote it down, and the payment that confirmed it."""

    note_id: int
    person_id: int
    name_ar: str
    name_latn: str
    channel: str
    reference: str
    place: str
    amount_centimes: int
    paid_on: dt.date
    state: str
    noted_at: dt.datetime
    noted_by: str
    payment_id: int | None
    province_id: str | None = None


def waiting_notes(*, scope: Scope, after: int = 0, count: int = 50) -> list[NoteTold]:
    """The notes of the scope that wait for the money, oldest first, from the one after `after`."""
    found = _in_scope(scope).filter(state=PaymentNote.State.NOTED, pk__gt=after)
    return _told(found.order_by("pk")[:count])


def waiting_notes_count(*, scope: Scope) -> int:
    """How many notes of the scope wait for the money."""
    return _in_scope(scope).filter(state=PaymentNote.State.NOTED).count()


def _in_scope(scope: Scope) -> QuerySet[PaymentNote]:
    if scope.national:
        return PaymentNote.objects.all()
    return PaymentNote.objects.filter(person__province_id__in=sorted(scope.province_codes))


def _told(notes: QuerySet[PaymentNote]) -> list[NoteTold]:
    rows = notes.values_list(
        "pk",
        "person_id",
        "person__full_name_ar",
        "person__full_name_latn",
        "channel",
        "reference",
        "place",
        "amount_centimes",
        "paid_on",
        "state",
        "noted_at",
        "noted_by__name",
        "payment_id",
        "person__province_id",
        "noted_by__account__name_latn",
    )
    told = [(NoteTold(*row[:-1]), row[-1]) for row in rows]
    return [replace(one, noted_by=name_in_script(one.noted_by, latn)) for one, latn in told]
