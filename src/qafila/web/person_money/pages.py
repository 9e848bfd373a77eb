"""What can be done about a person's money: a payment, a plan, the statement, a personal link."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qafila.contributions.access import require_deciding, require_posting
from qafila.contributions.account.account_statement import statement_pdf
from qafila.contributions.arrears.plan_queries import plan_of
from qafila.contributions.arrears.plans import agree_plan, end_plan
from qafila.contributions.arrears.queries import overdue_of
from qafila.contributions.payments.recording import record_payment
from qafila.documents.codes import qr_svg
from qafila.foundation import clock
from qafila.foundation.errors import DomainError, NotAllowed, NotFoundInScope
from qafila.people.access import PersonFile, require_may_issue_links, seen_by
from qafila.people.personal_links import (
    issue_personal_link,
    personal_link_of,
    withdraw_personal_link,
)
from qafila.web.design.pdf_answers import PRINTED, pdf_answer
from qafila.web.design.undo import Undo, say_done
from qafila.web.payments.forms import PaymentForm, PlanEndForm, PlanForm
from qafila.web.people.file_head import head_of_person
from qafila.web.site.commands import command_id_of, new_command_id
from qafila.web.site.refusals import said_on
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened

_form_page = require_http_methods(["GET", "HEAD", "POST"])


@_form_page
@login_required
def payment(request: StaffRequest, person_id: int) -> HttpResponse:
    """Write down one payment from its receipt; the oldest month due is settled first."""
    actor = request.actor
    scope = require_posting(actor)
    found = opened(request, person_id, "payment", scope=scope)
    form = PaymentForm(_sent(request), initial={"paid_on": f"{clock.today():%d/%m/%Y}"})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        with said_on(form):
            booked = record_payment(
                person_id=person_id,
                reference=typed["reference"],
                channel=typed["channel"],
                amount_centimes=typed["amount"],
                paid_on=typed["paid_on"],
                actor=actor,
                at=clock.now(),
                command_id=command_id_of(request),
            )
            if booked.repeated:
                messages.info(request, _("This receipt is already recorded."))
            else:
                messages.success(request, _("The payment was recorded."))
            return redirect("payment", booked.payment_id)
    texts = {"title": _("Record a payment"), "save": _("Record it")}
    return _form(request, found, form, texts)


@_form_page
@login_required
def plan(request: StaffRequest, person_id: int) -> HttpResponse:
    """Agree instalments for what is overdue."""
    actor = request.actor
    scope = require_deciding(actor)
    found = opened(request, person_id, "plan", scope=scope)
    form = PlanForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            agree_plan(
                person_id,
                instalments=form.cleaned_data["instalments"],
                first_due_on=form.cleaned_data["first_due_on"],
                actor=actor,
                at=clock.now(),
                command_id=command_id_of(request),
            )
            undo = Undo(reverse("end_plan", args=[person_id]), asks=True)
            say_done(request, _("The plan was agreed."), undo)
            return redirect("person_money", person_id)
    overdue = overdue_of(found.id, clock.today(), scope=scope, person=found)
    texts = {
        "title": _("Agree instalments"),
        "save": _("Agree the plan"),
        "overdue": sum(call.rest_centimes for call in overdue),
        "note": _("A plan does not open rights by itself: they open when the months are paid."),
    }
    return _form(request, found, form, texts)


@_form_page
@login_required
def finish_plan(request: StaffRequest, person_id: int) -> HttpResponse:
    """End a plan with its reason; what is left is due as before."""
    actor = request.actor
    scope = require_deciding(actor)
    found = opened(request, person_id, "end_plan", scope=scope)
    standing = plan_of(found.id, scope=scope, on=clock.today(), person=found)
    if standing is None and request.method != "POST":
        raise Http404
    form = PlanEndForm(_sent(request))
    if request.method == "POST" and form.is_valid() and standing is not None:
        with said_on(form):
            end_plan(
                standing.plan_id, reason=form.cleaned_data["reason"], actor=actor, at=clock.now()
            )
            messages.success(request, _("The plan was ended."))
            return redirect("person_money", person_id)
    return _form(request, found, form, {"title": _("End the plan"), "save": _("End the plan")})


@require_safe
@login_required
def statement(request: StaffRequest, person_id: int, language: str) -> HttpResponse:
    """The statement of the account as a PDF."""
    actor = request.actor
    if language not in PRINTED:
        raise Http404
    found = opened(request, person_id, "statement")
    content = statement_pdf(
        found.id, language=language, on=clock.today(), scope=seen_by(actor), at=clock.now()
    )
    return pdf_answer(content, f"statement-{person_id}-{language}")


@_form_page
@login_required
def link(request: StaffRequest, person_id: int) -> HttpResponse:
    """Issue the person's own link as a sheet with its code; shown this once."""
    actor = request.actor
    scope = require_may_issue_links(actor)
    found = opened(request, person_id, "link", scope=scope)
    context: dict[str, Any] = {"head": head_of_person(found, request), "refused": ""}
    if request.method == "POST":
        try:
            issued = issue_personal_link(person_id, actor=actor, at=clock.now())
        except (NotFoundInScope, NotAllowed):
            raise
        except DomainError as refusal:
            context["refused"] = refusal.sentence()
        else:
            address = request.build_absolute_uri(reverse("mine", args=[issued.token]))
            code = _scaling(qr_svg(address).decode())
            context |= {
                "address": address,
                "door": request.build_absolute_uri(reverse("mine_code")),
                "code": code,
                "short": issued.code,
                "until": issued.expires_at,
                "sheet_languages": ("ar", "fr"),
            }
    context["link"] = personal_link_of(found.id, on=clock.now(), scope=scope)
    return render(
        request, "person_money/link.html", context, status=422 if context["refused"] else 200
    )


def _scaling(drawing: str) -> SafeString:
    """The code as large as its place; the address beside it says the same."""
    sized = re.sub(
        r'width="(\d+)" height="(\d+)"', r'viewBox="0 0 \1 \2" aria-hidden="true"', drawing
    )
    return mark_safe(sized)  # noqa: S308 - drawn by ourselves


@require_POST
@login_required
def withdraw_link(request: StaffRequest, person_id: int) -> HttpResponse:
    """Stop the person's link at once."""
    actor = request.actor
    opened(request, person_id, "withdraw_link")
    if withdraw_personal_link(person_id, actor=actor, at=clock.now()):
        messages.success(request, _("The personal link no longer works."))
    return redirect("person_link", person_id)


def _sent(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _form(
    request: StaffRequest, found: PersonFile, form: Any, texts: dict[str, Any]
) -> HttpResponse:
    context = {
        "head": head_of_person(found, request),
        "form": form,
        "command_id": new_command_id(),
        "overdue": 0,
        "note": "",
        **texts,
    }
    template = "person_money/form.html"
    return render(request, template, context, status=422 if form.errors else 200)


urlpatterns = [
    path("people/<int:person_id>/money/payment/", payment, name="person_payment"),
    path("people/<int:person_id>/money/plan/", plan, name="person_plan"),
    path("people/<int:person_id>/money/plan/end/", finish_plan, name="end_plan"),
    path(
        "people/<int:person_id>/money/statement-<str:language>.pdf", statement, name="statement_pdf"
    ),
    path("people/<int:person_id>/money/link/", link, name="person_link"),
    path("people/<int:person_id>/money/link/withdraw/", withdraw_link, name="withdraw_link"),
]
