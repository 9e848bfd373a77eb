"""Trends as small lines: one value a month, drawn on the server from the reading side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qafila.foundation.wording.isolates import isolated
from qafila.web.design.figures import month_text, number_text

WIDTH, HEIGHT = 120, 32
_EDGE = 2


@dataclass(frozen=True)
class Sparkline:
    """The line and what is under it as SVG paths, in words, and the months at both ends."""

    line: str
    under: str
    told: str
    first: str
    last: str


def sparkline(values: Sequence[tuple[dt.date, int]]) -> Sparkline | None:
    """A line through a value for each month, from nought up; None for fewer than two months."""
    if len(values) < 2:
        return None
    most = max(1, *(value for _month, value in values))
    points = [
        (_across(index, len(values)), _up(value, most)) for index, (_m, value) in enumerate(values)
    ]
    line = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
    under = f"{line}L{points[-1][0]:g} {HEIGHT}L{points[0][0]:g} {HEIGHT}z"
    first, last = (isolated(month_text(values[end][0])) for end in (0, -1))
    told = _("%(before)s in %(first)s, %(now)s in %(last)s") % {
        "before": number_text(values[0][1]),
        "first": first,
        "now": number_text(values[-1][1]),
        "last": last,
    }
    return Sparkline(line, under, told, first, last)


def _across(index: int, number: int) -> float:
    """Time runs the way one reads."""
    along = round(index * WIDTH / (number - 1), 1)
    return round(WIDTH - along, 1) if get_language() == "ar" else along


def _up(value: int, most: int) -> float:
    return round(HEIGHT - _EDGE - value / most * (HEIGHT - 2 * _EDGE), 1)
