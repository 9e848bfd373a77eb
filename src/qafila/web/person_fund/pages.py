"""The page of a person's enrolments, and the acts on them: each is looked at before it is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from qafila.care.trial import what_would_change
from qafila.contributions.calls.called_later import called_from
from qafila.enrolment import changes
from qafila.enrolment.access import (
    may_confirm,
    may_declare,
    require_confirming,
    require_declaring,
)
from qafila.enrolment.queries import enrolments_of
from qafila.enrolment.taking_back import reopen_enrolment
from qafila.foundation import clock
from qafila.foundation.actors import Scope
from qafila.foundation.errors import NotFoundInScope
from qafila.people.access import PersonFile, seen_by
from qafila.web.acts.flow import Act, Follows, act_page, sent_to
from qafila.web.design.components import Fact, Link, Text
from qafila.web.design.figures import money_text, month_text
from qafila.web.people.file_head import head_of_person
from qafila.web.person_fund import forms as asked
from qafila.web.person_fund import presenter as shown
from qafila.web.site.commands import command_id_of
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened
from qafila_law.months import months_later

_form_page = require_http_methods(["GET", "HEAD", "POST"])
_FIELDS = {
    "bad_fund_number": "number",
    "fund_number_taken": "number",
    "month_too_early": "month",
    "month_too_late": "month",
    "month_not_possible": "month",
    "same_category": "category",
    "proof_needed": "paper",
    "reason_needed": "reason",
}


@require_safe
@login_required
def fund(request: StaffRequest, person_id: int) -> HttpResponse:
    """The person's enrolments at the fund, the latest first, with what can be done about each."""
    actor = request.actor
    found = opened(request, person_id, "fund")
    province = found.person.province_id
    rows = enrolments_of(found.id, scope=seen_by(actor))
    running = any(one.state != "closed" for one in rows)
    context = {
        "head": head_of_person(found, request),
        "cards": shown.cards_of(rows, person_id, acts=may_confirm(actor, province)),
        "undecided": any(one.undecided_since for one in rows),
        "may_declare": may_declare(actor, province) and not running,
    }
    return render(request, "person_fund/page.html", context)


@_form_page
@login_required
def declare(request: StaffRequest, person_id: int) -> HttpResponse:
    """Declare the person to the fund, from a month on."""
    actor = request.actor
    scope = require_declaring(actor)
    found = opened(request, person_id, "declare_enrolment", scope=scope)
    initial = {"category": "craftworker", "month": _next_month()}
    form = asked.DeclareForm(sent_to(request), initial=initial)

    def act(**more: Any) -> object:
        return changes.declare_enrolment(
            person_id=person_id,
            category=form.cleaned_data["category"],
            month=form.cleaned_data["month"],
            facts=form.facts(),
            actor=actor,
            at=clock.now(),
            **more,
        )

    def do() -> str:
        act(command_id=command_id_of(request))
        return _("The person was declared to the fund. The fund gives the number.")

    return act_page(
        request,
        Act(
            _("Declare to the fund"),
            _("Declare to the fund"),
            _within(person_id),
            _("The fund takes craftworkers of the register who have a card number."),
        ),
        form,
        look=lambda: _follows(request, found, act, form.cleaned_data["month"], scope),
        do=do,
        found=found,
        field_of=_FIELDS,
    )


@dataclass(frozen=True)
class Verb:
    """An act on one enrolment: how it is asked for, done, and told."""

    title: Text
    save: Text
    done: Text
    form: Callable[..., forms.Form]
    arguments: Callable[[Any], dict[str, Any]]
    action: Callable[..., Any]
    lead: Text = ""
    danger: bool = False
    notes: Callable[[Any, dt.date, Scope], list[str]] = field(default=lambda *_: [])


def _ended_with(one: Any, month: dt.date, scope: Scope) -> list[str]:
    """What becomes of the calls of months after the end."""
    calls = called_from(one.pk, month, scope=scope)
    if not calls.number:
        return [_("Months before the end stay owed as they are.")]
    told = [
        _("Called for that month and later: %(sum)s. The next corrections cancel it.")
        % {"sum": money_text(calls.centimes)}
    ]
    if calls.paid_centimes:
        paid = _("Of this %(sum)s was paid: it becomes a credit of the person.")
        told.append(paid % {"sum": money_text(calls.paid_centimes)})
    return told


def _category_arguments(form: asked.ChangeCategoryForm) -> dict[str, Any]:
    typed = form.cleaned_data
    return {
        "category": typed["category"],
        "from_month": typed["month"],
        "facts": form.facts(),
    }


