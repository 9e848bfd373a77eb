"""The public page of what one would pay, and why."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from qafila.foundation import clock
from qafila.web.pay import pages as pay_page
from qafila.web.pay.forms import PayForm, plain_amount

pytestmark = pytest.mark.django_db

SPACE = "\N{NO-BREAK SPACE}"


def _ask(client: Client, language: str = "fr", **asked: str) -> tuple[int, str]:
    client.cookies["qafila_language"] = language
    response = client.get("/pay/", asked)
    return response.status_code, html.unescape(response.text)


def _sum(page: str) -> str:
    found = re.search(r'<p class="sum">([^<]+)</p>', page)
    assert found, "no amount on the page"
    return found[1]


@pytest.mark.parametrize(
    ("month", "amount"),
    [
        ("2022-05", "135,14"),
        ("2022-10", "141,89"),
        ("2023-10", "148,65"),
        ("2025-02", "156,04"),
        ("2026-02", "163,52"),
    ],
)
def test_a_craftworker_sees_the_amount_of_the_month(
    client: Client, month: str, amount: str
) -> None:
    status, page = _ask(client, category="craftworker", month=month)
    assert status == 200
    assert _sum(page) == f"{amount}{SPACE}DH"


@pytest.mark.parametrize(
    ("language", "told"),
    [("ar", f"163,52{SPACE}درهم"), ("fr", f"163,52{SPACE}DH"), ("zgh", f"163,52{SPACE}ⴷⵔⵀⵎ")],
)
def test_the_amount_and_its_steps_are_told_in_three_languages(
    client: Client, language: str, told: str
) -> None:
    _, page = _ask(client, language, category="craftworker", month="2026-11")
    assert _sum(page) == told
    steps = re.findall(r"<ol class=\"explained\">.*?</ol>", page, re.DOTALL)[0]
    assert steps.count("<li>") == 4
    assert re.search(r"2[-.]18[-.]623", steps)
    assert page.index('class="sum"') < page.index('class="explained"')


def test_those_who_pay_with_their_tax_see_the_quarter_first(client: Client) -> None:
    _, page = _ask(client, category="cpu", month="2026-11", annual_tax="640")
    assert _sum(page) == f"390,00{SPACE}DH"
    assert f"130,00{SPACE}DH par mois" in page
    assert f"1{SPACE}560,00{SPACE}DH par an" in page


def test_accounts_by_regime_and_profit(client: Client) -> None:
    _, page = _ask(client, category="accounts", month="2026-11", regime="rnr", profit="100 000,00")
    assert _sum(page) == f"697,69{SPACE}DH"


def test_the_fragment_equals_the_page(client: Client) -> None:
    asked = {"category": "cpu", "month": "2026-11", "annual_tax": "640"}
    page = client.get("/pay/", asked)
    fragment = client.get("/pay/", asked, headers={"HX-Request": "true"})
    assert "<html" not in fragment.text
    assert fragment.text.strip() in page.text
    assert "HX-Request" in page.headers["Vary"]


def test_the_first_visit_asks_and_answers_nothing_yet(client: Client) -> None:
    page = client.get("/pay/").text
    assert 'class="sum"' not in page
    assert 'value="craftworker" required id="id_category_0" checked' in page


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({"category": "miner", "month": "2026-11"}, "category", "miner"),
        ({"category": "", "month": "2026-11"}, "category", "Choisissez"),
        ({"category": "craftworker"}, "month", "Choisissez un mois"),
        ({"category": "craftworker", "month": "2026-13"}, "month", "2026-13"),
        ({"category": "craftworker", "month": "2019-01"}, "month", "2022"),
        ({"category": "craftworker", "month": "\x00"}, "month", ""),
        ({"category": "cpu", "month": "2026-11"}, "annual_tax", "impôt"),
        ({"category": "cpu", "month": "2026-11", "annual_tax": "abc"}, "annual_tax", "abc"),
        ({"category": "cpu", "month": "2026-11", "annual_tax": "-5"}, "annual_tax", "-5"),
        ({"category": "cpu", "month": "2026-11", "annual_tax": "9" * 40}, "annual_tax", ""),
        ({"category": "accounts", "month": "2026-11"}, "regime", "régime"),
        ({"category": "accounts", "month": "2026-11", "regime": "x"}, "regime", "x"),
        (
            {"category": "accounts", "month": "2026-11", "regime": "rnr", "profit": "much"},
            "profit",
            "much",
        ),
    ],
)
def test_bad_input_gets_a_sentence_at_its_field(
    client: Client, asked: dict[str, str], field: str, words: str
) -> None:
    status, page = _ask(client, **asked)
    assert status == 422
    errors = re.search(rf'<ul class="errorlist" id="id_{field}_error">(.*?)</ul>', page, re.DOTALL)
    assert errors, f"no sentence at {field}"
    assert words in errors[1]
    assert re.search(r"[.…]\s*</li>\s*$", errors[1]), "not a whole sentence"
    assert 'class="sum"' not in page


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("1 560,50", "1560.50"), ("1.560,50", "1560.50"), ("640", "640"), ("640.5", "640.5")],
)
def test_amounts_are_read_as_people_type_them(typed: str, plain: str) -> None:
    assert plain_amount(typed) == plain


def test_an_empty_amount_is_unknown() -> None:
    assert plain_amount("  ") is None


def test_too_many_questions_from_one_address_wait(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pay_page, "_PER_MINUTE", 2)
    statuses = [_ask(client, category="craftworker", month="2026-11")[0] for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert client.get("/pay/").status_code == 200


def test_a_month_that_is_not_offered_is_not_silently_replaced(client: Client) -> None:
    _, page = _ask(client, category="craftworker", month="1999-01")
    select = re.findall(r"<select.*?</select>", page, re.DOTALL)[0]
    assert "selected" not in select
    assert select.index('value=""') < select.index("<optgroup")


@pytest.mark.parametrize("typed", ["150.000", "1,560", "1e5", "-0", "163.5200", "12-3"])
def test_an_amount_of_two_senses_or_none_is_asked_about(typed: str) -> None:
    with pytest.raises(ValidationError, match="Write"):
        plain_amount(typed)
    form = PayForm(
        {"category": "cpu", "month": "2026-11", "annual_tax": typed}, today=dt.date(2026, 11, 1)
    )
    assert list(form.errors) == ["annual_tax"]
    form = PayForm(
        {"category": "craftworker", "month": "2026-11", "annual_tax": typed},
        today=dt.date(2026, 11, 1),
    )
    assert form.is_valid()


def test_a_changed_question_leaves_no_old_amount_and_blames_nobody(client: Client) -> None:
    client.cookies["qafila_language"] = "fr"
    changing = {"HX-Request": "true", "HX-Trigger": "pay-questions"}
    unfinished = client.get("/pay/", {"category": "cpu", "month": "2026-11"}, headers=changing)
    assert unfinished.status_code == 200
    assert 'class="sum"' not in unfinished.text
    assert "errorlist" not in unfinished.text
    assert re.search(r'value="cpu"[^>]*checked', unfinished.text)
    asked = {"category": "cpu", "month": "2026-11", "annual_tax": "640"}
    complete = client.get("/pay/", asked, headers=changing)
    assert f"390,00{SPACE}DH" in complete.text
    # Typing goes on: only an amount that was asked for takes the focus.
    assert "autofocus" not in complete.text
    assert "autofocus" in client.get("/pay/", asked).text


def test_the_answer_says_for_whom_and_how_to_pay_before_why(client: Client) -> None:
    _, page = _ask(client, category="craftworker", month="2026-11")
    box = page[page.index('id="answer"') : page.index("Pourquoi ce montant")]
    assert "Artisan" in box
    assert "31 décembre 2026" in box
    assert "3939" in box


def test_months_of_a_year_around_are_offered_and_an_older_one_asked_for_stays(
    client: Client,
) -> None:
    with clock.stopped_at(dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)):
        assert client.get("/pay/").text.count("<option") == 25
        _, page = _ask(client, category="craftworker", month="2022-05")
    assert re.search(r'value="2022-05"[^>]*selected', page)
