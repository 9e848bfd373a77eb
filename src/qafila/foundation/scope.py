"""Marks for the rules "no scope, no query" and "no write without an actor"."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def reference_data(query: Callable[P, R]) -> Callable[P, R]:
    """Mark a query that tells nothing of any person: it needs no scope."""
    return query


def known_by(source: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function whose caller is known by `source` instead of an actor or a scope.

    A personal link, a sheet's code, a partner's token or a kept file says by itself who asks and
    about whom; the function looks that up and acts as exactly that one.
    """
    assert source

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        return function

    return mark
