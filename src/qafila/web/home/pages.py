"""The front page for visitors, and the home page of staff: what waits for me."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qafila.audit.access import may_close_cases
from qafila.institutions.access import leads_programme, may_administer, serves_people
from qafila.web.home.cards import CARDS, cards_for
from qafila.web.home.counts import COUNTS
from qafila.web.home.panels import covered, system_state, watched
from qafila.web.site.areas import NavItem, navigation_for, waiting_counts
from qafila.web.site.requests import StaffRequest

NAV = (NavItem(_("Home"), "home", 0),)


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """What Qafila is, for a craftworker; staff who are signed in go to their home page."""
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "home/front.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works for whom, how that was checked, and whom to ask."""
    return render(request, "home/accessibility.html")


@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    """What is done with the data of people, and their rights."""
    return render(request, "home/personal_data.html")


@require_safe
@login_required
def home(request: StaffRequest) -> HttpResponse:
    """What waits for the person who is signed in."""
    actor = request.actor
    keys = [card.key for card in CARDS if card.may(actor)]
    cards, nothing = cards_for(actor, navigation_for(actor), waiting_counts(actor, keys))
    context: dict[str, Any] = {"cards": cards, "nothing": nothing}
    context["searches_first"] = serves_people(actor)
    if leads_programme(actor):
        context["covered"], context["behind"] = covered(actor)
    if may_close_cases(actor):
        context["watched"] = watched(actor)
    if may_administer(actor):
        context["system"] = system_state()
    return render(request, "home/page.html", context)


HOME_COUNTS = COUNTS
urlpatterns = [
    path("", front_page, name="front_page"),
    path("home/", home, name="home"),
    path("accessibility/", accessibility, name="accessibility"),
    path("personal-data/", personal_data, name="personal_data"),
]
