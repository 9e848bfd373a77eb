"""Partners whose programs ask about cover, or send payments they received."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qafila.care import access, errors, journal
from qafila.care.models import Partner
from qafila.foundation import journal as foundation_journal
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor
from qafila.foundation.models import ActorRecord
from qafila.foundation.scope import reference_data
from qafila.foundation.trail import acting

MOST_A_MINUTE = 1_000_000


@dataclass(frozen=True)
class PartnerRegistered:
    """A partner, and the actor in whose name its checks are noted."""

    partner_id: int
    actor_id: int
    client_id: str


def register_partner(
    *,
    name: str,
    client_id: str,
    checks_per_minute: int = 600,
    may_see_dependants: bool = False,
    may_book_payments: bool = False,
    actor: Actor,
    at: dt.datetime,
) -> PartnerRegistered:
    """Let the OAuth2 client `client_id` ask about cover in the name of the partner `name`.

    With `may_book_payments` it may also send the payments it received. Raises NotAllowed,
    PartnerNameMissing, ChecksOutOfRange.
    """
    access.require_setting_up(actor)
    name = typed_text.name(name)
    if not name:
        raise errors.PartnerNameMissing
    if not 1 <= checks_per_minute <= MOST_A_MINUTE:
        raise errors.ChecksOutOfRange(most=MOST_A_MINUTE)
    with acting(actor, at=at):
        record = ActorRecord.objects.create(kind=ActorRecord.Kind.PARTNER, name=name)
        partner = Partner.objects.create(
            actor=record,
            client_id=client_id,
            name=name,
            checks_per_minute=checks_per_minute,
            may_see_dependants=may_see_dependants,
            may_book_payments=may_book_payments,
        )
        foundation_journal.write(
            journal.PARTNER_REGISTERED,
            partner,
            actor=actor,
            at=at,
            name=partner.name,
            checks=checks_per_minute,
        )
    return PartnerRegistered(partner.pk, record.pk, client_id)


def withdraw_partner(*, client_id: str, actor: Actor, at: dt.datetime) -> None:
    """Let the partner ask and send no more. Raises NotAllowed, PartnerUnknown, PartnerWithdrawn."""
    access.require_setting_up(actor)
    with acting(actor, at=at):
        partner = Partner.objects.select_for_update().filter(client_id=client_id).first()
        if partner is None:
            raise errors.PartnerUnknown(client=client_id[:100])
        if not Partner.objects.filter(pk=partner.pk, withdrawn_at=None).update(withdrawn_at=at):
            raise errors.PartnerWithdrawn(name=partner.name)
        foundation_journal.write(
            journal.PARTNER_WITHDRAWN, partner, actor=actor, at=at, name=partner.name
        )


@dataclass(frozen=True)
class PartnerListed:
    """A partner as administrators see it."""

    client_id: str
    name: str
    checks_per_minute: int
    may_see_dependants: bool
    may_book_payments: bool
    withdrawn_at: dt.datetime | None


@reference_data
def partners() -> list[PartnerListed]:
    """Every partner, the withdrawn ones too, by name."""
    return [
        PartnerListed(
            one.client_id,
            one.name,
            one.checks_per_minute,
            one.may_see_dependants,
            one.may_book_payments,
            one.withdrawn_at,
        )
        for one in Partner.objects.order_by("name", "pk")
    ]
