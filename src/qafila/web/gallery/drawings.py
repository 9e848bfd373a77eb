"""Drawings of the gallery: a trend and a map of the country."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from qafila.web.design.components import Stat
from qafila.web.design.figures import number_text
from qafila.web.design.maps import Measured, ShareMap, area_map
from qafila.web.design.sparklines import sparkline


def sample_trend() -> Stat:
    """A figure with its target and twelve months."""
    months = [(dt.date(2026, month, 28), 480 + month * month * 5) for month in range(1, 13)]
    return Stat(
        _("Rights open"),
        number_text(1200),
        share=Decimal("0.099"),
        trend=sparkline(months),
        target=number_text(2000),
    )


def sample_map() -> ShareMap | None:
    """Every region; in one nobody is counted."""
    counts = ((f"{code:02}", code * 7 if code > 1 else 0) for code in range(1, 13))
    measured = [Measured(code, code, part, part and 100, "#map") for code, part in counts]
    return area_map(_("Rights open"), measured, whole_country=True)
