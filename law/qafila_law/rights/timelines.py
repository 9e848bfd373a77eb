"""Answers that hold for a while: the days on which facts change cut time into periods."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import date
from typing import TypeAlias, TypeVar

Span: TypeAlias = tuple[date, date]
Held = TypeVar("Held", bound=Hashable)

FOREVER = date.max


def periods_of(
    decide: Callable[[date], Held], change_days: Iterable[date]
) -> tuple[tuple[date, date, Held], ...]:
    """(since, until, answer) from date.min to FOREVER, `until` excluded; equal neighbours joined.

    `decide` may change its answer only on one of `change_days`.
    """
    cuts = sorted({date.min, *(day for day in change_days if day < FOREVER)})
    ends = [*cuts[1:], FOREVER]
    merged: list[tuple[date, date, Held]] = []
    for since, until in zip(cuts, ends, strict=True):
        answer = decide(since)
        if merged and merged[-1][2] == answer:
            since = merged.pop()[0]
        merged.append((since, until, answer))
    return tuple(merged)


def period_on(
    periods: Iterable[tuple[date, date, Held]], on: date
) -> tuple[date | None, date | None, Held]:
    """The period `on` falls in; None for a side without bound."""
    for since, until, answer in periods:
        if since <= on < until or until == FOREVER:
            bounds = (None if since == date.min else since, None if until == FOREVER else until)
            return (*bounds, answer)
    raise ValueError("the periods must reach FOREVER")
