"""Payments: a file is checked, then booked; one is written down, receipted, taken back; plans."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from python_calamine import CalamineWorkbook
from tests.contributions.factories import craftworker, in_arrears, pay, payments_file, run
from tests.register.factories import AT, places, system
from tests.web.staff import SETTAT, actor_behind, fragment_and_page, signed_in

from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.ledger.queries import (
    ledger_imbalance,
    settlement_disagreements,
)
from qafila.contributions.models.calls_and_ledger import Payment, PaymentFile
from qafila.contributions.models.plans import InstalmentPlan
from qafila.enrolment.models import Enrolment
from qafila.exchange.payments import inbox
from qafila.exchange.payments.inbox import empty_inbox
from qafila.exchange.payments.kept_files import kept_content, kept_file
from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.foundation.errors import NotFoundInScope
from qafila.jobs import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage(db: None, tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.UPLOADS = tmp_path / "uploads"
    places()
    with clock.stopped_at(AT):
        yield
    assert ledger_imbalance() == []
    assert settlement_disagreements() == []


def _liaison(language: str = "fr") -> Client:
    return signed_in(Role.FUND_LIAISON, province=None, language=language)


def _csv(folder: Path, *rows: dict[str, str]) -> SimpleUploadedFile:
    return SimpleUploadedFile("payments.csv", payments_file(folder, *rows).read_bytes())


def _checked(client: Client, folder: Path, *rows: dict[str, str]) -> str:
    """The address of a file with these rows, once its job has checked it."""
    address = _handed_in(client, _csv(folder, *rows))
    tasks.check_payment_file(_name(address))
    return address


def _handed_in(client: Client, file: SimpleUploadedFile) -> str:
    response = client.post("/payments/", {"channel": "bank", "file": file})
    assert response.status_code == 302
    return str(response["Location"])


def _name(address: str) -> str:
    return address.split("/")[3]


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_every_page_renders_in_every_language(tmp_path: Path, language: str) -> None:
    fatima = craftworker()
    run()
    payment = pay(fatima, 20000)
    client = _liaison(language)
    check = _checked(client, tmp_path, {"fund_number": fatima.fund_number}, {"amount_dh": "x"})
    assert f'lang="{language}"' in client.get(check).content.decode()
    assert f'href="{check}"' in client.get("/payments/").content.decode()
    money = f"/people/{fatima.person_id}/money/"
    tasks.book_payment_file(_name(check))
    file = PaymentFile.objects.get().pk
    for address in (
        "/payments/", f"/payments/files/{file}/", f"/payments/{payment.payment_id}/", money,
        f"{money}payment/", f"{money}plan/",
    ):  # fmt: skip
        response = client.get(address)
        assert response.status_code == 200, address
        assert f'lang="{language}"' in response.content.decode()


def test_a_check_books_nothing_and_tells_everything(tmp_path: Path) -> None:
    fatima = craftworker()
    client = _liaison()
    good = {"fund_number": fatima.fund_number}
    check = _checked(client, tmp_path, good, {**good, "amount_dh": "-5"}, {"fund_number": "1"})
    text = client.get(check).content.decode()
    assert "163,52" in text
    assert "-5" in text
    assert text.count('role="rowheader"') == 2
    assert not Payment.objects.exists()
    assert not PaymentFile.objects.exists()


def test_rows_that_are_not_shown_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "PROBLEMS_KEPT", 1)
    client = _liaison()
    check = _checked(client, tmp_path, *({"fund_number": "1"} for _ in range(3)))
    text = client.get(check).content.decode()
    assert text.count('role="rowheader"') == 1
    assert "Non affichées\u00a0: 2." in text


def test_a_confirmed_file_is_booked_by_its_job_in_the_name_of_who_brought_it(
    tmp_path: Path,
) -> None:
    fatima = craftworker()
    client = _liaison()
    check = _checked(client, tmp_path, {"fund_number": fatima.fund_number})
    for _ in range(2):
        response = client.post(f"{check}book/")
        assert response["Location"] == check
    job = ProcrastinateJob.objects.get(task_name="contributions.book_payment_file")
    assert "hx-get" in client.get(check).content.decode()
    fragment, page = fragment_and_page(client, check)
    assert fragment in page
    tasks.book_payment_file(**job.args)
    file = PaymentFile.objects.get()
    assert (file.received_by_id, file.rows_accepted) == (actor_behind(client).id, 1)
    booked = client.get(check)
    assert booked["Location"] == f"/payments/files/{file.pk}/"
    waiting = client.get(check, headers={"HX-Request": "true"})
    assert waiting["HX-Redirect"] == f"/payments/files/{file.pk}/"
    with pytest.raises(NotFoundInScope):
        kept_content(_name(check))
    tasks.book_payment_file(**job.args)
    assert PaymentFile.objects.count() == 1
    assert Payment.objects.get().person_id == fatima.person_id


def test_a_file_that_is_booked_is_known_when_it_comes_again(tmp_path: Path) -> None:
    fatima = craftworker()
    client = _liaison()
    content = _csv(tmp_path, {"fund_number": fatima.fund_number}).read()
    first, second = (_handed_in(client, SimpleUploadedFile("again.csv", content)) for _ in range(2))
    for address in (first, second):
        tasks.check_payment_file(_name(address))
    tasks.book_payment_file(_name(first))
    text = client.get(second).content.decode()
    assert f'href="/payments/files/{PaymentFile.objects.get().pk}/"' in text
    assert "/book/" not in text
    assert Payment.objects.count() == 1


def test_a_dropped_file_is_gone(tmp_path: Path) -> None:
    client = _liaison()
    check = _checked(client, tmp_path, {"fund_number": craftworker().fund_number})
    client.post(f"{check}drop/")
    assert client.get(check).status_code == 404
    with pytest.raises(NotFoundInScope):
        kept_file(_name(check))
    assert not Payment.objects.exists()


def test_files_nobody_confirmed_are_deleted_after_a_week(tmp_path: Path) -> None:
    check = _checked(_liaison(), tmp_path, {"fund_number": craftworker().fund_number})
    folder = tmp_path / "uploads" / "payments"
    noted = dt.datetime.fromtimestamp((folder / _name(check)).stat().st_mtime, dt.UTC)
    assert empty_inbox(at=noted + dt.timedelta(days=6)) == 0
    assert len(list(folder.iterdir())) == 2
    assert empty_inbox(at=noted + dt.timedelta(days=8)) == 1
    assert not list(folder.iterdir())
    with pytest.raises(NotFoundInScope):
        kept_file(_name(check))


def test_kept_bytes_are_encrypted(tmp_path: Path) -> None:
    fatima = craftworker()
    _checked(_liaison(), tmp_path, {"fund_number": fatima.fund_number})
    note, content = sorted((tmp_path / "uploads" / "payments").iterdir())
    for kept in (note, content):
        assert fatima.fund_number.encode() not in kept.read_bytes()
        assert kept.stat().st_mode & 0o077 == 0


def test_a_check_is_for_who_brought_the_file(tmp_path: Path) -> None:
    check = _checked(_liaison(), tmp_path, {"fund_number": craftworker().fund_number})
    other = _liaison()
    assert other.get(check).status_code == 404
    assert check not in other.get("/payments/").content.decode()
    assert other.post(f"{check}again/").status_code == 404
    assert other.post(f"{check}book/").status_code == 404
    assert other.post(f"{check}drop/").status_code == 404
    assert signed_in(Role.COUNTER_AGENT).get(check).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.csv", b"\x89PNG\0\0"),
        ("book.csv", b"PK\x03\x04"),
        ("words.csv", b"hello"),
        ("bomb.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
        ("half.sta", b":20:X\n:25:1\n:28C:1\n:60F:C261101MAD0,\n"),
    ],
)
def test_what_is_no_file_of_payments_is_told(name: str, content: bytes) -> None:
    file = SimpleUploadedFile(name, content)
    client = _liaison()
    response = client.post("/payments/", {"channel": "bank", "file": file})
    assert response.status_code == 302
    tasks.check_payment_file(_name(response["Location"]))
    text = client.get(response["Location"]).content.decode()
    assert 'class="banner tone-bad' in text
    assert name in text
    assert "/book/" not in text
    assert "hx-get" not in text
    client.post(f"{response['Location']}book/")
    assert not ProcrastinateJob.objects.filter(task_name="contributions.book_payment_file")
    assert not PaymentFile.objects.exists()


def test_an_empty_file_is_told_beside_the_field() -> None:
    file = SimpleUploadedFile("nothing.csv", b"")
    response = _liaison().post("/payments/", {"channel": "bank", "file": file})
    assert response.status_code == 422
    assert 'class="field wrong' in response.content.decode()


def test_channel_and_file_are_asked_for() -> None:
    response = _liaison().post("/payments/", {})
    assert response.status_code == 422
    assert response.content.decode().count('class="field wrong') == 2


def test_how_the_money_came_is_asked_before_a_file_goes_up() -> None:
    client = _liaison()
    assert 'type="file"' not in client.get("/payments/").content.decode()
    asked = client.get("/payments/?channel=mobile").content.decode()
    assert 'type="file"' in asked
    assert 'name="channel" value="mobile"' in asked
    assert 'type="file"' not in client.get("/payments/?channel=x").content.decode()


def test_problems_are_a_file_that_runs_nothing(tmp_path: Path) -> None:
    client = _liaison()
    number = craftworker().fund_number
    check = _checked(client, tmp_path, {"fund_number": number, "amount_dh": "=1+1"})
    tasks.book_payment_file(_name(check))
    file = PaymentFile.objects.get().pk
    content = client.get(f"/payments/files/{file}/problems.xlsx").content
    (_, row) = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert row[0] == 2
    assert "=1+1" in row[1]
    assert not str(row[1]).startswith("=")


def _typed(**wrong: str) -> dict[str, str]:
    typed = {"amount": "163,52", "reference": "A-17", "channel": "fund", "paid_on": "20/11/2026"}
    return {**typed, **wrong}


def test_one_payment_is_written_down_with_its_receipt() -> None:
    fatima = craftworker()
    run()
    client = _liaison()
    response = client.post(f"/people/{fatima.person_id}/money/payment/", _typed())
    payment = Payment.objects.get()
    assert response["Location"] == f"/payments/{payment.pk}/"
    assert (payment.amount_centimes, payment.unallocated_centimes) == (16352, 0)
    text = client.get(f"/payments/{payment.pk}/").content.decode()
    assert "163,52" in text
    assert f"R{payment.pk:07d}" in text
    for language in ("ar", "fr"):
        paper = client.get(f"/payments/{payment.pk}/receipt-{language}.pdf")
        assert paper.content.startswith(b"%PDF")
    client.post(f"/people/{fatima.person_id}/money/payment/", _typed())
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "x"}, {"amount": "-5"}, {"amount": "0"}, {"amount": "1,234"}, {"amount": ""},
        {"reference": ""}, {"channel": "pigeon"}, {"paid_on": "2027-01-01"}, {"paid_on": "x"},
        {"paid_on": "1999-01-01"},
    ],
)  # fmt: skip
def test_a_payment_that_cannot_be_is_told(wrong: dict[str, str]) -> None:
    fatima = craftworker()
    address = f"/people/{fatima.person_id}/money/payment/"
    response = _liaison().post(address, _typed(**wrong))
    assert response.status_code == 422
    assert "error-summary" in response.content.decode()
    assert not Payment.objects.exists()


def test_a_payment_is_taken_back_once_with_its_reason() -> None:
    fatima = craftworker()
    run()
    payment = pay(fatima, 16352).payment_id
    client = _liaison()
    assert client.post(f"/payments/{payment}/reverse/", {}).status_code == 422
    why = {"reason": "Chèque sans provision.", "on": "21/11/2026"}
    client.post(f"/payments/{payment}/reverse/", why)
    taken = Payment.objects.get()
    assert (taken.reversed_on, taken.reversal_reason) == (dt.date(2026, 11, 21), why["reason"])
    assert "/reverse/" not in client.get(f"/payments/{payment}/").content.decode()
    again = client.post(f"/payments/{payment}/reverse/", why, follow=True)
    assert "banner" in again.content.decode()


def test_counters_see_a_payment_of_their_territory_and_change_nothing() -> None:
    fatima = craftworker()
    payment = pay(fatima, 16352).payment_id
    counter = signed_in(Role.COUNTER_AGENT)
    assert "/reverse/" not in counter.get(f"/payments/{payment}/").content.decode()
    assert counter.post(f"/payments/{payment}/reverse/", {"reason": "x"}).status_code == 404
    assert counter.post(f"/people/{fatima.person_id}/money/payment/").status_code == 404
    elsewhere = signed_in(Role.COUNTER_AGENT, province=SETTAT)
    assert elsewhere.get(f"/payments/{payment}/").status_code == 404
    assert elsewhere.get(f"/payments/{payment}/receipt-fr.pdf").status_code == 404


def _behind() -> Enrolment:
    enrolment = in_arrears(4)
    open_reported_arrears(dt.date(2026, 11, 1), actor=system(), at=AT)
    return enrolment


def test_a_plan_is_agreed_seen_and_ended() -> None:
    person = _behind().person_id
    client, money = _liaison(), f"/people/{person}/money/"
    assert f'href="{money}plan/"' in client.get(money).content.decode()
    client.post(f"{money}plan/", {"instalments": "3", "first_due_on": "01/12/2026"})
    plan = InstalmentPlan.objects.get()
    text = client.get(money).content.decode()
    assert "1er décembre 2026" in text
    assert f'href="{money}plan/end/"' in text
    assert f'href="{money}plan/"' not in text
    assert client.post(f"{money}plan/end/", {"reason": ""}).status_code == 422
    client.post(f"{money}plan/end/", {"reason": "Tout a été payé."})
    plan.refresh_from_db()
    assert plan.state == "ended"


@pytest.mark.parametrize(
    "wrong", [{"instalments": "1"}, {"instalments": "x"}, {"first_due_on": "01/01/2020"},
              {"first_due_on": ""}],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_told(wrong: dict[str, str]) -> None:
    person = _behind().person_id
    typed = {"instalments": "3", "first_due_on": "01/12/2026", **wrong}
    response = _liaison().post(f"/people/{person}/money/plan/", typed)
    assert response.status_code == 422
    assert not InstalmentPlan.objects.exists()


def test_the_account_says_how_each_line_came_about() -> None:
    fatima = craftworker()
    run()
    payment = pay(fatima, 10000).payment_id
    client = _liaison()
    text = client.get(f"/people/{fatima.person_id}/money/").content.decode()
    assert f'href="/payments/{payment}/"' in text
    assert "à payer au plus tard le 31 décembre 2026" in text
    for language in ("ar", "fr", "zgh"):
        address = f"/people/{fatima.person_id}/money/statement-{language}.pdf"
        assert client.get(address).content.startswith(b"%PDF")
    address = f"/people/{fatima.person_id}/money/statement-en.pdf"
    assert client.get(address).status_code == 404
