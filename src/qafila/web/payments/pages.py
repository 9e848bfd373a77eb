"""Files of payments: checked first, then booked; each row told. One payment with its receipt."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qafila.contributions.access import (
    may_post,
    may_post_everywhere,
    may_see_books,
    require_posting,
    require_posting_everywhere,
)
from qafila.contributions.account.receipts import (
    receipt_number,
    receipt_pdf,
    receipt_text,
)
from qafila.contributions.payments.file_queries import booked_file
from qafila.contributions.payments.problems import problem_sentence
from qafila.contributions.payments.queries import PaymentTold, get_payment
from qafila.contributions.payments.recording import reverse_payment
from qafila.exchange.errors import PaymentFileNotChecked
from qafila.exchange.payments.inbox import (
    ask_to_book,
    ask_to_check_again,
    discard_file,
    inbox_file,
    own_inbox,
    receive_bank_file,
)
from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.people.access import seen_by
from qafila.web.design.pdf_answers import pdf_answer, printed_language
from qafila.web.design.rooms import Room
from qafila.web.design.table_files import table_file
from qafila.web.payments import presenter as shown
from qafila.web.payments.forms import CHANNELS, PaymentFileForm, ReversalForm, channel_word
from qafila.web.people.file_head import head_of_person
from qafila.web.records.listing import Around, asked_of, record_page
from qafila.web.records.tables import listing_of
from qafila.web.site.areas import NavItem
from qafila.web.site.refusals import require, said_above, said_on
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened

NAV = (NavItem(gettext_lazy("Payments"), "payments", 51, may=may_see_books, room=Room.MONEY),)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def payments(request: StaffRequest) -> HttpResponseBase:
    """The files booked so far; a new one is checked by a job before anything of it is booked."""
    actor = _looking(request)
    sent = request.method == "POST"
    if sent:
        require_posting_everywhere(actor)
    form = PaymentFileForm(request.POST, request.FILES) if sent else _form_asked(request)
    if sent and form.is_valid():
        uploaded = form.cleaned_data["file"]
        with said_on(form, "file"):
            name = receive_bank_file(
                uploaded.chunks(),
                uploaded.name,
                channel=form.cleaned_data["channel"],
                actor=actor,
                at=clock.now(),
            )
            return redirect("payment_check", name)
    mine = own_inbox(actor=actor) if may_post_everywhere(actor) else []
    more = {
        "form": form if may_post_everywhere(actor) else None,
        "inbox": shown.inbox_table(mine) if mine else None,
        "channel": dict(CHANNELS).get(form["channel"].value() or "", ""),
    }
    page = record_page(
        request,
        listing_of("payments", shown.files_table(()), ordered=False),
        shown.Files(),
        asked_of(request),
        template="payments/page.html",
        around=Around(more=more),
    )
    page.status_code = 422 if form.errors else 200
    return page


def _form_asked(request: StaffRequest) -> PaymentFileForm:
    """How the money came is asked first: a large file does not go up before that is known."""
    channel = request.GET.get("channel", "")
    return PaymentFileForm(initial={"channel": channel if channel in dict(CHANNELS) else ""})


@require_safe
@login_required
def payment_check(request: StaffRequest, name: str) -> HttpResponse:
    """How far the check of a file is, what booking would do, and how far the booking is."""
    actor = request.actor
    file = inbox_file(name, actor=actor, at=clock.now())
    if file.state == "booked" and file.file_id is not None:
        return _to_file(request, file.file_id)
    context = {
        "file": file,
        "channel": channel_word(file.channel),
        "state": shown.INBOX_STATES[file.state],
        "stats": shown.balance(file.checked) if file.checked else [],
        "problems": shown.problems_table(file.checked.problems) if file.checked else None,
        "unshown": shown.unshown(file),
        "bar": shown.inbox_bar(file),
        "under_way": file.state in shown.UNDER_WAY,
    }
    template = "payments/check_state.html" if request.htmx else "payments/check.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _to_file(request: StaffRequest, file_id: int) -> HttpResponse:
    """To the booked file; htmx is told to move the whole page."""
    address = reverse("payment_file", args=[file_id])
    if request.htmx:
        response = HttpResponse()
        response["HX-Redirect"] = address
        return response
    return redirect(address)


@require_POST
@login_required
def payment_check_again(request: StaffRequest, name: str) -> HttpResponse:
    """Have a check that was left half-way done again."""
    actor = request.actor
    ask_to_check_again(name, actor=actor, at=clock.now())
    return redirect("payment_check", name)


@require_POST
@login_required
def payment_book(request: StaffRequest, name: str) -> HttpResponse:
    """Have the checked file booked in the background."""
    actor = request.actor
    try:
        ask_to_book(name, actor=actor, at=clock.now())
    except PaymentFileNotChecked as refusal:
        messages.error(request, refusal.sentence())
    return redirect("payment_check", name)


@require_POST
@login_required
def payment_discard(request: StaffRequest, name: str) -> HttpResponse:
    """Drop a checked file; nothing of it was booked."""
    actor = request.actor
    discard_file(name, actor=actor)
    messages.info(request, _("The file was dropped. Nothing of it was booked."))
    return redirect("payments")


@require_safe
@login_required
def payment_file(request: StaffRequest, file_id: int) -> HttpResponse:
    """A booked file: read = accepted + rejected + repeated, and each problem in a sentence."""
    _looking(request)
    file = booked_file(file_id)
    context = {
        "file": file,
        "channel": channel_word(file.channel),
        "stats": shown.balance_of_file(file),
        "problems": shown.problems_table(file.problems),
    }
    return render(request, "payments/file.html", context)


@require_safe
@login_required
def payment_problems(request: StaffRequest, file_id: int, kind: str) -> HttpResponseBase:
    """The problems of a file with their rows, for its sender."""
    _looking(request)
    file = booked_file(file_id)
    rows = ([one.row, problem_sentence(one.code, one.params)] for one in file.problems)
    return table_file(f"payment-problems-{file_id}", kind, [_("Row"), _("Reason")], rows)


@require_safe
@login_required
def payment(request: StaffRequest, payment_id: int) -> HttpResponse:
    """One payment: what it settled, its receipt on paper and as a message, and its reversal."""
    actor = request.actor
    return _payment_page(request, get_payment(payment_id, scope=seen_by(actor)), None)


def _payment_page(
    request: StaffRequest, found: PaymentTold, form: ReversalForm | None
) -> HttpResponse:
    actor = request.actor
    person = opened(request, found.person_id, "payment")
    may_reverse = may_post(actor, person.person.province_id) and found.reversed_on is None
    message = receipt_text(
        found.payment_id, language=printed_language(), on=clock.today(), scope=seen_by(actor)
    )
    context: dict[str, Any] = {
        "head": head_of_person(person, request),
        "payment": found,
        "number": receipt_number(found.payment_id),
        "facts": shown.payment_facts(found),
        "months": shown.months_table(found),
        "message": message,
        "form": form or (ReversalForm() if may_reverse else None),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "payments/payment.html", context, status=status)


@require_safe
@login_required
def receipt(request: StaffRequest, payment_id: int, language: str) -> HttpResponse:
    """The receipt of a payment as a PDF."""
    actor = request.actor
    found = get_payment(payment_id, scope=seen_by(actor))
    opened(request, found.person_id, "receipt")
    content = receipt_pdf(payment_id, language=language, scope=seen_by(actor), at=clock.now())
    return pdf_answer(content, f"receipt-{receipt_number(payment_id)}")


@require_POST
@login_required
def payment_reverse(request: StaffRequest, payment_id: int) -> HttpResponse:
    """Take a payment back with its reason; what it settled is due again."""
    actor = request.actor
    scope = require_posting(actor)
    found = get_payment(payment_id, scope=scope)
    opened(request, found.person_id, "payment_reverse", scope=scope)
    form = ReversalForm(request.POST)
    if not form.is_valid():
        return _payment_page(request, found, form)
    with said_above(request):
        reverse_payment(
            payment_id,
            reason=form.cleaned_data["reason"],
            on=form.cleaned_data["on"],
            actor=actor,
            at=clock.now(),
        )
        messages.success(request, _("The payment was reversed; what it settled is due again."))
    return redirect("payment", payment_id)


def _looking(request: StaffRequest) -> Actor:
    actor = request.actor
    require(may_see_books(actor))
    return actor


urlpatterns = [
    path("payments/", payments, name="payments"),
    path("payments/check/<str:name>/", payment_check, name="payment_check"),
    path("payments/check/<str:name>/again/", payment_check_again, name="payment_check_again"),
    path("payments/check/<str:name>/book/", payment_book, name="payment_book"),
    path("payments/check/<str:name>/drop/", payment_discard, name="payment_discard"),
    path("payments/files/<int:file_id>/", payment_file, name="payment_file"),
    path(
        "payments/files/<int:file_id>/problems.<str:kind>",
        payment_problems,
        name="payment_problems",
    ),
    path("payments/<int:payment_id>/", payment, name="payment"),
    path("payments/<int:payment_id>/receipt-<str:language>.pdf", receipt, name="receipt"),
    path("payments/<int:payment_id>/reverse/", payment_reverse, name="payment_reverse"),
]
