"""Operators send payments: who may, each answered, sent again without harm, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.api.factories import AT, token
from tests.contributions.factories import craftworker, in_arrears
from tests.register.factories import places

from qafila.api import payments
from qafila.care.coverage_check.registering import register_client
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.ledger.queries import (
    ledger_imbalance,
    settlement_disagreements,
)
from qafila.contributions.models.calls_and_ledger import Payment, PaymentFile
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import system_actor

pytestmark = pytest.mark.django_db
URL = "/api/v1/payments"


@pytest.fixture(autouse=True)
def _books_agree(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(payments, "now", lambda: AT)
    places()
    yield
    assert ledger_imbalance() == []
    assert settlement_disagreements() == []


def operator(scope: str = "payments:write", **partner: Any) -> str:
    return token(scope, **{"name": "Barid Cash", "may_book_payments": True, **partner})


def payment(number: str, reference: str = "BC-1", **fields: Any) -> dict[str, Any]:
    good = {"reference": reference, "id_type": "fund", "id": number}
    return {**good, "amount_centimes": 16352, "paid_on": "2026-11-10", **fields}


def send(client: Client, bearer: str, *sent: dict[str, Any], language: str = "en") -> Any:
    return client.post(
        URL, {"payments": list(sent)}, content_type="application/json",
        headers={"Authorization": f"Bearer {bearer}", "Accept-Language": language},
    )  # fmt: skip


def take_back(client: Client, bearer: str, reference: str = "BC-1", **asked: Any) -> Any:
    return client.post(
        f"{URL}/{reference}/reversal", {"reason": "Paid by mistake.", **asked},
        content_type="application/json",
        headers={"Authorization": f"Bearer {bearer}", "Accept-Language": "en"},
    )  # fmt: skip


def outcomes(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    told = response.json()
    assert told["read"] == told["accepted"] + told["rejected"] + told["repeated"]
    return [one["outcome"] for one in told["payments"]]


def test_each_payment_is_answered(client: Client) -> None:
    fatima = craftworker()
    response = send(
        client, operator(),
        payment(fatima.fund_number),
        payment(fatima.fund_number),
        payment(fatima.person.card_number, "BC-2", id_type="cin", amount_centimes=100),
        payment("999999999", "BC-3"),
        payment("12", "BC-4"),
        payment(fatima.fund_number, "BC-5", amount_centimes=-5),
        payment(fatima.fund_number, "BC-6", paid_on="31/11/2026"),
        payment(fatima.fund_number, "BC-7", paid_on="2027-01-01"),
    )  # fmt: skip
    assert outcomes(response) == ["accepted", "repeated", "accepted", *["rejected"] * 5]
    told = [one["sentence"] for one in response.json()["payments"]]
    assert "Nobody is known" in told[3]
    assert "negative" in told[5]
    assert "“31/11/2026” is not a date" in told[6]
    assert "has not come yet" in told[7]
    assert sorted(Payment.objects.values_list("amount_centimes", flat=True)) == [100, 16352]


def test_a_batch_sent_again_is_repeated_and_a_key_serves_once(client: Client) -> None:
    fatima, bearer = craftworker(), operator()
    assert outcomes(send(client, bearer, payment(fatima.fund_number))) == ["accepted"]
    assert outcomes(send(client, bearer, payment(fatima.fund_number))) == ["repeated"]
    for other in (
        payment(fatima.fund_number, amount_centimes=1),
        payment(craftworker().fund_number),
        payment(fatima.fund_number, paid_on="2026-11-11"),
    ):
        response = send(client, bearer, other)
        assert outcomes(response) == ["rejected"]
        assert response.json()["payments"][0]["code"] == "reference_reused"
    # Another operator has references of its own.
    assert outcomes(send(client, operator(), payment(fatima.fund_number))) == ["accepted"]
    assert Payment.objects.count() == 2


def test_one_key_for_two_amounts_in_one_batch(client: Client) -> None:
    number = craftworker().fund_number
    response = send(client, operator(), payment(number), payment(number, amount_centimes=1))
    assert outcomes(response) == ["accepted", "rejected"]


def test_a_reference_called_total_is_a_payment_all_the_same(client: Client) -> None:
    bearer, sent = operator(), payment(craftworker().fund_number, "Total")
    assert outcomes(send(client, bearer, sent)) == ["accepted"]
    assert outcomes(send(client, bearer, sent)) == ["repeated"]
    assert take_back(client, bearer, "Total").json()["outcome"] == "reversed"


def test_a_payment_is_taken_back_once(client: Client) -> None:
    bearer = operator()
    send(client, bearer, payment(craftworker().fund_number, "BC/2026-1"))
    first = take_back(client, bearer, "BC/2026-1")
    assert (first.status_code, first.json()["outcome"]) == (200, "reversed")
    assert take_back(client, bearer, "BC/2026-1").json()["outcome"] == "repeated"
    assert Payment.objects.get().reversed_on == AT.date()


def test_what_cannot_be_taken_back(client: Client) -> None:
    bearer = operator()
    send(client, bearer, payment(craftworker().fund_number))
    assert take_back(client, operator()).status_code == 404
    unknown = take_back(client, bearer, "BC-9")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_reference")
    for day in ("2026-11-01", "2027-01-01"):
        early = take_back(client, bearer, on=day)
        assert (early.status_code, early.json()["code"]) == (422, "bad_payment")
        assert day in early.json()["sentence"]
    assert take_back(client, bearer, reason="").json()["field"] == "reason"
    assert Payment.objects.get().reversed_on is None


@pytest.mark.parametrize(
    ("scope", "partner", "status"),
    [
        ("coverage:read", {}, 403),
        ("payments:write", {"may_book_payments": False}, 403),
        ("coverage:read payments:write", {}, 200),
    ],
)
def test_who_may_send(client: Client, scope: str, partner: dict[str, Any], status: int) -> None:
    sent = payment(craftworker().fund_number)
    assert send(client, operator(scope, **partner), sent).status_code == status
    assert Payment.objects.exists() is (status == 200)


def test_without_a_token_nothing_is_booked(client: Client) -> None:
    assert send(client, "wrong", payment("1")).status_code == 401
    assert take_back(client, "wrong").status_code == 401
    assert client.get(URL).status_code == 405
    assert not PaymentFile.objects.exists()


def test_an_operator_s_token_does_not_read_cover(client: Client) -> None:
    bearer = operator()
    response = client.get(
        "/api/v1/coverage", {"id_type": "cin", "id": "A1", "on": "2026-11-22"},
        headers={"Authorization": f"Bearer {bearer}"},
    )  # fmt: skip
    assert response.status_code == 403


def test_the_journal_names_the_operator(client: Client) -> None:
    send(client, operator(), payment(craftworker().fund_number))
    entry = JournalEntry.objects.get(verb="contributions.payments_booked")
    assert entry.actor.name == "Barid Cash"
    assert PaymentFile.objects.get().file_name.startswith("Barid Cash ")


def test_sentences_follow_the_language(client: Client) -> None:
    bearer, sent = operator(), payment("999999999")
    told = {
        send(client, bearer, sent, language=one).json()["payments"][0]["sentence"]
        for one in ("ar", "fr;q=0.9", "en-GB", "zgh")
    }
    assert len(told) == 4


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"reference": "a b"}, "reference"),
        ({"reference": "x" * 60}, "reference"),
        ({"id_type": "passport"}, "id_type"),
        ({"amount_centimes": 163.5}, "amount_centimes"),
        ({"amount_centimes": "16352"}, "amount_centimes"),
        ({"amount_centimes": 10**30}, "amount_centimes"),
        ({"paid_on": 20261110}, "paid_on"),
    ],
)
def test_a_batch_that_cannot_be_read_is_refused_whole(
    client: Client, changes: dict[str, Any], field: str
) -> None:
    good = payment(craftworker().fund_number)
    response = send(client, operator(), good, {**good, **changes})
    assert (response.status_code, response.json()["field"]) == (422, field)
    assert field in response.json()["sentence"]
    assert not PaymentFile.objects.exists()


@pytest.mark.parametrize("count", [0, 1001])
def test_a_batch_has_its_bounds(client: Client, count: int) -> None:
    response = send(client, operator(), *[payment("100000001")] * count)
    assert (response.status_code, response.json()["field"]) == (422, "payments")


def test_requests_have_their_rate(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payments, "REQUESTS_A_MINUTE", 2)
    bearer = operator()
    statuses = [send(client, bearer, payment("100000001")).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_a_token_with_the_scope_is_given_to_clients() -> None:
    made = register_client(
        name="Barid Cash", may_book_payments=True, actor=system_actor("tests"), at=AT
    )
    scopes = {**django_settings.OAUTH2_PROVIDER["SCOPES"], "payments:write": "Send payments"}
    with override_settings(OAUTH2_PROVIDER={**django_settings.OAUTH2_PROVIDER, "SCOPES": scopes}):
        response = Client().post(
            "/api/v1/token",
            {
                "grant_type": "client_credentials", "scope": "payments:write",
                "client_id": made.client_id, "client_secret": made.client_secret,
            },
        )  # fmt: skip
    assert response.json()["scope"] == "payments:write"


TEXT = st.text(max_size=20)
ANYTHING = st.fixed_dictionaries(
    {
        "reference": st.sampled_from(["A", "B", "total"]) | TEXT,
        "id_type": st.sampled_from(["fund", "cin", "nia", "x"]),
        "id": st.sampled_from(["123456789", "JB1"]) | TEXT,
        "amount_centimes": st.integers() | st.floats() | st.none(),
        "paid_on": st.sampled_from(["2026-11-10", "2026-13-01"]) | TEXT,
    }
)


def test_nothing_an_operator_sends_breaks_the_api(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payments, "REQUESTS_A_MINUTE", 10**6)
    bearer, client = operator(), Client(raise_request_exception=False)

    @settings(max_examples=50, deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.lists(ANYTHING, max_size=3))
    def tried(sent: list[dict[str, Any]]) -> None:
        response = send(client, bearer, *sent)
        assert response.status_code in (200, 422)
        assert response.status_code == 200 or response.json()["sentence"].endswith(".")

    tried()


def test_cover_opens_in_the_answer_that_takes_all_arrears(client: Client) -> None:
    fatima = in_arrears(4)
    open_reported_arrears(AT.date(), actor=system_actor("tests"), at=AT)
    asked = {"id_type": "fund", "id": fatima.fund_number, "on": "2026-11-22"}
    checking = {"Authorization": f"Bearer {token()}"}
    before = client.get("/api/v1/coverage", asked, headers=checking).json()
    sending = operator()
    response = send(client, sending, payment(fatima.fund_number, amount_centimes=4 * 16352))
    assert outcomes(response) == ["accepted"]
    after = client.get("/api/v1/coverage", asked, headers=checking).json()
    assert (before["status"], after["status"]) == ("suspended", "open")


@pytest.mark.parametrize(
    ("method", "address", "sent", "status", "code"),
    [
        ("GET", "/api/v1/nothing", {}, 404, "no_such_address"),
        ("GET", "/api/v2/coverage", {}, 404, "no_such_address"),
        ("GET", URL, {}, 405, "method_not_allowed"),
        ("DELETE", "/api/v1/coverage", {}, 405, "method_not_allowed"),
        ("POST", URL, {"data": "{", "content_type": "application/json"}, 400, "bad_request"),
        ("POST", URL, {"data": b"\xff\xfe", "content_type": "application/json"}, 400,
         "bad_request"),
        ("POST", URL, {"data": "<x/>", "content_type": "application/xml"}, 415, "not_json"),
        ("POST", URL, {"data": "a=1", "content_type": "application/x-www-form-urlencoded"},
         415, "not_json"),
        ("POST", URL, {"data": "[]", "content_type": "application/json"}, 422, "bad_field"),
        ("GET", "/api/v1/coverage", {}, 403, "scope_missing"),
    ],
)  # fmt: skip
def test_every_refusal_has_the_one_shape(
    client: Client, method: str, address: str, sent: dict[str, Any], status: int, code: str
) -> None:
    bearer = token("payments:write", name="Barid Cash", may_book_payments=True)
    headers = {"Authorization": f"Bearer {bearer}", "Accept-Language": "fr"}
    answer = client.generic(method, address, headers=headers, **sent)
    assert (answer.status_code, answer["Content-Type"][:16]) == (status, "application/json")
    told = answer.json()
    assert set(told) == {"code", "sentence", "field"}
    assert told["code"] == code
    assert told["sentence"].endswith((".", "».", "»"))
