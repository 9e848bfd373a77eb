"""POST /api/v1/token: access tokens for partners' programs by client credentials, nothing else.

Wrong secrets are counted for all processes together, by client and address and by address alone:
whoever guesses runs dry, and cannot lock a hospital out from elsewhere. Whatever the body holds,
the answer is one of OAuth2's (RFC 6749), never a fault.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any
from urllib.parse import unquote_plus

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views import RevokeTokenView, TokenView

from qafila.foundation.stores.counting import Counter, address_of

TRIES = 10
TRIES_OF_AN_ADDRESS = 100
WITHIN_SECONDS = 300
_LONGEST = 255

_token, _revoke = TokenView.as_view(), RevokeTokenView.as_view()


@csrf_exempt
def token(request: HttpRequest) -> HttpResponse:
    """An access token for a client that gives its secret, for an hour."""
    if (refused := _unreadable(request)) is not None:
        return refused
    if request.POST.get("grant_type") != "client_credentials":
        told = "Only grant_type=client_credentials is offered."
        return _refusal(400, "unsupported_grant_type", told)
    return _limited(request, _token)


@csrf_exempt
def revoke_token(request: HttpRequest) -> HttpResponse:
    """Withdraw a token of the client's own, at once."""
    if (refused := _unreadable(request)) is not None:
        return refused
    return _limited(request, _revoke)


def _limited(request: HttpRequest, answer: Any) -> HttpResponse:
    client, address = _client_of(request), address_of(request)
    counters = (
        Counter(f"secrets of {client} from {address}", TRIES, WITHIN_SECONDS),
        Counter(f"secrets from {address}", TRIES_OF_AN_ADDRESS, WITHIN_SECONDS),
    )
    # Counted before it is tried, so that tries at once count as well as tries in turn.
    counts = [counter.count() for counter in counters]
    if not all(counts):
        response = _refusal(429, "slow_down", "Too many wrong secrets. Wait and try again.")
        response["Retry-After"] = str(WITHIN_SECONDS)
        return response
    response = answer(request)
    if response.status_code != 401:
        for counter in counters:
            counter.take_back()
    response["Cache-Control"] = "no-store"
    return response


def _unreadable(request: HttpRequest) -> HttpResponse | None:
    """A refusal when the body or the client cannot be read, or holds what no client sends."""
    if request.method != "POST":
        response = _refusal(405, "invalid_request", "Send the form by POST.")
        response["Allow"] = "POST"
        return response
    try:
        sent = [part for name, values in request.POST.lists() for part in (name, *values)]
    except (UnicodeError, MultiPartParserError, SuspiciousOperation, ValueError):
        return _refusal(400, "invalid_request", "The body is not a form that can be read.")
    if any("\0" in part or not _is_text(part) for part in (*sent, _client_of(request))):
        return _refusal(400, "invalid_request", "The form holds characters that no field has.")
    if any(len(request.POST.getlist(name)) > 1 for name in request.POST):
        return _refusal(400, "invalid_request", "A field of the form is sent twice.")
    if len(_client_of(request)) > _LONGEST:
        return _refusal(401, "invalid_client", "This client is not known.")
    return None


def _is_text(part: str) -> bool:
    try:
        part.encode()
    except UnicodeEncodeError:
        return False
    return True


def _client_of(request: HttpRequest) -> str:
    """The client's name for itself, by the header or by the form."""
    scheme, _, packed = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return request.POST.get("client_id", "")
    try:
        plain = base64.b64decode(packed, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return unquote_plus(plain.partition(":")[0])


def _refusal(status: int, error: str, told: str) -> HttpResponse:
    body = json.dumps({"error": error, "error_description": told})
    response = HttpResponse(body, status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    if status == 401:
        response["WWW-Authenticate"] = 'Basic realm="qafila"'
    return response
