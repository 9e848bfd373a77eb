"""The years of a person who pays with the tax: how each is paid, and what its final tax makes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qafila.contributions.access import may_settle_years, require_settling_years
from qafila.contributions.account.queries import statement_of
from qafila.contributions.corrections.queries import YearTold, year_sentence
from qafila.contributions.corrections.year_facts import (
    choose_year_payment,
    settle_final_tax,
    unsettle_final_tax,
)
from qafila.enrolment.access import may_declare, require_declaring
from qafila.enrolment.queries import enrolments_of, tax_years_of
from qafila.enrolment.tax_years import TAXED, enrolled_in
from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.people.access import PersonFile, seen_by
from qafila.web.design.components import Explained, Text
from qafila.web.design.figures import money_text
from qafila.web.design.undo import Undo, at_once, say_done
from qafila.web.people.file_head import head_of_person
from qafila.web.person_money.presenter import explained
from qafila.web.person_years.forms import (
    PERIODICITIES,
    FinalTaxForm,
    YearPaymentForm,
    years_to_choose,
)
from qafila.web.site.commands import command_id_of, new_command_id
from qafila.web.site.refusals import said_above, said_on
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened


@dataclass(frozen=True)
class YearShown:
    """A year: how it is paid, its final tax and paper, and how its balance is reached."""

    enrolment_id: int
    year: int
    paid: Text
    final_tax: str
    document: str
    told: str
    steps: list[Explained]


@require_safe
@login_required
def years(request: StaffRequest, person_id: int) -> HttpResponse:
    """What is known of each year, and the forms of those who may tell more."""
    return _page(request, person_id, {})


@require_POST
@login_required
def choose(request: StaffRequest, person_id: int) -> HttpResponse:
    """Write down whether a year is paid by the quarter or at once."""
    actor = request.actor
    scope = require_declaring(actor)
    held = _held(opened(request, person_id, "choose_year_payment", scope=scope), actor)
    form = YearPaymentForm(request.POST, category=held.category, today=clock.today())
    if form.is_valid():
        with said_on(form):
            choose_year_payment(
                enrolment_id=held.pk,
                year=form.cleaned_data["year"],
                periodicity=form.cleaned_data["periodicity"],
                actor=actor,
                at=clock.now(),
                command_id=command_id_of(request),
            )
            messages.success(request, _("Saved. The year will be called this way."))
            return redirect("person_years", person_id)
    return _page(request, person_id, {"payment_form": form}, status=422)


@require_POST
@login_required
def final_tax(request: StaffRequest, person_id: int) -> HttpResponse:
    """Write down the final tax of a year; its balance is posted at once."""
    actor = request.actor
    scope = require_settling_years(actor)
    found = opened(request, person_id, "final_tax", scope=scope)
    held = _held(found, actor)
    form = FinalTaxForm(request.POST, today=clock.today(), since=held.effective_from.year)
    if form.is_valid():
        typed, at = form.cleaned_data, clock.now()
        with said_on(form):
            told = settle_final_tax(
                enrolment_id=_of_year(found, typed["year"], actor) or held.pk,
                year=typed["year"],
                tax_dh=typed["tax_dh"],
                document=typed["document"],
                actor=actor,
                at=at,
                command_id=command_id_of(request),
            )
            if told.years:
                year = typed["year"]
                settled = _of_year(found, year, actor) or held.pk
                back = reverse("take_back_tax", args=[person_id, settled, year])
                undo = Undo(back, {"reason": at_once()})
                say_done(request, _("The year was settled by its final tax."), undo)
            else:
                messages.warning(
                    request,
                    _(
                        "The tax was recorded. The year was not called whole here: ask the fund "
                        "for its balance."
                    ),
                )
            return redirect("person_years", person_id)
    return _page(request, person_id, {"final_form": form}, status=422)


@require_POST
@login_required
def take_back(request: StaffRequest, person_id: int, enrolment_id: int, year: int) -> HttpResponse:
    """Take back a final tax written down by mistake, with its balance."""
    actor = request.actor
    scope = require_settling_years(actor)
    found = opened(request, person_id, "take_back_tax", scope=scope)
    if enrolment_id not in {one.pk for one in _taxed(found, actor)}:
        raise Http404
    at = clock.now()
    with said_above(request):
        unsettle_final_tax(
            enrolment_id=enrolment_id,
            year=year,
            reason=request.POST.get("reason", ""),
            actor=actor,
            at=at,
        )
        messages.success(request, _("The final tax was cancelled, with its balance."))
    return redirect("person_years", person_id)


def _page(
    request: StaffRequest, person_id: int, forms: dict[str, Any], status: int = 200
) -> HttpResponse:
    actor = request.actor
    found, today = opened(request, person_id, "years"), clock.today()
    known, province = _taxed(found, actor), found.person.province_id
    may_settle = may_settle_years(actor, province)
    context: dict[str, Any] = {
        "head": head_of_person(found, request),
        "years": _years(found, actor),
        "pays_with_tax": bool(known),
        "payment_form": None,
        "final_form": None,
        "command_id": new_command_id(),
        "may_settle": may_settle,
    }
    if known and may_declare(actor, province) and _may_choose(known[-1], today):
        context["payment_form"] = YearPaymentForm(category=known[-1].category, today=today)
    if known and may_settle:
        since = min(one.effective_from.year for one in known)
        if since < today.year:
            context["final_form"] = FinalTaxForm(today=today, since=since)
    return render(request, "person_years/page.html", context | forms, status=status)


def _may_choose(held: Any, today: dt.date) -> bool:
    return held.state != "closed" and bool(years_to_choose(held.category, today))


def _years(found: PersonFile, actor: Actor) -> list[YearShown]:
    statement = statement_of(found.id, scope=seen_by(actor), person=found)
    settled = {one.year: one for one in statement.years}
    words = dict(PERIODICITIES)
    return [
        YearShown(
            row.enrolment_id,
            row.year,
            words[row.periodicity],
            money_text(row.final_tax_dh * 100) if row.final_tax_dh is not None else "",
            row.final_document,
            *_told(settled.get(row.year) if row.final_told_on else None),
        )
        for row in tax_years_of(found.id, scope=seen_by(actor))
    ]


def _told(year: YearTold | None) -> tuple[str, list[Explained]]:
    return (year_sentence(year, money_text), explained(year.steps)) if year else ("", [])


def _taxed(found: PersonFile, actor: Actor) -> list[Any]:
    rows = enrolments_of(found.id, scope=seen_by(actor))
    return [row for row in rows if row.category in TAXED]


def _held(found: PersonFile, actor: Actor) -> Any:
    """The person's latest enrolment that pays with the tax; 404 where there is none."""
    known = _taxed(found, actor)
    if not known:
        raise Http404
    return known[-1]


def _of_year(found: PersonFile, year: int, actor: Actor) -> int | None:
    """The latest of the person's enrolments that pay with the tax and have a month in `year`."""
    for row in reversed(_taxed(found, actor)):
        if enrolled_in(row, year):
            return int(row.pk)
    return None


urlpatterns = [
    path("people/<int:person_id>/money/years/", years, name="person_years"),
    path("people/<int:person_id>/money/years/payment/", choose, name="choose_year_payment"),
    path("people/<int:person_id>/money/years/tax/", final_tax, name="final_tax"),
    path(
        "people/<int:person_id>/money/years/<int:enrolment_id>/<int:year>/back/",
        take_back,
        name="take_back_tax",
    ),
]
