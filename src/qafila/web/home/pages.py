"""The front page for visitors, and the home page of staff: what waits for me."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qafila.audit.access import may_audit
from qafila.care.access import may_decide_claims, may_receive_claims
from qafila.contributions.access import may_see_anomalies
from qafila.foundation.actors import Actor
from qafila.institutions.access import may_follow_up
from qafila.lists.access import may_import_lists, may_see_pairs
from qafila.register.access import may_decide_applications
from qafila.web.site.areas import (
    HomeCard,
    NavItem,
    find_address,
    waiting_counts,
)
from qafila.web.site.requests import StaffRequest


def _may_decide_or_follow(actor: Actor) -> bool:
    return may_decide_applications(actor) or may_import_lists(actor)


def _may_treat_claims(actor: Actor) -> bool:
    return may_receive_claims(actor) or may_decide_claims(actor)


CARDS = (
    HomeCard(
        "people",
        _("Find a person"),
        _("By name in either script, card, phone, register or fund number."),
        "people",
        "people",
    ),
    HomeCard(
        "lists",
        _("Import a list"),
        _("Excel or CSV, from a chamber, the tax office or the fund, as it came."),
        "lists",
        "upload",
        may_import_lists,
    ),
    HomeCard(
        "review",
        _("Same person or not?"),
        _("Rows that look alike and need a human eye."),
        "review",
        "compare",
        may_see_pairs,
    ),
    HomeCard(
        "applications",
        _("Register applications"),
        _("Complete applications that wait for a decision."),
        "applications",
        "file",
        _may_decide_or_follow,
    ),
    HomeCard(
        "claims",
        _("Claims for care"),
        _("Claims that wait: papers to take in, care to assess, appeals to decide."),
        "claims",
        "care",
        _may_treat_claims,
    ),
    HomeCard(
        "anomalies",
        _("Anomalies to mend"),
        _("What the nightly search found in files, families, enrolments, money and care."),
        "anomalies",
        "warn",
        may_see_anomalies,
    ),
    HomeCard(
        "stalled",
        _("Stalled on the way"),
        _("People who have not moved on, why, and the next step."),
        "stalled",
        "warn",
        may_follow_up,
    ),
    HomeCard(
        "audit",
        _("Unusual reading"),
        _("What agents read that has to be looked at; who saw or changed a person."),
        "audit",
        "search",
        may_audit,
    ),
    HomeCard(
        "funnel",
        _("From identified to covered"),
        _("How many stand where, by place, trade, category and sex."),
        "funnel",
        "funnel",
    ),
)
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
    return render(request, "home/page.html", {"cards": _cards_for(actor)})


def _cards_for(actor: Actor) -> list[dict[str, Any]]:
    counts = waiting_counts(actor)
    shown = [card for card in CARDS if card.may(actor)]
    return [
        {"card": card, "href": href, "count": counts.get(card.key)}
        for card in shown
        if (href := find_address(card.url_name))
    ]


urlpatterns = [
    path("", front_page, name="front_page"),
    path("home/", home, name="home"),
    path("accessibility/", accessibility, name="accessibility"),
    path("personal-data/", personal_data, name="personal_data"),
]
