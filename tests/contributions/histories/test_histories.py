"""Random histories through every door: after each step what is derived is what the law derives.

Doors: the API, the command line, jobs, pages, and actions themselves. `QAFILA_HISTORIES` says how
many histories are told (6 unless told otherwise). A world is made for each fifty of them, and what
a history does is rolled back, so that a thousand take minutes and not hours.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from tests.contributions.histories.money_steps import (
    MONEY_STEPS,
    api_pays,
    command_books,
    credit_is_given_back,
    job_calls_the_next_month,
    page_pays,
)
from tests.contributions.histories.people_steps import PEOPLE_STEPS
from tests.contributions.histories.truth import require_one_figure, require_truth
from tests.contributions.histories.world import STAGES, Step, World, begun, rolled_back

from qafila.foundation import clock
from qafila.foundation.errors import DomainError

pytestmark = pytest.mark.django_db
HISTORIES = int(os.environ.get("QAFILA_HISTORIES", "6"))
OF_ONE_WORLD = 50
# The history is told with its failure; a shorter one is looked for only where it is asked for.
PHASES = [Phase.generate, *([Phase.shrink] if "QAFILA_SHRINK" in os.environ else [])]
STEPS = (*MONEY_STEPS, *PEOPLE_STEPS)
EACH = sorted(set(STEPS), key=lambda one: one.__name__)
MONTH_PAID = (job_calls_the_next_month, api_pays, command_books, page_pays, credit_is_given_back)
OF_ONE_MONTH = 8
WORLDS = range(0, max(HISTORIES, len(STAGES)), min(OF_ONE_WORLD, -(-HISTORIES // len(STAGES))))


def tell(world: World, steps: list[tuple[Step, int]]) -> None:
    """One history: what is refused changes nothing, and after every step everything agrees."""
    try:
        _tell(world, steps)
    except Exception as fault:
        fault.add_note("The history: " + ", ".join(f"{one.__name__}({n})" for one, n in steps))
        raise


def _tell(world: World, steps: list[tuple[Step, int]]) -> None:
    for step, number in steps:
        refused = contextlib.suppress(DomainError)
        with clock.stopped_at(world.at), refused, transaction.atomic():
            step(world, number)
        with clock.stopped_at(world.at):
            require_truth(step.__name__, world)
    with clock.stopped_at(world.at):
        require_one_figure(world, chosen=sum(number for _, number in steps))


@pytest.mark.parametrize("first", WORLDS)
def test_after_each_step_of_any_history_everything_agrees(first: int, tmp_path: Path) -> None:
    with begun(tmp_path, stage=WORLDS.index(first) % len(STAGES)) as made:

        @seed(first)
        @settings(
            max_examples=WORLDS.step, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=PHASES,
        )  # fmt: skip
        @given(
            st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 11)), min_size=2, max_size=7)
        )
        def told(steps: list[tuple[Step, int]]) -> None:
            with rolled_back(made) as world:
                tell(world, steps)

        told()


@pytest.mark.parametrize("first", range(0, len(EACH), OF_ONE_MONTH))
def test_each_step_is_true_after_a_month_was_paid(first: int, tmp_path: Path) -> None:
    with begun(tmp_path) as made, rolled_back(made) as paid:
        tell(paid, [(one, 1) for one in MONTH_PAID])
        for step in EACH[first : first + OF_ONE_MONTH]:
            with rolled_back(paid) as world:
                tell(world, [(step, 1)])
