"""Unusual reading is found once, by volume, hours, territory and family name; cases are closed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from tests.register.factories import AT, hired, person, places, system

from qafila.audit import errors
from qafila.audit.cases import cases, open_cases_number
from qafila.audit.closing import close_case
from qafila.audit.models import UnusualReading
from qafila.audit.unusual import FILES_AT_MOST, PROBES_UNREMARKED, find_unusual_reading
from qafila.foundation.access_log import record_list_read, record_read
from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role, Scope
from qafila.foundation.clock import MOROCCO
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.institutions.access import actor_of
from qafila.institutions.models import Account, Institution, Post
from qafila.people.asking.probes import PROBING

pytestmark = pytest.mark.django_db
YESTERDAY = AT.astimezone(MOROCCO).date() - dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _places() -> None:
    places()


def clerk(name: str = "Youssef Ouhsaine", province: str = "09.001") -> Actor:
    """A counter agent of one province."""
    with acting(system(), at=AT):
        chamber, _ = Institution.objects.get_or_create(
            kind="chamber_crafts", name_fr="Chambre", city="Agadir", confidence="high"
        )
        number = Account.objects.count()
        account = Account.objects.create_user(f"c{number}@qafila.test", None, name=name)
        Post.objects.create(
            account=account, role=Role.COUNTER_AGENT, institution=chamber, province_id=province,
            held_from=dt.date(2022, 1, 1),
        )  # fmt: skip
    return actor_of(account, on=AT.date())


def reads(actor: Actor, person_id: int, hour: int = 10, days: int = 0) -> None:
    """The actor opens a file yesterday, or so many days before."""
    at = dt.datetime.combine(YESTERDAY - dt.timedelta(days=days), dt.time(hour), MOROCCO)
    record_read(person_id, actor=actor, at=at, reason="serving", place="file")


def read_many(actor: Actor, count: int, days: int = 0) -> None:
    """So many different files on one day, written at once."""
    at = dt.datetime.combine(YESTERDAY - dt.timedelta(days=days), dt.time(11), MOROCCO)
    with acting(system(), at=AT), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_access_log_entry (person_id, reader_id, at, reason, place)"
            " SELECT 900000 + n, %s, %s, 'serving', 'file' FROM generate_series(1, %s) n",
            [actor.id, at, count],
        )


def search(day: dt.date = YESTERDAY) -> Any:
    return find_unusual_reading(day, actor=system(), at=AT)


def found() -> dict[str, int]:
    return {one.kind: one.people for one in cases(scope=WHOLE_COUNTRY)}


def test_an_ordinary_day_is_no_case() -> None:
    youssef = clerk()
    reads(youssef, person(family_name_latn="Bennani", full_name_latn="Fatima Bennani").pk)
    record_list_read(25, actor=youssef, at=AT - dt.timedelta(days=1), place="arrears")
    assert search().cases == 0
    assert not JournalEntry.objects.filter(verb="audit.unusual_found").exists()


def test_more_than_the_absolute_bound_and_more_than_usual() -> None:
    many, unusual, steady = clerk(), clerk(), clerk()
    read_many(many, FILES_AT_MOST + 1)
    read_many(unusual, 41)
    read_many(steady, 41)
    for days in range(1, 7):
        read_many(unusual, 10, days)
        read_many(steady, 30, days)
    search()
    measured = {
        (one.reader_id, one.people, one.usual)
        for one in UnusualReading.objects.filter(kind="many_files")
    }
    assert measured == {(many.id, FILES_AT_MOST + 1, None), (unusual.id, 41, 10)}


def test_hours_are_those_of_morocco() -> None:
    youssef = clerk()
    fatima = person()
    for hour in (6, 7, 19, 20):
        reads(youssef, fatima.pk, hour)
    search()
    assert found() == {"odd_hours": 1}
    assert UnusualReading.objects.get().persons == [fatima.pk]


def test_people_outside_the_territory_held_that_day() -> None:
    youssef = clerk()
    reads(youssef, person(province="09.541").pk)
    reads(youssef, person(province=None).pk)
    reads(youssef, person(province="09.001").pk)
    reads(hired(Role.FUND_LIAISON), person(province="06.141").pk)
    search()
    assert found() == {"elsewhere": 2}


def test_people_of_the_agents_own_family_name_in_either_script() -> None:
    youssef = clerk("يوسف أوحساين")
    own = person(full_name_latn="Khadija Ouhsaine", family_name_latn="Ouhsaine",
                 name_keys=["KDJ", *_keys("Ouhsaine")])  # fmt: skip
    other = person(full_name_latn="Youssef Bennani", family_name_latn="Bennani",
                   name_keys=[*_keys("Youssef"), *_keys("Bennani")])  # fmt: skip
    reads(youssef, own.pk)
    reads(youssef, other.pk)
    search()
    assert found() == {"own_family": 1}
    assert UnusualReading.objects.get().persons == [own.pk]


def _keys(name: str) -> list[str]:
    from qafila.linkage.names.name_keys import name_keys

    return list(name_keys(name))


def test_a_day_searched_again_adds_nothing_and_leaves_closed_cases() -> None:
    youssef, nadia = clerk(), hired(Role.AUDITOR)
    reads(youssef, person(province="09.541").pk)
    assert (search().new, search().new) == (1, 0)
    [case] = cases(scope=WHOLE_COUNTRY)
    close_case(case.case_id, reason="Inventory of the annex.", actor=nadia, at=AT)
    reads(youssef, person(province="09.541").pk)
    assert search().new == 0
    [closed] = cases(scope=WHOLE_COUNTRY, state="closed")
    assert (closed.people, closed.reason) == (1, "Inventory of the annex.")
    assert JournalEntry.objects.filter(verb="audit.case_closed", actor_id=nadia.id).count() == 1


def test_what_closing_refuses() -> None:
    nadia = hired(Role.AUDITOR)
    reads(nadia, person().pk, hour=22)
    reads(clerk(), person().pk, hour=22)
    search()
    own, other = sorted(cases(scope=WHOLE_COUNTRY), key=lambda one: one.reader_id != nadia.id)
    with pytest.raises(errors.OwnReading):
        close_case(own.case_id, reason="It was me.", actor=nadia, at=AT)
    with pytest.raises(errors.ReasonMissing):
        close_case(other.case_id, reason=" \n ", actor=nadia, at=AT)
    close_case(other.case_id, reason="Night duty.", actor=nadia, at=AT)
    with pytest.raises(errors.CaseClosed):
        close_case(other.case_id, reason="Again.", actor=nadia, at=AT)
    with pytest.raises(NotAllowed):
        close_case(own.case_id, reason="No.", actor=hired(Role.ADMINISTRATOR), at=AT)
    elsewhere = Actor.holding(
        nadia.id + 1_000, "x", {Role.AUDITOR}, Scope(False, frozenset({"06.141"}))
    )
    with pytest.raises(NotFoundInScope):
        close_case(own.case_id, reason="No.", actor=elsewhere, at=AT)
    assert open_cases_number(scope=WHOLE_COUNTRY) == 1


def test_a_day_that_is_not_over_is_refused_and_so_is_anybody_else() -> None:
    with pytest.raises(errors.DayToCome):
        search(YESTERDAY + dt.timedelta(days=1))
    with pytest.raises(NotAllowed):
        find_unusual_reading(YESTERDAY, actor=hired(Role.AUDITOR), at=AT)


def test_many_numbers_looked_for_outside_the_territory() -> None:
    curious, usual = clerk(), clerk()
    yesterday = AT - dt.timedelta(days=1)
    for one, probes in ((curious, PROBES_UNREMARKED + 1), (usual, PROBES_UNREMARKED)):
        for number in range(probes):
            at = yesterday + dt.timedelta(seconds=number)
            record_list_read(0, actor=one, at=at, place=PROBING, asked=f"number at={number}")
    search()
    case = UnusualReading.objects.get()
    told = (case.kind, case.reader_id, case.people)
    assert told == ("probing", curious.id, PROBES_UNREMARKED + 1)
