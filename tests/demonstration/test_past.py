"""The demonstration's past: told by the actions people use, and true to the books."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.books import books_agree  # noqa: F401  the books are proved after each test
from tests.enrolment.factories import enrolled
from tests.register.factories import person, places, system

from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
from qafila.care.models import Claim
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.models.calls_and_ledger import Payment, ReliefApplication, Run
from qafila.contributions.models.notes import PaymentNote
from qafila.contributions.models.plans import InstalmentPlan
from qafila.contributions.models.refunds import Refund
from qafila.demonstration.past import (
    MONTHS,
    first_month_of_past,
    live_through_months,
    live_through_relief,
    moment_in,
    tell_stories,
)
from qafila.demonstration.tariffs import load_demonstration_tariffs
from qafila.enrolment.models import Dependant, LifeEvent
from qafila.foundation.models import JournalEntry
from qafila.people.models import Merge, Person
from qafila.people.proofs import prove_people
from qafila.rights.models import RightsPeriod

pytestmark = pytest.mark.django_db
NOVEMBER = dt.date(2026, 11, 1)
BEGUN = first_month_of_past(NOVEMBER)


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def test_months_before_were_called_and_paid_and_stories_told() -> None:
    for place in range(48):
        born = dt.date(1972, 1, 1) + dt.timedelta(days=37 * place)
        enrolled(
            person(sex="FM"[place // 2 % 2], birth_date=born, full_name_latn=f"ARTISAN {place}"),
            effective_from=dt.date(2023, 1, 1), reported_on=BEGUN,
            months_unpaid_reported=24 if place % 2 else 0,
        )  # fmt: skip
    for _ in range(2):
        person()
    who = {"actor": system(), "at": moment_in(BEGUN)}
    load_demonstration_tariffs(**who)
    open_reported_arrears(BEGUN, **who)
    assert list(live_through_months(NOVEMBER, actor=system()))[-1] == dt.date(2026, 10, 1)
    assert Run.objects.filter(state="posted").count() == MONTHS
    at = moment_in(NOVEMBER)
    bring_up_to_date(EVERYONE, actor=system(), at=at)
    assert tell_stories(at=at) == 12
    assert Payment.objects.filter(reversed_on__isnull=False).exists()
    assert {one.state for one in Refund.objects.all()} >= {"asked", "approved"}
    assert InstalmentPlan.objects.exists()
    assert {one.state for one in PaymentNote.objects.all()} == {"noted"}
    assert _lost_and_regained()
    _require_lives()


def _require_lives() -> None:
    """Families of every kind, claims in every state, one merge undone, one death, one move."""
    of_spouses = Dependant.objects.filter(relation="spouse")
    assert of_spouses.exclude(judges_leave="").count() == 1
    children = Dependant.objects.filter(relation="child")
    assert (children.count(), children.filter(taken_in=True).count()) == (8, 1)
    kinds = set(LifeEvent.objects.values_list("kind", flat=True))
    assert kinds == {"schooling", "disability", "divorce", "custody", "death"}
    assert LifeEvent.objects.get(kind="custody").until is not None
    assert set(Claim.objects.values_list("state", flat=True)) == set(Claim.State.values)
    assert Claim.objects.filter(finding="doctor_asked").count() == 1
    assert Merge.objects.get().undone_at is not None
    assert Refund.objects.exclude(heir="").count() == 1
    moved = JournalEntry.objects.get(verb="people.moved_along")
    assert Person.objects.get(pk=moved.person_id).province_id != "09.001"
    faults = {one.code for one in prove_people() if one.count}
    assert faults <= {"enrolled_without_entry"}  # nobody here came by the register


def _lost_and_regained() -> set[int]:
    """Who was suspended once and covered after that."""
    suspended = RightsPeriod.objects.filter(status="suspended").values_list("person_id", "since")
    return {
        person
        for person, since in suspended
        if RightsPeriod.objects.filter(person_id=person, status="open", since__gt=since).exists()
    }


def test_one_kept_the_relief_and_another_lost_it() -> None:
    for _ in range(2):
        enrolled(
            person(), category="auto_entrepreneur", annual_tax_dh=0, months_unpaid_reported=33,
            reported_on=BEGUN, effective_from=dt.date(2022, 1, 1),
        )  # fmt: skip
    open_reported_arrears(BEGUN, actor=system(), at=moment_in(BEGUN))
    assert live_through_relief(BEGUN, actor=system()) == 2
    assert sorted(ReliefApplication.objects.values_list("state", flat=True)) == ["erased", "lost"]
