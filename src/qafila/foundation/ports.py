"""What higher rooms may ask of the foundation: to be told whose facts changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

PersonListener = Callable[[Sequence[int], dt.datetime], None]

person_listeners: list[PersonListener] = []
"""Called at the end of a transaction, inside it, with the persons its journal entries speak of and
the moment of the action. `config` fills it: rights and standings are derived anew for them."""
