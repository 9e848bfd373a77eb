"""Clients of the API with their partner: made, and withdrawn."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from oauth2_provider.generators import generate_client_id, generate_client_secret
from oauth2_provider.models import get_application_model

from qafila.care.coverage_check.partners import register_partner, withdraw_partner
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor
from qafila.foundation.trail import acting


@dataclass(frozen=True)
class ClientRegistered:
    """The client's name for itself, and its secret, which is told only here."""

    client_id: str
    client_secret: str
    partner_id: int


def register_client(
    *,
    name: str,
    checks_per_minute: int = 600,
    may_see_dependants: bool = False,
    may_book_payments: bool = False,
    actor: Actor,
    at: dt.datetime,
) -> ClientRegistered:
    """Make an OAuth2 client (client credentials) for the partner `name`.

    Raises NotAllowed, PartnerNameMissing, ChecksOutOfRange; then nothing is made.
    """
    application = get_application_model()
    client_id, secret = generate_client_id(), generate_client_secret()
    with acting(actor, at=at):
        partner = register_partner(
            name=name,
            client_id=client_id,
            checks_per_minute=checks_per_minute,
            may_see_dependants=may_see_dependants,
            may_book_payments=may_book_payments,
            actor=actor,
            at=at,
        )
        application.objects.create(
            name=typed_text.name(name),
            client_id=client_id,
            client_secret=secret,
            client_type=application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=application.GRANT_CLIENT_CREDENTIALS,
        )
    return ClientRegistered(client_id, secret, partner.partner_id)


def withdraw_client(*, client_id: str, actor: Actor, at: dt.datetime) -> None:
    """Take a partner's access away: its tokens and its secret hold nowhere from this moment on.

    Raises NotAllowed, PartnerUnknown, PartnerWithdrawn; then nothing is changed.
    """
    with acting(actor, at=at):
        withdraw_partner(client_id=client_id, actor=actor, at=at)
        get_application_model().objects.filter(client_id=client_id).delete()
