"""kill -9 at any moment of a check, a booking or a dry run: each is whole or not there at all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from tests.contributions.factories import craftworker, payments_file
from tests.lists.killed_work import kill_again_and_again
from tests.register.factories import AT, hired

from qafila.contributions.calls.dry_run_drafts import find_draft
from qafila.contributions.calls.dry_runs import ask_dry_run, dry_run_of
from qafila.contributions.calls.month_ahead import month_ahead
from qafila.contributions.models.calls_and_ledger import (
    LedgerLine,
    Payment,
    PaymentFile,
)
from qafila.exchange.payments import inbox
from qafila.foundation.actors import Role
from qafila.jobs import tasks

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 12
DECEMBER = dt.date(2026, 12, 1)
# What ended is forgotten before the next one, so that each is killed in the middle of its work.
SCRIPT = """
import datetime as dt
from dataclasses import replace
from pathlib import Path
import django
django.setup()
from django.conf import settings
from qafila.contributions.calls import dry_run_drafts, month_ahead
from qafila.exchange.payments import kept_files
from qafila.jobs import tasks

def work(told):
    folder, task, argument = told
    settings.UPLOADS = Path(folder)
    month_ahead.PERSONS_PER_BATCH = 1
    if task == "check_payment_file":
        known = kept_files.kept_file(argument)
        kept_files.keep_note(replace(known, checked=None, rows_read=None), argument)
    if task == "dry_run":
        draft = dry_run_drafts.find_draft(dt.date.fromisoformat(argument + "-01"))
        dry_run_drafts.keep_draft(replace(draft, ahead=None, parts_done=0, parts=None))
    getattr(tasks, task)(argument)
"""


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, settings: Any) -> Path:
    settings.UPLOADS = tmp_path / "uploads"
    return tmp_path / "uploads"


def killed(uploads: Path, task: str, argument: str, check: Any) -> None:
    """The job with this argument, killed again and again on this test's database."""
    found = connection.settings_dict
    host = quote(str(found["HOST"]), safe="")
    url = f"postgresql://{found['USER']}:{found['PASSWORD']}@{host}/{found['NAME']}"
    environment = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "qafila.config.settings"}
    kill_again_and_again(
        SCRIPT, [str(uploads), task, argument], environment=environment, longest=0.5, check=check
    )


def test_checks_and_bookings_are_whole_or_not_there(uploads: Path, tmp_path: Path) -> None:
    salma = hired(Role.FUND_LIAISON)
    rows = [{"fund_number": craftworker().fund_number} for _ in range(PEOPLE)]
    content = payments_file(tmp_path, *rows).read_bytes()
    name = inbox.receive_bank_file([content], "a.csv", channel="bank", actor=salma, at=AT)

    def nothing_is_booked(finished: bool) -> None:
        for table in (Payment, PaymentFile, LedgerLine):
            assert not table.objects.exists()
        checked = inbox.inbox_file(name, actor=salma, at=AT).checked
        assert not finished or checked is not None
        assert checked is None or checked.rows_accepted == PEOPLE

    killed(uploads, "check_payment_file", name, nothing_is_booked)
    tasks.check_payment_file(name)
    assert inbox.ask_to_book(name, actor=salma, at=AT)

    def all_or_nothing_is_booked(finished: bool) -> None:
        assert Payment.objects.count() in ((PEOPLE,) if finished else (0, PEOPLE))

    killed(uploads, "book_payment_file", name, all_or_nothing_is_booked)
    tasks.book_payment_file(name)
    assert Payment.objects.count() == PEOPLE
    assert inbox.inbox_file(name, actor=salma, at=AT).state == "booked"


def test_a_dry_run_is_whole_or_goes_on_being_assessed(uploads: Path) -> None:
    salma = hired(Role.FUND_LIAISON)
    for _ in range(PEOPLE):
        craftworker()
    assert ask_dry_run(DECEMBER, actor=salma, at=AT)
    whole = month_ahead(DECEMBER, actor=salma)

    def whole_or_none(finished: bool) -> None:
        draft = find_draft(DECEMBER)
        assert draft is not None
        assert draft.ahead == whole or (draft.ahead is None and not finished)

    killed(uploads, "dry_run", "2026-12", whole_or_none)
    tasks.dry_run("2026-12")
    told = dry_run_of(DECEMBER, actor=salma, at=AT)
    assert told is not None
    assert (told.state, told.ahead) == ("done", whole)
    assert whole.calls == PEOPLE
