"""What looking before an act asks of the database: bounded, whatever the family and the years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.care.factories import tariffs
from tests.contributions.factories import in_arrears
from tests.enrolment.factories import member
from tests.register.factories import AT, person, places, system
from tests.web.staff import signed_in

from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.enrolment.models import Enrolment
from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.foundation.trail import acting
from qafila.people.merging.merging import merge_persons
from qafila.people.models import Person
from qafila.rights.actions import rebuild_rights

pytestmark = pytest.mark.django_db
NOVEMBER = dt.date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    tariffs()
    with clock.stopped_at(AT):
        yield


def insured(months: int, family: int) -> Enrolment:
    """Somebody with so many months owed and so many children."""
    one = in_arrears(months, effective_from=dt.date(2014, 1, 1))
    for place in range(family):
        child = member(one.person, relation="child")
        with acting(system(), at=AT):
            Person.objects.filter(pk=child.person_id).update(
                birth_date=dt.date(2010 + place, 3, 2), full_name_latn=f"Child {place}"
            )
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    rebuild_rights(on=AT.date(), actor=system(), at=AT)
    return one


# A page that only reads keeps within twelve statements. What tries an act does the act itself, with
# its locks, rules, journal and triggers, between two looks at person and family; a merge and its
# undoing look besides through every table that hangs on a person, each on its own.
MOST = {
    "family": 12,
    "family_rights": 12,
    "join_household": 12,
    "declare_claim": 40,
    "enrolment_act": 50,
    "declare_member": 65,
    "tell_event": 60,
    "undo_merge": 150,
    "merge_files": 215,
}


def _asked(one: Enrolment, twin: int, other: int) -> dict[str, Callable[[], Any]]:
    fund, counter = signed_in(Role.FUND_LIAISON, province=None), signed_in(Role.COUNTER_AGENT)
    lead, who = signed_in(Role.PROGRAMME_LEAD, province=None), one.person_id
    paper = {"document": "Acte 7"}
    child = {"full_name_latn": "Sara", "birth_date": "01/02/2023"}
    care = {"act_code": "CS", "care_on": "02/11/2026", "place": "private", "paid": "200",
            "documents": "1", "patient": str(who)}  # fmt: skip

    def post(client: Client, name: str, *args: Any, **typed: str) -> Callable[[], Any]:
        return lambda: client.post(reverse(name, args=args), typed)

    def get(client: Client, name: str, *args: Any) -> Callable[[], Any]:
        return lambda: client.get(reverse(name, args=args))

    ending = {"month": "12/2026", "reason": "Fin"}
    return {
        "family": get(counter, "person_family", who),
        "family_rights": get(counter, "family_rights", who),
        "join_household": post(counter, "join_household", who, other=str(other), **paper),
        "declare_claim": post(fund, "declare_claim", who, **care),
        "enrolment_act": post(fund, "enrolment_act", who, one.pk, "cessation", **ending),
        "declare_member": post(counter, "declare_member", who, "child", **child),
        "tell_event": post(counter, "tell_event", who, "death", since="10/11/2026", **paper),
        "merge_files": get(lead, "merge_files", who, twin),
    }


def _counted(ask: Callable[[], Any]) -> int:
    ask()
    with CaptureQueriesContext(connection) as seen:
        assert ask().status_code == 200
    return len(seen)


def statements(months: int, family: int) -> dict[str, int]:
    """How many statements each page asks of a person like this."""
    one, twin, other = insured(months, family), insured(months, family), person()
    found = {name: _counted(ask) for name, ask in _asked(one, twin.person_id, other.pk).items()}
    merge = merge_persons(one.person_id, twin.person_id, evidence={}, actor=system(), at=AT).merge
    lead = signed_in(Role.PROGRAMME_LEAD, province=None)
    address = reverse("undo_merge", args=[one.person_id, merge])
    return found | {"undo_merge": _counted(lambda: lead.get(address))}


def test_a_look_before_an_act_is_bounded_whatever_the_family_and_the_years() -> None:
    small, large = statements(months=2, family=1), statements(months=120, family=12)
    assert large == small
    assert {name: number for name, number in large.items() if number > MOST[name]} == {}
    assert large.keys() == MOST.keys()
