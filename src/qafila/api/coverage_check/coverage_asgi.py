"""The fast door: coverage checks answered on the event loop, before the pages are reached.

The pages' middleware (sessions, languages by cookie, sign-in, second factor) has nothing to say
about a check with a token. Everything else, the API's other addresses included, goes on to the
pages. Why there is such a door: docs/decisions/0007-coverage-checks-on-the-event-loop.md.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import logging
import re
from collections.abc import Awaitable, Callable
from functools import lru_cache
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl

from django.utils import translation
from pydantic import ValidationError

from qafila.api.clients import (
    LOOK_UP,
    READ,
    AskingPartner,
    looked_for,
    partner_found,
    require_now,
    token_of,
)
from qafila.api.coverage_check.connections import UNREACHABLE, CheckDesk
from qafila.api.coverage_check.coverage import (
    CoverageQuestion,
    PlainQuestion,
    check_to_make,
    language_of,
    told,
)
from qafila.api.limits import UNKNOWN_NUMBER_COSTS, Purse
from qafila.api.problems import Problem, fault, first_bad_field, too_many, unavailable
from qafila.care.coverage_check.coverage import NO_SUCH_NUMBER
from qafila.foundation.clock import now

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

logger = logging.getLogger(__name__)

COVERAGE = "/api/v1/coverage"
# As most programs write it: nothing in it is escaped, hidden or said twice, so that there is
# nothing to tidy or to refuse but a day that no calendar has.
_PLAIN_QUERY = re.compile(
    r"id_type=(cin|fund|nia)&id=(\w{1,30})&on=([0-9]{4}-[0-9]{2}-[0-9]{2})", re.ASCII
)


def with_coverage_door(pages: Application) -> Application:
    """The ASGI application `pages` with coverage checks answered in front of it."""
    desk = CheckDesk()
    purse = Purse(desk.ask, monotonic)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(desk, receive, send)
        elif _is_plain_check(scope):
            await _answer(desk, purse, scope, send)
        else:
            await pages(scope, receive, send)

    return application


async def _live(desk: CheckDesk, receive: Receive, send: Send) -> None:
    # What the start left behind stays as long as the process: the collector need not look again.
    await receive()
    gc.collect()
    gc.freeze()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await desk.close()
    await send({"type": "lifespan.shutdown.complete"})


def _is_plain_check(scope: Scope) -> bool:
    # Families are rarely asked about and need several statements: Django answers those.
    return (
        scope["type"] == "http"
        and scope["path"] == COVERAGE
        and scope["method"] == "GET"
        and b"dependants" not in scope["query_string"]
    )


async def _answer(desk: CheckDesk, purse: Purse, scope: Scope, send: Send) -> None:
    headers = dict(scope["headers"])
    language = language_of(headers.get(b"accept-language", b"").decode("latin-1"))
    status, more = 200, _NOT_STORED
    try:
        answer = await _told(desk, purse, scope["query_string"], headers, language)
    except Problem as problem:
        with translation.override(language):
            status, answer = problem.status, problem.body()
        more = [(name.encode(), value.encode()) for name, value in problem.headers().items()]
    body = _written(*answer.items())
    length = (b"content-length", b"%d" % len(body))
    fixed = [length, (b"content-language", language.encode()), *_PLAIN, *more]
    await send({"type": "http.response.start", "status": status, "headers": fixed})
    await send({"type": "http.response.body", "body": body})


@lru_cache(maxsize=8192)
def _written(*answer: tuple[str, Any]) -> bytes:
    # Many people's answers are the same: they tell dates, a reason and initials.
    return json.dumps(dict(answer), ensure_ascii=False).encode()


_PLAIN = [
    (b"content-type", b"application/json; charset=utf-8"),
    (b"x-content-type-options", b"nosniff"),
]
_NOT_STORED = [(b"cache-control", b"no-store")]


async def _told(
    desk: CheckDesk, purse: Purse, query: bytes, headers: dict[bytes, bytes], language: str
) -> dict[str, Any]:
    at = now()
    try:
        token = token_of(headers.get(b"authorization", b"").decode("latin-1"))
        heard = desk.tokens.since()
        partner = (desk.tokens.find(token) if desk.listens else None) or await _looked_up(
            desk, token
        )
        require_now(partner, at, READ)
        check = check_to_make(_question(query), partner, at)
        if not purse.spend(partner.partner_id):
            wait = await purse.take(partner.partner_id, partner.checks_per_minute)
            if wait:
                raise too_many(wait)
        found = await desk.check(check)
        if desk.tokens.since() != heard and desk.tokens.find(token) is None:
            # Withdrawn before the check was made is withdrawn, though word came with its answer.
            await _looked_up(desk, token)
        if found.reason == NO_SUCH_NUMBER:
            await purse.charge(partner.partner_id, UNKNOWN_NUMBER_COSTS - 1)
        return told(found, check, language)
    except UNREACHABLE:
        logger.exception("The database does not answer coverage checks.")
        raise unavailable() from None
    except Problem:
        raise
    except Exception:
        # Nobody above would answer in the one shape: the server's own answer to a fault is empty.
        logger.exception("A coverage check could not be answered.")
        raise fault() from None


async def _looked_up(desk: CheckDesk, token: str) -> AskingPartner:
    await desk.listen()
    since = desk.tokens.since()
    partner = partner_found(await desk.ask(LOOK_UP, looked_for(token)))
    desk.tokens.remember(token, partner, since)
    return partner


def _question(query: bytes) -> CoverageQuestion | PlainQuestion:
    written = query.decode("latin-1")
    plain = _PLAIN_QUERY.fullmatch(written)
    if plain is not None and (day := _day(plain[3])) is not None:
        return PlainQuestion(plain[1], plain[2], day)
    try:
        asked = dict(parse_qsl(written, keep_blank_values=True))
        return CoverageQuestion.model_validate(asked)
    except ValidationError as error:
        raise first_bad_field(error.errors(include_url=False)) from None
    except ValueError:  # more parameters than anyone needs
        raise first_bad_field([{"loc": ()}]) from None


@lru_cache(maxsize=1024)
def _day(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        return None
