"""kill -9 at any moment, several workers, two operators: each call is posted exactly once.

`QAFILA_KILLS` says how many runs are killed (2 unless told otherwise).
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from tests.contributions.factories import (
    NOVEMBER,
    book_file,
    craftworker,
    pay,
    payments_file,
    run,
)
from tests.register.factories import AT, agent, places, system

from qafila.contributions.corrections.counter_posting import (
    ask_counter_posting,
    carry_out_counter_posting,
    confirm_counter_posting,
)
from qafila.contributions.ledger.months import months_after
from qafila.contributions.ledger.queries import (
    ledger_imbalance,
    settlement_disagreements,
)
from qafila.contributions.models.calls_and_ledger import Call, LedgerLine, Payment, Run
from qafila.contributions.models.refunds import Refund
from qafila.contributions.payments.refunds.refunds import (
    approve_refund,
    ask_refund,
    pay_refund,
)
from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import Role

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 60
KILLS = int(os.environ.get("QAFILA_KILLS", "2"))
KILLS_PER_MONTH = 3
SCRIPT = """
import datetime as dt, sys, django
django.setup()
from qafila.contributions.calls.month_runs.runs import run_month
from qafila.foundation.errors import DomainError
from qafila.foundation.trail import system_actor
from django.utils import translation

def told(done, total):
    print(done, flush=True)

if __name__ == "__main__":
    at = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
    translation.activate("en")
    told(0, 0)
    try:
        run_month(dt.date.fromisoformat(sys.argv[2]), actor=system_actor("tests"), at=at,
                  persons_per_part=2, on_progress=told, processes=int(sys.argv[1]),
                  named=sys.argv[2][:7])
    except DomainError as refusal:
        print(refusal.sentence(), flush=True)
"""


REVERSAL = """
import datetime as dt, sys, django
django.setup()
from qafila.contributions.corrections.counter_posting import carry_out_counter_posting
from qafila.foundation.trail import system_actor

def told(done, total):
    print(done, flush=True)

told(0, 0)
carry_out_counter_posting(dt.date.fromisoformat(sys.argv[2]), actor=system_actor("tests"),
                          at=dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC), on_progress=told)
"""


BOOKING = """
import datetime as dt, sys, django
django.setup()
from pathlib import Path
from qafila.exchange.payments.files import book_bank_file
from qafila.foundation.trail import system_actor

print(0, flush=True)
book_bank_file(Path(sys.argv[3]).read_bytes(), "payments.csv", channel="bank",
               actor=system_actor("tests"), at=dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC))
"""


REFUNDING = """
import datetime as dt, sys, django
django.setup()
from qafila.contributions.models.refunds import Refund
from qafila.contributions.payments.refunds.refunds import pay_refund
from qafila.foundation.errors import DomainError
from qafila.foundation.trail import system_actor

print(0, flush=True)
for one in Refund.objects.filter(state="approved").order_by("pk"):
    try:
        pay_refund(one.pk, channel="bank", bank_line=f"L{one.pk}", paid_on=dt.date(2026, 11, 20),
                   actor=system_actor("tests"), at=dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC))
    except DomainError:
        pass  # the rival paid it
