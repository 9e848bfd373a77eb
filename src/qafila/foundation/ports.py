"""What higher rooms may ask of the foundation: to be told whose facts changed, to name tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from qafila.foundation.errors import DomainError

PersonListener = Callable[[Sequence[int], dt.datetime], None]

person_listeners: list[PersonListener] = []
"""Called at the end of a transaction, inside it, with the persons its journal entries speak of and
the moment of the action. `config` fills it: rights and standings are derived again for them."""

unguarded_tables: set[str] = set()
"""Tables that may be written by nobody in particular; `config` names them, each with its reason in
the room it belongs to. Every other table refuses a write without an actor."""

refusals_of_triggers: dict[str, Callable[[str], DomainError]] = {}
"""SQLSTATE of a trigger of ours → the refusal it stands for, made from the error's detail. `config`
fills it."""
