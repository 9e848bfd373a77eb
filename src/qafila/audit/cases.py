"""Cases of unusual reading, as auditors see them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from qafila.audit.models import UnusualReading
from qafila.audit.queries import A_PAGE
from qafila.foundation.actors import Scope
from qafila.foundation.errors import NotFoundInScope
from qafila.institutions.access import accounts_in


@dataclass(frozen=True)
class Case:
    """A case of unusual reading with the agent's names."""

    case_id: int
    day: dt.date
    kind: str
    account_id: int
    reader_id: int
    name: str
    name_latn: str
    people: int
    usual: int | None
    state: str
    closed_by: str
    closed_at: dt.datetime | None
    reason: str


def cases_in(scope: Scope) -> QuerySet[UnusualReading]:
    """The cases about agents whose traces may be read in the territory."""
    cases = UnusualReading.objects.order_by("-day", "pk")
    if scope.national:
        return cases
    return cases.filter(reader__in=accounts_in(scope).values("actor_id"))


def cases(*, scope: Scope, state: str = "open", page: int = 1, count: int = A_PAGE) -> list[Case]:
    """Cases of unusual reading in a state, the latest day first; one more when there are more."""
    first = (page - 1) * count
    found = cases_in(scope).filter(state=state).select_related("reader__account", "closed_by")
    return [_case(one) for one in found[first : first + count + 1]]


def open_cases_number(*, scope: Scope) -> int:
    """How many cases wait for an auditor."""
    return cases_in(scope).filter(state=UnusualReading.State.OPEN).count()


def _case(one: UnusualReading) -> Case:
    account: Any = one.reader.account
    return Case(
        case_id=one.pk,
        day=one.day,
        kind=one.kind,
        account_id=account.pk,
        reader_id=one.reader_id,
        name=account.name,
        name_latn=account.name_latn,
        people=one.people,
        usual=one.usual,
        state=one.state,
        closed_by=one.closed_by.name if one.closed_by else "",
        closed_at=one.closed_at,
        reason=one.reason,
    )


def get_open_case(case_id: int, *, scope: Scope) -> Case:
    """A case that waits; NotFoundInScope for one that is closed, elsewhere, or none."""
    waiting = cases_in(scope).filter(pk=case_id, state=UnusualReading.State.OPEN)
    one = waiting.select_related("reader__account", "closed_by").first()
    if one is None:
        raise NotFoundInScope(case=case_id)
    return _case(one)
