"""Every verb in every state: moved as the table says, or refused by name."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.enrolment.factories import enrolled, member, registered
from tests.register.factories import AT, listed, places, system

from qafila.enrolment import states
from qafila.enrolment.changes import (
    Facts,
    change_category,
    close_enrolment,
    confirm_enrolment,
    correct_facts,
    decide_enrolment,
    declare_enrolment,
)
from qafila.enrolment.family.family import (
    Relative,
    declare_dependant,
    remove_dependant,
    state_no_family,
)
from qafila.enrolment.from_lists import declare_registered, enrol_listed_at_fund
from qafila.enrolment.models import Dependant, Enrolment
from qafila.enrolment.taking_back import reopen_enrolment
from qafila.foundation.errors import DomainError
from qafila.foundation.trail import acting

pytestmark = pytest.mark.django_db
MONTH = dt.date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def enrolment(state: str) -> Enrolment:
    """An enrolment in this state, or only a person of the register."""
    if state == states.NEW:
        return Enrolment(person=registered(), pk=0)
    if state == "closed":
        return enrolled(state="closed", closed_on=dt.date(2026, 11, 1))
    return enrolled(only_declared=state == "declared")


def _declare_registered(one: Enrolment) -> Any:
    listed(one.person, "chamber")
    return declare_registered(month=MONTH, actor=system(), at=AT)


def _enrol_listed(one: Enrolment) -> Any:
    listed(one.person, "fund", fund_number="987654321")
    return enrol_listed_at_fund(actor=system(), at=AT)


WHOLE_LISTS: dict[str, Callable[[Enrolment], Any]] = {
    "declare_registered": _declare_registered,
    "enrol_listed_at_fund": _enrol_listed,
}


def _met(one: Enrolment) -> Enrolment:
    """The enrolment beside one that a merge brought."""
    enrolled(one.person, undecided_since=AT.date())
    return one


def _as_cpu(one: Enrolment) -> Enrolment:
    with acting(system(), at=AT):
        Enrolment.objects.filter(pk=one.pk).update(category="cpu", annual_tax_dh=0)
    return one


VERBS: dict[str, Callable[[Enrolment], Any]] = {
    "declare_enrolment": lambda one: declare_enrolment(
        person_id=one.person_id, category="craftworker", month=MONTH, actor=system(), at=AT
    ),
    "confirm_enrolment": lambda one: confirm_enrolment(
        enrolment_id=one.pk, fund_number="123 456 789", actor=system(), at=AT
    ),
    "close_enrolment": lambda one: close_enrolment(
        enrolment_id=one.pk, from_month=MONTH, reason="Stopped.", actor=system(), at=AT
    ),
    "reopen_enrolment": lambda one: reopen_enrolment(
        enrolment_id=one.pk, reason="Works still.", actor=system(), at=AT
    ),
    "decide_enrolment": lambda one: decide_enrolment(
        enrolment_id=_met(one).pk, others_end=MONTH, reason="One craft.", actor=system(), at=AT
    ),
    "correct_facts": lambda one: correct_facts(
        enrolment_id=_as_cpu(one).pk,
        facts=Facts(annual_tax_dh=2000),
        document="Notice 7",
        actor=system(),
        at=AT,
    ),
    "change_category": lambda one: change_category(
        enrolment_id=one.pk, category="cpu", from_month=MONTH, actor=system(), at=AT
    ),
    "state_no_family": lambda one: state_no_family(insured_id=one.person_id, actor=system(), at=AT),
}


def _pairs(verbs: dict[str, Any]) -> list[tuple[str, str]]:
    made_of_nothing = {"declare_enrolment", *WHOLE_LISTS}
    return [
        (verb, state)
        for verb, state in itertools.product(verbs, states.ENROLMENT_STATES)
        if state != states.NEW or verb in made_of_nothing
    ]


def test_every_verb_is_tried() -> None:
    assert {*VERBS, *WHOLE_LISTS} == set(states.ENROLMENT_MOVES)
    assert set(states.ENROLMENT_REFUSALS) == set(VERBS)


@pytest.mark.parametrize(("verb", "state"), _pairs(VERBS))
def test_each_verb_in_each_state(verb: str, state: str) -> None:
    one = enrolment(state)
    after = states.enrolment_after(verb, state)
    if after is None:
        with pytest.raises(DomainError) as refusal:
            VERBS[verb](one)
        no_open_one = verb == "state_no_family"
        expected = "insured_not_enrolled" if no_open_one else states.ENROLMENT_REFUSALS[verb]
        assert refusal.value.code == expected
        assert refusal.value.sentence().endswith(".")
        return
    VERBS[verb](one)
    if verb == "declare_enrolment":
        assert Enrolment.objects.get(person=one.person, state=after).effective_from == MONTH
    else:
        one.refresh_from_db()
        assert one.state == after


@pytest.mark.parametrize(("verb", "state"), _pairs(WHOLE_LISTS))
def test_whole_lists_move_only_what_the_table_says(verb: str, state: str) -> None:
    one = enrolment(state)
    before = Enrolment.objects.filter(person=one.person).count()
    WHOLE_LISTS[verb](one)
    after = states.enrolment_after(verb, state)
    held = Enrolment.objects.filter(person=one.person).order_by("pk")
    if state == states.NEW:
        assert [row.state for row in held] == [after]
    elif verb == "enrol_listed_at_fund" and state == "closed":
        # A number the fund gave later is a new enrolment; the closed one stays closed.
        assert [row.state for row in held] == ["closed", "enrolled"]
    else:
        assert held.count() == before
        assert held[0].state == (after or state)


DEPENDANTS: dict[str, Callable[[Dependant], Any]] = {
    "declare_dependant": lambda one: declare_dependant(
        insured_id=one.insured_id, relation="spouse", actor=system(), at=AT,
        **({"relative_id": one.person_id} if one.person_id
           else {"relative": Relative(full_name_latn="AMINE Ali", sex="M")}),
    ),
    "remove_dependant": lambda one: remove_dependant(
        dependant_id=one.pk, reason="Divorced.", actor=system(), at=AT
    ),
}  # fmt: skip


def test_every_verb_on_families_is_tried() -> None:
    assert {*DEPENDANTS, "note_dependants", "merge_persons", "undo_merge"} == set(
        states.DEPENDANT_MOVES
    )
    assert set(states.DEPENDANT_REFUSALS) == set(DEPENDANTS)


@pytest.mark.parametrize(
    ("verb", "state"), [*itertools.product(DEPENDANTS, Dependant.State.values)]
)
def test_each_verb_in_each_state_of_a_dependant(verb: str, state: str) -> None:
    one = member(enrolled().person, state)
    after = states.dependant_after(verb, state)
    if after is None:
        with pytest.raises(DomainError) as refusal:
            DEPENDANTS[verb](one)
        assert refusal.value.code == states.DEPENDANT_REFUSALS[verb]
        return
    DEPENDANTS[verb](one)
    left = Dependant.objects.filter(pk=one.pk).first()
    assert (left.state if left else states.NEW) == after


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        (Enrolment, {"state": "lost"}),
        (Enrolment, {"state": "closed", "closed_on": None}),
        (Enrolment, {"fund_number": ""}),
        (Dependant, {"state": "lost"}),
        (Dependant, {"person": None}),
    ],
)
def test_the_database_refuses_unknown_states(table: Any, changes: dict[str, Any]) -> None:
    member(enrolled().person, "declared")
    with pytest.raises(IntegrityError), transaction.atomic(), acting(system(), at=AT):
        table.objects.update(**changes)
