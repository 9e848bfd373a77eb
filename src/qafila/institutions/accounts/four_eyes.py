"""About an administrator two administrators decide: one asks, another one does it.

The server's own command line is exempt: who works there is above every account.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.foundation import journal
from qafila.foundation.actors import Actor, Role, Scope
from qafila.foundation.clock import day_of
from qafila.foundation.trail import acting
from qafila.institutions import errors
from qafila.institutions import journal as entries
from qafila.institutions.access import (
    accounts_in,
    held_on,
    is_system,
    locked_account,
    require_administering,
)
from qafila.institutions.models import Account, AskedAct, Post

ACTS: dict[str, Promise] = {
    "reset_password": _("New password"),
    "reset_second_factor": _("Remove the second factor"),
    "close": _("Close the account"),
    "reopen": _("Open the account again"),
    "hold_post": _("Make administrator"),
    "end_post": _("End the post of administrator"),
}
_OF_POSTS = frozenset({"hold_post", "end_post"})


@dataclass(frozen=True)
class ActAsked:
    """An act that waits for a second administrator."""

    act_id: int
    account_id: int
    name: str
    act: str
    asked_by: str
    asked_by_id: int
    asked_at: dt.datetime
    about: dict[str, Any]


NOTHING: dict[str, Any] = {}


def require_second(
    act: str,
    account: Account,
    *,
    actor: Actor,
    at: dt.datetime,
    about: dict[str, Any] = NOTHING,
) -> None:
    """Raise SecondAdministratorNeeded unless another administrator asked for this act before.

    For accounts that hold a post of administrator, and for such a post itself. What was asked,
    `about` the same, is thereby done.
    """
    if is_system(actor) or not (act in _OF_POSTS or _administers(account, day_of(at))):
        return
    asked = AskedAct.objects.filter(
        account=account, verb=act, state=AskedAct.State.ASKED, about=about
    )
    confirmed = asked.exclude(asked_by_id=actor.id).update(
        state=AskedAct.State.DONE, decided_by_id=actor.id, decided_at=at
    )
    if not confirmed:
        raise errors.SecondAdministratorNeeded


def ask_for(
    act: str,
    *,
    account_id: int,
    actor: Actor,
    at: dt.datetime,
    about: dict[str, Any] = NOTHING,
) -> None:
    """Ask that a second administrator do this; asked again, it stays asked.

    Raises NotAllowed, NotFoundInScope, NotForYourself, AnotherAsked.
    """
    scope = require_administering(actor)
    with acting(actor, at=at):
        account = locked_account(account_id, scope=scope)
        if account.actor_id == actor.id:
            raise errors.NotForYourself
        asked, new = AskedAct.objects.get_or_create(
            account=account,
            verb=act,
            state=AskedAct.State.ASKED,
            defaults={"asked_by_id": actor.id, "asked_at": at, "about": about},
        )
        if asked.about != about:
            raise errors.AnotherAsked
        if new:
            _write(entries.ACT_ASKED, account, act, actor, at)


def refuse_act(act_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """Let what was asked not be done. Raises NotAllowed, ActUnknown."""
    scope = require_administering(actor)
    with acting(actor, at=at):
        waiting = AskedAct.objects.select_for_update(of=("self",)).select_related("account")
        found = waiting.filter(pk=act_id, account__in=accounts_in(scope)).first()
        if found is None or found.state != AskedAct.State.ASKED:
            raise errors.ActUnknown
        AskedAct.objects.filter(pk=act_id, state=AskedAct.State.ASKED).update(
            state=AskedAct.State.REFUSED, decided_by_id=actor.id, decided_at=at
        )
        _write(entries.ACT_REFUSED, found.account, found.verb, actor, at)


def acts_asked(*, scope: Scope, account_id: int | None = None) -> list[ActAsked]:
    """What waits for a second administrator, the longest first."""
    waiting = AskedAct.objects.filter(
        state=AskedAct.State.ASKED, account__in=accounts_in(scope)
    ).annotate(asked_by_name=F("asked_by__name"), account_name=F("account__name"))
    if account_id is not None:
        waiting = waiting.filter(account_id=account_id)
    return [
        ActAsked(
            one.pk,
            one.account_id,
            one.account_name,
            one.verb,
            one.asked_by_name,
            one.asked_by_id,
            one.asked_at,
            one.about,
        )
        for one in waiting.order_by("asked_at", "pk")
    ]


def get_asked(act_id: int, *, scope: Scope) -> ActAsked:
    """One of `acts_asked`; ActUnknown when it was confirmed or refused meanwhile."""
    for one in acts_asked(scope=scope):
        if one.act_id == act_id:
            return one
    raise errors.ActUnknown


def _administers(account: Account, day: dt.date) -> bool:
    posts = Post.objects.filter(held_on(day), account=account, role=Role.ADMINISTRATOR)
    return account.is_active and posts.exists()


def _write(
    entry: journal.EntryType, account: Account, act: str, actor: Actor, at: dt.datetime
) -> None:
    journal.write(entry, account, actor=actor, at=at, name=account.name, act=act)
