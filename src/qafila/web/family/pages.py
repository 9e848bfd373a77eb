"""The rights of a family: where each member stands, what happened, and what telling it changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qafila.care.trial import what_would_change
from qafila.enrolment.access import may_declare, require_declaring
from qafila.enrolment.family.life_events import (
    ENDING,
    TOLD_OF,
    LifeEventMoved,
    end_life_event,
    take_back_life_event,
    tell_life_event,
)
from qafila.enrolment.queries import life_events_of
from qafila.foundation import clock
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.errors import NotFoundInScope
from qafila.people.access import PersonFile, seen_by
from qafila.rights.access import may_attest
from qafila.rights.family import MemberRights, family_rights
from qafila.rights.queries import rights_of
from qafila.web.acts.flow import Act, Done, Follows, act_page, sent_to
from qafila.web.design.components import Fact, Link
from qafila.web.design.figures import month_text
from qafila.web.design.undo import Undo
from qafila.web.family import declaring
from qafila.web.family.after_death import after_death
from qafila.web.family.forms import CUSTODY, KINDS, EndForm, EventForm, TakeBackForm
from qafila.web.people import file_presenter as shown
from qafila.web.people.file_head import head_of_person
from qafila.web.people.presenter import names_in_order
from qafila.web.person_fund.presenter import compared
from qafila.web.site.commands import answered, command_id_of
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened

_form_page = require_http_methods(["GET", "HEAD", "POST"])
_FIELDS = {
    "reason_needed": "reason",
    "proof_needed": "document",
    "proof_too_long": "document",
    "event_in_the_future": "since",
    "event_before_birth": "since",
    "event_before_marriage": "since",
    "event_after_death": "since",
    "event_ends_too_early": "until",
    "custody_not_said": "custody",
    "custody_not_new": "custody",
}


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
    """Something that was told from a day to its last day, and whether it can end on one."""

    event_id: int
    kind: str | Promise
    name: str
    event: Any
    last_day: dt.date | None
    taken_back: bool
    may_end: bool
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
        "head": head_of_person(found, request),
        "own": own,
        "own_tag": shown.rights_tag(own.status),
        "own_tell": _links(person_id, None, "insured") if may_tell else [],
        "members": [_card(one, person_id, may_tell) for one in members],
        "events": [_shown(one) for one in life_events_of(found.id, scope=seen_by(actor))],
        "may_tell": may_tell,
        "died": after_death(found, today, actor),
        "may_attest": may_attest(actor, found.person.province_id),
    }
    return render(request, "family/rights.html", context)


@_form_page
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
    form = EventForm(sent_to(request), kind=event_kind, today=today)
    own = found.person
    about = names_in_order(own.full_name_ar, own.full_name_latn)[0]
    if dependant_id is not None:
        about = _name_of(found, dependant_id, actor)

    def tell(**more: Any) -> LifeEventMoved:
        event = replace(form.event(dependant_id), confirmed=answered(request))
        return tell_life_event(
            insured_id=person_id, event=event, actor=actor, at=clock.now(), **more
        )

    def do() -> Done:
        told = tell(command_id=command_id_of(request))
        back = reverse("take_back_event", args=[person_id, told.event_id])
        return Done(_("Saved; the rights are updated."), undo=Undo(back, asks=True))

    act = Act(
        KINDS[event_kind],
        _("Record it"),
        _within(person_id),
        facts=[Fact(_("Person"), about)],
        danger=event_kind == "death",
    )
    look = partial(_follows, found, tell, actor, scope)
    return act_page(request, act, form, look=look, do=do, found=found, field_of=_FIELDS)


@_form_page
@login_required
def take_back_event(request: StaffRequest, person_id: int, event_id: int) -> HttpResponse:
    """Ask why, show whose rights change, and take back what was written down in error."""
    actor = request.actor
    scope = require_declaring(actor)
    found = opened(request, person_id, "take_back_event", scope=scope)
    one = _event_of(found, event_id, scope)
    form = TakeBackForm(sent_to(request))

    def back(**more: Any) -> object:
        return take_back_life_event(
            insured_id=person_id,
            event_id=event_id,
            reason=form.cleaned_data["reason"],
            confirmed=answered(request),
            actor=actor,
            at=clock.now(),
            **more,
        )

    def do() -> str:
        back(command_id=command_id_of(request))
        return _("It was cancelled; the rights are as they were.")

    act = Act(_("Cancel"), _("Cancel"), _within(person_id), facts=_facts(one), danger=True)
    look = partial(_follows, found, back, actor, scope)
    return act_page(request, act, form, look=look, do=do, found=found, field_of=_FIELDS)


@_form_page
@login_required
def end_event(request: StaffRequest, person_id: int, event_id: int) -> HttpResponse:
    """Ask since when it holds no more and by which paper, show what changes, and write it down."""
    actor = request.actor
    scope = require_declaring(actor)
    found = opened(request, person_id, "end_event", scope=scope)
    one = _event_of(found, event_id, scope)
    form = EndForm(sent_to(request))

    def end(**more: Any) -> object:
        return end_life_event(
            insured_id=person_id,
            event_id=event_id,
            until=form.cleaned_data["until"],
            document=form.cleaned_data["document"],
            actor=actor,
            at=clock.now(),
            **more,
        )

    def do() -> str:
        end(command_id=command_id_of(request))
        return _("The end was recorded; the rights are updated.")

    title = _("It has ended")
    act = Act(title, _("Record it"), _within(person_id), facts=_facts(one))
    look = partial(_follows, found, end, actor, scope)
    beside = {**_FIELDS, "event_in_the_future": "until"}
    return act_page(request, act, form, look=look, do=do, found=found, field_of=beside)


def _event_of(found: PersonFile, event_id: int, scope: Scope) -> Any:
    """The family's event of that number; 404 for another family's."""
    events = life_events_of(found.id, scope=scope)
    one = next((event for event in events if event.pk == event_id), None)
    if one is None:
        raise NotFoundInScope(event=event_id)
    return one


def _facts(one: Any) -> list[Fact]:
    told = _shown(one)
    facts = [
        Fact(_("Event"), told.kind),
        Fact(_("Person"), told.name),
        Fact(_("First day"), one.since, "day"),
        Fact(_("Last day"), told.last_day or "", "day"),
        Fact(_("Paper seen"), one.document),
    ]
    return [fact for fact in facts if fact.value != ""]


def _follows(found: PersonFile, act: Callable[[], object], actor: Actor, scope: Scope) -> Follows:
    today, at = clock.today(), clock.now()
    change = what_would_change(found.id, act, month=today, scope=scope, actor=actor, at=at)
    return Follows(compared(change, month_text(today)))


def _within(person_id: int) -> Link:
    return Link(_("Rights of the family"), reverse("family_rights", args=[person_id]))


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
        one.until - dt.timedelta(days=1) if one.until else None,
        one.state == "taken_back",
        one.state == "told" and one.kind in ENDING,
        dict(CUSTODY).get(one.custody, ""),
    )


urlpatterns = [
    *declaring.urlpatterns,
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
    path("people/<int:person_id>/family/events/<int:event_id>/end/", end_event, name="end_event"),
]
