"""What is overdue is the same figure wherever it is told: under relief, old months are not."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.contributions.test_relief import DECEMBER, ask, in_old_arrears, moment
from tests.register.factories import agent, places, system

from qafila.accompaniment.queries import file_of
from qafila.accompaniment.standings import refresh_standings
from qafila.contributions.account.queries import statement_of
from qafila.contributions.arrears.lateness import lateness
from qafila.contributions.arrears.plans import agree_plan
from qafila.contributions.arrears.queries import (
    arrears_ageing,
    arrears_bands,
    arrears_queue,
    overdue_of,
)
from qafila.contributions.arrears.refreshing import refresh_arrears
from qafila.contributions.models.calls_and_ledger import Call
from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import WHOLE_COUNTRY, Role
from qafila.rights.actions import rebuild_rights

pytestmark = pytest.mark.django_db
# December 2023, due at the end of January 2024; six older months are unpaid as well.
ON = dt.date(2024, 2, 5)
DECEMBER_CENTIMES, OLD_CENTIMES = 14865, 3 * 14189 + 3 * 14865


@pytest.fixture(autouse=True)
def _places() -> None:
    places()


def told_everywhere(who: Enrolment) -> dict[str, int]:
    """What is overdue, in centimes, as each place says it."""
    person, at = who.person_id, moment(ON)
    refresh_arrears(on=ON, actor=system(), at=at)
    rebuild_rights(on=ON, actor=system(), at=at)
    refresh_standings(on=ON, actor=system(), at=at)
    calls = overdue_of(person, ON, scope=WHOLE_COUNTRY)
    statement = statement_of(person, scope=WHOLE_COUNTRY)
    return {
        "file": file_of(person, scope=WHOLE_COUNTRY).overdue_centimes,
        "calls": sum(call.rest_centimes for call in calls),
        "lateness": lateness(calls, ON).overdue_centimes,
        "account": sum(call.rest_centimes for call in statement.overdue_on(ON)),
        "list": sum(one.overdue_centimes for one in arrears_queue(scope=WHOLE_COUNTRY)),
        "bands": sum(band.centimes for band in arrears_bands(scope=WHOLE_COUNTRY)),
        "ageing": sum(band.centimes for band in arrears_ageing(ON, scope=WHOLE_COUNTRY)),
    }


def test_while_relief_runs_every_place_says_the_one_month_that_is_asked_for() -> None:
    fatima = in_old_arrears()
    assert ask(fatima, dt.date(2024, 1, 10)).state == "running"
    told = told_everywhere(fatima)
    assert told == dict.fromkeys(told, DECEMBER_CENTIMES)
    file = file_of(fatima.person_id, scope=WHOLE_COUNTRY)
    assert (file.reason, file.months_overdue) == ("contributions_unpaid", 1)
    sentence = file_of(fatima.person_id, scope=WHOLE_COUNTRY).reason_sentence
    assert sentence == "1 month is unpaid: 148,65 dirhams."
    plan = agree_plan(
        fatima.person_id, instalments=2, first_due_on=ON + dt.timedelta(days=10),
        actor=agent(Role.FUND_LIAISON, national=True), at=moment(ON),
    )  # fmt: skip
    assert plan.total_centimes == DECEMBER_CENTIMES


def test_without_relief_every_place_says_all_seven_months() -> None:
    fatima = in_old_arrears()
    told = told_everywhere(fatima)
    assert told == dict.fromkeys(told, DECEMBER_CENTIMES + OLD_CENTIMES)
    assert file_of(fatima.person_id, scope=WHOLE_COUNTRY).months_overdue == 7
    assert Call.objects.filter(month__lt=DECEMBER, settled_on=None).count() == 6
