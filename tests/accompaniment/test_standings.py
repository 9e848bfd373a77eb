"""Where people stand: each reason from the facts that give it, and rebuilds that agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from tests.accompaniment.factories import (
    ON,
    applying,
    called,
    covered,
    refresh,
    rights,
    standing_of,
    with_family,
)
from tests.enrolment.factories import enrolled, registered
from tests.register.factories import AT, agent, list_import, listed, person, places, system

from qafila.accompaniment.models import Progress
from qafila.accompaniment.reasons import REASONS
from qafila.accompaniment.standings import refresh_standings
from qafila.enrolment.models import Enrolment, LifeEvent
from qafila.foundation.actors import Role
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.people.models import Person
from qafila.register.actions import open_application
from qafila.register.models import Entry
from qafila.rights.models import DependantPeriod

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def fund_number_conflict() -> Person:
    fund = list_import("fund")
    enrolled(fund_number="154484150")
    second = person()
    listed(second, fund, fund_number="154484150")
    return second


def struck_off_register() -> Person:
    fatima = registered()
    with acting(system(), at=AT):
        Entry.objects.filter(person=fatima).update(state="struck_off", struck_off_on=ON)
    return fatima


def auto_entrepreneur_struck_off() -> Person:
    fatima = registered()
    listed(fatima, "auto_entrepreneur", struck_off=True)
    return fatima


def in_the_register_twice(who: Person) -> Person:
    with acting(system(), at=AT):
        Entry.objects.create(person=who, register_number=f"second-{who.pk}", entered_on=ON)
    return who


def in_arrears() -> Person:
    enrolment = enrolled()
    for month in (7, 8, 9):
        called(enrolment, dt.date(2026, month, 1))
    rights(enrolment.person, "suspended", "unpaid_months")
    return enrolment.person


def waiting() -> Person:
    enrolment = enrolled()
    called(enrolment, dt.date(2026, 11, 1), paid=True)
    rights(enrolment.person, "waiting", "waiting_period")
    return enrolment.person


def first_payment_awaited() -> Person:
    enrolment = enrolled()
    called(enrolment, dt.date(2026, 11, 1))
    rights(enrolment.person, "waiting", "first_payment_awaited")
    return enrolment.person


def family_only_mentioned() -> Person:
    fatima = covered()
    with_family(fatima, "mentioned")
    return fatima


def enrolled_twice() -> Person:
    fatima = covered(fund_number="154484150")
    fund = list_import("fund")
    listed(fatima, fund, fund_number="154484150")
    listed(fatima, fund, fund_number="154484151")
    return fatima


def died(*, family_until: dt.date | None = None) -> Person:
    """Fatima, whose death was told; with a spouse covered until that day."""
    fatima = covered()
    with acting(system(), at=AT):
        LifeEvent.objects.create(
            person=fatima, kind="death", state="told", since=dt.date(2026, 10, 3), told_at=AT
        )
    spouse = with_family(fatima)
    with acting(system(), at=AT):
        DependantPeriod.objects.create(
            dependant=spouse, insured=fatima, member_id=spouse.person_id, status="open",
            reason="after_death", since=dt.date(2026, 10, 4),
            until=family_until or dt.date(2026, 10, 31),
        )  # fmt: skip
    return fatima


def covered_with_family() -> Person:
    fatima = covered()
    with_family(fatima)
    return fatima


SITUATIONS: dict[str, Callable[[], Person]] = {
    "deceased_family_covered": lambda: died(family_until=dt.date(2028, 10, 4)),
    "deceased": died,
    "fund_number_conflict": fund_number_conflict,
    "refused": lambda: applying("refused"),
    "application_waiting": lambda: applying("submitted"),
    "register_number_conflict": lambda: applying(missing=("register_number_conflict",)),
    "no_card_number": lambda: applying(missing=("card_number",), without_card=True),
    "no_birth_date": lambda: applying(missing=("birth_date",), without_birth_date=True),
    "place_unknown": lambda: applying(missing=("place",), province=None),
    "trade_unknown": lambda: applying(missing=("trade",)),
    "struck_off_register": struck_off_register,
    "not_registered": person,
    "enrolment_closed": lambda: enrolled(state="closed", closed_on=ON).person,
    "auto_entrepreneur_struck_off": auto_entrepreneur_struck_off,
    "not_declared_at_fund": registered,
    "registered_twice": lambda: in_the_register_twice(enrolled(only_declared=True).person),
    "waiting_for_fund_number": lambda: enrolled(only_declared=True).person,
    "contributions_unpaid": in_arrears,
    "waiting_period": waiting,
    "first_payment_awaited": first_payment_awaited,
    "not_called_yet": lambda: enrolled().person,
    "family_not_declared": family_only_mentioned,
    "enrolled_twice": enrolled_twice,
    "family_unknown": covered,
    "covered": covered_with_family,
}


@pytest.mark.parametrize("reason", SITUATIONS)
def test_the_reason_follows_from_the_facts(reason: str) -> None:
    assert standing_of(SITUATIONS[reason]()).reason == reason


def test_every_reason_has_a_situation_here() -> None:
    # application_incomplete needs a known trade: it has its own test below.
    assert {one.code for one in REASONS} == {*SITUATIONS, "application_incomplete"}


def test_a_death_that_was_taken_back_closes_nothing() -> None:
    fatima = died()
    with acting(system(), at=AT):
        LifeEvent.objects.update(state="taken_back", taken_back_at=AT)
    assert standing_of(fatima).reason == "covered"


def test_the_months_the_family_stays_covered_end_and_the_file_with_them() -> None:
    fatima = died(family_until=ON + dt.timedelta(days=1))
    assert standing_of(fatima).next_step == "prepare_family_cover"
    refresh_standings(on=ON + dt.timedelta(days=1), actor=system(), at=AT)
    assert Progress.objects.get(person=fatima).next_step == "file_closed"


def test_an_application_that_lacks_nothing_is_only_not_submitted() -> None:
    from qafila.register.actions import load_trades
    from qafila.register.models import Application, Trade

    load_trades(actor=system(), at=AT)
    fatima = applying()
    with acting(system(), at=AT):
        Application.objects.update(trade=Trade.objects.get(name_fr="Potier"))
    assert standing_of(fatima).reason == "application_incomplete"


def test_a_covered_person_with_two_entries_is_told_so() -> None:
    assert standing_of(in_the_register_twice(covered())).reason == "registered_twice"


def test_arrears_are_told_in_months_and_centimes() -> None:
    standing = standing_of(in_arrears())
    assert (standing.months_overdue, standing.overdue_centimes) == (3, 3 * 16352)
    assert standing.rights == "suspended"
    assert not standing.paying


def test_what_was_paid_in_part_is_deducted() -> None:
    enrolment = enrolled()
    called(enrolment, dt.date(2026, 9, 1), part_paid=10000)
    standing = standing_of(enrolment.person)
    assert (standing.months_overdue, standing.overdue_centimes) == (1, 6352)


def test_the_steps_of_someone_covered_with_a_declared_family() -> None:
    fatima = covered()
    with_family(fatima)
    listed(fatima, "field_sheet")
    standing = standing_of(fatima)
    done = [
        standing.reached, standing.registered, standing.enrolled, standing.family_declared,
        standing.paying, standing.rights_open,
    ]  # fmt: skip
    assert all(done)
    assert (standing.stage, standing.next_step) == ("rights_open", "nothing")
    assert (standing.province_code, standing.region_code, standing.sex) == ("09.001", "09", "F")


def test_a_mentioned_spouse_is_not_a_declared_family() -> None:
    fatima = covered()
    with_family(fatima, "declared", "child")
    with_family(fatima, "mentioned")
    assert not standing_of(fatima).family_declared


def test_who_states_to_have_no_family_has_declared_it() -> None:
    assert standing_of(covered(no_family_stated_on=ON)).family_declared


@pytest.mark.parametrize(
    ("reported", "effective_from", "paying"),
    [
        ((0, ON), dt.date(2023, 7, 1), True),
        ((2, ON), dt.date(2023, 7, 1), False),
        ((0, None), dt.date(2023, 7, 1), False),
        ((0, ON), dt.date(2026, 11, 1), False),
    ],
)
def test_the_funds_report_counts_as_paying(
    reported: tuple[int, dt.date | None], effective_from: dt.date, paying: bool
) -> None:
    months, on = reported
    enrolment = enrolled(
        months_unpaid_reported=months, reported_on=on, effective_from=effective_from
    )
    assert standing_of(enrolment.person).paying is paying


def test_reached_by_a_field_sheet_or_by_a_person_but_not_by_a_job() -> None:
    youssef = agent(Role.FIELD_AGENT, provinces=("09.001",))
    sheet, met, by_job, unknown = person(), person(), person(), person()
    listed(sheet, "field_sheet")
    open_application(person_id=met.pk, actor=youssef, at=AT)
    open_application(person_id=by_job.pk, actor=system(), at=AT)
    refresh()
    reached = Progress.objects.filter(reached=True).values_list("person_id", flat=True)
    assert set(reached) == {sheet.pk, met.pk}
    assert Progress.objects.filter(person=unknown).exists()


@pytest.mark.parametrize(
    ("rows", "category"),
    [
        ([("chamber", {})], "craftworker"),
        ([("tax_cpu", {})], "cpu"),
        ([("auto_entrepreneur", {"struck_off": False})], "auto_entrepreneur"),
        ([("auto_entrepreneur", {"struck_off": True})], "craftworker"),
    ],
)
def test_before_enrolment_the_category_is_the_one_lists_point_to(
    rows: list[tuple[str, dict[str, bool]]], category: str
) -> None:
    fatima = person()
    for source, fields in rows:
        listed(fatima, source, **fields)
    assert standing_of(fatima).category == category


def everyone() -> list[str]:
    return [str(row) for row in Progress.objects.order_by("pk").values_list()]


def test_a_rebuild_gives_the_same_rows() -> None:
    for situation in SITUATIONS.values():
        if situation is not enrolled_twice:  # it would reuse another situation's number
            situation()
    first = refresh()
    rows = everyone()
    again = refresh(at=AT + dt.timedelta(hours=1))
    assert everyone() == rows
    assert (again.persons, again.changed, again.removed) == (first.persons, 0, 0)
    assert JournalEntry.objects.filter(verb="accompaniment.standings_refreshed").count() == 1
    with acting(system(), at=AT):
        Progress.objects.all().delete()
    refresh()
    assert everyone() == rows


def test_one_person_alone_reads_as_in_the_whole() -> None:
    people = [covered(), in_arrears(), person(), enrolled(only_declared=True).person]
    refresh()
    rows = everyone()
    with acting(system(), at=AT):
        Progress.objects.all().delete()
    for one in people:
        refresh(one.pk)
    assert [row for row in rows if row in everyone()] == everyone()
    assert len(everyone()) == len(people)


def test_merged_people_lose_their_standing() -> None:
    kept, absorbed = person(), person()
    refresh()
    with acting(system(), at=AT):
        Person.objects.filter(pk=absorbed.pk).update(state="merged", merged_into=kept)
    assert refresh().removed == 1
    assert not Progress.objects.filter(person=absorbed).exists()


def test_a_change_of_facts_changes_the_standing() -> None:
    enrolment = enrolled(only_declared=True)
    assert standing_of(enrolment.person).reason == "waiting_for_fund_number"
    with acting(system(), at=AT):
        Enrolment.objects.update(state="enrolled", fund_number="154484150")
    assert standing_of(enrolment.person).reason == "not_called_yet"
