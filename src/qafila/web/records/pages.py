"""Saved views of lists: kept under a name, and dropped."""

from __future__ import annotations

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qafila.foundation import clock
from qafila.institutions.accounts.saved_views import drop_view, save_view
from qafila.web.records.listing import way_back
from qafila.web.site.refusals import said_above
from qafila.web.site.requests import StaffRequest

_PLACE = re.compile(r"[a-z_]{1,40}", re.ASCII)
# Codes of filters and an order, as an address carries them; no words.
_ASKED = re.compile(r"(?:[a-z_]{1,20}=[\w.:~+%-]{1,60}(?:&|$))*", re.ASCII)


@require_POST
@login_required
def save(request: StaffRequest) -> HttpResponse:
    """Keep the filters and the order of a list under a name."""
    place, asked = request.POST.get("place", ""), request.POST.get("asked", "")
    if not _PLACE.fullmatch(place) or not _ASKED.fullmatch(asked):
        raise Http404
    with said_above(request):
        name = request.POST.get("name", "")
        save_view(place=place, name=name, asked=asked, actor=request.actor, at=clock.now())
        messages.success(request, _("The view was saved. You find it above the list."))
    return redirect(way_back(request, reverse("home")))


@require_POST
@login_required
def drop(request: StaffRequest) -> HttpResponse:
    """Forget a saved view."""
    asked = request.POST.get("view", "")
    view_id = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0
    name = drop_view(view_id, actor=request.actor, at=clock.now())
    messages.success(request, _("The view “%(name)s” was dropped.") % {"name": name})
    return redirect(way_back(request, reverse("home")))


urlpatterns = [
    path("views/save/", save, name="save_view"),
    path("views/drop/", drop, name="drop_view"),
]
