"""One search box over names in both scripts, card, phone, register and fund numbers."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
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
from qafila.web.people.presenter import chips_of
from qafila.web.site.areas import NavItem
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import listed

NAV = (NavItem(_("Find a person"), "people", 20, room=Room.PEOPLE),)


@require_safe
@login_required
def search(request: StaffRequest) -> HttpResponse:
    """The search box and, once something is asked, the people it found in the territory."""
    actor = request.actor
    query = request.GET.get("q", "").strip()[:120]
    result = search_people(query, scope=seen_by(actor)) if query else None
    if result and not result.too_short:
        listed(request, len(result.hits), "people", query=kinds_asked(query))
    context = {
        "query": query,
        "result": result,
        "people": chips_of(one for one in result.hits if not one.close) if result else [],
        "close": chips_of(one for one in result.hits if one.close) if result else [],
        "found": len(result.hits) if result else 0,
        "may_open": may_open_files(actor),
        "elsewhere": may_open_files(actor) and is_full_number(query),
    }
    template = "people/found.html" if request.htmx else "people/page.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


urlpatterns = [path("people/", search, name="people")]
