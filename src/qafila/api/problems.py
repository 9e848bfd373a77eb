"""What the API refuses: a status, a code for programs, and a whole sentence for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Problem(Exception):
    """A refusal with the HTTP status it is answered with; `field` is the parameter at fault."""

    def __init__(
        self,
        status: int,
        code: str,
        sentence: str | Promise,
        *,
        field: str | None = None,
        retry_after: int | None = None,
        **params: Any,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.field = field
        self.retry_after = retry_after
        self._sentence = sentence
        self._params = params

    def body(self) -> dict[str, Any]:
        """The answer's body, in the language in force."""
        told = str(self._sentence) % self._params
        return {"code": self.code, "sentence": told, "field": self.field}

    def headers(self) -> dict[str, str]:
        """Headers that go with the refusal."""
        headers = {"Cache-Control": "no-store"}
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="qafila"'
        return headers


def token_refused() -> Problem:
    """No token, or none that holds now."""
    return Problem(
        401,
        "token_refused",
        _("The access token is missing, unknown or has expired. Ask /api/v1/token for a new one."),
    )


def scope_missing(scope: str) -> Problem:
    """The token does not carry `scope`, or the partner may not use it."""
    return Problem(
        403,
        "scope_missing",
        _("Your access does not include %(scope)s. Ask the programme's administrator for it."),
        scope=scope,
    )


def too_many(seconds: int) -> Problem:
    """The partner asked more than agreed."""
    return Problem(
        429,
        "too_many_checks",
        _("Too many checks. Try again in %(seconds)d seconds."),
        retry_after=seconds,
        seconds=seconds,
    )


def unavailable() -> Problem:
    """The database cannot be reached, so that nothing can be answered or noted."""
    return Problem(
        503,
        "unavailable",
        _("The check cannot be answered just now. Try again in a few seconds."),
        retry_after=5,
    )


def fault() -> Problem:
    """Something of ours is wrong: what was asked has no part in it."""
    return Problem(
        500,
        "fault",
        _(
            "Something went wrong here, and nothing was done. Try again; if it persists, let us "
            "know when it happened."
        ),
    )


def not_json() -> Problem:
    """The body is of another kind."""
    sentence = _("Send JSON, with the header “Content-Type: application/json”.")
    return Problem(415, "not_json", sentence)


def unread(status: int) -> Problem:
    """The request cannot be read at all."""
    return Problem(status, "bad_request", _("The request cannot be read. Send valid JSON."))


_BAD_FIELDS = {
    "id_type": _("The field “id_type” must be cin, fund or nia: the kind of number you ask with."),
    "id": _(
        "The field “id” holds no number of this kind. Copy it from the card: letters and digits, "
        "without anything else."
    ),
    "on": _("The field “on” must be a day such as 2026-11-22: the day of care."),
    "dependants": _("The field “dependants” must be true or false."),
    "payments": _("The field “payments” must be a list of 1 to 1,000 payments."),
    "reference": _(
        "The field “reference” must be your own reference of the payment: up to 59 letters, "
        "digits, and . _ : / - only."
    ),
    "amount_centimes": _("The field “amount_centimes” must be a whole number of centimes."),
    "paid_on": _("The field “paid_on” must be a day such as 2026-11-22."),
    "reason": _("The field “reason” must say why the money went back, in 3 to 200 characters."),
}


def bad_field(name: str) -> Problem:
    """A parameter that is missing or cannot be read."""
    sentence = _BAD_FIELDS.get(name) or _("The request cannot be read. See /api/v1/openapi.json.")
    return Problem(422, "bad_field", sentence, field=name if name in _BAD_FIELDS else None)


def first_bad_field(errors: Sequence[Any]) -> Problem:
    """The refusal for what pydantic found, which names the place last."""
    places = [str(part) for part in errors[0]["loc"]]
    return bad_field(next((part for part in reversed(places) if part in _BAD_FIELDS), ""))
