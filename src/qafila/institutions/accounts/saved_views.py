"""Lists as an account looks at them often: kept under a name, seen and dropped by its holder alone.

What is kept is codes of filters and an order, never what somebody typed of a person.
"""

from __future__ import annotations

import datetime as dt

from qafila.foundation import journal
from qafila.foundation.actors import Actor
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.scope import known_by
from qafila.foundation.trail import acting
from qafila.foundation.typed_text import line
from qafila.institutions import errors
from qafila.institutions import journal as entries
from qafila.institutions.models import Account, SavedView

MOST_VIEWS = 20
"""As many views an account may keep of one list."""
LONGEST_NAME, LONGEST_ASKED = 60, 300


@known_by("the actor")
def views_of(place: str, *, actor: Actor) -> list[SavedView]:
    """The actor's saved views of a list, by name."""
    mine = SavedView.objects.filter(account__actor_id=actor.id, place=place)
    return list(mine.order_by("name", "pk")[:MOST_VIEWS])


def save_view(*, place: str, name: str, asked: str, actor: Actor, at: dt.datetime) -> SavedView:
    """Keep a view under a name; the same name of the same list asks for something else from now on.

    Raises TextTooLong, ViewWithoutName, TooManyViews, ViewTooLong.
    """
    name = line(name, most=LONGEST_NAME)
    if not name:
        raise errors.ViewWithoutName
    if len(asked) > LONGEST_ASKED:
        raise errors.ViewTooLong
    with acting(actor, at=at):
        account = Account.objects.select_for_update().get(actor_id=actor.id)
        mine = SavedView.objects.filter(account=account, place=place)
        if not mine.filter(name=name).exists() and mine.count() >= MOST_VIEWS:
            raise errors.TooManyViews(most=MOST_VIEWS)
        view, _made = mine.update_or_create(
            name=name, defaults={"asked": asked, "account": account, "place": place}
        )
        journal.write(entries.VIEW_SAVED, account, actor=actor, at=at, name=account.name)
    return view


def drop_view(view_id: int, *, actor: Actor, at: dt.datetime) -> str:
    """Forget one of the actor's own views; its name. Raises NotFoundInScope."""
    with acting(actor, at=at):
        account = Account.objects.get(actor_id=actor.id)
        mine = SavedView.objects.select_for_update().filter(account=account)
        view = mine.filter(pk=view_id).first()
        if view is None:
            raise NotFoundInScope(view=view_id)
        name = view.name
        view.delete()
        journal.write(entries.VIEW_DROPPED, account, actor=actor, at=at, name=account.name)
    return name
