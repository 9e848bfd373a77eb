"""Why people of my territory are not covered yet, how many, and what to do next."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qafila.foundation.actors import Actor
from qafila.indicators import queries
from qafila.indicators.filters import Filters
from qafila.people.access import seen_by
from qafila.web.design.rooms import Room
from qafila.web.funnel import presenter
from qafila.web.site.areas import NavItem, Part, Waiting
from qafila.web.site.requests import StaffRequest
from qafila.web.site.territory import crumbs, parts_of

NAV = (NavItem(_("Stalled on the way"), "stalled", 30, room=Room.PEOPLE),)


@require_safe
@login_required
def stalled(request: StaffRequest) -> HttpResponse:
    """Each reason with its people and the next step; a place below narrows it."""
    actor = request.actor
    within = Filters.from_address(request.GET)
    held = presenter.not_covered(queries.reason_counts(scope=seen_by(actor), within=within))
    context = {
        "crumbs": crumbs("stalled", within, seen_by(actor)),
        "reasons": presenter.reasons_shown(held),
        "number": sum(one.people for one in held),
        "places": parts_of("stalled", within, seen_by(actor)),
    }
    template = "stalled/reasons.html" if request.htmx else "stalled/page.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _waiting(actor: Actor) -> Waiting:
    """How many people of the territory are not covered yet, and for which reasons most."""
    held = presenter.not_covered(queries.reason_counts(scope=seen_by(actor)))
    shown = presenter.reasons_shown(held[:3])
    parts = tuple(Part(one.label, one.people, one.href) for one in shown)
    return Waiting(sum(one.people for one in held), parts)


HOME_COUNTS = {"stalled": _waiting}
urlpatterns = [path("stalled/", stalled, name="stalled")]
