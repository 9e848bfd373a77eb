"""Months as addresses write them: 2026-11."""

from __future__ import annotations

import datetime as dt
import re

from django.http import Http404


def month_of(text: str) -> dt.date | None:
    """The first day of the month written so; None when it is none."""
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text, re.ASCII):
        return None
    return dt.date.fromisoformat(f"{text}-01")


def month_or_404(text: str) -> dt.date:
    """The month an address names; one that is no month is not found."""
    month = month_of(text)
    if month is None:
        raise Http404
    return month
