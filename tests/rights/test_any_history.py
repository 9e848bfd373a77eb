"""After any history of enrolments, runs, payments, reversals and corrections the rights rebuilt
from facts are the materialised ones, and the books balance."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from tests.contributions.factories import craftworker, in_arrears, pay, run
from tests.register.factories import places, system

import qafila_law
from qafila.contributions import actions as contributions
from qafila.contributions.models import Payment
from qafila.contributions.months import months_after
from qafila.contributions.queries import ledger_imbalance, settlement_disagreements
from qafila.enrolment.models import Enrolment
from qafila.foundation.trail import acting
from qafila.rights.actions import rebuild_rights
from qafila.rights.facts import facts_of
from qafila.rights.models import RightsPeriod

FIRST = dt.date(2026, 3, 1)


class History(RuleBasedStateMachine):
    """A few people at the fund; time goes by month after month."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.people: list[Enrolment] = []
        self.month = FIRST

    @property
    def at(self) -> dt.datetime:
        """Towards the end of the month."""
        return dt.datetime(self.month.year, self.month.month, 25, 9, tzinfo=dt.UTC)

    def learn(self, who: int, **facts: Any) -> None:
        """A fact written in, today, of one of the people."""
        with acting(system(), at=self.at):
            chosen = Enrolment.objects.filter(pk=self.people[who % len(self.people)].pk)
            chosen.update(**facts)

    @initialize()
    def someone_paid_up_and_someone_in_arrears(self) -> None:
        self.people = [
            in_arrears(0, reported_on=FIRST, effective_from=dt.date(2025, 6, 1)),
            in_arrears(3, reported_on=FIRST, effective_from=dt.date(2025, 6, 1)),
        ]
        contributions.open_reported_arrears(FIRST, actor=system(), at=self.at)

    @rule(back=st.integers(0, 2))
    def someone_enrols(self, back: int) -> None:
        self.people.append(craftworker(effective_from=months_after(self.month, -back)))

    @rule()
    def a_month_goes_by(self) -> None:
        run(self.month, at=self.at)
        self.month = months_after(self.month, 1)

    @rule(who=st.integers(0, 9), amount=st.sampled_from([5_000, 16_352, 32_704, 90_000]),
          day=st.integers(1, 25))  # fmt: skip
    def someone_pays(self, who: int, amount: int, day: int) -> None:
        on = self.month.replace(day=day)
        pay(self.people[who % len(self.people)], amount, on, at=self.at)

    @rule(which=st.integers(0, 20))
    def a_payment_is_reversed(self, which: int) -> None:
        standing = list(Payment.objects.filter(reversed_on=None).order_by("pk"))
        if standing:
            contributions.reverse_payment(
                standing[which % len(standing)].pk, reason="Returned", on=self.at.date(),
                actor=system(), at=self.at,
            )  # fmt: skip

    @rule(who=st.integers(0, 9), regime=st.sampled_from(["", "rns"]))
    def a_category_changes(self, who: int, regime: str) -> None:
        self.learn(who, category="accounts" if regime else "craftworker", regime=regime)

    @rule(who=st.integers(0, 9), back=st.integers(0, 3))
    def an_activity_ends(self, who: int, back: int) -> None:
        end = months_after(self.month, -back).replace(day=14)
        self.learn(who, state="closed", closed_on=end)

    @rule(who=st.integers(0, 9))
    def an_end_is_taken_back(self, who: int) -> None:
        self.learn(who, state="enrolled", closed_on=None)

    @rule()
    def corrections_are_posted(self) -> None:
        contributions.post_corrections(actor=system(), at=self.at)
        again = contributions.post_corrections(actor=system(), at=self.at)
        assert (again.raised, again.lowered) == (0, 0)

    @rule(who=st.integers(0, 9))
    def one_person_is_rebuilt(self, who: int) -> None:
        self.rebuild(person_ids=[self.people[who % len(self.people)].person_id])

    def rebuild(self, **options: Any) -> None:
        """The rights of everyone, or of some, from facts."""
        rebuild_rights(on=self.at.date(), actor=system(), at=self.at, **options)

    def teardown(self) -> None:
        """Whatever happened: books balance, and each row is what the law says of one person."""
        try:
            self.rebuild()
            for enrolment in self.people:
                assert materialised(enrolment.person_id) == by_law(enrolment.person_id)
            again = rebuild_rights(on=self.at.date(), actor=system(), at=self.at)
            assert (again.added, again.removed) == (0, 0)
            assert ledger_imbalance() == settlement_disagreements() == []
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)


def materialised(person_id: int) -> list[tuple[object, ...]]:
    rows = RightsPeriod.objects.filter(person_id=person_id).order_by("since")
    return list(rows.values_list("status", "reason", "since", "until"))


def by_law(person_id: int) -> list[tuple[object, ...]]:
    periods = qafila_law.rights_periods(facts_of(person_id))
    return [(period.status.value, period.reason, period.since, period.until) for period in periods]


@pytest.mark.django_db
def test_rights_and_books_follow_any_history() -> None:
    places()
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=15, stateful_step_count=14, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
