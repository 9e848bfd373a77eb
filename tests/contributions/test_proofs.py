"""The books are proved, it is written down, and a fault is told instead."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from tests.contributions.factories import NOVEMBER, craftworker, pay, run
from tests.register.factories import AT, agent, system

from qafila.contributions.ledger.proofs import BooksOutOfBalance
from qafila.contributions.ledger.proving import prove_books
from qafila.contributions.models.calls_and_ledger import LedgerLine, Payment
from qafila.foundation.actors import Role
from qafila.foundation.errors import NotAllowed
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting

pytestmark = pytest.mark.django_db


def proved() -> list[int]:
    entries = JournalEntry.objects.filter(verb="contributions.books_proved").order_by("pk")
    return [entry.data["lines"] for entry in entries]


def test_what_is_proved_is_written_down() -> None:
    fatima = craftworker()
    run()
    pay(fatima, 20000)
    lines = prove_books(actor=system(), at=AT)
    assert lines == LedgerLine.objects.count() == 6
    assert proved() == [6]


def test_one_centime_too_many_is_found_and_named() -> None:
    fatima = craftworker()
    run()
    with transaction.atomic():
        with acting(system(), at=AT):
            LedgerLine.objects.create(
                posting="stray:1", book="received", person=fatima.person, amount_centimes=1,
                posted_on=AT.date(), month=NOVEMBER,
            )  # fmt: skip
        with pytest.raises(BooksOutOfBalance, match="stray:1 is off by 1 centimes"):
            prove_books(actor=system(), at=AT)
        transaction.set_rollback(True)
    assert proved() == []


def test_a_derived_column_that_disagrees_is_found() -> None:
    fatima = craftworker()
    run()
    pay(fatima, 20000)
    with transaction.atomic():
        with acting(system(), at=AT), connection.cursor() as cursor:
            cursor.execute("UPDATE contributions_payment SET unallocated_centimes = 0")
        with pytest.raises(BooksOutOfBalance, match="rest of payment"):
            prove_books(actor=system(), at=AT)
        transaction.set_rollback(True)
    assert Payment.objects.get().unallocated_centimes == 3648


def test_counters_prove_nothing() -> None:
    with pytest.raises(NotAllowed):
        prove_books(actor=agent(Role.COUNTER_AGENT, national=True), at=AT)
