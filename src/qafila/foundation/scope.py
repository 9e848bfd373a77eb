"""Marks for the rule "no scope, no query"."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def reference_data(query: Callable[P, R]) -> Callable[P, R]:
    """Mark a query that tells nothing of any person: it needs no scope."""
    return query
