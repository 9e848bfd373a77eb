"""POST /api/v1/payments: operators send the payments they received, and take them back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from ninja import Path, Router
from ninja.security.base import AuthBase
from pydantic import BaseModel, BeforeValidator, Field, StrictInt

from qafila.api.clients import PAYMENTS, AskingPartner, partner_asking, require_payments
from qafila.api.coverage_check.connections import ask_through_django
from qafila.api.coverage_check.coverage import ProblemAnswer, language_of
from qafila.api.limits import sendings_of
from qafila.api.problems import Problem, too_many
from qafila.api.typed import TIDY
from qafila.exchange.payments.operators import (
    REPEATED,
    Operator,
    SentPayment,
    book_sent_payments,
    reverse_sent_payment,
)
from qafila.foundation.clock import day_of, now
from qafila.foundation.errors import DomainError, NotFoundInScope
from qafila.foundation.stores import allowances

MOST_AT_ONCE = 1_000
REQUESTS_A_MINUTE = 60
_MOST_CENTIMES = 10**11

Reference = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,58}$",
        description="The operator's own reference, once per payment: sent again, it is repeated.",
    ),
    *TIDY,
]


def _whole(value: Any) -> Any:
    """100.0 is a whole number in JSON, whatever language wrote it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class OperatorToken(AuthBase):
    """OAuth2 client credentials with the scope of operators."""

    openapi_type = "oauth2"
    openapi_flows = {
        "clientCredentials": {
            "tokenUrl": "/api/v1/token",
            "scopes": {PAYMENTS: "Send payments received, and take them back"},
        }
    }

    def __call__(self, request: HttpRequest) -> AskingPartner:
        header = request.headers.get("Authorization", "")
        partner = partner_asking(header, ask_through_django, now(), needs=PAYMENTS)
        require_payments(partner)
        wait = allowances.take(sendings_of(partner.partner_id), REQUESTS_A_MINUTE)
        if wait:
            raise too_many(wait)
        return partner


class PaymentSent(BaseModel):
    """A payment an operator received for a person."""

    reference: Reference
    id_type: Literal["cin", "fund", "nia"]
    id: Annotated[str, Field(min_length=1, max_length=30), *TIDY]
    amount_centimes: Annotated[
        StrictInt, Field(ge=-_MOST_CENTIMES, le=_MOST_CENTIMES), BeforeValidator(_whole)
    ]
    paid_on: Annotated[str, Field(max_length=10, description="The day, such as 2026-11-22."), *TIDY]


class PaymentsSent(BaseModel):
    """A batch of payments."""

    payments: Annotated[list[PaymentSent], Field(min_length=1, max_length=MOST_AT_ONCE)]


class PaymentAnswer(BaseModel):
    """What became of a payment; `code` and `sentence` are empty unless it was rejected."""

    reference: str
    outcome: Literal["accepted", "repeated", "rejected"]
    code: str
    sentence: str


class PaymentsAnswer(BaseModel):
    """The balance of a batch: read = accepted + rejected + repeated."""

    read: int
    accepted: int
    rejected: int
    repeated: int
    payments: list[PaymentAnswer]


class ReversalAsked(BaseModel):
    """Why and when the money went back."""

    reason: Annotated[str, Field(min_length=3, max_length=200), *TIDY]
    on: Annotated[dt.date | None, Field(description="The day the money went back.")] = None


class ReversalAnswer(BaseModel):
    """`repeated` when the payment was taken back before; nothing changes then."""

    reference: str
    outcome: Literal["reversed", "repeated"]


router = Router(tags=["payments"], auth=OperatorToken())
_REFUSALS = dict.fromkeys((400, 401, 403, 404, 413, 415, 422, 429, 503), ProblemAnswer)


@router.post(
    "/payments",
    response={200: PaymentsAnswer, **_REFUSALS},
    summary="Send payments received",
    operation_id="send_payments",
)
def send_payments(request: HttpRequest, batch: PaymentsSent) -> dict[str, Any]:
    """At most 1,000 payments, each answered, all booked in one transaction.

    Safe to send again: the reference is the key. Sentences follow `Accept-Language` (ar, fr, zgh;
    en for machines).
    """
    sent = [
        SentPayment(one.reference, one.id_type, one.id, one.amount_centimes, one.paid_on)
        for one in batch.payments
    ]
    with translation.override(_language(request)):
        answers = book_sent_payments(sent, _operator(request), at=now())
    outcomes = [answer.outcome for answer in answers]
    counts = {name: outcomes.count(name) for name in ("accepted", "rejected", "repeated")}
    return {"read": len(answers), **counts, "payments": [vars(answer) for answer in answers]}


@router.post(
    "/payments/{path:reference}/reversal",
    response={200: ReversalAnswer, **_REFUSALS},
    summary="Take a payment back",
    operation_id="reverse_payment",
)
def reverse_payment(
    request: HttpRequest, reference: Path[Reference], asked: ReversalAsked
) -> dict[str, Any]:
    """The calls the payment had settled are due again. Without `on`, it is today."""
    at = now()
    day = asked.on or day_of(at)
    try:
        with translation.override(_language(request)):
            new = reverse_sent_payment(
                reference, _operator(request), reason=asked.reason, on=day, at=at
            )
    except NotFoundInScope:
        sentence = _("You sent no payment under the reference %(reference)s. Check it.")
        raise Problem(404, "unknown_reference", sentence, reference=reference) from None
    except DomainError as refusal:
        with translation.override(_language(request)):
            told = refusal.sentence()
        raise Problem(422, refusal.code, "%(told)s", field="on", told=told) from None
    return {"reference": reference, "outcome": "reversed" if new else REPEATED}


def _operator(request: HttpRequest) -> Operator:
    partner: AskingPartner = request.auth  # type: ignore[attr-defined]
    return Operator(partner.partner_id, partner.actor_id, partner.name)


def _language(request: HttpRequest) -> str:
    return language_of(request.headers.get("Accept-Language", ""))
