"""The fast door: coverage checks answered before Django's middleware and routing are reached.

The pages' middleware (sessions, languages by cookie, sign-in, second factor) has nothing to say
about a check with a token. Everything else, the API's other addresses included, goes on to Django.
"""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from http.client import responses
from typing import Any
from urllib.parse import parse_qsl

from django.utils import translation
from psycopg import InterfaceError, OperationalError
from psycopg_pool import PoolTimeout
from pydantic import ValidationError

from qafila.api.clients import partner_asking
from qafila.api.connections import pool
from qafila.api.coverage import CoverageQuestion, answer_coverage, language_of
from qafila.api.problems import Problem, first_bad_field, unavailable
from qafila.foundation.clock import now

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

logger = logging.getLogger(__name__)

COVERAGE = "/api/v1/coverage"
_STATUS = {code: f"{code} {phrase}" for code, phrase in responses.items()}


def with_coverage_door(django: Application) -> Application:
    """The application `django` with coverage checks answered in front of it."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not _is_plain_check(environ):
            return django(environ, start_response)
        language = language_of(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        try:
            status, told, headers = 200, _answer(environ, language), {"Cache-Control": "no-store"}
        except Problem as problem:
            with translation.override(language):
                status, told, headers = problem.status, problem.body(), problem.headers()
        body = json.dumps(told, ensure_ascii=False).encode()
        start_response(
            _STATUS[status],
            [
                ("Content-Type", "application/json; charset=utf-8"),
                ("Content-Length", str(len(body))),
                ("Content-Language", language),
                ("X-Content-Type-Options", "nosniff"),
                *headers.items(),
            ],
        )
        return [body]

    return application


def _is_plain_check(environ: Environ) -> bool:
    # Families are rarely asked about and need several statements: Django answers those.
    return (
        environ["PATH_INFO"] == COVERAGE
        and environ["REQUEST_METHOD"] == "GET"
        and "dependants" not in environ["QUERY_STRING"]
    )


@contextlib.contextmanager
def _told_when_unavailable() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout):
        logger.exception("The database does not answer coverage checks.")
        raise unavailable() from None


@_told_when_unavailable()
def _answer(environ: Environ, language: str) -> dict[str, Any]:
    at = now()
    partner = partner_asking(environ.get("HTTP_AUTHORIZATION", ""), pool.ask, at)
    try:
        asked = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
        question = CoverageQuestion.model_validate(asked)
    except ValidationError as error:
        raise first_bad_field(error.errors(include_url=False)) from None
    except ValueError:  # more parameters than anyone needs
        raise first_bad_field([{"loc": ()}]) from None
    return answer_coverage(question, partner, pool.check, language, at)
