"""What would come back on an act of care, and why: for anyone, or for a person and the family."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from qafila.care.access import claims_seen_by, may_estimate, may_see_claims
from qafila.care.claims.claim_statement import basket_sentence
from qafila.care.claims.queries import demonstration_acts
from qafila.care.tariffs.assessing import (
    Estimate,
    GeneralEstimate,
    estimate,
    general_estimate,
)
from qafila.foundation import clock
from qafila.foundation.errors import DomainError
from qafila.web.claims import presenter as shown
from qafila.web.claims.forms import EstimateForm
from qafila.web.claims.pages import family_of
from qafila.web.design.rooms import Room
from qafila.web.people.file_head import head_of_person
from qafila.web.site.areas import NavItem
from qafila.web.site.refusals import require, said_on
from qafila.web.site.requests import StaffRequest
from qafila.web.site.territory import named
from qafila.web.site.traces import opened

NAV = (
    NavItem(
        gettext_lazy("What would come back?"), "estimate", 58, may=may_estimate, room=Room.MONEY
    ),
)


@require_safe
@login_required
def anyone(request: StaffRequest) -> HttpResponse:
    """The law's answer for whoever has open rights; nobody's data is asked."""
    actor = request.actor
    require(may_estimate(actor))
    form = _form(request, ())
    found: GeneralEstimate | None = None
    if form.is_bound and form.is_valid():
        try:
            found = general_estimate(**form.asked())
        except DomainError as refusal:
            form.add_error(None, refusal.sentence())
    return _answer(request, "estimate/page.html", form, found, {})


@require_safe
@login_required
def of_person(request: StaffRequest, person_id: int) -> HttpResponse:
    """The same for a person or one of the family, by the rights of the day."""
    actor = request.actor
    require(may_see_claims(actor))
    person = opened(request, person_id, "estimate", scope=claims_seen_by(actor))
    family = family_of(person, actor)
    form = _form(request, family)
    found: Estimate | None = None
    if form.is_bound and form.is_valid():
        patient = int(form.cleaned_data.get("patient") or person_id)
        with said_on(form):
            found = estimate(
                insured_id=person.id,
                patient_id=patient,
                scope=claims_seen_by(actor),
                **form.asked(),
            )
    context = {"head": head_of_person(person, request)}
    return _answer(request, "estimate/person.html", form, found, context, family)


def _form(request: StaffRequest, family: Any, *, bound: bool = True) -> EstimateForm:
    """The questions as they were asked; not `bound`, as they stand while they are changed."""
    today = clock.today()
    asked = request.GET if bound and "act_code" in request.GET else None
    typed = {} if bound else request.GET.dict()
    initial = {"care_on": f"{today:%d/%m/%Y}", "place": "public"} | typed
    return EstimateForm(asked, acts=shown.act_choices(today), family=family, initial=initial)


def _answer(
    request: StaffRequest,
    template: str,
    form: EstimateForm,
    found: Estimate | GeneralEstimate | None,
    context: dict[str, Any],
    family: Any = (),
) -> HttpResponse:
    # A question is being changed: what is not finished is no error yet, and no old answer stays.
    changing = request.htmx.trigger == "estimate-questions"
    if changing and form.errors:
        form = _form(request, family, bound=False)
    context |= {
        "form": form,
        "asked": not changing,
        "found": found,
        "act_name": named(found.act.name_ar, found.act.name_fr) if found else "",
        "own": found if isinstance(found, Estimate) else None,
        "stats": shown.estimate_stats(found) if found else [],
        "steps": shown.steps_of(found) if found else [],
        "basket": basket_sentence(),
        "demonstration": demonstration_acts() > 0,
    }
    if request.htmx:
        template = "estimate/question_and_answer.html"
    response = render(request, template, context, status=422 if form.errors else 200)
    patch_vary_headers(response, ("HX-Request",))
    return response


urlpatterns = [
    path("estimate/", anyone, name="estimate"),
    path("people/<int:person_id>/estimate/", of_person, name="person_estimate"),
]
