"""Files handed in: kept encrypted as they arrive, checked once, told in every language."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.contributions.factories import craftworker, payments_file
from tests.register.factories import AT, agent, hired

from qafila.contributions.models.calls_and_ledger import Payment
from qafila.exchange.errors import PaymentFileNotChecked, PaymentFileTooLarge, PostingTakenAway
from qafila.exchange.payments import inbox, kept_files
from qafila.exchange.payments.kept_files import kept_content
from qafila.foundation.actors import Actor, Role
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.trail import acting
from qafila.institutions.models import Account, Post
from qafila.jobs import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.UPLOADS = tmp_path
    return tmp_path / "payments"


@pytest.fixture
def salma(db: None) -> Actor:
    """Of the fund, for the whole country."""
    return hired(Role.FUND_LIAISON)


def hand_in(actor: Actor, *chunks: bytes, name: str = "payments.csv") -> str:
    return inbox.receive_bank_file(iter(chunks), name, channel="bank", actor=actor, at=AT)


def state(name: str, actor: Actor) -> str:
    return inbox.inbox_file(name, actor=actor, at=AT).state


def move_jobs(task: str, status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status"
            " WHERE task_name = %s",
            [status, task],
        )


def good(tmp_path: Path, **row: str) -> bytes:
    fund_number = craftworker().fund_number
    return payments_file(tmp_path, {"fund_number": fund_number, **row}).read_bytes()


def test_a_file_of_many_pieces_is_kept_as_it_came(salma: Actor) -> None:
    chunks = [b"a" * 3_000_000, b"", b"b" * 7, b"c" * 1_048_576]
    assert kept_content(hand_in(salma, *chunks)) == b"".join(chunks)


def test_of_a_file_that_is_too_large_nothing_stays(
    salma: Actor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "LARGEST_FILE", 2 << 20)
    given: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            given.append(1)
            yield b"x" * (1 << 20)

    with pytest.raises(PaymentFileTooLarge) as refusal:
        inbox.receive_bank_file(endless(), "a.csv", channel="bank", actor=salma, at=AT)
    assert "larger than 2 MB" in refusal.value.sentence()
    assert len(given) == 3
    assert not list(folder.iterdir())
    assert not ProcrastinateJob.objects.exists()


def test_a_check_is_a_job_and_keeps_its_answer(salma: Actor, tmp_path: Path) -> None:
    name = hand_in(salma, good(tmp_path))
    job = ProcrastinateJob.objects.get(task_name="contributions.check_payment_file")
    assert state(name, salma) == "waiting"
    with pytest.raises(PaymentFileNotChecked):
        inbox.ask_to_book(name, actor=salma, at=AT)
    tasks.check_payment_file(**job.args)
    first = inbox.inbox_file(name, actor=salma, at=AT)
    assert (first.state, first.rows_read) == ("checked", 1)
    assert first.checked is not None
    assert first.checked.total_centimes == 16352
    craftworker()
    tasks.check_payment_file(**job.args)
    assert inbox.inbox_file(name, actor=salma, at=AT) == first
    assert not Payment.objects.exists()


def test_how_many_rows_it_holds_is_seen_while_it_is_checked(
    salma: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = hand_in(salma, good(tmp_path))
    booked = inbox.book_bank_file

    def killed(*told: Any, **named: Any) -> Any:
        booked(*told, **named)
        raise KeyboardInterrupt

    monkeypatch.setattr(inbox, "book_bank_file", killed)
    with pytest.raises(KeyboardInterrupt):
        tasks.check_payment_file(name)
    left = inbox.inbox_file(name, actor=salma, at=AT)
    assert (left.rows_read, left.checked) == (1, None)
    assert not Payment.objects.exists()
    move_jobs(inbox.CHECK, "doing")  # held by a worker that is no more
    assert state(name, salma) == "stopped"
    assert inbox.ask_to_check_again(name, actor=salma, at=AT)
    assert state(name, salma) == "waiting"
    assert not inbox.ask_to_check_again(name, actor=salma, at=AT)
    monkeypatch.undo()
    tasks.check_payment_file(name)
    assert state(name, salma) == "checked"
    assert not inbox.ask_to_check_again(name, actor=salma, at=AT)


def test_of_many_wrong_rows_the_first_are_told_and_all_are_counted(
    salma: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "PROBLEMS_KEPT", 2)
    wrong = [{"fund_number": "1", "amount_dh": amount} for amount in ("x", "-1", "0", "y")]
    name = hand_in(salma, payments_file(tmp_path, *wrong).read_bytes())
    tasks.check_payment_file(name)
    checked = inbox.inbox_file(name, actor=salma, at=AT).checked
    assert checked is not None
    assert checked.rows_rejected == 4
    assert [problem.row for problem in checked.problems] == [2, 3]


def test_a_booking_that_stopped_is_asked_for_again(salma: Actor, tmp_path: Path) -> None:
    name = hand_in(salma, good(tmp_path))
    tasks.check_payment_file(name)
    assert inbox.ask_to_book(name, actor=salma, at=AT)
    assert not inbox.ask_to_book(name, actor=salma, at=AT)
    assert state(name, salma) == "booking_waits"
    move_jobs(inbox.BOOK, "failed")
    assert state(name, salma) == "booking_stopped"
    assert inbox.ask_to_book(name, actor=salma, at=AT)
    tasks.book_payment_file(name)
    assert state(name, salma) == "booked"
    assert Payment.objects.count() == 1


def test_a_refusal_is_told_in_the_language_of_who_looks(salma: Actor) -> None:
    name = hand_in(salma, b"hello", name="words.csv")
    tasks.check_payment_file(name)
    told = {}
    for language in ("ar", "fr", "zgh", "en"):
        with translation.override(language):
            told[language] = inbox.inbox_file(name, actor=salma, at=AT).refusal
    assert len(set(told.values())) == 4
    assert all("words.csv" in sentence for sentence in told.values())
    assert state(name, salma) == "refused"
    with pytest.raises(NotFoundInScope):
        kept_content(name)


def test_a_file_dropped_while_it_waits_ends_its_job(salma: Actor, tmp_path: Path) -> None:
    name = hand_in(salma, good(tmp_path))
    inbox.discard_file(name, actor=salma)
    tasks.check_payment_file(name)
    with pytest.raises(NotFoundInScope):
        state(name, salma)


def test_who_handed_it_in_sees_it_and_nobody_else(salma: Actor, tmp_path: Path) -> None:
    name = hand_in(salma, good(tmp_path))
    other = agent(Role.FUND_LIAISON, national=True)
    assert [one.name for one in inbox.own_inbox(actor=salma)] == [name]
    assert inbox.own_inbox(actor=other) == []
    with pytest.raises(NotFoundInScope):
        inbox.ask_to_check_again(name, actor=other, at=AT)
    with pytest.raises(NotAllowed):
        inbox.own_inbox(actor=agent(Role.AUDITOR, national=True))
    with pytest.raises(NotAllowed):
        hand_in(agent(Role.COUNTER_AGENT, national=True), b"x")


def test_a_post_that_ended_books_nothing_and_the_file_says_so(
    salma: Actor, tmp_path: Path, system: Actor
) -> None:
    name = hand_in(salma, good(tmp_path))
    tasks.check_payment_file(name)
    assert inbox.ask_to_book(name, actor=salma, at=AT)
    with acting(system):
        Post.objects.filter(account__actor_id=salma.id).update(held_until=dt.date(2025, 1, 1))
    with pytest.raises(PostingTakenAway):
        inbox.book_kept_file(name, at=AT)
    tasks.book_payment_file(name)  # the job ends: what there is to say is said on the file
    assert not Payment.objects.exists()
    told = inbox.inbox_file(name, actor=salma, at=AT)
    assert told.state == "refused"
    assert f"{salma.name} handed in the file payments.csv" in told.refusal
    with pytest.raises(NotFoundInScope):
        kept_content(name)


def test_a_post_that_ended_checks_nothing(salma: Actor, tmp_path: Path, system: Actor) -> None:
    name = hand_in(salma, good(tmp_path))
    with acting(system):
        Account.objects.filter(actor_id=salma.id).update(is_active=False)
    tasks.check_payment_file(name)
    assert "may book payments no longer" in inbox.inbox_file(name, actor=salma, at=AT).refusal


def test_whole_files_are_booked_by_those_of_the_whole_country(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        hand_in(agent(Role.FUND_LIAISON, provinces=("09.001",)), good(tmp_path))


def test_a_file_kept_before_posts_were_asked_again_is_still_read(salma: Actor) -> None:
    name = hand_in(salma, b"x")
    path = kept_files._path(name)
    told = json.loads(kept_files._cipher().decrypt(path.read_bytes()))
    told["actor"] = {"id": told.pop("handed_in_by"), "roles": ["fund_liaison"], "national": True}
    path.write_bytes(kept_files._cipher().encrypt(json.dumps(told).encode()))
    assert kept_files.kept_file(name).handed_in_by == salma.id
