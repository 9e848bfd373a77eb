"""One person at the register's desk: what is missing, who may, where, and once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from tests.register.factories import AT, agent, person, places, system
from tests.register.test_states import application, entry

from qafila.foundation.actors import Actor, Role
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.journal import sentence_of
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.register import actions, queries
from qafila.register.errors import (
    ApplicationStillIncomplete,
    RefusalNeedsReason,
    TradeNotFound,
)
from qafila.register.models import Application, Trade
from qafila.register.numbers import CHECK_LETTERS, is_ours, number_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db: None) -> None:
    places()
    actions.load_trades(actor=system(), at=AT)


def test_from_the_desk_to_the_entry() -> None:
    driss = agent(Role.COUNTER_AGENT, provinces=("09.001",))
    chamber = agent(Role.CHAMBER_STAFF, provinces=("09.001",))
    fatima = person()
    opened = actions.open_application(person_id=fatima.pk, actor=driss, at=AT)
    assert opened.missing == ("trade",)
    with pytest.raises(ApplicationStillIncomplete) as refused:
        actions.submit_application(application_id=opened.application_id, actor=driss, at=AT)
    assert "the trade" in refused.value.sentence()
    completed = actions.complete_application(
        application_id=opened.application_id, trade_text="الفخار", actor=driss, at=AT
    )
    assert completed.missing == ()
    actions.submit_application(application_id=opened.application_id, actor=driss, at=AT)
    assert [one.pk for one in queries.applications_waiting(scope=chamber.scope_of(*Role))] == [
        opened.application_id
    ]
    actions.accept_application(application_id=opened.application_id, actor=chamber, at=AT)
    [entered] = queries.entries_of(fatima.pk, scope=chamber.scope_of(*Role))
    assert entered.trade == Trade.objects.get(name_fr="Potier")
    [applied] = queries.applications_of(fatima.pk, scope=chamber.scope_of(*Role))
    assert (applied.decided_by_id, applied.decided_at) == (chamber.id, AT)
    told = JournalEntry.objects.filter(person_id=fatima.pk).order_by("pk")
    assert [one.verb for one in told] == [
        "register.application_opened",
        "register.application_completed",
        "register.application_submitted",
        "register.application_accepted",
    ]
    assert entered.register_number in sentence_of(told[3])


def test_the_trade_is_chosen_of_the_list_or_written() -> None:
    one = application("incomplete")
    potter = Trade.objects.get(name_fr="Plombier")
    actions.complete_application(application_id=one.pk, trade_id=potter.pk, actor=system(), at=AT)
    one.refresh_from_db()
    assert one.trade == potter
    moved = actions.complete_application(
        application_id=one.pk, trade_text="astronaute", actor=system(), at=AT
    )
    assert moved.missing == ("trade",)
    with pytest.raises(TradeNotFound):
        actions.complete_application(application_id=one.pk, trade_id=0, actor=system(), at=AT)


def test_a_number_conflict_stays_until_someone_settles_it() -> None:
    one = application("incomplete")
    with acting(system(), at=AT):
        Application.objects.update(missing=["register_number_conflict"])
    kept = actions.complete_application(application_id=one.pk, actor=system(), at=AT)
    assert kept.missing == ("register_number_conflict",)
    settled = actions.complete_application(
        application_id=one.pk, number_conflict_settled=True, actor=system(), at=AT
    )
    assert settled.missing == ()


Act = Callable[[Actor], Any]
RECEIVING: list[Act] = [
    lambda actor: actions.open_application(person_id=person().pk, actor=actor, at=AT),
    lambda actor: actions.complete_application(
        application_id=application("incomplete").pk, actor=actor, at=AT
    ),
    lambda actor: actions.submit_application(
        application_id=application("incomplete").pk, actor=actor, at=AT
    ),
]
DECIDING: list[Act] = [
    lambda actor: actions.accept_application(
        application_id=application("submitted").pk, actor=actor, at=AT
    ),
    lambda actor: actions.refuse_application(
        application_id=application("submitted").pk, reason="No proof.", actor=actor, at=AT
    ),
    lambda actor: actions.strike_off_entry(
        entry_id=entry("active").pk, reason="Stopped.", actor=actor, at=AT
    ),
]
MAY_RECEIVE = {
    Role.COUNTER_AGENT, Role.FIELD_AGENT, Role.CHAMBER_STAFF, Role.DIRECTORATE, Role.ADMINISTRATOR,
}  # fmt: skip
MAY_DECIDE = {Role.CHAMBER_STAFF, Role.DIRECTORATE, Role.ADMINISTRATOR}
STAFF = [role for role in Role if role is not Role.SYSTEM]


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("group", ["receiving", "deciding"])
def test_who_may(role: Role, group: str) -> None:
    acts, may = (RECEIVING, MAY_RECEIVE) if group == "receiving" else (DECIDING, MAY_DECIDE)
    here = agent(role, provinces=("09.001",))
    for act in acts:
        if role in may:
            act(here)
        else:
            with pytest.raises(NotAllowed):
                act(here)


@pytest.mark.parametrize("act", [*RECEIVING, *DECIDING])
def test_elsewhere_nobody_is_found(act: Act) -> None:
    salma = agent(Role.CHAMBER_STAFF, provinces=("06.141",))
    with pytest.raises(NotFoundInScope):
        act(salma)
    assert queries.applications_waiting(scope=salma.scope_of(*Role)) == []


def test_people_without_a_place_are_for_the_whole_country_only() -> None:
    nowhere = person(province=None)
    with pytest.raises(NotFoundInScope):
        actions.open_application(
            person_id=nowhere.pk, actor=agent(Role.CHAMBER_STAFF, provinces=("09.001",)), at=AT
        )
    national = agent(Role.ADMINISTRATOR, national=True)
    assert "place" in actions.open_application(person_id=nowhere.pk, actor=national, at=AT).missing


def test_the_same_command_twice_opens_one_application() -> None:
    command = uuid.uuid4()
    fatima = person()
    answers = [
        actions.open_application(person_id=fatima.pk, actor=system(), at=AT, command_id=command)
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert Application.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "   "])
def test_refusing_and_striking_off_need_a_reason(reason: str) -> None:
    with pytest.raises(RefusalNeedsReason):
        actions.refuse_application(application_id=1, reason=reason, actor=system(), at=AT)
    with pytest.raises(RefusalNeedsReason):
        actions.strike_off_entry(entry_id=1, reason=reason, actor=system(), at=AT)


def test_numbers_of_ours_show_any_wrong_digit_and_any_exchange() -> None:
    number = number_for(1203456)
    assert number == "Q01203456" + CHECK_LETTERS[1203456 % 23]
    assert is_ours(number)
    digits = number[1:-1]
    for place in range(len(digits)):
        wrong = str((int(digits[place]) + 1) % 10)
        assert not is_ours(f"Q{digits[:place]}{wrong}{digits[place + 1 :]}{number[-1]}")
    for place in range(len(digits) - 1):
        left, right = digits[place], digits[place + 1]
        exchanged = f"Q{digits[:place]}{right}{left}{digits[place + 2 :]}{number[-1]}"
        assert is_ours(exchanged) == (left == right)
    for other in ("", "100000", "Q1", number.lower()):
        assert not is_ours(other)
