"""Register applications: those that wait for a decision, and what the incomplete ones lack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.indicators.queries import reason_counts
from qafila.people.access import seen_by
from qafila.register import actions
from qafila.register.access import (
    get_application,
    may_decide_applications,
    may_see_applications,
    require_deciding,
)
from qafila.register.queries import applications_waiting_number
from qafila.web.applications.presenter import LISTING, Waiting, without_decisions
from qafila.web.design.rooms import Room
from qafila.web.funnel import presenter
from qafila.web.person_changes.forms import ReasonForm
from qafila.web.records.listing import Around, asked_of, record_page, way_back
from qafila.web.site.areas import NavItem
from qafila.web.site.commands import command_id_of
from qafila.web.site.refusals import require, said_above
from qafila.web.site.requests import StaffRequest

_INCOMPLETE = (
    "register_number_conflict",
    "no_card_number",
    "no_birth_date",
    "place_unknown",
    "trade_unknown",
    "application_incomplete",
)
NAV = (
    NavItem(
        gettext_lazy("Register applications"),
        "applications",
        60,
        may=may_see_applications,
        room=Room.REGISTER,
    ),
)


@require_safe
@login_required
def applications(request: StaffRequest) -> HttpResponseBase:
    """The applications that wait, the longest waiting first, and what incomplete ones lack."""
    actor = request.actor
    require(may_see_applications(actor))
    return _page(request, actor, {})


@require_POST
@login_required
def accept(request: StaffRequest, application_id: int) -> HttpResponseBase:
    """Accept: the person is entered under a new number."""

    def do(actor: Actor, asked: dict[str, Any]) -> str:
        done = actions.accept_application(application_id=application_id, actor=actor, **asked)
        told = _("Accepted: the person is in the register under %(number)s.")
        return told % {"number": done.register_number}

    return _decide(request, application_id, do)


@require_POST
@login_required
def refuse(request: StaffRequest, application_id: int) -> HttpResponseBase:
    """Refuse with the reason the person is told."""
    actor = request.actor
    scope = require_deciding(actor)
    form = ReasonForm(request.POST, prefix=f"a{application_id}")
    get_application(application_id, scope=scope)
    if not form.is_valid():
        return _page(request, actor, {application_id: form})

    def do(actor: Actor, asked: dict[str, Any]) -> str:
        actions.refuse_application(
            application_id=application_id, reason=form.cleaned_data["reason"], actor=actor, **asked
        )
        return _("The application was refused; the reason is in the person's file.")

    return _decide(request, application_id, do)


def _decide(
    request: StaffRequest, application_id: int, do: Callable[[Actor, dict[str, Any]], str]
) -> HttpResponseBase:
    """Carry out a decision, tell how it went, and show who is next."""
    actor = request.actor
    scope = require_deciding(actor)
    at = clock.now()
    get_application(application_id, scope=scope)
    with said_above(request):
        messages.success(request, do(actor, {"at": at, "command_id": command_id_of(request)}))
    if request.htmx:
        return _page(request, actor, {})
    return redirect(way_back(request, reverse("applications")))


def _page(request: StaffRequest, actor: Actor, refused: dict[int, ReasonForm]) -> HttpResponseBase:
    asked = asked_of(request, path=reverse("applications"))
    counts = reason_counts(scope=seen_by(actor))
    lacking = [one for one in counts if one.code in _INCOMPLETE]
    more = {"lacking": presenter.bars_of_counts(sorted(lacking, key=lambda one: -one.people))}
    response = record_page(
        request,
        LISTING if may_decide_applications(actor) else without_decisions(LISTING),
        Waiting(actor, refused),
        asked,
        template="applications/page.html",
        part="applications/waiting.html",
        around=Around(count=lambda: applications_waiting_number(scope=seen_by(actor)), more=more),
    )
    response.status_code = 422 if refused else 200
    return response


def _waiting(actor: Actor) -> int | None:
    if not may_see_applications(actor):
        return None
    return applications_waiting_number(scope=seen_by(actor))


HOME_COUNTS = {"applications": _waiting}
urlpatterns = [
    path("applications/", applications, name="applications"),
    path("applications/<int:application_id>/accept/", accept, name="accept_application"),
    path("applications/<int:application_id>/refuse/", refuse, name="refuse_application"),
]
