"""Rights follow from facts: enrolment, calls, payments and the fund's word."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from django.utils import translation
from tests.contributions.factories import NOVEMBER, craftworker, in_arrears, pay, run
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, agent, person, places, system

from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.payments.recording import reverse_payment
from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import WHOLE_COUNTRY, Role, Scope
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.trail import acting
from qafila.rights.actions import RightsOutcome, rebuild_rights
from qafila.rights.models import RightsPeriod
from qafila.rights.queries import (
    counts,
    rights_explained,
    rights_history,
    rights_if_paid,
    rights_of,
)

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def rebuild(on: dt.date = TODAY, **options: object) -> RightsOutcome:
    return rebuild_rights(on=on, actor=system(), at=AT, **options)  # type: ignore[arg-type]


def standing(enrolment: Enrolment, on: dt.date = TODAY) -> tuple[str, str]:
    found = rights_of(enrolment.person_id, on, scope=WHOLE_COUNTRY)
    return found.status, found.reason


def rows() -> list[tuple[object, ...]]:
    names = ("person_id", "status", "reason", "since", "until", "region_code")
    return list(RightsPeriod.objects.order_by("person_id", "since").values_list("pk", *names))


def test_someone_the_fund_reports_paid_up_is_covered() -> None:
    fatima = in_arrears(0)
    rebuild()
    assert standing(fatima) == ("open", "paid_up")


def test_reported_unpaid_months_suspend_until_they_are_paid() -> None:
    fatima = in_arrears(4)
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    rebuild()
    assert standing(fatima) == ("suspended", "unpaid_months")
    if_paid = rights_if_paid(fatima.person_id, TODAY, scope=WHOLE_COUNTRY)
    assert (if_paid.owed_centimes, if_paid.open_from) == (4 * 16352, TODAY)
    pay(fatima, 4 * 16352)
    rebuild(person_ids=[fatima.person_id])
    assert standing(fatima) == ("open", "paid_up")


def test_who_never_paid_is_told_so() -> None:
    fatima = in_arrears(30, effective_from=dt.date(2025, 1, 1))
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    rebuild()
    assert standing(fatima) == ("suspended", "never_paid")


def test_a_reversed_payment_suspends_again() -> None:
    fatima = in_arrears(2)
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    paid = pay(fatima, 2 * 16352)
    rebuild()
    assert standing(fatima)[0] == "open"
    reverse_payment(paid.payment_id, reason="Returned", on=TODAY, actor=system(), at=AT)
    rebuild()
    assert standing(fatima) == ("suspended", "unpaid_months")


def test_waiting_declared_ended_and_unknown_people() -> None:
    new = craftworker(effective_from=dt.date(2026, 11, 1))
    declared = enrolled(person(), only_declared=True, effective_from=dt.date(2026, 11, 1))
    ended = craftworker(
        state="closed", closed_on=dt.date(2025, 1, 1), effective_from=dt.date(2023, 1, 1)
    )
    nobody = person()
    outcome = rebuild()
    assert standing(new)[0] == "waiting"
    assert standing(declared) == ("waiting", "fund_number_awaited")
    assert standing(ended) == ("closed", "activity_ended")
    assert rights_of(nobody.pk, TODAY, scope=WHOLE_COUNTRY).status == "none"
    assert (outcome.waiting, outcome.closed, outcome.none) == (2, 1, 1)


def test_rebuilding_gives_the_same_rows() -> None:
    for months in (0, 1, 5):
        in_arrears(months)
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    run()
    first = rebuild()
    before = rows()
    again = rebuild(persons_per_range=1)
    assert (again.added, again.removed) == (0, 0)
    assert (again.persons, again.periods) == (first.persons, first.periods)
    assert rows() == before


def test_periods_follow_without_gaps_and_match_the_law() -> None:
    fatima = in_arrears(3)
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    pay(fatima, 16352)
    rebuild()
    periods = rights_history(fatima.person_id, scope=WHOLE_COUNTRY)
    for one, following in pairwise(periods):
        assert one.until == following.since
    assert periods[-1].until is None
    for period in periods:
        assert period.since is not None
        answer = rights_explained(fatima.person_id, period.since, scope=WHOLE_COUNTRY)
        assert (answer.status, answer.reason) == (period.status, period.reason)
        assert answer.steps


def test_rows_of_people_no_longer_enrolled_go() -> None:
    fatima = in_arrears(0)
    rebuild()
    with_period = RightsPeriod.objects.count()
    with acting(system(), at=AT):
        Enrolment.objects.filter(pk=fatima.pk).delete()
    outcome = rebuild()
    assert (with_period, outcome.removed, RightsPeriod.objects.count()) == (2, 2, 0)


def test_counts_and_files_stay_inside_the_scope() -> None:
    here, there = in_arrears(0), enrolled(person(province="06.141"), only_declared=True)
    rebuild()
    agadir = Scope(province_codes=frozenset({"09.001"}))
    found = counts(TODAY, scope=agadir)
    assert (found.open, found.waiting) == (1, 0)
    assert rights_of(here.person_id, TODAY, scope=agadir).status == "open"
    for query in (rights_of, rights_explained, rights_if_paid):
        with pytest.raises(NotFoundInScope):
            query(there.person_id, TODAY, scope=agadir)
    with pytest.raises(NotFoundInScope):
        rights_history(there.person_id, scope=Scope())
    assert counts(TODAY, scope=Scope()).reasons == {}


@pytest.mark.parametrize("role", [Role.COUNTER_AGENT, Role.CHAMBER_STAFF, Role.AUDITOR])
def test_counters_only_read(role: Role) -> None:
    with pytest.raises(NotAllowed):
        rebuild_rights(on=TODAY, actor=agent(role, national=True), at=AT)


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "suspendus"), ("ar", "موقوفة"), ("zgh", "ⴱⴷⴷⵏ")],
)
def test_the_reason_is_told_in_three_languages(language: str, words: str) -> None:
    fatima = in_arrears(2)
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    rebuild()
    with translation.override(language):
        assert words in rights_of(fatima.person_id, TODAY, scope=WHOLE_COUNTRY).why
