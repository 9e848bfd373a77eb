"""Requests for access as both sides read them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from qafila.foundation.actors import Actor, Scope
from qafila.people.access import may_open_files, persons_visible
from qafila.people.asking.asking import LASTS
from qafila.people.models import AccessRequest

_MOST = 100
_State = AccessRequest.State


@dataclass(frozen=True)
class RequestTold:
    """A request; `person_id` and the names only for those whose file it is, or once granted."""

    request_id: int
    person_id: int
    full_name_ar: str
    full_name_latn: str
    asked_by: int
    asked_by_name: str
    asked_at: dt.datetime
    reason: str
    state: str
    answer: str
    until: dt.date | None

    def open_on(self, day: dt.date) -> bool:
        """Whether the file is open to who asked on that day."""
        return self.until is not None and day <= self.until


def _waiting(scope: Scope, at: dt.datetime) -> QuerySet[AccessRequest]:
    return AccessRequest.objects.filter(
        state=_State.WAITING, asked_at__gt=at - LASTS, person__in=persons_visible(scope)
    )


def waiting_requests(*, scope: Scope, at: dt.datetime) -> list[RequestTold]:
    """What others ask of this territory, oldest first, at most a hundred."""
    found = _waiting(scope, at).select_related("person", "asked_by").order_by("asked_at", "pk")
    return [_told(one) for one in found[:_MOST]]


def waiting_requests_count(*, scope: Scope, at: dt.datetime) -> int:
    """How many requests wait for the territory."""
    return _waiting(scope, at).count()


def open_grants(*, scope: Scope, on: dt.date) -> list[RequestTold]:
    """Files of this territory that are open to others on the day, the longest first."""
    granted = AccessRequest.objects.filter(
        state=_State.GRANTED, until__gte=on, person__in=persons_visible(scope)
    )
    found = granted.select_related("person", "asked_by").order_by("-until", "pk")
    return [_told(one) for one in found[:_MOST]]


def own_requests(*, actor: Actor, at: dt.datetime) -> list[RequestTold]:
    """What the actor asked for and may still be of use, newest first."""
    mine = AccessRequest.objects.filter(asked_by_id=actor.id, asked_at__gt=at - 2 * LASTS)
    found = mine.exclude(state=_State.WITHDRAWN).select_related("person", "asked_by")
    return [_told(one) for one in found.order_by("-asked_at", "-pk")[:_MOST]]


def is_granted(person_id: int, *, actor: Actor, on: dt.date) -> bool:
    """Whether the file was opened to the actor and still is on the day. One statement.

    Not to somebody who holds no post any more that may ask for files.
    """
    if not may_open_files(actor):
        return False
    granted = AccessRequest.objects.filter(
        person_id=person_id, asked_by_id=actor.id, state=_State.GRANTED, until__gte=on
    )
    return granted.exists()


def _told(one: AccessRequest) -> RequestTold:
    return RequestTold(
        one.pk,
        one.person_id,
        one.person.full_name_ar,
        one.person.full_name_latn,
        one.asked_by_id,
        one.asked_by.name,
        one.asked_at,
        one.reason,
        one.state,
        one.answer,
        one.until,
    )
