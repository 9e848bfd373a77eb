"""Two people at one moment: what is done is done once, and the second gets the sentence."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.books import require_agreement
from tests.contributions.factories import NOVEMBER, book_file, craftworker, pay, payments_file, run
from tests.register.factories import AT, agent, places, system

from qafila.contributions.calls.month_runs.starting import RunAsked, start_month
from qafila.contributions.corrections.counter_posting import (
    ask_counter_posting,
    carry_out_counter_posting,
    confirm_counter_posting,
)
from qafila.contributions.models.calls_and_ledger import Call, LedgerLine, Payment, Run
from qafila.contributions.models.refunds import Refund
from qafila.contributions.payments.refunds.refunds import approve_refund, ask_refund
from qafila.foundation.actors import Role
from qafila.foundation.errors import DomainError, SomeoneElseActed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """The acts in threads that begin together, each on a connection of its own: answers, in order.

    A refusal is an answer; anything else that is raised fails the test.
    """
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def do(place: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            answers[place] = act()
        except (DomainError, SomeoneElseActed) as refusal:
            answers[place] = refusal  # type: ignore[call-overload]
        except Exception as fault:
            answers[place] = fault  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    faults = [one for one in answers if isinstance(one, Exception) and not _is_refusal(one)]
    assert not faults, faults
    return answers


def _is_refusal(found: Exception) -> bool:
    return isinstance(found, DomainError | SomeoneElseActed)


def _liaisons() -> tuple[Any, Any, Any]:
    one, two, three = (agent(Role.FUND_LIAISON, national=True) for _ in range(3))
    return one, two, three


def test_a_month_nobody_prepared_is_started_once() -> None:
    for _ in range(3):
        craftworker()
    system()
    month = dt.date(2026, 12, 1)
    acts = [lambda: start_month(month, actor=system(), at=AT, named="2026-12") for _ in range(3)]
    answers = at_once(*acts)
    assert sorted(isinstance(one, RunAsked) and one.asked_now for one in answers) == [
        False, False, True
    ]  # fmt: skip
    assert Run.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="contributions.run_month").count() == 1


def test_a_refund_is_approved_once() -> None:
    fatima, (one, two, three) = craftworker(), _liaisons()
    pay(fatima, 20000)
    asked = ask_refund(
        fatima.person_id, amount_centimes=15000, reason="Paid twice", actor=one, at=AT
    )
    answers = at_once(
        lambda: approve_refund(asked.refund_id, actor=two, at=AT),
        lambda: approve_refund(asked.refund_id, actor=three, at=AT),
    )
    assert sum(_is_refusal(one) for one in answers if isinstance(one, Exception)) == 1
    assert Payment.objects.get().unallocated_centimes == 5000
    assert Refund.objects.get().state == "approved"
    require_agreement()


def test_a_refund_and_a_run_do_not_take_the_same_money() -> None:
    fatima, (one, two, _) = craftworker(), _liaisons()
    pay(fatima, 16352)
    asked = ask_refund(
        fatima.person_id, amount_centimes=16352, reason="Paid twice", actor=one, at=AT
    )
    at_once(lambda: approve_refund(asked.refund_id, actor=two, at=AT), lambda: run())
    settled = Call.objects.get().settled_on is not None
    assert settled is (Refund.objects.get().state == "asked")
    require_agreement()


def test_a_counter_posting_is_confirmed_and_carried_out_once() -> None:
    for _ in range(4):
        craftworker()
    run(persons_per_part=2)
    one, two, three = _liaisons()
    ask_counter_posting(NOVEMBER, reason="Wrong", actor=one, at=AT)
    confirmed = at_once(
        lambda: confirm_counter_posting(NOVEMBER, actor=two, at=AT),
        lambda: confirm_counter_posting(NOVEMBER, actor=three, at=AT),
    )
    assert sum(isinstance(one, Exception) for one in confirmed) == 1
    done = at_once(
        *(lambda: carry_out_counter_posting(NOVEMBER, actor=system(), at=AT) for _ in range(2))
    )
    assert any(not isinstance(one, Exception) for one in done)
    assert sum(LedgerLine.objects.values_list("amount_centimes", flat=True)) == 0
    books = LedgerLine.objects.filter(book="receivable")
    assert sum(books.values_list("amount_centimes", flat=True)) == 0
    assert Run.objects.get().state == "reversed"
    require_agreement()


def test_one_file_handed_in_by_two_is_booked_once(tmp_path: Path) -> None:
    fatima = craftworker()
    file = payments_file(tmp_path, {"fund_number": fatima.fund_number})
    system()
    answers = at_once(lambda: book_file(file), lambda: book_file(file))
    assert sorted(one.known_file for one in answers) == [False, True]
    assert Payment.objects.count() == 1
    require_agreement()
