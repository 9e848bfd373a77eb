"""Births in figures, no more precise than they are known: a year is never its 1 January."""

from __future__ import annotations

import datetime as dt


def birth_in_figures(day: dt.date | None, precision: str) -> str:
    """``15/03/1975``, ``03/1975`` or ``1975``; nothing where no birth is known."""
    if day is None:
        return ""
    if precision == "year":
        return str(day.year)
    return f"{day:%m/%Y}" if precision == "month" else f"{day:%d/%m/%Y}"
