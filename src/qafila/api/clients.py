"""From an access token to the partner that asks.

The fast door remembers whose a token is for as long as its connection to the database lives: over
that connection the database says at once when a token, client or partner is withdrawn, ahead of
the answer to the next check. Everyone else looks the token up each time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qafila.api.problems import scope_missing, token_refused
from qafila.care.facts import PARTNERS

READ = "coverage:read"
DEPENDANTS = "coverage:dependants"
PAYMENTS = "payments:write"

WITHDRAWN = "qafila_withdrawn"
"""The channel on which the database says that a token, client or partner was withdrawn."""

_MOST_REMEMBERED = 10_000

LOOK_UP = f"""
SELECT p.id, p.actor_id, p.name, p.checks_per_minute, p.may_see_dependants, t.scope, t.expires,
       p.may_book_payments
FROM oauth2_provider_accesstoken t
JOIN oauth2_provider_application a ON a.id = t.application_id
JOIN {PARTNERS} p ON p.client_id = a.client_id
WHERE t.token_checksum = %(checksum)s AND NOT p.is_withdrawn
"""
"""Finds the partner of a token: `looked_for` gives its parameters, `partner_found` takes rows."""

GIVEN = f"""
SELECT p.may_see_dependants, p.may_book_payments
FROM {PARTNERS} p WHERE p.client_id = %(client)s AND NOT p.is_withdrawn
"""
"""What was agreed with the partner of a client; `scopes_given` takes its columns."""

Rows = Sequence[tuple[Any, ...]]
Ask = Callable[[str, Mapping[str, Any]], Rows]
"""Runs one statement with its parameters and returns the rows."""


@dataclass(frozen=True, slots=True)
class AskingPartner:
    """Who asks, with what the token allows, until when the token holds."""

    partner_id: int
    actor_id: int
    name: str
    checks_per_minute: int
    may_see_dependants: bool
    scopes: frozenset[str]
    expires: dt.datetime
    may_book_payments: bool = False


def scopes_given(may_see_dependants: bool, may_book_payments: bool) -> frozenset[str]:
    """The scopes of a partner: an operator sends payments and reads no cover, others read it."""
    if may_book_payments:
        return frozenset({PAYMENTS})
    return frozenset({READ, DEPENDANTS} if may_see_dependants else {READ})


class KnownTokens:
    """Whose the tokens are that were looked up since the last word of a withdrawal."""

    def __init__(self) -> None:
        self._known: dict[str, AskingPartner] = {}
        self._forgotten = 0

    def forget(self) -> None:
        """Forget every token: something was withdrawn, or would not have been heard of."""
        self._known.clear()
        self._forgotten += 1

    def find(self, token: str) -> AskingPartner | None:
        """Whose token it is, when that is known."""
        return self._known.get(token)

    def since(self) -> int:
        """A mark to take before a token is looked up, for `remember`."""
        return self._forgotten

    def remember(self, token: str, partner: AskingPartner, since: int) -> None:
        """Remember whose it is, unless something was withdrawn while it was looked up."""
        if since != self._forgotten:
            return
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[token] = partner


def partner_asking(
    authorization: str, ask: Ask, now: dt.datetime, *, needs: str = READ
) -> AskingPartner:
    """The partner of the header `Authorization`; raises Problem 401, or 403 without `needs`."""
    token = token_of(authorization)
    partner = partner_found(ask(LOOK_UP, looked_for(token)))
    require_now(partner, now, needs)
    return partner


def token_of(authorization: str) -> str:
    """The bearer token of the header `Authorization`; raises Problem 401 when there is none."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise token_refused()
    return token


def looked_for(token: str) -> dict[str, str]:
    """The parameters of `LOOK_UP`."""
    return {"checksum": hashlib.sha256(token.encode()).hexdigest()}


def partner_found(rows: Rows) -> AskingPartner:
    """Whose token it is by the rows of `LOOK_UP`; raises Problem 401 when nobody's."""
    if not rows:
        raise token_refused()
    partner_id, actor_id, name, per_minute, dependants, scope, expires, payments = rows[0]
    return AskingPartner(
        partner_id,
        actor_id,
        name,
        per_minute,
        dependants,
        frozenset(scope.split()) & scopes_given(dependants, payments),
        expires,
        payments,
    )


def require_now(partner: AskingPartner, now: dt.datetime, needs: str) -> None:
    """Raise Problem 401 when the token has expired, 403 when it does not carry `needs`."""
    if partner.expires <= now:
        raise token_refused()
    if needs not in partner.scopes:
        raise scope_missing(needs)


def require_dependants(partner: AskingPartner) -> None:
    """Raise Problem 403 unless partner and token may ask about spouses and children."""
    if not (partner.may_see_dependants and DEPENDANTS in partner.scopes):
        raise scope_missing(DEPENDANTS)


def require_payments(partner: AskingPartner) -> None:
    """Raise Problem 403 unless the partner is an operator that may send payments."""
    if not partner.may_book_payments:
        raise scope_missing(PAYMENTS)
