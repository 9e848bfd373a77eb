"""What is kept of a person: as a file to take along, consents, and erasing it by two people."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qafila.foundation import clock
from qafila.foundation.actors import Scope
from qafila.people.access import (
    PersonFile,
    may_correct,
    may_merge,
    require_may_correct,
    require_may_merge,
)
from qafila.people.privacy.consents import consents_of, note_consent
from qafila.people.privacy.erasing import (
    ask_erasure,
    erase_person,
    erasures_of,
    refuse_erasure,
    what_erasing_does,
)
from qafila.people.privacy.own_data import as_json, data_of
from qafila.web.acts.fields import ReasonField
from qafila.web.acts.flow import Act, Done, Follows, act_page, sent_to
from qafila.web.design.components import Fact, Link
from qafila.web.design.undo import Undo, say_done
from qafila.web.people.file_head import head_of_person
from qafila.web.privacy import presenter as shown
from qafila.web.site.refusals import said_above
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened


class ErasureForm(forms.Form):
    """Who asked for the erasure."""

    reason = ReasonField(
        label=gettext_lazy("Who asked for it, and when?"),
        help_text=gettext_lazy("For example: letter of the person of 20/11/2026."),
    )


@require_safe
@login_required
def person_privacy(request: StaffRequest, person_id: int) -> HttpResponse:
    """Consents, what is kept, and erasures, for those who may correct the file."""
    actor = request.actor
    scope = require_may_correct(actor)
    found = opened(request, person_id, "privacy", scope=scope)
    province = found.person.province_id
    erasures = erasures_of(found.id, scope=scope)
    waiting = next((one for one in erasures if one.state == "asked"), None)
    context = {
        "head": head_of_person(found, request),
        "person_id": found.id,
        "consents": shown.consents_shown(consents_of(found.id, scope=scope)),
        "may_note": may_correct(actor, province) and found.person.state == "active",
        "erasures": [(one, shown.STATES[one.state]) for one in erasures],
        "waiting": waiting,
        "may_erase": may_merge(actor, province) and found.person.state == "active",
        "mine": waiting is not None and waiting.asked_by_id == actor.id,
    }
    return render(request, "privacy/page.html", context)


@require_safe
@login_required
@never_cache
def person_data(request: StaffRequest, person_id: int, kind: str) -> HttpResponse:
    """Everything kept of the person, for the person: to read, or as JSON."""
    actor, at = request.actor, clock.now()
    scope = require_may_correct(actor)
    found = opened(request, person_id, "own_data", scope=scope)
    data = data_of(found.id, scope=scope)
    if kind == "json":
        return data_answer(as_json(data, person_id=found.id, at=at))
    if kind != "html":
        raise Http404
    context = {
        "head": head_of_person(found, request),
        "table": shown.kept_table(data, clock.day_of(at)),
        "at": at,
        "numbers": found.identifiers,
    }
    return render(request, "privacy/data.html", context)


def data_answer(document: str) -> HttpResponse:
    """The JSON document as a file to keep."""
    response = HttpResponse(document, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="qafila-my-data.json"'
    return response


@require_POST
@login_required
def person_consent(request: StaffRequest, person_id: int, purpose: str) -> HttpResponse:
    """Note that the person agrees to a purpose, or no longer."""
    actor = request.actor
    opened(request, person_id, "consents", scope=require_may_correct(actor))
    given = request.POST.get("given") == "yes"
    with said_above(request):
        if note_consent(person_id, purpose=purpose, given=given, actor=actor, at=clock.now()):
            other = {"given": "no" if given else "yes"}
            say_done(request, _("Saved."), Undo(request.path, other))
    return redirect("person_privacy", person_id)


@login_required
def ask_erase(request: StaffRequest, person_id: int) -> HttpResponse:
    """Ask that the data of a person be erased, after having read what goes and what stays."""
    actor = request.actor
    scope = require_may_merge(actor)
    found = opened(request, person_id, "privacy", scope=scope)
    form = ErasureForm(sent_to(request))
    back = reverse("person_privacy", args=[found.id])
    act = Act(
        title=_("Erase the data of the person"),
        save=_("Ask for the erasure"),
        within=Link(_("What is kept"), back),
        lead=_("A second colleague has to do it."),
        facts=(Fact(pgettext("person", "File"), str(found.id), "identifier"),),
        danger=True,
    )

    def do() -> Done:
        reason = form.cleaned_data["reason"]
        ask_erasure(found.id, reason=reason, actor=actor, at=clock.now())
        undo = Undo(reverse("decide_erase", args=[found.id, "refused"]))
        told = _("The erasure was asked for. A second colleague has to do it.")
        return Done(told, undo=undo)

    return act_page(request, act, form, look=lambda: _follows(found, scope), do=do, found=found)


def _follows(found: PersonFile, scope: Scope) -> Follows:
    return Follows(notes=shown.what_follows(what_erasing_does(found.id, scope=scope)))


@require_POST
@login_required
def decide_erase(request: StaffRequest, person_id: int, answer: str) -> HttpResponse:
    """Do the erasure that another colleague asked for, or let it not be done."""
    actor, at = request.actor, clock.now()
    opened(request, person_id, "privacy", scope=require_may_merge(actor))
    if answer not in ("done", "refused"):
        raise Http404
    with said_above(request):
        if answer == "done":
            erase_person(person_id, actor=actor, at=at)
            messages.success(request, _("The data were erased. The proof is below."))
        else:
            refuse_erasure(person_id, actor=actor, at=at)
            messages.success(request, _("It was not done."))
    return redirect("person_privacy", person_id)


urlpatterns = [
    path("people/<int:person_id>/privacy/", person_privacy, name="person_privacy"),
    path("people/<int:person_id>/privacy/data.<str:kind>", person_data, name="person_data"),
    path(
        "people/<int:person_id>/privacy/consent/<str:purpose>/",
        person_consent,
        name="person_consent",
    ),
    path("people/<int:person_id>/privacy/erase/", ask_erase, name="ask_erase"),
    path("people/<int:person_id>/privacy/erase/<str:answer>/", decide_erase, name="decide_erase"),
]
