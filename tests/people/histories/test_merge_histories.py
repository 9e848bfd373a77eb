"""Random lives between a merge and its undoing: exact or refused, nothing hidden, books balanced.

A history is a seed: people with money, claims, families and entries are merged, live on by every
verb, and are parted again. `QAFILA_MERGE_HISTORIES` says how many histories are told (12 unless
told otherwise), `QAFILA_MERGE_SEED` the first seed.
"""

from __future__ import annotations

import os

import pytest
from django.db import transaction
from tests.people.histories.steps import (
    SINCE,
    Life,
    Step,
    asks_relief,
    decides_an_enrolment,
    looks_before,
    merges,
    six_lives,
    takes_an_event_back,
    undoes,
)
from tests.people.histories.truth import require_sound
from tests.register.factories import agent

from qafila.foundation.actors import Role
from qafila.foundation.errors import DomainError

pytestmark = pytest.mark.django_db
HISTORIES = int(os.environ.get("QAFILA_MERGE_HISTORIES", "12"))
FIRST_SEED = int(os.environ.get("QAFILA_MERGE_SEED", "1"))
STEPS = 9


def _tell(life: Life) -> None:
    for place in range(STEPS):
        often = [merges, merges, undoes, undoes] if place else [merges]
        pool = [*often, *life.dice.sample(SINCE, 5)] if place else often
        step = life.dice.choice(pool)
        life.told.append(step.__name__)
        try:
            with transaction.atomic():
                done = step(life)
        except DomainError as refusal:
            life.told[-1] += f" refused: {refusal.code}"
            continue
        if step not in (merges, undoes, looks_before) and done is not None:
            life.unchanged.clear()
        elif step in (merges, undoes):
            life.unchanged = {k: rows for k, rows in life.unchanged.items() if k == done}


def test_whatever_happens_between_a_merge_and_its_undoing() -> None:
    people = six_lives()
    liaisons = [agent(Role.FUND_LIAISON, national=True) for _ in range(2)]
    for seed in range(FIRST_SEED, FIRST_SEED + HISTORIES):
        life, before = Life(people, liaisons, seed), transaction.savepoint()
        try:
            _tell(life)
            require_sound(life.at)
        except BaseException as error:
            error.add_note(f"Seed {seed}: {life.told}")
            raise
        transaction.savepoint_rollback(before)


# What the people of a history cannot do before something else has happened to them.
NEED_MORE = {takes_an_event_back, decides_an_enrolment, asks_relief}


@pytest.mark.parametrize(
    "step",
    sorted(set(SINCE) - NEED_MORE, key=lambda one: one.__name__),
    ids=lambda one: one.__name__,
)
def test_each_verb_can_be_told(step: Step) -> None:
    """The dice reach each step, and none is refused always."""
    people = six_lives()
    liaisons = [agent(Role.FUND_LIAISON, national=True) for _ in range(2)]
    assert any(_done(step, Life(people, liaisons, seed)) for seed in range(40))


def _done(step: Step, life: Life) -> bool:
    before = transaction.savepoint()
    try:
        with transaction.atomic():
            return step(life) is not None or step is looks_before
    except DomainError:
        return False
    finally:
        transaction.savepoint_rollback(before)
