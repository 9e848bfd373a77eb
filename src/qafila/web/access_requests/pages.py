"""Files of other territories: known or not, asked for with a reason, answered by their staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.institutions.queries import ActorNamed, staff_named
from qafila.people.access import (
    may_answer_requests,
    may_open_files,
    require_may_answer,
    require_may_correct,
)
from qafila.people.asking import asking
from qafila.people.asking.requests import (
    RequestTold,
    open_grants,
    own_requests,
    waiting_requests,
    waiting_requests_count,
)
from qafila.people.errors import NobodyElsewhere
from qafila.web.design.components import Tag, Who
from qafila.web.design.rooms import Room
from qafila.web.design.undo import Undo, say_done
from qafila.web.people.actors import who_among
from qafila.web.people.presenter import names_in_order
from qafila.web.site.areas import NavItem
from qafila.web.site.commands import command_id_of, new_command_id
from qafila.web.site.refusals import require, said_above, said_on
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import listed
from qafila.web.site.typed_fields import Note


def _has_part(actor: Actor) -> bool:
    return may_answer_requests(actor) or may_open_files(actor)


NAV = (
    NavItem(
        gettext_lazy("Files of other territories"),
        "access_requests",
        26,
        may=_has_part,
        room=Room.PEOPLE,
    ),
)
STATES = {
    "waiting": Tag(pgettext_lazy("access", "Waits for an answer"), "info", "waiting"),
    "granted": Tag(pgettext_lazy("access", "Granted"), "ok", "ok"),
    "refused": Tag(pgettext_lazy("access", "Refused"), "bad", "bad"),
}


class AskForm(forms.Form):
    """Why the file is needed."""

    reason = Note(
        label=gettext_lazy("Why is the file needed?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Those who keep the file read this sentence."),
        error_messages={"required": gettext_lazy("Write the reason in a sentence.")},
    )


@dataclass(frozen=True)
class RequestShown:
    """A request as a card; `name` is empty for who may not know it."""

    told: RequestTold
    name: str
    state: Tag
    who: Who
    command_id: str = field(default_factory=new_command_id)


@require_POST
@login_required
def elsewhere(request: StaffRequest) -> HttpResponse:
    """Say whether a number is known outside the territory; with a reason, ask for the file."""
    actor = request.actor
    require_may_correct(actor)
    number = request.POST.get("q", "").strip()[:120]
    if not asking.is_full_number(number):
        raise Http404
    form = AskForm(request.POST if "ask" in request.POST else None)
    known = True
    if not form.is_bound:
        with said_above(request):
            known = asking.known_elsewhere(number, actor=actor, at=clock.now())
    elif form.is_valid():
        with said_on(form):
            made = asking.ask_access(
                number,
                reason=form.cleaned_data["reason"],
                actor=actor,
                at=clock.now(),
                command_id=command_id_of(request),
            )
            undo = Undo(reverse("answer_access", args=[made[0], "withdraw"]))
            told = _("Access was asked for. The answer shows on this page.")
            say_done(request, told, undo if len(made) == 1 else None)
            return redirect("access_requests")
    context = {
        "number": number,
        "known": known,
        "nobody": NobodyElsewhere().sentence(),
        "form": form,
        "command_id": new_command_id(),
    }
    template = "access_requests/elsewhere.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_safe
@login_required
def requests(request: StaffRequest) -> HttpResponse:
    """What others ask of this territory, and what the actor asked of others."""
    actor, at, today = request.actor, clock.now(), clock.today()
    require(_has_part(actor))
    waiting: list[RequestTold] = []
    granted: list[RequestTold] = []
    if may_answer_requests(actor):
        scope = require_may_answer(actor)
        waiting = waiting_requests(scope=scope, at=at)
        granted = open_grants(scope=scope, on=today)
        listed(request, len(waiting) + len(granted), "access_requests")
    own = own_requests(actor=actor, at=at)
    staff = staff_named((one.asked_by for one in (*waiting, *granted, *own)), on=today)
    context = {
        "answers": may_answer_requests(actor),
        "waiting": [_shown(one, staff, known=True) for one in waiting],
        "granted": [_shown(one, staff, known=True) for one in granted],
        "own": [_shown(one, staff, known=one.open_on(today)) for one in own],
    }
    return render(request, "access_requests/page.html", context)


def _shown(one: RequestTold, staff: Mapping[int, ActorNamed], *, known: bool) -> RequestShown:
    name = names_in_order(one.full_name_ar, one.full_name_latn)[0] if known else ""
    who = who_among(one.asked_by, one.asked_by_name, staff)
    return RequestShown(one, name, STATES[one.state], who)


@require_POST
@login_required
def answer(request: StaffRequest, request_id: int, verb: str) -> HttpResponse:
    """Grant, refuse with a reason, take the answer back; or withdraw one's own request."""
    actor, at = request.actor, clock.now()
    how: dict[str, Any] = {"actor": actor, "at": at, "command_id": command_id_of(request)}
    undo = Undo(reverse("answer_access", args=[request_id, "undo"]))
    with said_above(request):
        if verb == "grant":
            asking.answer_request(request_id, granted=True, **how)
            say_done(request, _("Access was granted for 30 days."), undo)
        elif verb == "refuse":
            reason = request.POST.get("reason", "")
            asking.answer_request(request_id, granted=False, reason=reason, **how)
            say_done(request, _("Access was refused."), undo)
        elif verb == "undo":
            asking.undo_answer(request_id, **how)
            say_done(request, _("The answer was taken back: the request waits again."))
        elif verb == "withdraw":
            asking.withdraw_request(request_id, **how)
            say_done(request, _("The request was taken back."))
        else:
            raise Http404
    return redirect("access_requests")


def _waiting(actor: Actor) -> int | None:
    if not may_answer_requests(actor):
        return None
    return waiting_requests_count(scope=require_may_answer(actor), at=clock.now())


HOME_COUNTS = {"access_requests": _waiting}
urlpatterns = [
    path("people/elsewhere/", elsewhere, name="people_elsewhere"),
    path("people/requests/", requests, name="access_requests"),
    path("people/requests/<int:request_id>/<slug:verb>/", answer, name="answer_access"),
]
