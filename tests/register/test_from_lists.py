"""Whole lists into the register: enter, open, decide, and again."""

from __future__ import annotations

from typing import Any

import pytest
from tests.register.factories import AT, agent, list_import, listed, person, places, system

from qafila.foundation.actors import Role
from qafila.foundation.errors import NotAllowed
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.register import actions, from_lists
from qafila.register.models import Application, Entry
from qafila.register.numbers import is_ours

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db: None) -> None:
    places()
    actions.load_trades(actor=system(), at=AT)


def run() -> tuple[Any, ...]:
    """The three bulk actions in the order of the chain."""
    return (
        from_lists.enter_listed(actor=system(), at=AT),
        from_lists.open_applications(actor=system(), at=AT),
        from_lists.decide_complete_applications(actor=system(), at=AT),
    )


def test_the_registers_own_list_enters_people_under_its_numbers() -> None:
    fatima = person()
    listed(fatima, "register", register_number="100000", trade_text="Potier")
    entered, opened, decided = run()
    assert (entered.entries, opened.applications, decided.accepted) == (1, 0, 0)
    entry = Entry.objects.get()
    assert (entry.person_id, entry.register_number, entry.state) == (fatima.pk, "100000", "active")
    assert entry.trade is not None
    assert entry.trade.name_fr == "Potier"
    assert entry.region_code == "09"


def test_two_numbers_of_one_person_are_both_kept() -> None:
    fatima = person()
    listed(fatima, "register", register_number="100000")
    listed(fatima, "register", register_number="100001")
    run()
    assert set(Entry.objects.values_list("register_number", "person_id")) == {
        ("100000", fatima.pk),
        ("100001", fatima.pk),
    }


def test_a_number_of_two_people_goes_to_the_first_and_the_second_is_not_lost() -> None:
    export = list_import("register")
    first, second = person(), person()
    listed(first, export, register_number="100000")
    listed(second, export, register_number="100000")
    entered, _, decided = run()
    assert (entered.entries, entered.number_conflicts, decided.accepted) == (1, 1, 0)
    assert Entry.objects.get().person_id == first.pk
    application = Application.objects.get()
    assert (application.person_id, application.state) == (second.pk, "incomplete")
    assert application.missing == ["register_number_conflict"]


@pytest.mark.parametrize(
    "source", ["chamber", "tax_cpu", "auto_entrepreneur", "field_sheet", "fund"]
)
def test_everyone_on_a_list_of_craftworkers_applies_and_the_complete_are_entered(
    source: str,
) -> None:
    fatima = person()
    listed(fatima, source)
    _, opened, decided = run()
    assert (opened.applications, decided.accepted, decided.entries) == (1, 1, 1)
    assert is_ours(Entry.objects.get(person=fatima).register_number)
    assert Application.objects.get().state == "accepted"


def test_incomplete_applications_say_what_is_missing() -> None:
    nobody_knows = person(province=None, without_card=True, without_birth_date=True)
    listed(nobody_knows, "field_sheet", trade_text="رائد فضاء")
    _, _, decided = run()
    assert (decided.accepted, decided.still_incomplete) == (0, 1)
    application = Application.objects.get()
    assert application.missing == ["card_number", "birth_date", "place", "trade"]
    assert application.trade_text == "رائد فضاء"


def test_a_recognised_trade_of_any_list_wins_over_an_unknown_word() -> None:
    fatima = person()
    listed(fatima, "chamber", trade_text="شيء آخر")
    listed(fatima, "tax_cpu", trade_text="Potier")
    run()
    trade = Entry.objects.get().trade
    assert trade is not None
    assert trade.name_fr == "Potier"


def test_rejected_rows_and_other_lists_open_nothing() -> None:
    listed(person(), "chamber", outcome="rejected")
    listed(person(), "other")
    listed(None, "chamber")
    assert run()[1].applications == 0


def test_repeating_changes_nothing() -> None:
    export = list_import("register")
    first, second, third = person(), person(), person(without_card=True)
    listed(first, export, register_number="7")
    listed(second, export, register_number="7")
    listed(third, "chamber")
    listed(person(), "chamber")
    run()
    before = _everything()
    again = run()
    assert _everything() == before
    assert [*vars(again[0]).values()] == [0, 0]
    assert again[1].applications == 0
    assert (again[2].accepted, again[2].entries) == (0, 0)


def _everything() -> list[Any]:
    return [
        sorted(map(str, rows.order_by("pk").values_list()))
        for rows in (Entry.objects, Application.objects, JournalEntry.objects)
    ]


def test_what_becomes_known_later_completes_the_application() -> None:
    fatima = person(without_card=True)
    listed(fatima, "chamber", trade_text="")
    run()
    assert Application.objects.get().missing == ["card_number", "trade"]
    with acting(system(), at=AT):
        type(fatima).objects.filter(pk=fatima.pk).update(card_number="JB123456")
    listed(fatima, "field_sheet", trade_text="الفخار")
    assert run()[2].accepted == 1
    assert Application.objects.get().state == "accepted"


def test_a_number_listed_after_an_application_is_not_doubled() -> None:
    fatima = person(without_card=True)
    listed(fatima, "chamber")
    run()
    listed(fatima, "register", register_number="100009")
    with acting(system(), at=AT):
        type(fatima).objects.filter(pk=fatima.pk).update(card_number="JB123456")
    decided = run()[2]
    assert (decided.accepted, decided.entries) == (1, 0)
    assert Entry.objects.get().register_number == "100009"


def test_only_whole_country_roles_work_on_whole_lists() -> None:
    for actor in (
        agent(Role.CHAMBER_STAFF, national=True),
        agent(Role.ADMINISTRATOR, provinces=("09.001",)),
    ):
        for act in (
            from_lists.enter_listed,
            from_lists.open_applications,
            from_lists.decide_complete_applications,
            actions.load_trades,
        ):
            with pytest.raises(NotAllowed):
                act(actor=actor, at=AT)


def test_one_journal_entry_for_the_whole() -> None:
    for _ in range(3):
        listed(person(), "chamber")
    run()
    verbs = JournalEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "register.trades_loaded",
        "register.applications_opened",
        "register.applications_decided",
    ]
