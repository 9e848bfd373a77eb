"""Charts drawn on the server: SVG with a title and a description for those who do not see it.

Letters stay text in the SVG, so that the reader's browser shapes Arabic with the page's own font.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

import altair
import vl_convert
from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import override

from qafila.accompaniment.steps import STEP_LABELS
from qafila.indicators.queries import Funnel, FunnelRow

FONT = "Readex Pro Variable, Readex Pro, Noto Sans Tifinagh, Noto Sans Arabic, sans-serif"
_LOCALES = {"ar": "ar_MA", "fr": "fr_MA", "zgh": "zgh_MA"}
_WIDTH, _STEP_HEIGHT = 560, 40


def funnel_svg(funnel: Funnel, language: str, dark: bool = False) -> str:
    """The funnel's total as horizontal bars, one per step, drawn from the reading side.

    A complete `<svg>` element with `role="img"`, `<title>` and `<desc>`, to be put into a page.
    """
    with override(language):
        records = _records(funnel.total, language)
        title, description = _title(funnel), _description(records)
        chart = _chart(records, rtl=language == "ar", dark=dark)
    drawn = vl_convert.vegalite_to_svg(chart.to_dict())
    return _accessible(drawn, title, description, language)


def _records(row: FunnelRow, language: str) -> list[dict[str, Any]]:
    locale = _LOCALES.get(language, "fr_MA")
    return [
        {
            "step": str(STEP_LABELS[count.code]),
            "people": count.people,
            "told": format_decimal(count.people, locale=locale),
        }
        for count in row.counts
    ]


def _title(funnel: Funnel) -> str:
    return _("From identified to covered: %(who)s") % {"who": funnel.total.label}


def _description(records: list[dict[str, Any]]) -> str:
    """Every bar in words, for a screen reader."""
    between = _(", ")
    return between.join(f"{one['step']} {one['told']}" for one in records)


def _chart(records: list[dict[str, Any]], *, rtl: bool, dark: bool) -> altair.LayerChart:
    ink, bar = ("#efe9de", "#7cc9b2") if dark else ("#1c2527", "#0d4f45")
    scale = altair.Scale(reverse=rtl, domain=[0, max(1, *(one["people"] for one in records)) * 1.2])
    base = altair.Chart(altair.Data(values=records)).encode(
        y=altair.Y("step:N")
        .sort(None)
        .title(None)
        .axis(
            orient="right" if rtl else "left",
            ticks=False,
            domain=False,
            labelPadding=10,
            labelLimit=220,
        ),
        x=altair.X("people:Q").scale(scale).axis(None),
    )
    bars = base.mark_bar(color=bar, cornerRadius=3, size=_STEP_HEIGHT * 0.6)
    side = {"align": "right", "dx": -8} if rtl else {"align": "left", "dx": 8}
    counts = base.mark_text(color=ink, fontSize=15, **side).encode(text="told:N")
    layers = altair.layer(bars, counts).properties(
        width=_WIDTH, height=_STEP_HEIGHT * len(records), background="transparent"
    )
    return (
        layers.configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(labelColor=ink, labelFontSize=15, grid=False)
    )


def _accessible(drawn: str, title: str, description: str, language: str) -> str:
    """The drawing with its title and description, and without the marks vega puts on each part."""
    silent = re.sub(r' (?:aria-[a-z]+|role|class)="[^"]*"', "", drawn)
    # Places are counted from the left, also on a page written from the right.
    head = f'<svg role="img" class="funnel-chart" lang="{language}" direction="ltr"'
    named = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    opened = re.sub(r"^<svg", head, silent, count=1)
    return re.sub(r"^(<svg[^>]*>)", lambda root: root[1] + named, opened, count=1)
