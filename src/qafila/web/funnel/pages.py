"""From identified to covered: how many stand where, and the people behind each count."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qafila.foundation.actors import Actor
from qafila.indicators import queries
from qafila.indicators.definitions import FUNNEL, Dimension
from qafila.indicators.filters import Filters, UnknownFilter
from qafila.people.access import seen_by
from qafila.web.design.rooms import Room
from qafila.web.funnel import presenter as shown
from qafila.web.people.presenter import chips_behind
from qafila.web.site.areas import NavItem
from qafila.web.site.requests import StaffRequest
from qafila.web.site.territory import address, crumbs, next_dimension
from qafila.web.site.traces import listed

NAV = (NavItem(_("Figures"), "funnel", 70, room=Room.FOLLOW),)


@require_safe
@login_required
def funnel(request: StaffRequest) -> HttpResponse:
    """The seven counts by place, trade, category or sex; each leads to its people."""
    actor = request.actor
    within = Filters.from_address(request.GET)
    by = _dimension(request, actor, within)
    found = queries.funnel(scope=seen_by(actor), by=by, within=within)
    reasons = queries.reason_counts(scope=seen_by(actor), within=within)
    context = {
        "crumbs": crumbs(shown.PAGE, within, seen_by(actor)),
        "chosen": shown.choices_in_words(within),
        "bars": shown.bars_of(found.total),
        "tabs": shown.tabs_of(by, within),
        "by": by.label,
        "steps": [figure.label for figure in FUNNEL],
        "rows": shown.rows_shown(found),
        "hidden": max(0, len(found.rows) - shown.MOST_ROWS),
        "most": shown.MOST_ROWS,
        "total": shown.row_shown(found.total, None, within),
        "definitions": FUNNEL,
        "export": address(shown.EXPORT, {**within.address_params(), "by": by.value}),
        "reasons": shown.bars_of_counts(shown.not_covered(reasons)),
        "rights": shown.bars_of_counts(queries.rights_counts(scope=seen_by(actor), within=within)),
    }
    return _page_or_part(request, "funnel/page.html", "funnel/figures.html", context)


@require_safe
@login_required
def funnel_csv(request: StaffRequest) -> HttpResponse:
    """The table as a file for a spreadsheet: counts alone, nobody's data."""
    actor = request.actor
    within = Filters.from_address(request.GET)
    by = _dimension(request, actor, within)
    content = shown.csv_of(queries.funnel(scope=seen_by(actor), by=by, within=within))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="qafila-funnel-{by.value}.csv"'
    return response


@require_safe
@login_required
def people_behind(request: StaffRequest) -> HttpResponse:
    """The people one count counts, a page at a time."""
    actor = request.actor
    filters = Filters.from_address(request.GET)
    step = request.GET.get("step") or FUNNEL[0].code
    page = queries.people_behind(
        scope=seen_by(actor), step=step, filters=filters, after=_after(request)
    )
    params = {**filters.address_params(), "step": step}
    listed(request, len(page.people), "people_behind", **params)
    whole = queries.funnel(scope=seen_by(actor), within=filters).total.people(step)
    context = {
        "step": next(figure for figure in FUNNEL if figure.code == step),
        "filtered": shown.heading_words(filters),
        "reason": shown.reason_words(filters),
        "number": whole,
        "people": chips_behind(page.people, reasons=not filters.reason),
        "next": address(shown.BEHIND, {**params, "after": str(page.after)}) if page.after else "",
        "first": address(shown.BEHIND, params) if _after(request) else "",
        "back": address(shown.PAGE, shown.without_state(filters).address_params()),
    }
    return _page_or_part(request, "funnel/people.html", "funnel/people_list.html", context)


def _page_or_part(
    request: StaffRequest, page: str, part: str, context: dict[str, Any]
) -> HttpResponse:
    response = render(request, part if request.htmx else page, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _dimension(request: StaffRequest, actor: Actor, within: Filters) -> Dimension:
    asked = request.GET.get("by", "")
    if not asked:
        return next_dimension(seen_by(actor), within)
    try:
        return Dimension(asked)
    except ValueError:
        raise UnknownFilter(name="by", value=asked[:40]) from None


def _after(request: StaffRequest) -> int:
    asked = request.GET.get("after", "0")
    if not asked.isascii() or not asked.isdigit() or len(asked) > 18:
        raise UnknownFilter(name="after", value=asked[:40])
    return int(asked)


urlpatterns = [
    path("indicators/", funnel, name="funnel"),
    path("indicators/table.csv", funnel_csv, name="funnel_csv"),
    path("indicators/people/", people_behind, name="people_behind"),
]
