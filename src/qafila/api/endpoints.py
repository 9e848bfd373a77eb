"""The API as it is described to partners, on django-ninja."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, ValidationError
from ninja.security.base import AuthBase

from qafila.api.clients import DEPENDANTS, READ, AskingPartner, partner_asking
from qafila.api.coverage_check.connections import (
    ask_through_django,
    check_through_django,
)
from qafila.api.coverage_check.coverage import (
    CoverageAnswer,
    CoverageQuestion,
    ProblemAnswer,
    check_to_make,
    language_of,
    told,
)
from qafila.api.limits import UNKNOWN_NUMBER_COSTS, checks_of
from qafila.api.payments import router as payments
from qafila.api.problems import Problem, first_bad_field, not_json, too_many, unread
from qafila.care.coverage_check.coverage import NO_SUCH_NUMBER
from qafila.foundation.clock import now
from qafila.foundation.stores import allowances


class PartnerToken(AuthBase):
    """OAuth2 client credentials: a token of /api/v1/token."""

    openapi_type = "oauth2"
    openapi_flows = {
        "clientCredentials": {
            "tokenUrl": "/api/v1/token",
            "scopes": {
                READ: "Ask whether a person is covered on a day",
                DEPENDANTS: "Ask about the person's spouse and children too",
            },
        }
    }

    def __call__(self, request: HttpRequest) -> AskingPartner:
        header = request.headers.get("Authorization", "")
        return partner_asking(header, ask_through_django, now())


api = NinjaAPI(
    title="Qafila",
    version="1",
    description="Cover of Morocco's self-employed, for the programs of hospitals and pharmacies.",
    docs_url=None,
    urls_namespace="api",
)

api.add_router("", payments)

_REFUSALS = dict.fromkeys((401, 403, 422, 429, 503), ProblemAnswer)


@api.get(
    "/coverage",
    auth=PartnerToken(),
    response={200: CoverageAnswer, **_REFUSALS},
    summary="Is this person covered on this day?",
    operation_id="coverage",
    tags=["coverage"],
)
def coverage(request: HttpRequest, question: Query[CoverageQuestion]) -> dict[str, Any]:
    """One check, noted with who asked.

    An unknown number is answered 200 with the status `unknown` and counts like ten checks.
    Sentences are in the language of `Accept-Language` (ar, fr, zgh; en for machines).
    """
    partner: AskingPartner = request.auth  # type: ignore[attr-defined]
    language = language_of(request.headers.get("Accept-Language", ""))
    check = check_to_make(question, partner, now())
    wait = allowances.take(checks_of(partner.partner_id), partner.checks_per_minute)
    if wait:
        raise too_many(wait)
    found = check_through_django(check)
    if found.reason == NO_SUCH_NUMBER:
        allowances.charge(checks_of(partner.partner_id), UNKNOWN_NUMBER_COSTS - 1)
    return told(found, check, language)


@api.exception_handler(Problem)
def _refuse(request: HttpRequest, problem: Problem) -> HttpResponse:
    language = language_of(request.headers.get("Accept-Language", ""))
    with translation.override(language):
        response = api.create_response(request, problem.body(), status=problem.status)
    for name, value in problem.headers().items():
        response[name] = value
    return response


@api.exception_handler(HttpError)
def _refuse_unread(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the library itself refuses: a body that is no JSON, most of all."""
    if error.status_code == 400 and request.content_type != "application/json":
        return _refuse(request, not_json())
    return _refuse(request, unread(error.status_code))


@api.exception_handler(ValidationError)
def _refuse_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _refuse(request, first_bad_field(error.errors))
