"""Where an account is signed in, and ending it there: seen and done by its holder alone.

Of a session only the digest is noted under which it is kept; the session itself stays sealed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.sessions.models import Session

from qafila.foundation import journal
from qafila.foundation.actors import Actor
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.scope import known_by
from qafila.foundation.stores.sessions import kept_under
from qafila.foundation.trail import acting
from qafila.institutions import journal as entries
from qafila.institutions.models import Account, SignedIn


@dataclass(frozen=True)
class OpenSession:
    """A session that holds: since when, on what device, from which network; `here`: this one."""

    session_id: int
    begun_at: dt.datetime
    device: str
    network: str
    here: bool


def note_session(
    account_id: int, session_key: str, *, device: str, network: str, at: dt.datetime
) -> None:
    """Note where an account has just signed in; notes of sessions that are over leave."""
    mine = SignedIn.objects.filter(account_id=account_id)
    live = Session.objects.filter(expire_date__gt=at).values("session_key")
    mine.exclude(kept_under__in=live).delete()
    SignedIn.objects.update_or_create(
        kept_under=kept_under(session_key),
        defaults={
            "account_id": account_id,
            "begun_at": at,
            "device": device[:120],
            "network": network[:45],
        },
    )


@known_by("the session")
def open_sessions(*, actor: Actor, session_key: str, at: dt.datetime) -> list[OpenSession]:
    """The actor's own sessions that hold now, the latest first."""
    live = Session.objects.filter(expire_date__gt=at).values("session_key")
    found = SignedIn.objects.filter(account__actor_id=actor.id, kept_under__in=live)
    this = kept_under(session_key)
    return [
        OpenSession(one.pk, one.begun_at, one.device, one.network, one.kept_under == this)
        for one in found.order_by("-begun_at", "-pk")
    ]


def end_session(*, session_id: int, actor: Actor, at: dt.datetime) -> None:
    """Sign the actor out there, at once and in every process. Raises NotFoundInScope."""
    with acting(actor, at=at):
        mine = SignedIn.objects.select_for_update().filter(account__actor_id=actor.id)
        found = mine.filter(pk=session_id).first()
        if found is None:
            raise NotFoundInScope(session=session_id)
        Session.objects.filter(session_key=found.kept_under).delete()
        found.delete()
        account = Account.objects.get(actor_id=actor.id)
        journal.write(entries.SESSION_ENDED, account, actor=actor, at=at, name=account.name)
