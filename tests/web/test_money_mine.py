"""My contributions: two questions, then the person's own cover, debt, payments and papers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.contributions.factories import in_arrears, pay
from tests.enrolment.factories import member
from tests.register.factories import AT, places, system
from tests.web.staff import SETTAT, actor_behind, in_language, signed_in, text_of

from qafila.contributions.account.dues import Dues, due_lines
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.ledger.queries import (
    ledger_imbalance,
    settlement_disagreements,
)
from qafila.enrolment.family.life_events import NewEvent, tell_life_event
from qafila.enrolment.models import Enrolment
from qafila.foundation import clock
from qafila.foundation.access_log import record_read
from qafila.foundation.actors import Role
from qafila.foundation.models import AccessLogEntry
from qafila.people.models import PersonalLink
from qafila.people.personal_links import (
    issue_personal_link,
    token_of_code,
    withdraw_personal_link,
)
from qafila.rights.actions import rebuild_rights

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield
    assert ledger_imbalance() == []
    assert settlement_disagreements() == []


def _fatima() -> tuple[Enrolment, str]:
    """Fatima, three months behind, one payment made, and the address of her link."""
    enrolment = in_arrears(3)
    open_reported_arrears(dt.date(2026, 11, 1), actor=system(), at=AT)
    pay(enrolment, 10000)
    issued = issue_personal_link(enrolment.person_id, actor=_liaison(), at=AT)
    return enrolment, f"/mine/{issued.token}/"


def _liaison() -> Any:
    return actor_behind(signed_in(Role.FUND_LIAISON))


def _answers(enrolment: Enrolment, **wrong: str) -> dict[str, str]:
    card = enrolment.person.card_number
    return {"card_end": card[-4:], "birth_year": "1980", **wrong}


@pytest.fixture
def browser(client: Client) -> Client:
    """A phone that nobody signed in on, in French."""
    client.cookies["qafila_language"] = "fr"
    return client


def _open(browser: Client, enrolment: Enrolment, address: str) -> None:
    assert browser.post(address, _answers(enrolment)).status_code == 302


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_the_questions_then_the_account_in_every_language(browser: Client, language: str) -> None:
    fatima, address = _fatima()
    browser.cookies["qafila_language"] = language
    asked = browser.get(address).content.decode()
    assert 'name="card_end"' in asked
    assert "163" not in asked
    assert fatima.person.full_name_latn not in asked
    _open(browser, fatima, address)
    page = browser.get(address).content.decode()
    assert f'lang="{language}"' in page
    assert "227,04" in page
    assert "163,52" in page
    assert "390,56" not in page
    assert 'class="own-answer' in page


def test_nothing_of_the_page_is_kept_anywhere(browser: Client) -> None:
    fatima, address = _fatima()
    _open(browser, fatima, address)
    response = browser.get(address)
    assert response["Cache-Control"] == "no-store"
    assert "noindex" in response["X-Robots-Tag"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_papers_open_with_the_link_only(browser: Client) -> None:
    fatima, address = _fatima()
    payment = fatima.person.payments.get()
    papers = [f"{address}statement-ar.pdf", f"{address}receipt-{payment.pk}-fr.pdf"]
    for paper in papers:
        response = browser.get(paper)
        assert (response.status_code, response["Location"]) == (302, address)
    _open(browser, fatima, address)
    for paper in papers:
        response = browser.get(paper)
        assert response.content.startswith(b"%PDF")
        assert response["Cache-Control"] == "no-store"
    assert browser.get(f"{address}statement-xx.pdf").status_code == 404


def test_the_receipt_of_somebody_else_is_not_there(browser: Client) -> None:
    fatima, address = _fatima()
    other = in_arrears(1)
    pay(other, 5000)
    _open(browser, fatima, address)
    theirs = other.person.payments.get().pk
    assert browser.get(f"{address}receipt-{theirs}-fr.pdf").status_code == 404


@pytest.mark.parametrize("wrong", [{"card_end": "0000"}, {"birth_year": "1981"}])
def test_a_wrong_answer_tells_nothing(browser: Client, wrong: dict[str, str]) -> None:
    fatima, address = _fatima()
    response = browser.post(address, _answers(fatima, **wrong))
    assert response.status_code == 422
    text = response.content.decode()
    assert "ne s’est pas ouvert" in text
    assert fatima.person.full_name_latn not in text
    assert 'name="card_end"' in browser.get(address).content.decode()


def test_five_wrong_answers_lock_and_the_sentence_stays_the_same(browser: Client) -> None:
    fatima, address = _fatima()
    texts = [browser.post(address, _answers(fatima, birth_year="1900")).content for _ in range(5)]
    locked = browser.post(address, _answers(fatima))
    assert locked.status_code == 422
    assert len({len(text) for text in [*texts, locked.content]}) == 1
    assert PersonalLink.objects.get().wrong_tries == 5


def test_too_many_tries_from_one_address_wait(browser: Client) -> None:
    fatima, address = _fatima()
    for _ in range(10):
        browser.post(address, {"card_end": "", "birth_year": ""})
    assert browser.post(address, _answers(fatima)).status_code == 429


def test_after_twenty_minutes_the_questions_come_again(browser: Client) -> None:
    fatima, address = _fatima()
    _open(browser, fatima, address)
    with clock.stopped_at(AT + dt.timedelta(minutes=21)):
        assert 'name="card_end"' in browser.get(address).content.decode()


def test_closing_and_another_link_ask_again(browser: Client) -> None:
    fatima, address = _fatima()
    _open(browser, fatima, address)
    _other, second = _fatima()
    assert 'name="card_end"' in browser.get(second).content.decode()
    browser.post(f"{address}close/")
    assert 'name="card_end"' in browser.get(address).content.decode()


def test_a_withdrawn_link_stops_while_it_is_open(browser: Client) -> None:
    fatima, address = _fatima()
    _open(browser, fatima, address)
    withdraw_personal_link(fatima.person_id, actor=_liaison(), at=AT)
    assert browser.get(address).status_code == 404
    assert browser.get(f"{address}statement-fr.pdf").status_code == 404


def test_the_look_is_logged_as_the_person_s_own(browser: Client) -> None:
    fatima, address = _fatima()
    _open(browser, fatima, address)
    browser.get(address)
    entry = AccessLogEntry.objects.get(person_id=fatima.person_id)
    assert (entry.reader.name, entry.place) == ("personal link", "mine")


def test_the_account_keeps_a_query_budget(
    browser: Client, django_assert_max_num_queries: Any
) -> None:
    fatima, address = _fatima()
    _open(browser, fatima, address)
    browser.get("/pay/")
    for _look in ("first", "repeated"):
        # One of them reads the session: it is one for all processes.
        with django_assert_max_num_queries(13):
            assert browser.get(address).status_code == 200
    assert AccessLogEntry.objects.count() == 1


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_the_agent_issues_the_link_once_with_its_code_and_withdraws_it(language: str) -> None:
    fatima = in_arrears(1).person
    agent = signed_in(Role.COUNTER_AGENT, language=language)
    page = f"/people/{fatima.pk}/money/link/"
    assert "testserver/mine/" not in agent.get(page).content.decode()
    issued = agent.post(page).content.decode()
    assert "http://testserver/mine/" in issued
    assert "<svg" in issued
    assert "testserver/mine/" not in agent.get(page).content.decode()
    token = issued.rpartition("testserver/mine/")[2].partition("/")[0]
    assert Client().get(f"/mine/{token}/").status_code == 200
    agent.post(f"{page}withdraw/")
    assert Client().get(f"/mine/{token}/").status_code == 404


def test_a_file_without_card_is_told_and_strangers_find_nothing() -> None:
    from tests.register.factories import person

    page = f"/people/{person(without_card=True).pk}/money/link/"
    response = signed_in(Role.COUNTER_AGENT).post(page)
    assert response.status_code == 422
    assert "banner" in response.content.decode()
    assert signed_in(Role.COUNTER_AGENT, province=SETTAT).post(page).status_code == 404
    assert signed_in(Role.AUDITOR, province=None).get(page).status_code == 404


def test_after_a_death_the_family_reads_its_last_day_of_cover(browser: Client) -> None:
    fatima = in_arrears(0)
    member(fatima.person)
    pay(fatima, 20_000)
    rebuild_rights(on=AT.date(), actor=system(), at=AT)
    issued = issue_personal_link(fatima.person_id, actor=_liaison(), at=AT)
    address = f"/mine/{issued.token}/"
    event = NewEvent("death", dt.date(2026, 11, 10), document="Acte 77")
    tell_life_event(insured_id=fatima.person_id, event=event, actor=system(), at=AT)
    _open(browser, fatima, address)
    page = browser.get(address).content.decode()
    assert "Décès le 10 novembre 2026" in page
    assert "La famille reste couverte jusqu’au 9 novembre 2028 inclus." in page
    assert "200,00" in page
    assert "Vos droits ne sont plus ouverts" not in page


def test_what_opens_rights_again_comes_before_what_is_larger() -> None:
    dues = Dues(16_352, dt.date(2026, 10, 31), 39_000, dt.date(2026, 12, 31), 0)
    lines = due_lines(dues, money=str, day=str, reopens=True)
    assert [(one.kind, one.value) for one in lines] == [("late", "16352"), ("later", "39000")]
    assert "rights to reopen" in lines[0].note


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_the_person_reads_who_looked_at_the_file_and_why(browser: Client, language: str) -> None:
    enrolment, address = _fatima()
    assert browser.get(f"{address}data/").status_code == 302  # the questions come first
    _open(browser, enrolment, address)
    karim = actor_behind(signed_in(Role.COUNTER_AGENT))
    record_read(enrolment.person_id, actor=karim, at=AT, reason="serving", place="file")
    page = text_of(in_language(browser, language).get(f"{address}data/"))
    if language == "fr":
        assert "Chambre · Agent de guichet" in page
        assert "pour vous servir" in page
    assert karim.name not in page


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_the_code_of_the_sheet_is_typed_on_a_page(browser: Client, language: str) -> None:
    enrolment = in_arrears(3)
    issued = issue_personal_link(enrolment.person_id, actor=_liaison(), at=AT)
    in_language(browser, language)
    assert "big-code" in text_of(browser.get("/mine/"))
    assert browser.post("/mine/", {"code": issued.code[:-1]}).status_code == 422
    asked = browser.post("/mine/", {"code": f" {issued.code.replace(' ', '-')} "})
    address = asked.headers["Location"]
    assert issued.code.replace(" ", "") not in address
    _open(browser, enrolment, address)
    assert browser.get(address).status_code == 200
    assert browser.get(f"{address}data/").status_code == 200
    withdraw_personal_link(enrolment.person_id, actor=_liaison(), at=AT)
    assert browser.get(address).status_code == 404
    assert browser.post("/mine/", {"code": issued.code}).status_code == 422


def test_few_codes_are_tried_from_one_address(browser: Client) -> None:
    from stdnum import damm

    for number in range(10):
        drawn = f"{number:011d}"
        typed = drawn + damm.calc_check_digit(drawn)
        assert browser.post("/mine/", {"code": typed}).status_code == 422
    assert browser.post("/mine/", {"code": typed}).status_code == 429


def test_the_sheet_is_in_arabic_and_french_with_the_code_in_large_type() -> None:
    enrolment = in_arrears(1)
    karim = signed_in(Role.FUND_LIAISON, province=None)
    page = text_of(karim.post(f"/people/{enrolment.person_id}/money/link/"))
    [code] = re.findall(r'short-code"><bdi dir="ltr">(\d{4} \d{4} \d{4})<', page)
    assert token_of_code(code, at=AT)
    assert "صوروا الرمز المربع" in page
    assert "Scannez le code carré" in page
    assert code not in text_of(karim.get(f"/people/{enrolment.person_id}/money/link/"))
