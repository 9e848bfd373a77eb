"""From identified to covered: how many stand where, and the people behind each count."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qafila.foundation import clock
from qafila.foundation.actors import Actor, Scope
from qafila.indicators import queries
from qafila.indicators.definitions import FUNNEL, STEPS_BY_CODE, Dimension
from qafila.indicators.filters import Filters, UnknownFilter
from qafila.indicators.history import history, reached_by
from qafila.people.access import seen_by
from qafila.web.design.rooms import Room
from qafila.web.design.table_files import table_file
from qafila.web.funnel import presenter as shown
from qafila.web.funnel.drawings import MAPPED, channels_told, map_of, map_tabs, tiles_of
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
    within = Filters.from_address(request.GET)
    scope = seen_by(request.actor)
    by = _dimension(request, request.actor, within)
    found = queries.funnel(scope=scope, by=by, within=within)
    context = {
        "crumbs": crumbs(shown.PAGE, within, scope),
        "chosen": shown.choices_in_words(within),
        "at": clock.now(),
        **_counts(scope, within, found),
        **_table(request, scope, found),
        "tabs": shown.tabs_of(by, within),
        "definitions": FUNNEL,
        "exports": shown.exports_of({**within.address_params(), "by": by.value}),
    }
    return _page_or_part(request, "funnel/page.html", "funnel/figures.html", context)


def _counts(scope: Scope, within: Filters, found: queries.Funnel) -> dict[str, Any]:
    told = history(scope=scope, on=clock.today(), within=within)
    ways = channels_told(reached_by(scope=scope, within=within))
    reasons = queries.reason_counts(scope=scope, within=within)
    rights = queries.rights_counts(scope=scope, within=within)
    return {
        "tiles": tiles_of(found.total, told),
        "bars": shown.bars_of(found.total, queries.not_yet(scope=scope, within=within), ways),
        "reasons": shown.bars_of_counts(shown.not_covered(reasons)),
        "rights": shown.bars_of_counts(rights),
    }


def _table(request: StaffRequest, scope: Scope, found: queries.Funnel) -> dict[str, Any]:
    """The table of places or other values, and its map."""
    step = request.GET.get("of") or MAPPED[-1]
    if step not in MAPPED:
        raise UnknownFilter(name="of", value=step[:40])
    most = shown.MOST_ROWS if request.GET.get("rows") == "all" else shown.FIRST_ROWS
    params = {**found.within.address_params(), "by": str(found.by), "of": step, "rows": "all"}
    drawn = map_of(found, step, scope)
    return {
        "by": found.by.label if found.by else "",
        "steps": [figure.label for figure in FUNNEL],
        "mapped": STEPS_BY_CODE[step].label,
        "rows": shown.rows_shown(found, step, most),
        "total": shown.row_shown(found.total, None, found.within, step),
        "hidden": max(0, len(found.rows) - most),
        "all_rows": address(shown.PAGE, params),
        "map": drawn,
        "map_tabs": map_tabs(step, found.by, found.within) if drawn and found.by else [],
    }


@require_safe
@login_required
def funnel_file(request: StaffRequest, kind: str) -> HttpResponseBase:
    """The table as a file for a spreadsheet, csv or xlsx: counts alone, nobody's data."""
    within = Filters.from_address(request.GET)
    by = _dimension(request, request.actor, within)
    found = queries.funnel(scope=seen_by(request.actor), by=by, within=within)
    name = f"funnel-{by.value}-{clock.today().isoformat()}"
    return table_file(name, kind, shown.headings_of(found), shown.lines_of(found))


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
    path("indicators/table.<slug:kind>", funnel_file, name="funnel_file"),
    path("indicators/people/", people_behind, name="people_behind"),
]
