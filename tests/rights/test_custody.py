"""Rights of children whose custody changes: derived for many as for one, stretch by stretch."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contributions.factories import in_arrears
from tests.enrolment.factories import member
from tests.register.factories import AT, places, system
from tests.rights.test_any_history import family_by_law, family_rows

from qafila.enrolment.models import Dependant, LifeEvent
from qafila.foundation.trail import acting
from qafila.people.models import Person
from qafila.rights.actions import rebuild_rights

pytestmark = pytest.mark.django_db
WHO = ("insured", "other_parent", "third_person")


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def child(*, custody: str = "", sex: str = "F") -> Dependant:
    """A child of eight of someone paid up, whose other parent is insured too."""
    insured = in_arrears(0).person
    one = member(insured, relation="child")
    with acting(system(), at=AT):
        Person.objects.filter(pk=insured.pk).update(sex=sex)
        Person.objects.filter(pk=one.person_id).update(birth_date=dt.date(2018, 5, 5))
        Dependant.objects.filter(pk=one.pk).update(other_parent_insured=True, custody=custody)
    return one


def moves(one: Dependant, *changes: tuple[dt.date, str]) -> None:
    with acting(system(), at=AT):
        for day, who in changes:
            LifeEvent.objects.create(
                person_id=one.person_id, dependant=one, kind="custody", custody=who, since=day,
                state="told", told_at=AT, document="Paper",
            )  # fmt: skip


def rebuilt(one: Dependant) -> list[tuple[object, ...]]:
    rebuild_rights(on=AT.date(), actor=system(), at=AT)
    rows = family_rows(one.insured_id)
    assert rows == family_by_law(one.insured_id)
    return rows.get(one.pk, [])


def test_each_stretch_is_the_laws_and_equal_neighbours_are_one() -> None:
    one = child(custody="insured")
    before = rebuilt(one)
    days = [dt.date(2026, month, 1) for month in (2, 4, 6)]
    moves(one, (days[0], "other_parent"), (days[1], "third_person"), (days[2], "insured"))
    rows = rebuilt(one)
    gone = ("closed", "declared_with_other_parent", days[0], days[1])
    assert gone in rows
    after = rows[rows.index(gone) + 1 :]
    # With someone else, then with the insured person: the same cover, told as one period.
    assert [row[2] for row in after if row[2] in days] == [days[1]]
    assert rows[-1][:2] == before[-1][:2]


def test_of_two_changes_on_a_day_the_later_told_counts() -> None:
    one, day = child(custody="insured"), dt.date(2026, 2, 1)
    moves(one, (day, "other_parent"), (day, "insured"))
    assert "declared_with_other_parent" not in [row[1] for row in rebuilt(one)]


@settings(
    max_examples=15, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    children=st.lists(
        st.tuples(
            st.sampled_from(["", *WHO]), st.sampled_from(["F", "M"]),
            st.lists(st.tuples(st.integers(0, 40), st.sampled_from(WHO)), max_size=4),
        ),
        min_size=1, max_size=3,
    )
)  # fmt: skip
def test_many_are_derived_as_one(
    children: list[tuple[str, str, list[tuple[int, str]]]],
) -> None:
    from django.db import transaction

    with transaction.atomic():
        known = []
        for custody, sex, changes in children:
            one = child(custody=custody, sex=sex)
            days = [(dt.date(2023, 1, 1) + dt.timedelta(30 * at), who) for at, who in changes]
            moves(one, *days)
            known.append(one)
        for one in known:
            rebuilt(one)
        transaction.set_rollback(True)