VERBS: dict[str, Verb] = {
    "confirm": Verb(
        gettext_lazy("Write the fund number"),
        gettext_lazy("Confirm the enrolment"),
        gettext_lazy("The enrolment was confirmed."),
        asked.ConfirmForm,
        lambda form: {"fund_number": form.cleaned_data["number"]},
        changes.confirm_enrolment,
    ),
    "refuse": Verb(
        gettext_lazy("The fund refuses"),
        gettext_lazy("Record the refusal"),
        gettext_lazy("The refusal was recorded; the person can be declared again."),
        asked.RefuseForm,
        lambda form: {"reason": form.cleaned_data["reason"]},
        changes.close_enrolment,
        danger=True,
    ),
    "cessation": Verb(
        gettext_lazy("End of the activity"),
        gettext_lazy("End the enrolment"),
        gettext_lazy("The enrolment was ended."),
        asked.CessationForm,
        lambda form: {
            "from_month": form.cleaned_data["month"],
            "reason": form.cleaned_data["reason"],
        },
        changes.close_enrolment,
        gettext_lazy("From that month on nothing is owed, and cover ends with the last month."),
        danger=True,
        notes=_ended_with,
    ),
    "category": Verb(
        gettext_lazy("Change the category"),
        gettext_lazy("Change the category"),
        gettext_lazy("The category was changed."),
        asked.ChangeCategoryForm,
        _category_arguments,
        changes.change_category,
        gettext_lazy("Earlier months stay in the old category. Cover goes on."),
    ),
    "facts": Verb(
        gettext_lazy("Correct tax or profit"),
        gettext_lazy("Correct it"),
        gettext_lazy("It was corrected. The calls follow with the next corrections."),
        asked.CorrectFactsForm,
        lambda form: {"facts": form.facts(), "document": form.cleaned_data["paper"]},
        changes.correct_facts,
        gettext_lazy("Write what the document shows. Months of closed years stay as they are."),
    ),
    "reopen": Verb(
        gettext_lazy("Cancel the end"),
        gettext_lazy("Cancel the end"),
        gettext_lazy("The end was cancelled: the enrolment continues."),
        asked.BackForm,
        lambda form: {"reason": form.cleaned_data["reason"]},
        reopen_enrolment,
        gettext_lazy("The enrolment runs on without a gap: the months in between are owed."),
    ),
    "decide": Verb(
        gettext_lazy("This enrolment goes on"),
        gettext_lazy("Keep this one and end the other"),
        gettext_lazy("It was decided: the other enrolment was ended."),
        asked.DecideForm,
        lambda form: {
            "others_end": form.cleaned_data["month"],
            "reason": form.cleaned_data["reason"],
        },
        changes.decide_enrolment,
        gettext_lazy("Two enrolments of this person met in a merge. One of them goes on."),
    ),
}


@_form_page
@login_required
def act_on(request: StaffRequest, person_id: int, enrolment_id: int, verb: str) -> HttpResponse:
    """Ask for one act on one enrolment, show what it changes, and do it once confirmed."""
    actor = request.actor
    scope = require_confirming(actor)
    found = opened(request, person_id, f"enrolment_{verb}", scope=scope)
    known = VERBS.get(verb)
    if known is None:
        raise Http404
    one = _enrolment(found, enrolment_id, scope)
    form = _form_of(verb, known, one, request)

    def act(**more: Any) -> object:
        told = known.arguments(form)
        if verb == "refuse":
            told["from_month"] = one.effective_from
        return known.action(enrolment_id=enrolment_id, actor=actor, at=clock.now(), **told, **more)

    def do() -> str:
        act(command_id=command_id_of(request))
        return str(known.done)

    def look() -> Follows:
        month = form.cleaned_data.get("month") or clock.today().replace(day=1)
        found_out = _follows(request, found, act, month, scope)
        return Follows(found_out.comparison, known.notes(one, month, scope))

    facts = [Fact(_("Enrolment"), shown.category_word(one.category)), *shown.facts_of(one)]
    page = Act(known.title, known.save, _within(person_id), known.lead, facts, known.danger)
    return act_page(request, page, form, look=look, do=do, found=found, field_of=_FIELDS)


def _form_of(verb: str, known: Verb, one: Any, request: StaffRequest) -> Any:
    if verb != "facts":
        return known.form(sent_to(request), initial={"month": _next_month()})
    assumed = bool(one.assumption)
    initial = {
        "tax": None if assumed else one.annual_tax_dh,
        "regime": "" if assumed else one.regime,
        "profit": one.annual_profit_dh,
    }
    return known.form(sent_to(request), category=one.category, initial=initial)


def _enrolment(found: PersonFile, enrolment_id: int, scope: Scope) -> Any:
    """The person's enrolment of that number; 404 for another person's."""
    rows = enrolments_of(found.id, scope=scope)
    one = next((row for row in rows if row.pk == enrolment_id), None)
    if one is None:
        raise NotFoundInScope(enrolment=enrolment_id)
    return one


def _follows(
    request: StaffRequest,
    found: PersonFile,
    act: Callable[[], object],
    month: dt.date,
    scope: Scope,
) -> Follows:
    change = what_would_change(
        found.id, act, month=month, scope=scope, actor=request.actor, at=clock.now()
    )
    return Follows(shown.compared(change, month_text(month)))


def _next_month() -> str:
    """The month after this one, as it is typed: where most acts begin."""
    return f"{months_later(clock.today().replace(day=1), 1):%m/%Y}"


def _within(person_id: int) -> Link:
    return Link(_("Enrolment at the fund"), reverse("person_fund", args=[person_id]))


urlpatterns = [
    path("people/<int:person_id>/fund/", fund, name="person_fund"),
    path("people/<int:person_id>/fund/declare/", declare, name="declare_enrolment"),
    path(
        "people/<int:person_id>/fund/<int:enrolment_id>/<slug:verb>/",
        act_on,
        name="enrolment_act",
    ),
]
