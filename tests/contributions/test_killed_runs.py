"""kill -9 at any moment, several workers, two operators: each call is posted exactly once.

`QAFILA_KILLS` says how many runs are killed (3 unless told otherwise).
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from django.db import connection
from tests.contributions.factories import NOVEMBER, craftworker, run
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
from qafila.contributions.models.calls_and_ledger import Call, LedgerLine, Run
from qafila.foundation.actors import Role

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 60
KILLS = int(os.environ.get("QAFILA_KILLS", "3"))
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


def start(
    processes: int = 1, month: dt.date = NOVEMBER, script: str = SCRIPT
) -> subprocess.Popen[str]:
    """The run (or another script) in a process of its own, on this test's database."""
    found = connection.settings_dict
    host = quote(str(found["HOST"]), safe="")
    url = f"postgresql://{found['USER']}:{found['PASSWORD']}@{host}/{found['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url}
    environment["DJANGO_SETTINGS_MODULE"] = "qafila.config.settings"
    return subprocess.Popen(
        [sys.executable, "-c", script, str(processes), month.isoformat()],
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


def killed_after(seconds: float, month: dt.date, rivals: int, script: str = SCRIPT) -> None:
    """Start the run of `month` in so many processes, and kill them some moment after its start."""
    processes = [start(month=month, script=script) for _ in range(rivals)]
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
