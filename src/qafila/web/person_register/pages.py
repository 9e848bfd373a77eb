"""The register's page of a person: decide the application, strike an entry off, enter again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from qafila.enrolment.queries import enrolments_of
from qafila.foundation import clock
from qafila.foundation.errors import NotFoundInScope
from qafila.people.access import seen_by
from qafila.register import actions
from qafila.register.access import (
    may_decide_applications,
    may_receive_applications,
    may_see_applications,
    require_deciding,
)
from qafila.register.queries import applications_of, entries_of
from qafila.web.acts.fields import ReasonField
from qafila.web.acts.flow import Act, Follows, NothingAsked, act_page, sent_to
from qafila.web.design.components import Link, Text
from qafila.web.people.file_head import head_of_person
from qafila.web.person_register import presenter as shown
from qafila.web.site.commands import command_id_of
from qafila.web.site.refusals import require
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened

_form_page = require_http_methods(["GET", "HEAD", "POST"])


class StrikeOffForm(forms.Form):
    """Why an entry is struck off."""

    reason = ReasonField(label=gettext_lazy("Why is the entry struck off?"))


class RefusalForm(forms.Form):
    """Why an application is refused."""

    reason = ReasonField(label=gettext_lazy("Why is the application refused?"))


@require_safe
@login_required
def register(request: StaffRequest, person_id: int) -> HttpResponse:
    """The person's entries and applications, the latest first, with what can be done."""
    actor = request.actor
    require(may_see_applications(actor))
    found = opened(request, person_id, "register")
    scope, province = seen_by(actor), found.person.province_id
    decides = may_decide_applications(actor, province)
    entries = entries_of(found.id, scope=scope)
    applications = applications_of(found.id, scope=scope)
    entered = any(one.state == "active" for one in entries)
    waits = any(one.state == "submitted" for one in applications)
    context = {
        "head": head_of_person(found, request),
        "entries": shown.entry_cards(entries, person_id, decides=decides),
        "applications": shown.application_cards(applications, person_id, decides=decides),
        "again": bool(entries),
        "may_apply": may_receive_applications(actor, province) and not entered and not waits,
    }
    return render(request, "person_register/page.html", context)


@_form_page
@login_required
def strike_off(request: StaffRequest, person_id: int, entry_id: int) -> HttpResponse:
    """Ask why, say what becomes of the enrolment, and strike the entry off."""
    actor = request.actor
    scope = require_deciding(actor)
    found = opened(request, person_id, "strike_off_entry", scope=scope)
    entries = entries_of(found.id, scope=scope)
    one = _among(entries, entry_id)
    enrolled = any(row.state != "closed" for row in enrolments_of(found.id, scope=scope))
    form = StrikeOffForm(sent_to(request))

    def look() -> Follows:
        notes: list[Text] = [_("The number is never given again.")]
        others = [e for e in entries if e.state == "active" and e.pk != entry_id]
        if others:
            numbers = ", ".join(e.register_number for e in others)
            notes.append(_("Another entry stays: %(numbers)s.") % {"numbers": numbers})
        elif enrolled:
            notes.append(
                _(
                    "The enrolment at the fund runs on. It comes up as a task: the fund liaison "
                    "ends it if the activity is over."
                )
            )
        return Follows(notes=notes)

    def do() -> str:
        actions.strike_off_entry(
            entry_id=entry_id,
            reason=form.cleaned_data["reason"],
            actor=actor,
            at=clock.now(),
            command_id=command_id_of(request),
        )
        return _("The entry was struck off.")

    act = Act(
        _("Strike off the register"),
        _("Strike off"),
        _within(person_id),
        facts=shown.entry_facts(one),
        danger=True,
    )
    return act_page(request, act, form, look=look, do=do, found=found, field_of=_FIELDS)


@_form_page
@login_required
def decide(request: StaffRequest, person_id: int, application_id: int, verb: str) -> HttpResponse:
    """Accept or refuse the person's application, once what it rests on was looked at."""
    actor = request.actor
    scope = require_deciding(actor)
    found = opened(request, person_id, "decide_application", scope=scope)
    one = _among(applications_of(found.id, scope=scope), application_id)
    if verb not in ("accept", "refuse"):
        raise Http404
    form: Any = NothingAsked() if verb == "accept" else RefusalForm(sent_to(request))
    who: dict[str, Any] = {"application_id": application_id, "actor": actor}

    def do() -> str:
        when: dict[str, Any] = {"at": clock.now(), "command_id": command_id_of(request)}
        if verb == "refuse":
            actions.refuse_application(reason=form.cleaned_data["reason"], **who, **when)
            return _("The application was refused; the reason is in the person's file.")
        done = actions.accept_application(**who, **when)
        told = _("Accepted: the person is in the register under %(number)s.")
        return told % {"number": done.register_number}

    title = gettext_lazy("Accept the application")
    if verb == "refuse":
        title = gettext_lazy("Refuse the application")
    notes: dict[str, Text] = {
        "accept": _("The person is entered under a new number, and can be declared to the fund."),
        "refuse": _("The person is informed of the reason, and can appeal or apply again."),
    }
    act = Act(
        title, title, _within(person_id), facts=shown.application_facts(one),
        danger=verb == "refuse",
    )  # fmt: skip
    return act_page(
        request,
        act,
        form,
        look=lambda: Follows(notes=[notes[verb]]),
        do=do,
        found=found,
        field_of=_FIELDS,
    )


_FIELDS = {"refusal_needs_reason": "reason"}


def _among(rows: list[Any], number: int) -> Any:
    """The person's row of that number; 404 for another person's."""
    one = next((row for row in rows if row.pk == number), None)
    if one is None:
        raise NotFoundInScope(row=number)
    return one


def _within(person_id: int) -> Link:
    return Link(_("Entry in the register"), reverse("person_register", args=[person_id]))


urlpatterns = [
    path("people/<int:person_id>/register/", register, name="person_register"),
    path(
        "people/<int:person_id>/register/entries/<int:entry_id>/strike-off/",
        strike_off,
        name="strike_off_entry",
    ),
    path(
        "people/<int:person_id>/register/applications/<int:application_id>/<slug:verb>/",
        decide,
        name="application_act",
    ),
]
