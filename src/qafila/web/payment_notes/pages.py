"""Payments shown at a counter: noted from the receipt, listed until the money is confirmed."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qafila.contributions.access import (
    may_see_notes,
    notes_seen_by,
    require_noting,
)
from qafila.contributions.payments.note_queries import waiting_notes_count
from qafila.contributions.payments.notes import Receipt, note_payment, take_back_note
from qafila.foundation import clock
from qafila.web.design.rooms import Room
from qafila.web.design.undo import Undo, at_once, say_done
from qafila.web.payment_notes.note_list import LISTING, Notes
from qafila.web.payments.forms import NoteForm
from qafila.web.people.file_head import head_of_person
from qafila.web.records.listing import Around, asked_of, record_page, way_back
from qafila.web.site.areas import NavItem
from qafila.web.site.commands import command_id_of, new_command_id
from qafila.web.site.refusals import require, said_above, said_on
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened

NAV = (
    NavItem(
        gettext_lazy("Receipts recorded"), "payment_notes", 53, may=may_see_notes, room=Room.MONEY
    ),
)


@require_safe
@login_required
def payment_notes(request: StaffRequest) -> HttpResponseBase:
    """The notes of the territory that wait for the money, oldest first."""
    actor = request.actor
    require(may_see_notes(actor))
    scope = notes_seen_by(actor)
    around = Around(count=lambda: waiting_notes_count(scope=scope))
    source, template = Notes(scope, actor), "payment_notes/page.html"
    return record_page(
        request, LISTING, source, asked_of(request), template=template, around=around
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def note(request: StaffRequest, person_id: int) -> HttpResponse:
    """Note a payment from the receipt; it becomes money when the fund's file brings it."""
    actor = request.actor
    scope = require_noting(actor)
    found = opened(request, person_id, "note", scope=scope)
    posted = request.method == "POST"
    form = NoteForm(
        request.POST if posted else None, initial={"paid_on": f"{clock.today():%d/%m/%Y}"}
    )
    if posted and form.is_valid():
        typed = form.cleaned_data
        receipt = Receipt(
            typed["channel"], typed["reference"], typed["place"], typed["amount"], typed["paid_on"]
        )
        with said_on(form):
            noted = note_payment(
                person_id=person_id,
                receipt=receipt,
                actor=actor,
                at=clock.now(),
                command_id=command_id_of(request),
            )
            back = reverse("take_back_note", args=[person_id, noted.note_id])
            undo = None if noted.confirmed else Undo(back, {"reason": at_once()})
            say_done(request, _said(noted.confirmed), undo)
            return redirect("person_money", person_id)
    context = {
        "head": head_of_person(found, request),
        "form": form,
        "command_id": new_command_id(),
        "overdue": 0,
        "title": _("Record a receipt"),
        "save": _("Save it"),
        "note": _(
            "The account does not change yet: the payment counts once the file of the fund, the "
            "bank or the relay point brings it. Give the paper back to the person."
        ),
    }
    template = "person_money/form.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _said(confirmed: bool) -> str:
    if confirmed:
        return _("This payment has arrived already: it is in the account.")
    return _("The receipt was recorded. It counts once the fund confirms it.")


@require_POST
@login_required
def take_back(request: StaffRequest, person_id: int, note_id: int) -> HttpResponse:
    """Take back a note made by mistake, with the reason."""
    actor = request.actor
    scope = require_noting(actor)
    opened(request, person_id, "take_back_note", scope=scope)
    with said_above(request):
        take_back_note(note_id, reason=request.POST.get("reason", ""), actor=actor, at=clock.now())
        messages.success(request, _("The receipt was cancelled."))
    return redirect(_back(request, person_id))


def _back(request: StaffRequest, person_id: int) -> str:
    return way_back(request, reverse("person_money", args=[person_id]))


urlpatterns = [
    path("payments/noted/", payment_notes, name="payment_notes"),
    path("people/<int:person_id>/money/note/", note, name="person_note"),
    path("people/<int:person_id>/money/note/<int:note_id>/back/", take_back, name="take_back_note"),
]
