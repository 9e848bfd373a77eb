"""Every verb in every state: moved as the table says, or refused by name."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.register.factories import AT, person, places, system

from qafila.foundation.errors import DomainError
from qafila.foundation.trail import acting
from qafila.register import actions, from_lists, states
from qafila.register.models import Application, Entry, Trade
from qafila.register.numbers import is_ours

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db: None) -> None:
    places()
    actions.load_trades(actor=system(), at=AT)


def application(state: str) -> Application:
    """A complete application in this state; an accepted one has its entry."""
    who = person()
    made = Application(person=who, pk=0)
    if state != states.NEW:
        potter = Trade.objects.get(name_fr="Potier")
        decided = {"decided_at": AT} if state in ("accepted", "refused") else {}
        with acting(system(), at=AT):
            made = Application.objects.create(
                person=who, state=state, trade=potter, trade_text="Potier", opened_at=AT, **decided
            )
            if state == "accepted":
                Entry.objects.create(
                    person=who, register_number="Q1", application=made, entered_on=AT.date()
                )
    return made


def entry(state: str) -> Entry:
    """An entry in this state."""
    struck = AT.date() if state == "struck_off" else None
    with acting(system(), at=AT):
        return Entry.objects.create(
            person=person(), register_number="7", state=state, entered_on=AT.date(),
            struck_off_on=struck,
        )  # fmt: skip


def _bulk(_: Application) -> Any:
    return from_lists.decide_complete_applications(actor=system(), at=AT)


VERBS: dict[str, Callable[[Application], Any]] = {
    "open_application": lambda one: actions.open_application(
        person_id=one.person_id, trade_text="Potier", actor=system(), at=AT
    ),
    "complete_application": lambda one: actions.complete_application(
        application_id=one.pk, trade_text="Plombier", actor=system(), at=AT
    ),
    "submit_application": lambda one: actions.submit_application(
        application_id=one.pk, actor=system(), at=AT
    ),
    "accept_application": lambda one: actions.accept_application(
        application_id=one.pk, actor=system(), at=AT
    ),
    "refuse_application": lambda one: actions.refuse_application(
        application_id=one.pk, reason="No proof of the trade.", actor=system(), at=AT
    ),
    "decide_complete_applications": _bulk,
}
PAIRS = [
    pair
    for pair in itertools.product(states.APPLICATION_MOVES, states.APPLICATION_STATES)
    if pair[1] != states.NEW or pair[0] == "open_application"
]


def test_every_verb_is_tried() -> None:
    assert set(VERBS) == set(states.APPLICATION_MOVES) == set(states.APPLICATION_REFUSALS)


@pytest.mark.parametrize(("verb", "state"), PAIRS)
def test_each_verb_in_each_state_of_an_application(verb: str, state: str) -> None:
    one = application(state)
    after = states.application_after(verb, state)
    if verb == "decide_complete_applications":
        VERBS[verb](one)
        one.refresh_from_db()
        assert one.state == (after or state)
    elif after:
        moved = VERBS[verb](one)
        assert (moved.state, Application.objects.get(pk=moved.application_id).state) == (
            after,
            after,
        )
    else:
        _refused(verb, state, one)


def _refused(verb: str, state: str, one: Application) -> None:
    if verb == "open_application" and state == "refused":
        # A refused person may apply again: the refusal speaks of the old application only.
        assert VERBS[verb](one).state == "incomplete"
        return
    with pytest.raises(DomainError) as refusal:
        VERBS[verb](one)
    expected = {states.APPLICATION_REFUSALS[verb]}
    if verb == "open_application" and state == "accepted":
        expected = {"already_entered"}
    assert refusal.value.code in expected
    assert refusal.value.sentence().endswith(".")
    one.refresh_from_db()
    assert one.state == state


@pytest.mark.parametrize("state", Entry.State.values)
def test_striking_off_in_each_state(state: str) -> None:
    one = entry(state)
    after = states.entry_after("strike_off_entry", state)
    if after:
        moved = actions.strike_off_entry(entry_id=one.pk, reason="Stopped.", actor=system(), at=AT)
        one.refresh_from_db()
        assert (moved.state, one.state, one.struck_off_on) == (after, after, AT.date())
    else:
        with pytest.raises(DomainError) as refusal:
            actions.strike_off_entry(entry_id=one.pk, reason="Again.", actor=system(), at=AT)
        assert refusal.value.code == states.ENTRY_REFUSALS["strike_off_entry"]


def test_accepting_enters_under_a_number_of_ours_that_is_never_given_again() -> None:
    first = actions.accept_application(
        application_id=application("submitted").pk, actor=system(), at=AT
    )
    assert is_ours(first.register_number)
    struck = Entry.objects.get(register_number=first.register_number)
    actions.strike_off_entry(entry_id=struck.pk, reason="Stopped.", actor=system(), at=AT)
    second = actions.accept_application(
        application_id=application("submitted").pk, actor=system(), at=AT
    )
    assert second.register_number > first.register_number


def test_someone_entered_meanwhile_is_not_entered_twice() -> None:
    one = application("submitted")
    with acting(system(), at=AT):
        Entry.objects.create(person=one.person, register_number="7", entered_on=AT.date())
    with pytest.raises(DomainError) as refusal:
        actions.accept_application(application_id=one.pk, actor=system(), at=AT)
    assert refusal.value.code == "already_entered"
    assert "7" in refusal.value.sentence()


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        (Application, {"state": "lost"}),
        (Entry, {"state": "lost"}),
        (Entry, {"state": "struck_off", "struck_off_on": None}),
    ],
)
def test_the_database_refuses_unknown_states(table: Any, changes: dict[str, Any]) -> None:
    application("accepted")
    with pytest.raises(IntegrityError), transaction.atomic(), acting(system(), at=AT):
        table.objects.update(**changes)
