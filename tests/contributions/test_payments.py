"""Single payments: allocation, excess, repetition, reversal; and the statement that tells them."""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import accumulate
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contributions.factories import NOVEMBER, craftworker, in_arrears, pay, run
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, agent, person, system

from qafila.contributions.account.queries import statement_of
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.arrears.queries import arrears_ageing
from qafila.contributions.calls.month_queries import month_figures
from qafila.contributions.errors import AlreadyReversed, BadPayment
from qafila.contributions.ledger.queries import (
    ledger_imbalance,
    settlement_disagreements,
)
from qafila.contributions.models.calls_and_ledger import Allocation, Call, Payment
from qafila.contributions.payments.recording import record_payment, reverse_payment
from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import WHOLE_COUNTRY, Role, Scope
from qafila.foundation.errors import NotAllowed, NotFoundInScope

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def owing(months: int) -> Enrolment:
    """Fatima with that many unpaid months before November."""
    fatima = in_arrears(months)
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    return fatima


def laid_end_to_end(debts: list[int], money: list[int]) -> dict[tuple[int, int], int]:
    """Oldest debt first, oldest money first, one centime after the other: (money, debt) → sum."""
    shares: dict[tuple[int, int], int] = {}
    rest, debt = list(debts), 0
    for number, amount in enumerate(money):
        while amount and debt < len(rest):
            share = min(amount, rest[debt])
            shares[number, debt] = share
            amount, rest[debt] = amount - share, rest[debt] - share
            debt += rest[debt] == 0
    return shares


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    months=st.integers(1, 5),
    money=st.lists(st.integers(1, 45_000) | st.sampled_from([16352, 32704]), max_size=6),
)
def test_money_is_placed_oldest_first(months: int, money: list[int]) -> None:
    with transaction.atomic():
        fatima = owing(months)
        for number, amount in enumerate(money):
            pay(fatima, amount, dt.date(2026, 11, 1) + dt.timedelta(days=number))
        payments = list(Payment.objects.order_by("paid_on", "pk").values_list("pk", flat=True))
        calls = list(Call.objects.order_by("due_on", "month").values_list("pk", flat=True))
        found = {
            (payments.index(a.payment_id or 0), calls.index(a.call_id)): a.amount_centimes
            for a in Allocation.objects.all()
        }
        debts = list(Call.objects.order_by("month").values_list("amount_centimes", flat=True))
        assert found == laid_end_to_end(debts, money)
        assert ledger_imbalance() == settlement_disagreements() == []
        transaction.set_rollback(True)


def test_a_command_repeated_answers_the_same() -> None:
    fatima, command = owing(1), uuid.uuid4()
    first = pay(fatima, 20000, reference="A1", command_id=command)
    assert (first.allocated_centimes, first.unallocated_centimes) == (16352, 3648)
    assert pay(fatima, 20000, reference="A1", command_id=command) == first
    assert pay(fatima, 20000, reference="A1").repeated
    assert Payment.objects.count() == 1


BAD = [
    ({"centimes": 0}, "is zero"),
    ({"centimes": -5}, "The amount -0.05 is negative"),
    ({"on": dt.date(2027, 1, 1)}, "2027-01-01 has not come"),
    ({"on": dt.date(2020, 1, 1)}, "before the scheme"),
    ({"reference": "  "}, "reference is empty"),
]


