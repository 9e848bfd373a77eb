"""From an access token to the partner that asks; looked up at most twice a minute per token."""

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

REMEMBERED = dt.timedelta(seconds=30)
"""How long a withdrawn token may still be believed."""
_MOST_REMEMBERED = 10_000

LOOK_UP = f"""
SELECT p.id, p.actor_id, p.name, p.checks_per_minute, p.may_see_dependants, t.scope, t.expires,
       p.may_book_payments
FROM oauth2_provider_accesstoken t
JOIN oauth2_provider_application a ON a.id = t.application_id
JOIN {PARTNERS} p ON p.client_id = a.client_id
WHERE t.token_checksum = %(checksum)s
"""
"""Finds the partner of a token: `looked_for` gives its parameters, `remember` takes its rows."""

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


_remembered: dict[str, tuple[AskingPartner, dt.datetime]] = {}


def forget_tokens() -> None:
    """Forget every token looked up, as after an administrator withdrew one."""
    _remembered.clear()


def partner_asking(
    authorization: str, ask: Ask, now: dt.datetime, *, needs: str = READ
) -> AskingPartner:
    """The partner of the header `Authorization`; raises Problem 401, or 403 without `needs`."""
    token = token_of(authorization)
    partner = remembered(token, now) or remember(token, ask(LOOK_UP, looked_for(token)), now)
    require_now(partner, now, needs)
    return partner


def token_of(authorization: str) -> str:
    """The bearer token of the header `Authorization`; raises Problem 401 when there is none."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise token_refused()
    return token


def remembered(token: str, now: dt.datetime) -> AskingPartner | None:
    """Whose token it is, when it was looked up a short while ago."""
    known = _remembered.get(token)
    return known[0] if known is not None and known[1] > now else None


def looked_for(token: str) -> dict[str, str]:
    """The parameters of `LOOK_UP`."""
    return {"checksum": hashlib.sha256(token.encode()).hexdigest()}


def remember(token: str, rows: Rows, now: dt.datetime) -> AskingPartner:
    """Whose token it is by the rows of `LOOK_UP`; raises Problem 401 when nobody's."""
    if not rows:
        raise token_refused()
    partner_id, actor_id, name, per_minute, dependants, scope, expires, payments = rows[0]
    partner = AskingPartner(
        partner_id,
        actor_id,
        name,
        per_minute,
        dependants,
        frozenset(scope.split()),
        expires,
        payments,
    )
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[token] = (partner, now + REMEMBERED)
    return partner


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
