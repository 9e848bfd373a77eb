"""Lists to work from: who is in arrears, what is to be looked at, how a month differs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.contributions.factories import (
    NOVEMBER,
    book_file,
    craftworker,
    in_arrears,
    pay,
    payments_file,
    run,
)
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, agent, person, system

from qafila.contributions.account.queries import statement_of
from qafila.contributions.anomalies.actions import end_work_item, find_anomalies
from qafila.contributions.anomalies.queries import Within, work_items
from qafila.contributions.arrears import refreshing as deriving
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.arrears.plans import agree_plan
from qafila.contributions.arrears.queries import (
    InArrears,
    arrears_ageing,
    arrears_bands,
    arrears_queue,
    overdue_of,
)
from qafila.contributions.arrears.refreshing import refresh_arrears
from qafila.contributions.calls.queries import changed_calls, run_differences
from qafila.contributions.models.arrears import PersonArrears
from qafila.contributions.payments.queries import get_payment, payments_of
from qafila.contributions.payments.recording import reverse_payment
from qafila.enrolment.family.life_events import (
    NewEvent,
    take_back_life_event,
    tell_life_event,
)
from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import WHOLE_COUNTRY, Role, Scope
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.trail import acting
from qafila.people.models import Phone

pytestmark = pytest.mark.django_db
TODAY = AT.date()
HERE = Scope(province_codes=frozenset({"09.001"}))
THERE = Scope(province_codes=frozenset({"06.141"}))
OCTOBER = dt.date(2026, 10, 1)


def in_debt() -> list[Enrolment]:
    """Three people of Agadir owing 14, 4 and 2 months, one CPU payer of the other region."""
    here = [in_arrears(months) for months in (14, 4, 2)]
    elsewhere = enrolled(
        person(province="06.141"), category="cpu", annual_tax_dh=0, months_unpaid_reported=9,
        reported_on=NOVEMBER, effective_from=dt.date(2024, 1, 1),
    )  # fmt: skip
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    return [*here, elsewhere]


def people(**asked: Any) -> list[int]:
    return [one.person_id for one in arrears_queue(**{"scope": WHOLE_COUNTRY, **asked})]


def test_the_smallest_sum_comes_first_and_filters_narrow() -> None:
    long, four, two, hassan = (enrolment.person_id for enrolment in in_debt())
    assert people() == [two, four, hassan, long]
    assert people(scope=HERE) == [two, four, long]
    assert people(scope=THERE) == people(region="06") == people(category="cpu") == [hassan]
    assert people(province="09.001", bucket=4) == [long]
    assert people(bucket=0) == [two]
    assert people(scope=Scope()) == []


def test_whoever_died_is_called_no_more_and_what_they_owed_stays_on_the_account() -> None:
    long, four, two, hassan = (enrolment.person_id for enrolment in in_debt())
    owed = statement_of(two, scope=HERE).owed_centimes
    event = NewEvent("death", dt.date(2026, 11, 3), document="Certificate 7/2026")
    told = tell_life_event(insured_id=two, event=event, actor=system(), at=AT)
    assert people() == [four, hassan, long]
    assert sum(band.persons for band in arrears_bands(scope=WHOLE_COUNTRY)) == 3
    refresh_arrears(on=TODAY, actor=system(), at=AT)
    assert people() == [four, hassan, long]
    assert statement_of(two, scope=HERE).owed_centimes == owed
    assert run(dt.date(2026, 12, 1), at=AT).calls == 3
    take_back_life_event(
        insured_id=two, event_id=told.event_id, reason="Wrong file.", actor=system(), at=AT
    )
    assert people() == [two, four, hassan, long]


def test_paging_by_place_loses_and_repeats_nobody() -> None:
    in_debt()
    every, after = [], None
    while page := arrears_queue(scope=WHOLE_COUNTRY, after=after, count=1):
        every += page
        after = page[-1].place()
    assert [one.person_id for one in every] == people()


def test_a_person_in_the_queue_is_told_with_phone_and_plan() -> None:
    fatima = in_debt()[1]
    with acting(system(), at=AT):
        Phone.objects.create(person_id=fatima.person_id, number="+212612345678")
    liaison = agent(Role.FUND_LIAISON, national=True)
    agree_plan(
        fatima.person_id, instalments=2, first_due_on=TODAY, actor=liaison, at=AT
    )  # fmt: skip
    one: InArrears = arrears_queue(scope=HERE)[1]
    assert one.phones == ("+212612345678",)
    assert one.has_plan
    assert (one.overdue_calls, one.overdue_centimes) == (3, 3 * 16352)
    assert (one.oldest_due_on, one.bucket, one.category) == (dt.date(2026, 8, 31), 1, "craftworker")


def test_bands_agree_with_the_calls_they_come_from() -> None:
    in_debt()
    bands, calls = arrears_bands(scope=WHOLE_COUNTRY), arrears_ageing(TODAY, scope=WHOLE_COUNTRY)
    assert sum(band.centimes for band in bands) == sum(band.centimes for band in calls)
    assert sum(band.calls for band in bands) == sum(band.calls for band in calls)
    assert [band.persons for band in bands] == [1, 1, 0, 1, 1]
    assert [band.persons for band in arrears_bands(scope=WHOLE_COUNTRY, region="06")][3] == 1


def test_a_payment_takes_a_person_off_the_queue_at_once_and_its_reversal_puts_them_back() -> None:
    fatima = in_debt()[2]
    paid = pay(fatima, 2 * 16352)
    assert fatima.person_id not in people()
    reverse_payment(paid.payment_id, reason="-", on=TODAY, actor=system(), at=AT)
    assert people()[0] == fatima.person_id


def test_a_payment_file_takes_people_off_the_queue(tmp_path: Any) -> None:
    fatima = in_debt()[2]
    path = payments_file(tmp_path, {"fund_number": fatima.fund_number, "amount_dh": "327.04"})
    book_file(path, "bank")
    assert fatima.person_id not in people()


def test_every_night_the_queue_follows_the_day() -> None:
    fatima = craftworker()
    run()
    assert people() == []
    january = dt.datetime(2027, 1, 4, 3, tzinfo=dt.UTC)
    found = refresh_arrears(on=january.date(), actor=system(), at=january)
    assert (found.in_arrears, found.changed, found.gone) == (1, 1, 0)
    assert refresh_arrears(on=january.date(), actor=system(), at=january).changed == 0
    assert people() == [fatima.person_id]
    assert PersonArrears.objects.get().oldest_due_on == dt.date(2026, 12, 31)
    assert refresh_arrears(on=TODAY, actor=system(), at=AT).gone == 1


def test_range_by_range_gives_the_same_as_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    in_debt()
    at_once = list(PersonArrears.objects.order_by("pk").values_list())
    with acting(system(), at=AT):
        PersonArrears.objects.all().delete()
    monkeypatch.setattr(deriving, "PERSONS_PER_RANGE", 1)
    found = refresh_arrears(on=TODAY, actor=system(), at=AT)
    assert (found.in_arrears, found.changed, found.gone) == (4, 4, 0)
    assert list(PersonArrears.objects.order_by("pk").values_list()) == at_once


def test_the_overdue_calls_of_one_person() -> None:
    fatima = in_debt()[1]
    calls = overdue_of(fatima.person_id, TODAY, scope=HERE)
    assert [call.month.month for call in calls] == [7, 8, 9]
    assert overdue_of(fatima.person_id, dt.date(2026, 8, 31), scope=HERE) == []
    with pytest.raises(NotFoundInScope):
        overdue_of(fatima.person_id, TODAY, scope=THERE)


def test_payments_are_told_with_the_months_they_settled() -> None:
    fatima = in_debt()[1]
    first, second = pay(fatima, 20000), pay(fatima, 60000)
    later, earlier = payments_of(fatima.person_id, scope=HERE)
    assert (earlier.payment_id, later.payment_id) == (first.payment_id, second.payment_id)
    assert [(m.month.month, m.centimes, m.settled) for m in earlier.months] == [
        (7, 16352, True), (8, 3648, True),
    ]  # fmt: skip
    assert later.unallocated_centimes == 80000 - 4 * 16352
    assert get_payment(first.payment_id, scope=HERE) == earlier
    for number in (first.payment_id, 10**9):
        with pytest.raises(NotFoundInScope):
            get_payment(number, scope=THERE)


def test_matters_are_told_with_their_remedy_and_paged() -> None:
    for _ in range(3):
        craftworker()
    for month in (9, 10, 11):
        run(dt.date(2026, month, 1))
    find_anomalies(actor=system(), at=AT)
    first = work_items(scope=HERE, within=Within(["never_paid"]), count=2)
    rest = work_items(scope=HERE, within=Within(["never_paid"]), after=first[-1].place("found"))
    assert (len(first), len(rest)) == (2, 1)
    assert first[0].matter.startswith("Nothing was ever paid")
    assert first[0].remedy.startswith("Call or visit")
    assert first[0].name_latn == "AIT LAHCEN Fatima"
    assert (
        work_items(scope=THERE)
        == work_items(scope=HERE, within=Within(["spouses_one_craft"]))
        == []
    )
    liaison = agent(Role.FUND_LIAISON, national=True)
    end_work_item(first[0].item_id, outcome="Visited.", actor=liaison, at=AT)
    ended = work_items(scope=HERE, within=Within(state="done"))
    assert [(one.outcome, one.state) for one in ended] == [("Visited.", "done")]
    assert len(work_items(scope=HERE, within=Within(["never_paid"]))) == 2


def test_a_month_is_held_against_the_month_before() -> None:
    same, gone, changed = craftworker(), craftworker(), enrolled(category="cpu", annual_tax_dh=640)
    run(OCTOBER)
    with acting(system(), at=AT):
        Enrolment.objects.filter(pk=gone.pk).update(state="closed", closed_on=NOVEMBER)
        Enrolment.objects.filter(pk=changed.pk).update(annual_tax_dh=0)
    new = enrolled(person(province="06.141"))
    run()
    found = {(d.category, d.change): (d.calls, d.centimes_now, d.centimes_before)
             for d in run_differences(NOVEMBER, scope=WHOLE_COUNTRY)}  # fmt: skip
    assert found == {
        ("cpu", "lowered"): (1, 10000, 13000),
        ("craftworker", "same"): (1, 16352, 16352),
        ("craftworker", "new"): (1, 16352, 0),
        ("craftworker", "gone"): (1, 0, 16352),
    }
    changes = changed_calls(NOVEMBER, scope=WHOLE_COUNTRY)
    assert [(c.enrolment_id, c.change) for c in changes] == [
        (gone.pk, "gone"), (changed.pk, "lowered"), (new.pk, "new"),
    ]  # fmt: skip
    assert same.pk not in {c.enrolment_id for c in changes}
    assert changed_calls(NOVEMBER, scope=WHOLE_COUNTRY, after=gone.pk) == changes[1:]
    assert [c.enrolment_id for c in changed_calls(NOVEMBER, scope=THERE)] == [new.pk]
    assert [c.change for c in changed_calls(NOVEMBER, scope=HERE, change="gone")] == ["gone"]
    assert run_differences(NOVEMBER, scope=Scope()) == []


def test_counters_do_not_derive_arrears() -> None:
    with pytest.raises(NotAllowed):
        refresh_arrears(on=TODAY, actor=agent(Role.COUNTER_AGENT, national=True), at=AT)
