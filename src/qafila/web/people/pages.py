"""One search box over names in both scripts, card, phone, register and fund numbers."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qafila.people.access import may_open_files, seen_by
from qafila.people.asking.asking import is_full_number
from qafila.people.queries import search_people
from qafila.people.search import kinds_asked
from qafila.web.design.rooms import Room
from qafila.web.people.found import LISTING, records_of
from qafila.web.records.listing import Around, asked_of, record_page
from qafila.web.records.whole import Whole
from qafila.web.site.areas import NavItem
from qafila.web.site.requests import StaffRequest

NAV = (NavItem(_("Find a person"), "people", 20, room=Room.PEOPLE),)
PAGE, PART = "people/page.html", "people/found.html"


@require_safe
@login_required
def search(request: StaffRequest) -> HttpResponseBase:
    """The search box and, once something is asked, the people it found in the territory."""
    actor = request.actor
    query = request.GET.get("q", "").strip()[:120]
    result = search_people(query, scope=seen_by(actor)) if query else None
    more = {
        "query": query,
        "result": result,
        "found": len(result.hits) if result else 0,
        "named": bool(result and any(not one.close for one in result.hits)),
        "may_open": may_open_files(actor),
        "elsewhere": may_open_files(actor) and is_full_number(query),
    }
    if result is None or result.too_short:
        response = render(request, PART if request.htmx else PAGE, more)
        patch_vary_headers(response, ("HX-Request",))
        return response
    asked = asked_of(request, kept=("q",))
    around = Around(more=more, logged={"query": kinds_asked(query)})
    source = Whole(records_of(result.hits), asked, LISTING.columns)
    return record_page(request, LISTING, source, asked, template=PAGE, part=PART, around=around)


urlpatterns = [path("people/", search, name="people")]
