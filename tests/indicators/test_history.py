"""Twelve months of dated facts, and the ways people were reached."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.enrolment.factories import enrolled, registered
from tests.indicators.factories import standing
from tests.register.factories import AT, agent, person, places, system

from qafila.accompaniment.contacts import record_contact
from qafila.foundation.actors import NOWHERE, WHOLE_COUNTRY, Role
from qafila.foundation.trail import acting
from qafila.indicators.history import history, reached_by
from qafila.indicators.queries import not_yet
from qafila.register.models import Entry
from qafila.rights.models import RightsPeriod

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def test_each_month_counts_who_held_it_on_its_last_day(django_assert_num_queries: Any) -> None:
    who = registered()
    standing(who)
    with acting(system(), at=AT):
        Entry.objects.update(entered_on=dt.date(2026, 3, 10))
        second = {"register_number": "77", "state": "struck_off"}
        Entry.objects.create(
            person=who, entered_on=dt.date(2026, 2, 1), struck_off_on=dt.date(2026, 6, 30), **second
        )
        for since, until in (("2025-01-01", "2026-01-31"), ("2026-09-01", None)):
            RightsPeriod.objects.create(
                person=who, status="open", reason="paid", since=since, until=until
            )
    enrolled(who, effective_from=dt.date(2026, 10, 1))
    with django_assert_num_queries(1):
        told = history(scope=WHOLE_COUNTRY, on=ON)
    assert told.days[0] == dt.date(2025, 12, 31)
    assert told.days[-1] == ON
    # Two entries of one person overlap from March to June: one person.
    assert told.people["registered"] == (0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
    assert told.people["enrolled"] == (0,) * 10 + (1, 1)
    # Until the first day after: the last day of January is no longer covered.
    assert told.people["rights_open"] == (1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1)
    assert history(scope=NOWHERE, on=ON).people == {}


def test_people_are_reached_by_each_channel_once() -> None:
    who = person()
    standing(who, done=("reached",))
    field_agent = agent(Role.FIELD_AGENT, provinces=("09.001",))
    for channel in ("phone", "phone", "visit"):
        record_contact(person_id=who.pk, channel=channel, note="ok", actor=field_agent, at=AT)
    assert reached_by(scope=WHOLE_COUNTRY) == {"phone": 1, "visit": 1}
    assert reached_by(scope=NOWHERE) == {}


def test_who_is_not_yet_at_a_step_is_counted_among_those_of_the_step_before() -> None:
    standing(done=("enrolled",))
    standing(done=("enrolled", "paying"))
    standing(done=("rights_open",))
    found = {one.code: one for one in not_yet(scope=WHOLE_COUNTRY)}
    assert found["paying"].people == 1
    assert found["rights_open"].people == 2
    assert found["enrolled"].people == 1
    assert found["paying"].params == {"step": "enrolled", "without": "paying"}
