"""The only module that asks the time. Everything else is told it."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from contextvars import ContextVar
from zoneinfo import ZoneInfo

MOROCCO = ZoneInfo("Africa/Casablanca")
_fixed: ContextVar[dt.datetime | None] = ContextVar("fixed_time", default=None)


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _fixed.get() or dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The date in Morocco."""
    return day_of(now())


def day_of(at: dt.datetime) -> dt.date:
    """The day in Morocco of an aware moment; ValueError for one without a time zone."""
    if at.tzinfo is None:
        raise ValueError("A moment without a time zone has no day.")
    return at.astimezone(MOROCCO).date()


def moment_read(text: str) -> dt.datetime | None:
    """The aware moment that an address or a form says, in UTC; None for anything else."""
    try:
        at = dt.datetime.fromisoformat(text)
        return at.astimezone(dt.UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


@contextlib.contextmanager
def stopped_at(moment: dt.datetime) -> Iterator[None]:
    """Hold the clock at an aware `moment`, for demonstrations and tests."""
    token = _fixed.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