"""


def start(
    processes: int = 1, month: dt.date = NOVEMBER, script: str = SCRIPT, more: str = ""
) -> subprocess.Popen[str]:
    """The run (or another script) in a process of its own, on this test's database."""
    found = connection.settings_dict
    host = quote(str(found["HOST"]), safe="")
    url = f"postgresql://{found['USER']}:{found['PASSWORD']}@{host}/{found['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url}
    environment["DJANGO_SETTINGS_MODULE"] = "qafila.config.settings"
    return subprocess.Popen(
        [sys.executable, "-c", script, str(processes), month.isoformat(), more],
        stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip


def assert_each_once(month: dt.date = NOVEMBER) -> None:
    assert Run.objects.get(month=month).state == "posted"
    calls = Call.objects.filter(month=month)
    assert calls.count() == calls.values("enrolment").distinct().count() == PEOPLE
    assert LedgerLine.objects.filter(month=month).count() == 2 * PEOPLE
    assert ledger_imbalance() == settlement_disagreements() == []


@pytest.fixture
def _people(db: None) -> None:
    places()
    for _ in range(PEOPLE):
        craftworker()


@pytest.mark.usefixtures("_people")
def test_runs_killed_again_and_again_post_each_call_once() -> None:
    moments, month = random.Random(41), dt.date(2026, 1, 1)
    for left in range(KILLS, 0, -KILLS_PER_MONTH):
        for _ in range(min(left, KILLS_PER_MONTH)):
            # Now and then two at once: the other is refused, or takes over.
            killed_after(moments.uniform(0, 0.3), month, rivals=moments.choice((1, 1, 2)))
        assert run(month).calls == PEOPLE
        assert_each_once(month)
        month = months_after(month, 1)


def killed_after(
    seconds: float, month: dt.date, rivals: int, script: str = SCRIPT, more: str = ""
) -> None:
    """Start the run of `month` in so many processes, and kill them some moment after its start."""
    processes = [start(month=month, script=script, more=more) for _ in range(rivals)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "0\n"
    time.sleep(seconds)
    for process in processes:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    wait_until_alone()


def wait_until_alone() -> None:
    """Until PostgreSQL has noticed that its other clients are gone, and let go of their locks."""
    with connection.cursor() as cursor:
        others = 1
        while others:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            others = cursor.fetchone()[0]


@pytest.mark.usefixtures("_people")
def test_a_counter_posting_killed_again_and_again_takes_back_each_call_once() -> None:
    run(NOVEMBER, persons_per_part=2)
    one, other = (agent(Role.FUND_LIAISON, national=True) for _ in range(2))
    ask_counter_posting(NOVEMBER, reason="Wrong month", actor=one, at=AT)
    confirm_counter_posting(NOVEMBER, actor=other, at=AT)
    moments = random.Random(43)
    for _ in range(KILLS):
        killed_after(moments.uniform(0, 0.3), NOVEMBER, moments.choice((1, 2)), REVERSAL)
    done = carry_out_counter_posting(NOVEMBER, actor=system(), at=AT)
    assert (done.state, done.calls) == ("done", PEOPLE)
    books = LedgerLine.objects.filter(book="receivable")
    assert sum(books.values_list("amount_centimes", flat=True)) == 0
    assert ledger_imbalance() == settlement_disagreements() == []


@pytest.mark.usefixtures("_people")
def test_a_booking_killed_again_and_again_books_each_payment_once(tmp_path: Path) -> None:
    run(NOVEMBER)
    payers = Enrolment.objects.order_by("pk")
    rows = [{"fund_number": one.fund_number, "reference": f"B{one.pk}"} for one in payers]
    file = payments_file(tmp_path, *rows)
    moments = random.Random(47)
    for _ in range(KILLS):
        seconds = moments.uniform(0, 0.3)
        killed_after(seconds, NOVEMBER, moments.choice((1, 2)), BOOKING, f"{file}")
        assert Payment.objects.count() in (0, PEOPLE)  # the whole file, or nothing of it
        assert ledger_imbalance() == settlement_disagreements() == []
    outcome = book_file(file)
    assert outcome.rows_accepted + outcome.rows_repeated == PEOPLE
    assert Payment.objects.count() == PEOPLE
    assert not Call.objects.filter(settled_on=None).exists()


@pytest.mark.usefixtures("_people")
def test_refunds_killed_again_and_again_are_paid_once() -> None:
    one, other = (agent(Role.FUND_LIAISON, national=True) for _ in range(2))
    for enrolment in Enrolment.objects.order_by("pk"):
        pay(enrolment, 20000)
        asked = ask_refund(
            enrolment.person_id, amount_centimes=5000, reason="Paid twice", actor=one, at=AT
        )
        approve_refund(asked.refund_id, actor=other, at=AT)
    moments = random.Random(53)
    for _ in range(KILLS):
        killed_after(moments.uniform(0, 0.2), NOVEMBER, moments.choice((1, 2)), REFUNDING)
        assert ledger_imbalance() == settlement_disagreements() == []
    for refund in Refund.objects.filter(state="approved"):
        line = f"L{refund.pk}"
        pay_refund(
            refund.pk, channel="bank", bank_line=line, paid_on=AT.date(), actor=system(), at=AT
        )
    assert set(Refund.objects.values_list("state", flat=True)) == {"paid"}
    out = LedgerLine.objects.filter(book="refund_due")
    assert sum(out.values_list("amount_centimes", flat=True)) == 0
    received = LedgerLine.objects.filter(book="received")
    assert sum(received.values_list("amount_centimes", flat=True)) == 15000 * PEOPLE


@pytest.mark.usefixtures("_people")
def test_of_two_operators_at_once_one_runs_and_the_other_is_told() -> None:
    both = [start(), start()]
    told = [process.communicate(timeout=60)[0] for process in both]
    assert_each_once()
    lines = [text.strip().splitlines()[-1] for text in told if text.strip()]
    assert any(line.isdigit() for line in lines)
    refused = [line for line in lines if not line.isdigit()]
    assert all("under way" in line for line in refused)


@pytest.mark.usefixtures("_people")
def test_several_workers_share_the_parts() -> None:
    process = start(processes=2)
    output, _ = process.communicate(timeout=120)
    assert output.split() == [str(number) for number in range(PEOPLE // 2 + 1)]
    assert_each_once()


def test_no_money_moves_without_an_actor() -> None:
    with pytest.raises(Exception, match="No actor"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contributions_ledgerline (posting, book, person_id, amount_centimes,"
            " posted_on, month, region_code) VALUES ('x', 'received', 1, 1, now(), now(), '')"
        )
