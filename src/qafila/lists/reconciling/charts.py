"""The report's charts as SVG, in the language in force (Arabic charts run from right to left)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl
import vl_convert
from django.utils.translation import get_language_bidi

from qafila.documents.fonts import FAMILIES, font_folder
from qafila.lists.reconciling import texts
from qafila.lists.reconciling.counting import lists_per_person, overlaps, weights
from qafila.lists.reconciling.running import Reconciliation

_FOR = "#0f766e"
_AGAINST = "#b45309"
_TOTAL = "#334155"
_WAITING = "#d97706"
_INK = "#1f2933"
_WIDTH = 420
# Ink stands out on every shade between these two (contrast 9 and more).
_READABLE = ["#f0fdfa", "#5eead4"]


def _svg(chart: alt.Chart | alt.LayerChart) -> str:
    folder = font_folder()
    if folder:
        vl_convert.register_font_directory(str(folder))
    font = ", ".join(FAMILIES)
    styled = (
        chart.configure(font=font, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelColor=_INK, titleColor=_INK, gridColor="#e4e7eb", labelLimit=220)
        .configure_legend(labelColor=_INK, titleColor=_INK, orient="top", title=None)
    )
    return str(vl_convert.vegalite_to_svg(styled.to_dict()))


def _across() -> alt.Scale:
    """The horizontal direction of reading."""
    return alt.Scale(reverse=get_language_bidi())


def _upright(title: str | None, **more: Any) -> alt.Axis:
    side = "right" if get_language_bidi() else "left"
    return alt.Axis(title=title, orient=side, **more)


def overlap_chart(done: Reconciliation) -> str:
    """How many persons every two lists have in common."""
    table = overlaps(done)
    names = table.get_column("left").unique(maintain_order=True).to_list()
    base = alt.Chart(table).encode(
        x=alt.X("right:N", sort=names, scale=_across(), axis=alt.Axis(title=None, labelAngle=-35)),
        y=alt.Y("left:N", sort=names, axis=_upright(None)),
    )
    cells = base.mark_rect(stroke="white").encode(
        color=alt.Color("persons:Q", legend=None, scale=alt.Scale(range=_READABLE, type="sqrt"))
    )
    numbers = base.mark_text(fontSize=12).encode(text="persons:Q", color=alt.value(_INK))
    side = max(60 * len(names), 160)
    return _svg((cells + numbers).properties(width=side, height=max(40 * len(names), 80)))


def lists_chart(done: Reconciliation) -> str:
    """How many persons are on one, two, three … lists."""
    words = texts.chart_texts()
    base = alt.Chart(lists_per_person(done)).encode(
        x=alt.X("lists:O", scale=_across(), axis=alt.Axis(title=words["lists"], labelAngle=0)),
        y=alt.Y("persons:Q", axis=_upright(words["persons"], tickCount=4)),
    )
    bars = base.mark_bar(color=_FOR, size=34)
    numbers = base.mark_text(dy=-8, color=_INK).encode(text="persons:Q")
    return _svg((bars + numbers).properties(width=_WIDTH, height=180))


def quality_chart(done: Reconciliation) -> str:
    """How many pairs have how many bits of evidence, and what was done with them."""
    words = texts.chart_texts()
    kinds = {"automatic": words["automatic"], "review": words["review"]}
    table = weights(done).with_columns(pl.col("band").replace(kinds))
    color = alt.Scale(domain=list(kinds.values()), range=[_FOR, _WAITING])
    bars = (
        alt.Chart(table)
        .mark_bar(size=6)
        .encode(
            x=alt.X("weight:Q", scale=_across(), axis=alt.Axis(title=words["bits"])),
            y=alt.Y("pairs:Q", axis=_upright(words["pairs"], tickCount=4)),
            color=alt.Color("band:N", scale=color, legend=alt.Legend(title=None, orient="top")),
        )
    )
    return _svg(bars.properties(width=_WIDTH, height=180))


def waterfall_chart(pair: Mapping[str, Any]) -> str:
    """The evidence of one pair, each piece standing on the sum of those above it."""
    words = texts.chart_texts()
    table = _steps(pair["evidence"], words["sum"])
    order = table.get_column("label").to_list()
    color = alt.Scale(domain=["for", "against", "sum"], range=[_FOR, _AGAINST, _TOTAL])
    base = alt.Chart(table).encode(y=alt.Y("label:N", sort=order, axis=_upright(None)))
    bars = base.mark_bar(size=15).encode(
        x=alt.X("start:Q", scale=_across(), axis=alt.Axis(title=words["bits"])),
        x2="end:Q",
        color=alt.Color("kind:N", scale=color, legend=None),
    )
    shift = -6 if get_language_bidi() else 6
    align = "right" if get_language_bidi() else "left"
    numbers = base.mark_text(align=align, dx=shift, color=_INK).encode(
        x=alt.X("high:Q", scale=_across()), text="shown:N"
    )
    return _svg((bars + numbers).properties(width=360, height=24 * table.height))


def _steps(evidence: list[Mapping[str, Any]], total: str) -> pl.DataFrame:
    steps: list[dict[str, Any]] = []
    reached = 0.0
    for piece in evidence:
        weight = piece["weight"]
        if weight is None:
            continue
        label = texts.comparison_label(piece["code"])
        steps.append(_step(label, reached, reached + weight, "for" if weight >= 0 else "against"))
        reached += weight
    return pl.DataFrame([*steps, _step(total, 0.0, reached, "sum")])


def _step(label: str, start: float, end: float, kind: str) -> dict[str, Any]:
    shown = f"{end - start:+.1f}".replace("-", "−")
    high = max(start, end)
    return {"label": label, "start": start, "end": end, "high": high, "kind": kind, "shown": shown}
