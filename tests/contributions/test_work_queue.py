"""What a person at the fund has to look at is found, once, and goes when it is mended."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.contributions.factories import NOVEMBER, pay, run
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, agent, system

from qafila.contributions.anomalies.actions import end_work_item, find_anomalies
from qafila.contributions.anomalies.kinds import KINDS
from qafila.contributions.anomalies.queries import work_queue, work_queue_counts
from qafila.contributions.anomalies.searches import SEARCHES
from qafila.contributions.corrections.corrections import post_corrections
from qafila.contributions.errors import SecondPersonNeeded
from qafila.contributions.ledger.lines import post_lines
from qafila.contributions.models.calls_and_ledger import Call, WorkItem
from qafila.contributions.payments.recording import reverse_payment
from qafila.enrolment.models import Dependant, Enrolment
from qafila.foundation.actors import WHOLE_COUNTRY, Role, Scope
from qafila.foundation.errors import NotAllowed, NotFoundInScope, SomeoneElseActed
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.people.models import Household, Person
from qafila.register.models import Entry, Trade

pytestmark = pytest.mark.django_db
LIAISON = Role.FUND_LIAISON


def craftworker() -> Enrolment:
    """Fatima, craftworker without accounts, entered in the register and at the fund."""
    return enrolled()


def search() -> dict[str, int]:
    found = find_anomalies(actor=system(), at=AT).opened
    return {kind: number for kind, number in found.items() if number}


def weavers(*, of_one_home: bool = True) -> list[Enrolment]:
    """Fatima and Hassan, both at the fund as weavers."""
    with acting(system(), at=AT):
        home = Household.objects.create(created_at=AT) if of_one_home else None
        trade = Trade.objects.create(
            name_fr="Tisserand", name_ar="نساج", branch="Textile", family_fr="Tissage",
            family_ar="نسيج", status="draft",
        )  # fmt: skip
        pair = [craftworker(), craftworker()]
        for sex, enrolment in zip("FM", pair, strict=True):
            Person.objects.filter(pk=enrolment.person_id).update(sex=sex, household=home)
            Entry.objects.create(
                person_id=enrolment.person_id, register_number=f"W{enrolment.pk}",
                trade=trade, entered_on=AT.date(),
            )  # fmt: skip
    return pair


def test_every_search_has_a_meaning_and_a_remedy() -> None:
    assert set(SEARCHES) <= set(KINDS)
    assert all(str(kind.matter).endswith(".") and str(kind.remedy) for kind in KINDS.values())


def test_three_calls_and_nothing_paid_is_found_until_something_is() -> None:
    fatima = craftworker()
    for month in (9, 10, 11):
        assert search() == {}
        run(dt.date(2026, month, 1))
    assert search() == {"never_paid": 1}
    assert search() == {}
    pay(fatima, 100)
    assert find_anomalies(actor=system(), at=AT).gone == 1
    assert WorkItem.objects.get().state == "gone"


def test_calls_after_the_end_go_once_corrected() -> None:
    fatima = craftworker()
    run()
    with acting(system(), at=AT):
        Enrolment.objects.filter(pk=fatima.pk).update(
            state="closed", closed_on=dt.date(2026, 10, 3)
        )
    assert search() == {"called_after_cessation": 1}
    post_corrections(actor=system(), at=AT)
    assert find_anomalies(actor=system(), at=AT).gone == 1


def test_two_activities_called_for_one_month() -> None:
    fatima = craftworker()
    run()
    other = enrolled(fatima.person, category="cpu", annual_tax_dh=0)
    with acting(system(), at=AT):
        Call.objects.create(
            enrolment=other, person=fatima.person, month=NOVEMBER, category="cpu",
            amount_centimes=10000, due_on=AT.date(), origin="run", region_code="09",
            settled_on=None,
        )  # fmt: skip
        post_lines(
            f"call:{other.pk}:2026-11:0", fatima.person_id, "09",
            {"receivable": 10000, "contributions": -10000}, day=AT.date(), books_month=NOVEMBER,
        )  # fmt: skip
    assert search() == {"two_activities_billed": 1}


def test_a_sum_paid_twice_with_nothing_left_to_settle() -> None:
    fatima, hassan, saida = (craftworker() for _ in range(3))
    run()
    pay(fatima, 16352, dt.date(2026, 11, 10))
    assert search() == {}
    twice = pay(fatima, 16352, dt.date(2026, 11, 12))
    pay(hassan, 16352, dt.date(2026, 11, 5))
    pay(hassan, 16352, dt.date(2026, 11, 12))
    pay(saida, 8176, dt.date(2026, 11, 10))
    pay(saida, 8176, dt.date(2026, 11, 10))
    assert search() == {"paid_twice": 1}
    item = WorkItem.objects.get()
    assert (item.person_id, item.details) == (fatima.person_id, {"payment": twice.payment_id})
    reverse_payment(
        twice.payment_id, reason="Twice", on=AT.date(), actor=system(), at=AT
    )  # fmt: skip
    assert find_anomalies(actor=system(), at=AT).gone == 1


def test_money_that_waits_for_a_call_that_never_came() -> None:
    declared = enrolled(only_declared=True)
    ahead = craftworker()
    pay(declared, 16352, dt.date(2026, 8, 21))
    pay(ahead, 10 * 16352, dt.date(2026, 8, 1))
    pay(enrolled(only_declared=True), 16352, dt.date(2026, 8, 23))
    run()
    assert search() == {"paid_without_call": 1}
    assert WorkItem.objects.get().person_id == declared.person_id


def test_spouses_enrolled_for_one_craft() -> None:
    pair = weavers()
    assert search() == {"spouses_one_craft": 1}
    item = WorkItem.objects.get()
    found = {item.person_id, item.details["other_person"]}
    assert found == {enrolment.person_id for enrolment in pair}


def test_known_spouses_of_two_homes_are_found_too() -> None:
    one, other = weavers(of_one_home=False)
    with acting(system(), at=AT):
        Dependant.objects.create(
            insured_id=one.person_id, person_id=other.person_id, relation="spouse",
            state="declared", since=AT.date(),
        )  # fmt: skip
    assert search() == {"spouses_one_craft": 1}


def test_a_matter_is_ended_once_with_what_was_done_and_stays_ended() -> None:
    weavers()
    search()
    item = work_queue(scope=WHOLE_COUNTRY)[0]
    liaison = agent(LIAISON, national=True)
    end_work_item(item.pk, outcome="Both work.", actor=liaison, at=AT)
    assert search() == {}
    assert work_queue(scope=WHOLE_COUNTRY) == []
    with pytest.raises(SomeoneElseActed):
        end_work_item(item.pk, outcome="Again", actor=liaison, at=AT)


def test_a_number_of_another_is_ended_by_two_people() -> None:
    enrolment = weavers()[0]
    with acting(system(), at=AT):
        item = WorkItem.objects.create(
            kind="number_of_another", person_id=enrolment.person_id, found_at=AT,
            details={"rows": [1]}, region_code="09",
        )  # fmt: skip
    salma, karim = (agent(LIAISON, national=True) for _ in range(2))
    assert end_work_item(item.pk, outcome="The fund corrected it.", actor=salma, at=AT) is False
    item.refresh_from_db()
    assert item.state == "open"
    with pytest.raises(SecondPersonNeeded):
        end_work_item(item.pk, outcome="Really.", actor=salma, at=AT)
    assert end_work_item(item.pk, outcome="Seen.", actor=karim, at=AT) is True
    item.refresh_from_db()
    assert (item.state, item.ended_by_id) == ("done", karim.id)
    assert item.outcome == "The fund corrected it. · Seen."
    assert item.details == {"rows": [1]}
    verbs = [f"contributions.work_item_{word}" for word in ("end_asked", "ended")]
    assert list(
        JournalEntry.objects.filter(verb__in=verbs).order_by("pk").values_list("verb", "actor_id")
    ) == [(verbs[0], salma.id), (verbs[1], karim.id)]


def test_the_queue_stays_inside_the_scope() -> None:
    weavers()
    search()
    here, there = Scope(False, frozenset({"09.001"})), Scope(False, frozenset({"06.141"}))
    assert work_queue_counts(scope=here) == {"spouses_one_craft": 1}
    assert len(work_queue(scope=here, kind="spouses_one_craft")) == 1
    assert work_queue(scope=here, kind="never_paid") == []
    assert work_queue_counts(scope=there) == work_queue_counts(scope=Scope()) == {}
    item = work_queue(scope=here)[0].pk
    with pytest.raises(NotFoundInScope):
        end_work_item(item, outcome="-", actor=agent(LIAISON, provinces=("06.141",)), at=AT)
    with pytest.raises(NotFoundInScope):
        end_work_item(10**9, outcome="-", actor=agent(LIAISON, national=True), at=AT)


def test_counters_neither_search_nor_end() -> None:
    counter = agent(Role.COUNTER_AGENT, national=True)
    with pytest.raises(NotAllowed):
        find_anomalies(actor=counter, at=AT)
    with pytest.raises(NotAllowed):
        end_work_item(1, outcome="-", actor=counter, at=AT)