@pytest.mark.parametrize(("wrong", "sentence"), BAD)
def test_a_bad_payment_is_refused_with_its_reason(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(BadPayment) as refusal:
        pay(craftworker(), **{"centimes": 100, **wrong})  # type: ignore[arg-type]
    assert sentence in refusal.value.sentence()


@pytest.mark.parametrize(
    "other", [{"centimes": 20001}, {"on": dt.date(2026, 11, 11)}, {"enrolment": "another"}]
)
def test_a_reference_stands_for_one_payment(other: dict[str, Any]) -> None:
    facts = {"enrolment": craftworker(), "centimes": 20000, "reference": "A1"}
    pay(**facts)
    if "enrolment" in other:
        other = {"enrolment": craftworker()}
    with pytest.raises(BadPayment) as refusal:
        pay(**{**facts, **other})
    assert "A1 was booked before for another payer" in refusal.value.sentence()


@pytest.mark.parametrize(
    ("reason", "on", "sentence"),
    [
        ("  ", TODAY, "No reason was given"),
        ("No funds", dt.date(2026, 11, 9), "2026-11-09, which is before the payment"),
        ("No funds", dt.date(2026, 11, 23), "or after today"),
    ],
)
def test_a_bad_reversal_is_refused_and_changes_nothing(
    reason: str, on: dt.date, sentence: str
) -> None:
    fatima = owing(1)
    paid = pay(fatima, 16352)
    with pytest.raises(BadPayment) as refusal:
        reverse_payment(paid.payment_id, reason=reason, on=on, actor=system(), at=AT)
    assert sentence in refusal.value.sentence()
    assert Payment.objects.get().reversed_on is None


def test_a_reversed_payment_leaves_the_calls_due_again() -> None:
    fatima = owing(3)
    kept, returned = pay(fatima, 10000), pay(fatima, 30000)
    undone = reverse_payment(
        returned.payment_id, reason="No funds", on=TODAY, actor=system(), at=AT
    )
    assert undone.allocated_centimes == -30000
    assert not Call.objects.exclude(settled_on=None).exists()
    assert Payment.objects.get(pk=kept.payment_id).unallocated_centimes == 0
    assert statement_of(fatima.person_id, scope=WHOLE_COUNTRY).owed_centimes == 3 * 16352 - 10000
    with pytest.raises(AlreadyReversed) as refusal:
        reverse_payment(returned.payment_id, reason="Again", on=TODAY, actor=system(), at=AT)
    assert "2026-11-22" in refusal.value.sentence()


def test_money_left_over_takes_the_place_of_a_reversed_payment() -> None:
    fatima = owing(1)
    first, second = pay(fatima, 16352), pay(fatima, 20000, dt.date(2026, 11, 12))
    assert second.unallocated_centimes == 20000
    reverse_payment(first.payment_id, reason="Double", on=TODAY, actor=system(), at=AT)
    call = Call.objects.get()
    assert call.settled_on == dt.date(2026, 11, 12)
    assert Payment.objects.get(pk=second.payment_id).unallocated_centimes == 20000 - 16352


def test_the_statement_runs_up_to_what_is_owed_and_explains_each_call() -> None:
    fatima = owing(2)
    run()
    paid = pay(fatima, 50000)
    reverse_payment(paid.payment_id, reason="No funds", on=TODAY, actor=system(), at=AT)
    statement = statement_of(fatima.person_id, scope=WHOLE_COUNTRY)
    kinds = [line.kind for line in statement.lines]
    assert kinds == ["opening", "opening", "call", "payment", "reversal"]
    amounts = [line.amount_centimes for line in statement.lines]
    assert [line.balance_centimes for line in statement.lines] == list(accumulate(amounts))
    assert statement.owed_centimes == 3 * 16352
    assert statement.overdue_from == dt.date(2026, 10, 31)
    call = statement.lines[2]
    assert call.steps[-1].amount_centimes == call.amount_centimes == 16352
    assert f"{statement.owed_dh}" == "490.56"


def test_arrears_are_told_by_age_within_the_scope() -> None:
    owing(14)
    enrolled(
        person(province="06.141"), months_unpaid_reported=2, reported_on=NOVEMBER,
        effective_from=dt.date(2025, 1, 1),
    )  # fmt: skip
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    bands = arrears_ageing(TODAY, scope=WHOLE_COUNTRY)
    assert [(b.from_months, b.to_months) for b in bands][-1] == (12, None)
    assert sum(band.calls for band in bands) == 13 + 1
    assert sum(band.centimes for band in bands) == sum(
        Call.objects.filter(due_on__lt=TODAY).values_list("amount_centimes", flat=True)
    )
    elsewhere = arrears_ageing(TODAY, scope=Scope(province_codes=frozenset({"06.141"})))
    assert [band.calls for band in elsewhere] == [1, 0, 0, 0, 0]
    assert sum(band.calls for band in arrears_ageing(TODAY, scope=Scope())) == 0


def test_figures_of_a_month() -> None:
    paying = craftworker()
    craftworker()
    run()
    pay(paying, 16352)
    figures = month_figures(NOVEMBER, scope=WHOLE_COUNTRY)
    assert (figures.calls, figures.called_centimes, figures.settled_calls) == (2, 2 * 16352, 1)
    assert month_figures(NOVEMBER, scope=Scope()).calls == 0


def test_outside_the_territory_there_is_no_statement_and_no_payment() -> None:
    fatima = craftworker()
    salma = Scope(province_codes=frozenset({"06.141"}))
    with pytest.raises(NotFoundInScope):
        statement_of(fatima.person_id, scope=salma)
    liaison = agent(Role.FUND_LIAISON, provinces=("06.141",))
    with pytest.raises(NotFoundInScope):
        record_payment(
            person_id=fatima.person_id, reference="X", channel="bank", amount_centimes=100,
            paid_on=TODAY, actor=liaison, at=AT,
        )  # fmt: skip
    with pytest.raises(NotFoundInScope):
        reverse_payment(10**9, reason="-", on=TODAY, actor=system(), at=AT)


@pytest.mark.parametrize("role", [Role.COUNTER_AGENT, Role.CHAMBER_STAFF, Role.AUDITOR])
def test_counter_agents_read_and_do_not_book(role: Role) -> None:
    fatima = craftworker()
    reader = agent(role, provinces=("09.001",))
    assert statement_of(fatima.person_id, scope=reader.scope_of(*Role)).lines == ()
    with pytest.raises(NotAllowed):
        record_payment(
            person_id=fatima.person_id, reference="X", channel="bank", amount_centimes=100,
            paid_on=TODAY, actor=reader, at=AT,
        )  # fmt: skip
