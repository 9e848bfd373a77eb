"""What higher rooms may ask of this one: to be told when two files become one, or two again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from qafila.foundation.actors import Actor
from qafila.linkage.names.name_keys import KEY_VERSION

IdentityListener = Callable[[Sequence[int], Actor, dt.datetime], None]

identity_listeners: list[IdentityListener] = []
"""Called in the same transaction with the numbers of the persons concerned. `config` fills it, so
that what is derived from facts (rights, standings) is made anew for them."""

derived_tables: set[str] = set()
"""Tables about persons that are derived from facts. `config` names them: a merge neither moves nor
keeps their rows, they are made anew for the persons concerned."""

KeyMaker = Callable[[Sequence[int], Actor, dt.datetime], None]

key_makers: list[KeyMaker] = []
"""Called with persons whose file was put back as it was under an earlier version of the keys of
names. `config` fills it: lists know the other spellings."""

FIRST_KEY_VERSION = 2
"""The version of what was kept before versions were noted."""


def make_keys_anew(
    kept_version: int, persons: Sequence[int], *, actor: Actor, at: dt.datetime
) -> None:
    """Have the keys of these persons made again if what was put back is of another version."""
    if kept_version != KEY_VERSION:
        for maker in key_makers:
            maker(persons, actor, at)


def tell_identity_changed(persons: Sequence[int], *, actor: Actor, at: dt.datetime) -> None:
    """Tell every listener that rows moved between these persons."""
    for listener in identity_listeners:
        listener(persons, actor, at)
