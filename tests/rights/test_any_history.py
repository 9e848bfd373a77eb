"""After any history of enrolments, runs, payments, reversals, corrections, marriages, births,
school years, divorces, changes of custody and deaths the rights rebuilt from facts are the
materialised ones, those of the families too, and the books balance."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from tests.contributions.factories import craftworker, in_arrears, pay, run
from tests.register.factories import person, places, system

import qafila_law
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.corrections.corrections import post_corrections
from qafila.contributions.ledger.months import months_after
from qafila.contributions.ledger.queries import (
    ledger_imbalance,
    settlement_disagreements,
)
from qafila.contributions.models.calls_and_ledger import Payment
from qafila.contributions.payments.recording import reverse_payment
from qafila.enrolment.family.life_events import ENDING
from qafila.enrolment.family.members import family_told
from qafila.enrolment.models import Dependant, Enrolment, LifeEvent
from qafila.foundation.trail import acting
from qafila.people.models import Person
from qafila.rights.actions import rebuild_rights
from qafila.rights.derivation.law_input import facts_of
from qafila.rights.models import DependantPeriod, RightsPeriod

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
        open_reported_arrears(FIRST, actor=system(), at=self.at)

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
            reverse_payment(
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
        post_corrections(actor=system(), at=self.at)
        again = post_corrections(actor=system(), at=self.at)
        assert (again.raised, again.lowered) == (0, 0)

    @rule(who=st.integers(0, 9))
    def one_person_is_rebuilt(self, who: int) -> None:
        self.rebuild(person_ids=[self.people[who % len(self.people)].person_id])

    def join(self, who: int, relation: str, member_id: int) -> None:
        """A member more in the family of one of the people."""
        insured = self.people[who % len(self.people)].person_id
        if member_id != insured:
            with acting(system(), at=self.at):
                Dependant.objects.create(
                    insured_id=insured, person_id=member_id, relation=relation, state="declared",
                    since=self.at.date(),
                    joined_on=self.at.date() if relation == "spouse" else None,
                    other_parent_insured=relation == "child" and who % 2 == 0,
                )  # fmt: skip

    @rule(who=st.integers(0, 9), spouse=st.none() | st.integers(0, 9))
    def someone_marries(self, who: int, spouse: int | None) -> None:
        known = None if spouse is None else self.people[spouse % len(self.people)].person_id
        self.join(who, "spouse", known or person(sex="M").pk)

    @rule(who=st.integers(0, 9), age=st.sampled_from([0, 20, 21, 25, 30]), months=st.integers(0, 3))
    def a_child_is_declared(self, who: int, age: int, months: int) -> None:
        # Some have their 21st, 26th or 30th birthday in the months to come.
        born = months_after(self.month, months - 12 * age).replace(day=10)
        self.join(who, "child", person(birth_date=born).pk)

    @rule(which=st.integers(0, 9), kind=st.sampled_from(LifeEvent.Kind.values))
    def something_happens_in_a_family(self, which: int, kind: str) -> None:
        family = list(Dependant.objects.order_by("pk"))
        if not family:
            return
        one = family[which % len(family)]
        about = one.insured_id if kind == "death" and which % 2 else one.person_id
        with acting(system(), at=self.at):
            LifeEvent.objects.create(
                person_id=about, kind=kind, state="told", told_at=self.at,
                # Of a child born on the 10th nobody tells that it died on the 1st.
                since=self.at.date() if kind == "death" else self.month,
                until=months_after(self.month, 2) if kind == "schooling" else None,
                dependant=one if kind in ("divorce", "custody") else None,
                custody=("insured", "other_parent", "third_person")[which % 3]
                if kind == "custody" else "",
            )  # fmt: skip

    @rule(which=st.integers(0, 9))
    def what_was_told_is_taken_back(self, which: int) -> None:
        told = list(LifeEvent.objects.filter(state="told").order_by("pk"))
        if told:
            with acting(system(), at=self.at):
                LifeEvent.objects.filter(pk=told[which % len(told)].pk).update(
                    state="taken_back", taken_back_at=self.at
                )

    @rule(which=st.integers(0, 9))
    def what_was_told_ends(self, which: int) -> None:
        ending = LifeEvent.objects.filter(state="told", kind__in=ENDING, since__lt=self.month)
        told = list(ending.order_by("pk"))
        if told:
            with acting(system(), at=self.at):
                LifeEvent.objects.filter(pk=told[which % len(told)].pk).update(until=self.month)

    @rule(which=st.integers(0, 9))
    def a_member_leaves(self, which: int) -> None:
        family = list(Dependant.objects.order_by("pk"))
        if family:
            with acting(system(), at=self.at):
                Dependant.objects.filter(pk=family[which % len(family)].pk).update(state="refused")

    def rebuild(self, **options: Any) -> None:
        """The rights of everyone, or of some, from facts."""
        rebuild_rights(on=self.at.date(), actor=system(), at=self.at, **options)

    def teardown(self) -> None:
        """Whatever happened: books balance, and each row is what the law says of one person."""
        try:
            self.rebuild()
            for enrolment in self.people:
                assert materialised(enrolment.person_id) == by_law(enrolment.person_id)
                assert family_rows(enrolment.person_id) == family_by_law(enrolment.person_id)
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


def family_rows(insured_id: int) -> dict[int, list[tuple[object, ...]]]:
    found: dict[int, list[tuple[object, ...]]] = {}
    for row in DependantPeriod.objects.filter(insured_id=insured_id).order_by("dependant", "since"):
        period = (row.status, row.reason, row.since, row.until)
        found.setdefault(row.dependant_id, []).append(period)
    return found


def family_by_law(insured_id: int) -> dict[int, list[tuple[object, ...]]]:
    told = family_told(Person.objects.get(pk=insured_id))
    own = qafila_law.rights_periods(facts_of(insured_id))
    periods = told.periods(own)
    return {
        one.pk: [(row.status.value, row.reason, row.since, row.until) for row in rows]
        for one, rows in zip(told.members, periods, strict=True)
        if rows
    }


@pytest.mark.django_db
def test_rights_and_books_follow_any_history() -> None:
    places()
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=12, stateful_step_count=14, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
