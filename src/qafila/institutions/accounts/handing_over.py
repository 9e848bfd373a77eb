"""The files of someone who leaves, handed to a colleague who sees and finishes them."""

from __future__ import annotations

import datetime as dt

from qafila.foundation import journal
from qafila.foundation.actors import Actor
from qafila.foundation.trail import acting
from qafila.institutions import errors
from qafila.institutions import journal as entries
from qafila.institutions.access import locked_account, require_administering
from qafila.institutions.models import HandedOver


def hand_over_files(*, account_id: int, to_id: int, actor: Actor, at: dt.datetime) -> None:
    """Hand what `account_id` handed in or imported, now and before, to the account `to_id`.

    Who did what stays written as it was; the colleague sees it and finishes it in their own name.
    Handed over again, it is the last colleague's. Raises NotAllowed, NotFoundInScope,
    NotForYourself, NotToThemselves.
    """
    scope = require_administering(actor)
    with acting(actor, at=at):
        leaver = locked_account(account_id, scope=scope)
        to = locked_account(to_id, scope=scope)
        if leaver.actor_id == actor.id:
            raise errors.NotForYourself
        if to.pk == leaver.pk or not to.is_active:
            raise errors.NotToThemselves
        HandedOver.objects.update_or_create(
            leaver_id=leaver.actor_id, defaults={"to_id": to.actor_id, "at": at}
        )
        # Files that had been handed to the leaver before go on with their own.
        HandedOver.objects.filter(to_id=leaver.actor_id).exclude(leaver_id=to.actor_id).update(
            to_id=to.actor_id, at=at
        )
        journal.write(entries.HANDED_OVER, leaver, actor=actor, at=at, name=leaver.name, to=to.name)
