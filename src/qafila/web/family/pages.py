"""The rights of a family: where each member stands, what happened, and what telling it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qafila.enrolment.access import may_declare, require_declaring
from qafila.enrolment.family.life_events import (
    TOLD_OF,
    NewEvent,
    take_back_life_event,
    tell_life_event,
)
from qafila.enrolment.queries import life_events_of
from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.foundation.errors import NotFoundInScope
from qafila.people.access import PersonFile, seen_by
from qafila.rights.access import may_attest
from qafila.rights.family import Change, MemberRights, family_if, family_rights
from qafila.rights.queries import rights_of
from qafila.web.design.components import Compared, Comparison, Link
from qafila.web.family.forms import CUSTODY, KINDS, EventForm
from qafila.web.people import file_presenter as shown
from qafila.web.people.presenter import names_in_order
from qafila.web.site.commands import command_id_of, new_command_id
from qafila.web.site.refusals import said_above, said_on
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened


@dataclass(frozen=True)
class MemberCard:
    """A member as the page shows them, with what can be told of them."""

    name: str
    rights: Any
    why: str
    member: MemberRights
    tell: list[Link]


@dataclass(frozen=True)
class EventShown:
    """Something that was told, with the id of the form that takes it back."""

    event_id: int
    kind: str | Promise
    name: str
    event: Any
    taken_back: bool
    command_id: str
    custody: str | Promise = ""


@require_safe
@login_required
def family_rights_page(request: StaffRequest, person_id: int) -> HttpResponse:
    """Each member's rights and why, what was told of them, and what else can be told."""
    actor = request.actor
    found, today = opened(request, person_id, "family"), clock.today()
    may_tell = may_declare(actor, found.person.province_id)
    own = rights_of(found.id, today, scope=seen_by(actor), person=found)
    members = family_rights(found.id, today, scope=seen_by(actor), person=found)
    context = {
        "head": shown.head_of_person(found),
        "tabs": (),
        "own": own,
        "own_tag": shown.rights_tag(own.status),
        "own_tell": _links(person_id, None, "insured") if may_tell else [],
        "members": [_card(one, person_id, may_tell) for one in members],
        "events": [_shown(one) for one in life_events_of(found.id, scope=seen_by(actor))],
        "may_tell": may_tell,
        "may_attest": may_attest(actor, found.person.province_id),
    }
    return render(request, "family/rights.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tell_event(
    request: StaffRequest, person_id: int, event_kind: str, dependant_id: int | None = None
) -> HttpResponse:
    """Ask when and by which paper, show what it changes, and write it down once confirmed."""
    actor = request.actor
    scope = require_declaring(actor)
    found, today = opened(request, person_id, "tell_event", scope=scope), clock.today()
    if event_kind not in KINDS:
        raise Http404
    posted = request.method == "POST"
    form = EventForm(request.POST if posted else None, kind=event_kind, today=today)
    context: dict[str, Any] = {"form": form, "title": KINDS[event_kind], "changes": None}
    if dependant_id is not None:
        context["about"] = _name_of(found, dependant_id, actor)
    else:
        own = found.person
        context["about"] = names_in_order(own.full_name_ar, own.full_name_latn)[0]
    if posted and form.is_valid():
        event = form.event(dependant_id)
        with said_on(form):
            if "confirm" in request.POST:
                return _told(request, person_id, event, actor)
            changes = family_if(found.id, event, today, scope=scope)
            context["changes"] = _comparison(changes)
    context |= {"head": shown.head_of_person(found), "tabs": (), "command_id": new_command_id()}
    return render(request, "family/tell.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def take_back_event(request: StaffRequest, person_id: int, event_id: int) -> HttpResponse:
    """Take back what was told in error, with the reason."""
    actor = request.actor
    opened(request, person_id, "take_back_event")
    at = clock.now()
    with said_above(request):
        take_back_life_event(
            insured_id=person_id,
            event_id=event_id,
            reason=request.POST.get("reason", ""),
            actor=actor,
            at=at,
            command_id=command_id_of(request),
        )
        messages.success(request, _("It was taken back; the rights are as they were."))
    return redirect("family_rights", person_id)


def _told(request: StaffRequest, person_id: int, event: NewEvent, actor: Actor) -> HttpResponse:
    at = clock.now()
    tell_life_event(
        insured_id=person_id, event=event, actor=actor, at=at, command_id=command_id_of(request)
    )
    messages.success(request, _("It was written down; the rights follow it."))
    return redirect("family_rights", person_id)


def _name_of(found: PersonFile, dependant_id: int, actor: Actor) -> str:
    members = family_rights(found.id, clock.today(), scope=seen_by(actor), person=found)
    for one in members:
        if one.dependant_id == dependant_id:
            return names_in_order(one.name_ar, one.name_latn)[0]
    raise NotFoundInScope(dependant=dependant_id)


def _links(person_id: int, dependant_id: int | None, relation: str) -> list[Link]:
    links = []
    for kind in TOLD_OF[relation]:
        if dependant_id is None:
            href = reverse("tell_event", args=[person_id, kind])
        else:
            href = reverse("tell_member_event", args=[person_id, kind, dependant_id])
        links.append(Link(KINDS[kind], href))
    return links


def _card(one: MemberRights, person_id: int, may_tell: bool) -> MemberCard:
    return MemberCard(
        names_in_order(one.name_ar, one.name_latn)[0],
        shown.rights_tag(one.status),
        one.why,
        one,
        _links(person_id, one.dependant_id, one.relation) if may_tell else [],
    )


def _shown(one: Any) -> EventShown:
    return EventShown(
        one.pk,
        KINDS[one.kind],
        names_in_order(one.person.full_name_ar, one.person.full_name_latn)[0],
        one,
        one.state == "taken_back",
        new_command_id(),
        dict(CUSTODY).get(one.custody, ""),
    )


def _comparison(changes: list[Change]) -> Comparison:
    lines = [
        Compared(
            names_in_order(one.name_ar, one.name_latn)[0],
            shown.rights_tag(one.before.status),
            shown.rights_tag(one.after.status),
            "same" if one.before.status == one.after.status else "differs",
            "tag",
        )
        for one in changes
    ]
    return Comparison(_("What changes today"), _("Now"), _("After"), lines)


urlpatterns = [
    path("people/<int:person_id>/family/rights/", family_rights_page, name="family_rights"),
    path("people/<int:person_id>/family/tell/<slug:event_kind>/", tell_event, name="tell_event"),
    path(
        "people/<int:person_id>/family/tell/<slug:event_kind>/<int:dependant_id>/",
        tell_event,
        name="tell_member_event",
    ),
    path(
        "people/<int:person_id>/family/events/<int:event_id>/take-back/",
        take_back_event,
        name="take_back_event",
    ),
]
