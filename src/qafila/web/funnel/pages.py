"""From identified to covered: how many stand where, and the people behind each count."""

from __future__ import annotations

from dataclasses import replace
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
from qafila.indicators.filters import VALUE, Filters, UnknownFilter
from qafila.indicators.history import history, reached_by
from qafila.people.access import seen_by
from qafila.web.design.rooms import Room
from qafila.web.design.table_files import table_file
from qafila.web.funnel import presenter as shown
from qafila.web.funnel.behind import FILTERS, LISTING, STEP, Behind, filters_in_words
from qafila.web.funnel.drawings import MAPPED, channels_told, map_of, map_tabs, tiles_of
from qafila.web.records.listing import Allowed, Around, asked_of, record_page
from qafila.web.site.areas import NavItem
from qafila.web.site.requests import StaffRequest
from qafila.web.site.territory import address, crumbs, next_dimension

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
def people_behind(request: StaffRequest) -> HttpResponseBase:
    """The people one count counts: a page at a time, as a file, or on paper to call them."""
    within = Filters.from_address(request.GET)
    scope = seen_by(request.actor)
    known: dict[str, Allowed] = {**dict.fromkeys(FILTERS, VALUE), STEP: VALUE}
    asked = asked_of(request, filters=known)
    step = asked.value(STEP) or FUNNEL[0].code
    if step not in STEPS_BY_CODE:
        raise UnknownFilter(name=STEP, value=step[:40])
    whole = queries.funnel(scope=scope, within=within).total.people(step)
    reason, meaning = shown.reason_words(within)
    figure = STEPS_BY_CODE[step]
    heading = reason or str(figure.label)
    more = {
        "heading": heading,
        "meaning": meaning or figure.definition,
        "filtered": shown.heading_words(within),
        "number": whole,
        "to_call": asked.as_file("print"),
        "back": address(shown.PAGE, shown.without_state(within).address_params()),
    }
    return record_page(
        request,
        replace(LISTING, title=heading),
        Behind(step, within, scope),
        asked,
        template="funnel/people.html",
        part="funnel/people_list.html",
        around=Around(filters_in_words(asked, within), count=lambda: whole, more=more),
    )


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


urlpatterns = [
    path("indicators/", funnel, name="funnel"),
    path("indicators/table.<slug:kind>", funnel_file, name="funnel_file"),
    path("indicators/people/", people_behind, name="people_behind"),
]
