"""Credits and refunds: who has money left over, and what is given back with four eyes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qafila.contributions.access import (
    books_seen_by,
    may_decide_money,
    may_post,
    may_see_books,
    require_posting,
)
from qafila.contributions.errors import RefundNotPossible
from qafila.contributions.payments.refunds import refunds as acts
from qafila.contributions.payments.refunds.queries import (
    Credit,
    RefundTold,
    credits_waiting,
    refunds_waiting,
)
from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.foundation.errors import DomainError, NotAllowed, NotFoundInScope
from qafila.rights.after_death import cover_after_death
from qafila.web.design.components import Column, Row, Table, Tag
from qafila.web.design.figures import money_text
from qafila.web.design.rooms import Room
from qafila.web.people.file_head import head_of_person
from qafila.web.people.presenter import names_in_order
from qafila.web.refunds.forms import BankLineForm, RefundForm
from qafila.web.site.areas import NavItem
from qafila.web.site.commands import new_command_id
from qafila.web.site.refusals import require, said_on
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import listed, opened

NAV = (
    NavItem(gettext_lazy("Credits and refunds"), "credits", 55, may=may_see_books, room=Room.MONEY),
)
A_PAGE = 50
STATES = {
    "asked": Tag(pgettext_lazy("refund", "Waits for a second person"), "warn", "waiting"),
    "approved": Tag(pgettext_lazy("refund", "To be paid by the bank"), "info", "waiting"),
}


@require_safe
@login_required
def credits(request: StaffRequest) -> HttpResponse:
    """Refunds that wait, then people with money left over, the largest sum first."""
    actor = request.actor
    require(may_see_books(actor))
    waiting = refunds_waiting(scope=books_seen_by(actor))
    found = credits_waiting(scope=books_seen_by(actor), after=_after(request), count=A_PAGE + 1)
    people = found[:A_PAGE]
    listed(request, len(people) + len(waiting), "credits")
    context = {
        "waiting": [_refund_shown(one, actor) for one in waiting],
        "table": _credits_table(people),
        "next": _next(people) if len(found) > A_PAGE else "",
        "first": reverse("credits") if _after(request) else "",
        "today": clock.today(),
    }
    return render(request, "refunds/page.html", context)


def _after(request: StaffRequest) -> tuple[int, int] | None:
    parts = request.GET.get("after", "").split("-")
    if len(parts) == 2 and all(p.isascii() and p.isdigit() and len(p) < 18 for p in parts):
        return int(parts[0]), int(parts[1])
    return None


def _next(people: list[Credit]) -> str:
    amount, person = people[-1].place
    return f"{reverse('credits')}?after={amount}-{person}"


def _refund_shown(one: RefundTold, actor: Actor) -> dict[str, Any]:
    return {
        "id": one.refund_id,
        "name": names_in_order(one.name_ar, one.name_latn)[0],
        "href": reverse("person_money", args=[one.person_id]),
        "sum": money_text(one.amount_centimes),
        "reason": one.reason,
        "asked_by": one.asked_by,
        "asked_at": one.asked_at,
        "state": STATES[one.state],
        "asked": one.state == "asked",
        "mine": one.asked_by_id == actor.id,
        "may_decide": may_decide_money(actor, one.province_id),
        "may_post": may_post(actor, one.province_id),
    }


def _credits_table(people: list[Credit]) -> Table:
    columns = [
        Column("name", pgettext("money", "Person")),
        Column("sum", pgettext("dues", "Credit"), "money"),
        Column("since", pgettext("money", "Since"), "day"),
        Column("state", _("Refund"), "tag"),
    ]
    rows = [
        Row(
            {
                "name": names_in_order(one.name_ar, one.name_latn)[0],
                "sum": one.credit_centimes,
                "since": one.since,
                "state": STATES.get(one.refund_state),
            },
            href=reverse("person_money", args=[one.person_id]),
        )
        for one in people
    ]
    return Table(_("Money left over"), columns, rows, empty=_("Nobody has money left over."))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask(request: StaffRequest, person_id: int) -> HttpResponse:
    """Ask that a part of the person's credit be given back; a second person approves it."""
    actor = request.actor
    scope = require_posting(actor)
    found = opened(request, person_id, "person_refund", scope=scope)
    credit = acts.credit_of(found.id, scope=scope)
    initial = {"amount": f"{credit // 100}.{credit % 100:02d}"}
    died = cover_after_death(found.id, scope=scope) is not None
    sent = request.POST if request.method == "POST" else None
    form = RefundForm(sent, initial=initial, to_heirs=died)
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            acts.ask_refund(
                found.id,
                amount_centimes=form.cleaned_data["amount"],
                reason=form.cleaned_data["reason"],
                heir=form.cleaned_data.get("heir", ""),
                heir_document=form.cleaned_data.get("heir_document", ""),
                actor=actor,
                at=clock.now(),
            )
            messages.success(request, _("The refund was asked for; a second person approves it."))
            return redirect("credits")
    context = {
        "head": head_of_person(found, request),
        "form": form,
        "command_id": new_command_id(),
        "overdue": 0,
        "note": _("Credit: %(sum)s") % {"sum": money_text(credit)},
        "title": _("Give credit back"),
        "save": _("Ask for the refund"),
    }
    template = "person_money/form.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_POST
@login_required
def decide(request: StaffRequest, refund_id: int, act: str) -> HttpResponse:
    """Approve, refuse or cancel a refund, or note that the bank paid it or brought it back."""
    try:
        messages.success(request, _decided(request, refund_id, act))
    except (NotFoundInScope, NotAllowed):
        raise
    except DomainError as refusal:
        messages.error(request, refusal.sentence())
    return redirect("credits")


def _decided(request: StaffRequest, refund_id: int, act: str) -> str:
    who: dict[str, Any] = {"actor": request.actor, "at": clock.now()}
    if act == "approve":
        acts.approve_refund(refund_id, **who)
        return _("The refund was approved. The money is no longer credit.")
    if act in ("refuse", "cancel"):
        move = acts.refuse_refund if act == "refuse" else acts.cancel_refund
        move(refund_id, reason=request.POST.get("reason", ""), **who)
        return _("The refund was not made. The money is credit.")
    form = BankLineForm(request.POST)
    if act != "paid":
        raise Http404
    if not form.is_valid():
        raise RefundNotPossible(problem="line" if "line" in form.errors else "day")
    acts.pay_refund(
        refund_id,
        channel=form.cleaned_data["channel"] or "bank",
        bank_line=form.cleaned_data["line"],
        paid_on=form.cleaned_data["on"],
        **who,
    )
    return _("It is recorded that the bank paid the refund.")


urlpatterns = [
    path("credits/", credits, name="credits"),
    path("people/<int:person_id>/money/refund/", ask, name="person_refund"),
    path("refunds/<int:refund_id>/<str:act>/", decide, name="decide_refund"),
]
