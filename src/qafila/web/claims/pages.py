"""Claims for care: the queue, one claim carried on, and the person's own with a declaration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qafila.care.access import (
    claims_seen_by,
    may_decide_claims,
    may_receive_claims,
    may_see_claims,
    require_receiving,
)
from qafila.care.claims import actions
from qafila.care.claims.claim_pages import (
    WAITING,
    claim_told,
    claims_by_state,
)
from qafila.care.claims.claim_statement import claim_text, claims_statement_pdf
from qafila.care.claims.claim_trial import claim_if_declared
from qafila.care.claims.queries import checks_of, statement_of
from qafila.care.family import family_cover
from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.people.access import PersonFile
from qafila.web.acts.flow import Act, Done, Follows, act_page, sent_to
from qafila.web.claims import presenter as shown
from qafila.web.claims.forms import FIELD_OF, ClaimForm, asked_if_twice
from qafila.web.claims.queue import LISTING, Waiting, state_filter
from qafila.web.design.components import TAGS, Link, Row
from qafila.web.design.pdf_answers import pdf_answer, printed_language
from qafila.web.design.rooms import Room
from qafila.web.design.undo import Undo
from qafila.web.people.file_head import head_of_person
from qafila.web.people.presenter import names_in_order
from qafila.web.records.listing import Around, asked_of, record_page
from qafila.web.site.areas import NavItem
from qafila.web.site.commands import command_id_of, new_command_id
from qafila.web.site.refusals import require, said_above
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened

_TO_DECIDE = ("appealed", "received", "assessed")
NAV = (NavItem(gettext_lazy("Claims for care"), "claims", 57, may=may_see_claims, room=Room.MONEY),)


@require_safe
@login_required
def claims(request: StaffRequest) -> HttpResponseBase:
    """The claims that wait, by what they wait for, the oldest care first."""
    actor = _looking(request)
    state = request.GET.get("state", "")
    counts = claims_by_state(scope=claims_seen_by(actor))
    if state not in WAITING:
        # The desk begins where it has something to do.
        mine = _theirs(actor)
        state = next((one for one in mine if counts[one]), "received" if mine[1:] else mine[0])
    asked = asked_of(request, filters={"state": tuple(counts)}, first={"state": state})
    return record_page(
        request,
        LISTING,
        Waiting(state, claims_seen_by(actor)),
        asked,
        template="claims/page.html",
        around=Around(filters=(state_filter(counts),), count=lambda: counts[state]),
    )


def _theirs(actor: Actor) -> tuple[str, ...]:
    """The states in which a claim waits for this actor."""
    return _TO_DECIDE if may_decide_claims(actor) else ("declared",)


def _waiting(actor: Actor) -> int | None:
    """How many claims wait for this actor; None for those who do not treat claims."""
    if not (may_receive_claims(actor) or may_decide_claims(actor)):
        return None
    counts = claims_by_state(scope=claims_seen_by(actor))
    return sum(counts[state] for state in _theirs(actor))


HOME_COUNTS = {"claims": _waiting}


@require_safe
@login_required
def claim(request: StaffRequest, claim_id: int) -> HttpResponse:
    """One claim: what is known, what the law says, and what can be done with it."""
    return _claim_page(request, _looking(request), claim_id, None)


def _claim_page(
    request: StaffRequest, actor: Actor, claim_id: int, refused: tuple[str, forms.Form] | None
) -> HttpResponse:
    today = clock.today()
    told = claim_told(claim_id, actor=actor, today=today)
    opened(request, told.row.insured_id, "claim", scope=claims_seen_by(actor))
    context = {
        "told": told,
        "card": shown.card_of(told.row),
        "facts": shown.facts_of(told, today),
        "offers": shown.offers_of(told, refused),
        "steps": shown.steps_of(told.estimate) if told.estimate else [],
        "text": claim_text(claim_id, language=printed_language(), scope=claims_seen_by(actor)),
        "command_id": new_command_id(),
    }
    return render(request, "claims/claim.html", context, status=422 if refused else 200)


@require_POST
@login_required
def move(request: StaffRequest, claim_id: int, verb: str) -> HttpResponse:
    """Carry a claim on: receive, assess, pay, refuse, appeal, grant, reject, withdraw, undo."""
    actor = _looking(request)
    known = shown.VERBS.get(verb)
    if known is None:
        raise Http404
    asked: dict[str, Any] = {}
    if known.form:
        form = known.form(request.POST, prefix=verb)
        if not form.is_valid():
            return _claim_page(request, actor, claim_id, (verb, form))
        asked = form.cleaned_data
    with said_above(request):
        getattr(actions, shown.ACTION_OF[verb])(
            claim_id=claim_id,
            actor=actor,
            at=clock.now(),
            command_id=command_id_of(request),
            **asked,
        )
        messages.success(request, str(known.done))
    return redirect("claim", claim_id)


@require_safe
@login_required
def person_claims(request: StaffRequest, person_id: int) -> HttpResponse:
    """The person's claims, what comes back, and which partners asked about the cover."""
    actor = _looking(request)
    found = opened(request, person_id, "claims", scope=claims_seen_by(actor))
    today = clock.today()
    checks = [
        Row(
            {
                "partner": one.partner,
                "at": one.at,
                "on": one.on,
                "status": TAGS[one.status] if one.status in TAGS else TAGS["none"],
            }
        )
        for one in checks_of(found.id, scope=claims_seen_by(actor), person=found)
    ]
    context = {
        "head": head_of_person(found, request),
        "cards": [
            shown.own_card(line, today)
            for line in statement_of(found.id, scope=claims_seen_by(actor), person=found)
        ],
        "may_declare": may_receive_claims(actor, found.person.province_id),
        "checks": shown.checks_table(checks),
    }
    return render(request, "claims/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def declare(request: StaffRequest, person_id: int) -> HttpResponse:
    """Ask for the care, show what would come back and what a doctor would ask, and declare it."""
    actor = request.actor
    scope = require_receiving(actor)
    found = opened(request, person_id, "declare_claim", scope=scope)
    today = clock.today()
    family = family_of(found, actor)
    form = ClaimForm(
        sent_to(request),
        acts=shown.act_choices(today),
        family=family,
        initial={"care_on": f"{today:%d/%m/%Y}"},
    )

    def care() -> dict[str, Any]:
        patient = form.cleaned_data.get("patient")
        who = {"insured_id": person_id, "patient_id": int(patient) if patient else None}
        return {**who, "actor": actor, "at": clock.now(), **form.asked()}

    def look() -> Follows:
        with asked_if_twice(form):
            return shown.follows_of(claim_if_declared(**care()))

    def do() -> Done:
        with asked_if_twice(form):
            done = actions.declare_claim(**care(), command_id=command_id_of(request))
        told = _("The claim was declared. The papers come next.")
        undo = Undo(reverse("move_claim", args=[done.claim_id, "withdraw"]))
        return Done(told, reverse("claim", args=[done.claim_id]), undo)

    act = Act(
        _("Declare a claim"),
        _("Declare"),
        Link(_("Claims for care"), reverse("person_claims", args=[person_id])),
        _("The papers can follow within the time limit."),
    )
    return act_page(request, act, form, look=look, do=do, found=found, field_of=FIELD_OF)


def family_of(found: PersonFile, actor: Actor) -> list[tuple[int, str]]:
    """The insured person and the declared family, as choices."""
    person = found.person
    own = names_in_order(person.full_name_ar, person.full_name_latn)[0]
    members = family_cover(
        found.id, "none", "not_enrolled", clock.today(), scope=claims_seen_by(actor)
    )
    return [(found.id, own), *((one.person_id, one.name) for one in members)]


@require_safe
@login_required
def statement(request: StaffRequest, person_id: int) -> HttpResponse:
    """The person's claims on paper."""
    actor = _looking(request)
    found = opened(request, person_id, "claims_statement", scope=claims_seen_by(actor))
    drawn = claims_statement_pdf(
        found.id, language=printed_language(), scope=claims_seen_by(actor), at=clock.now()
    )
    return pdf_answer(drawn, f"claims-{person_id}")


def _looking(request: StaffRequest) -> Actor:
    actor = request.actor
    require(may_see_claims(actor))
    return actor


urlpatterns = [
    path("claims/", claims, name="claims"),
    path("claims/<int:claim_id>/", claim, name="claim"),
    path("claims/<int:claim_id>/<slug:verb>/", move, name="move_claim"),
    path("people/<int:person_id>/claims/", person_claims, name="person_claims"),
    path("people/<int:person_id>/claims/declare/", declare, name="declare_claim"),
    path("people/<int:person_id>/claims/statement/", statement, name="claims_statement"),
]
