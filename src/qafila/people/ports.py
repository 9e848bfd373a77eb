"""What higher rooms may ask of this one: to be told when two files become one, or two again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from qafila.foundation.actors import Actor

IdentityListener = Callable[[Sequence[int], Actor, dt.datetime], None]

identity_listeners: list[IdentityListener] = []
"""Called in the same transaction with the numbers of the persons concerned. `config` fills it, so
that what is derived from facts (rights, standings) is made anew for them."""

derived_tables: set[str] = set()
"""Tables about persons that are derived from facts. `config` names them: a merge neither moves nor
keeps their rows, they are made anew for the persons concerned."""


def tell_identity_changed(persons: Sequence[int], *, actor: Actor, at: dt.datetime) -> None:
    """Tell every listener that rows moved between these persons."""
    for listener in identity_listeners:
        listener(persons, actor, at)
