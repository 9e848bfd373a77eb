"""Every refusal below /api/ has the one shape, whoever refuses: the router, a form, or a fault."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.api.coverage_check.coverage import language_of
from qafila.api.problems import Problem, fault, unavailable

_ABOVE = "/api/"
_SENTENCES: dict[int, tuple[str, Promise]] = {
    404: ("no_such_address", _("There is nothing at this address. See /api/v1/openapi.json.")),
    405: ("method_not_allowed", _("This address is not asked so. See /api/v1/openapi.json.")),
    408: ("too_slow", _("The request came too slowly. Send it again on a better line.")),
    413: ("too_large", _("The request is larger than allowed. Send it in parts.")),
    429: ("too_many_at_once", _("Too much is being sent from here at once. Wait a minute.")),
    507: (
        "no_room",
        _("There is no storage left here, and nothing was kept. Let us know when it happened."),
    ),
}
_OTHER: tuple[str, Promise] = ("bad_request", _("The request cannot be read."))


class JsonProblems:
    """Turns what is refused in HTML or plain text below /api/ into the shape of the others."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        if not f"{request.path}/".startswith(_ABOVE) or response.status_code < 400:
            return response
        if response.get("Content-Type", "").startswith("application/json"):
            return response
        return _told_as_json(request, response)


def _told_as_json(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    status = response.status_code
    # What a room refuses has a sentence of its own, put into words here: in the language asked for.
    own: Callable[[], str] | None = getattr(response, "sentence", None)
    language = language_of(request.headers.get("Accept-Language", ""))
    with translation.override(language):
        told = _problem(status).body()
        if own is not None:
            told |= {"code": "refused", "sentence": own()}
        body = json.dumps(told, ensure_ascii=False)
    answer = HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    for name in ("Allow", "Retry-After", "Connection"):
        if name in response:
            answer[name] = response[name]
    answer["Cache-Control"] = "no-store"
    return answer


def _problem(status: int) -> Problem:
    if status == 503:
        return unavailable()
    if status >= 500 and status not in _SENTENCES:
        return fault()
    return Problem(status, *_SENTENCES.get(status, _OTHER))
