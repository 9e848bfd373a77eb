"""What forms that change something carry, and what follows a change."""

from __future__ import annotations

import datetime as dt
import uuid

from django.http import HttpRequest

from qafila.accompaniment.standings import refresh_standings
from qafila.foundation.actors import Actor
from qafila.foundation.clock import MOROCCO

FIELD = "command_id"


def new_command_id() -> str:
    """A fresh id for a form, so that sending it twice does the thing once."""
    return str(uuid.uuid4())


def command_id_of(request: HttpRequest) -> uuid.UUID | None:
    """The id the form carried; None when it carried none that is one."""
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def stand_again(*person_ids: int, actor: Actor, at: dt.datetime) -> None:
    """Work out anew where these people stand, after something about them was changed."""
    on = at.astimezone(MOROCCO).date()
    refresh_standings(on=on, actor=actor, at=at, person_ids=list(person_ids))
