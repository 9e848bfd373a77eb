"""My situation: what an insured person sees through their personal link, and nothing else."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qafila.audit.queries import looks_told_to
from qafila.contributions.account.account_statement import statement_pdf
from qafila.contributions.account.own_account import own_account
from qafila.contributions.account.receipts import receipt_pdf
from qafila.contributions.payments.queries import get_payment
from qafila.foundation import clock
from qafila.foundation.actors import WHOLE_COUNTRY
from qafila.foundation.stores.counting import Counter, address_of
from qafila.foundation.trail import system_actor
from qafila.people.access import PersonFile, open_file
from qafila.people.personal_links import open_personal_link, require_link, token_of_code
from qafila.people.privacy.consents import consents_of, own_consent
from qafila.people.privacy.own_data import as_json, data_of
from qafila.rights.after_death import cover_after_death
from qafila.rights.queries import rights_told
from qafila.web.design.pdf_answers import PRINTED, pdf_answer
from qafila.web.mine import presenter as shown
from qafila.web.mine.forms import CodeForm, OpenForm
from qafila.web.mine.session import forget_open, is_open, remember_open
from qafila.web.payment_notes.presenter import notes_shown
from qafila.web.people import file_presenter as person_presenter
from qafila.web.people.file_head import who_it_is
from qafila.web.person_money.presenter import last_year_explained
from qafila.web.privacy.pages import data_answer
from qafila.web.privacy.presenter import consents_shown, kept_table
from qafila.web.site.areas import NavItem
from qafila.web.site.rate_limit import within_limit
from qafila.web.site.refusals import said_above, said_on

TRIES_PER_MINUTE = 10
CODES_TRIED, CODES_WITHIN = 10, 600
NAV = (NavItem(gettext_lazy("My situation"), "mine_code", 9, public=True, icon="person"),)


@require_http_methods(["GET", "HEAD", "POST"])
def mine_code(request: HttpRequest) -> HttpResponse:
    """Type the code of the sheet; then the two questions, as with the link."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        tries = Counter(f"personal codes from {address_of(request)}", CODES_TRIED, CODES_WITHIN)
        if not tries.count():
            form.add_error(None, _("Too many codes were tried from here. Wait ten minutes."))
            status = 429
        elif form.is_valid():
            with said_on(form, "code"):
                return _private(redirect("mine", _token_typed(form, tries)))
    return _private(render(request, "mine/code.html", {"form": form}, status=status))


def _token_typed(form: CodeForm, tries: Counter) -> str:
    """The token that the code stands for; a right one is no try."""
    token = token_of_code(form.cleaned_data["code"], at=clock.now())
    tries.take_back()
    return token


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the two questions; then the person's cover, what is owed, how to pay, the payments."""
    at = clock.now()
    person_id = require_link(token, at=at)
    if request.method == "POST":
        return _answered(request, token)
    if not is_open(request, token, at):
        return _private(render(request, "mine/open.html", {"form": OpenForm(), "token": token}))
    return _private(render(request, "mine/page.html", _account(person_id, token)))


def _answered(request: HttpRequest, token: str) -> HttpResponse:
    form = OpenForm(request.POST)
    status = 422
    if not within_limit(request, "mine", per_minute=TRIES_PER_MINUTE):
        form.add_error(None, _("Too many tries from here. Wait a minute and try again."))
        status = 429
    elif form.is_valid():
        at = clock.now()
        typed = form.cleaned_data
        opened = open_personal_link(
            token, card_end=typed["card_end"], birth_year=typed["birth_year"], at=at
        )
        if opened is not None:
            remember_open(request, token, at)
            return _private(redirect("mine", token))
        form.add_error(
            None,
            _(
                "The link was not opened. Check what you wrote. After five wrong tries it is "
                "locked: then ask a contact point for a new one."
            ),
        )
    context = {"form": form, "token": token}
    return _private(render(request, "mine/open.html", context, status=status))


def _account(person_id: int, token: str) -> dict[str, Any]:
    """Every fact of the page; the look is logged as the person's own."""
    today, person = clock.today(), _own_file(person_id)
    told = rights_told(person.id, today, scope=WHOLE_COUNTRY, person=person)
    account = own_account(today, scope=WHOLE_COUNTRY, person=person)
    year, year_steps = last_year_explained(account.statement.years)
    dead = told.rights.reason == "deceased"
    died = cover_after_death(person.id, scope=WHOLE_COUNTRY) if dead else None
    return {
        "token": token,
        "head": who_it_is(person),
        "rights": person_presenter.rights_tag(told.rights.status),
        "tone": "warn" if died else shown.tone_of(told.rights.status),
        "answer": shown.answer_of(told.rights.status, died),
        "after_death": died.sentence if died else "",
        "why": told.rights.why,
        "steps": shown.reasons_of(told.answer),
        "owed": shown.owed_of(account, told.if_paid, today, covered=told.rights.status == "open"),
        "notes": notes_shown(account.statement.notes),
        "settled_year": year,
        "year_steps": year_steps,
        "ways": account.ways,
        "payments": shown.payments_of(account.payments),
    }


def _own_file(person_id: int) -> PersonFile:
    """The file of whoever holds the link; the look is logged as the person's own."""
    actor = system_actor("personal link")
    return open_file(person_id, actor=actor, at=clock.now(), place="mine")


@require_safe
def mine_data(request: HttpRequest, token: str) -> HttpResponse:
    """What is kept of the person: who looked at it, and why."""
    person_id = _opened(request, token)
    if person_id is None:
        return _private(redirect("mine", token))
    person = _own_file(person_id)
    context = {
        "token": token,
        "head": who_it_is(person),
        "looks": shown.looks_of(looks_told_to(person.id)),
        "consents": consents_shown(consents_of(person.id, scope=WHOLE_COUNTRY)),
        "table": kept_table(data_of(person.id, scope=WHOLE_COUNTRY), clock.today()),
    }
    return _private(render(request, "mine/data.html", context))


@require_safe
def mine_data_file(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that is kept of the person, as a file to take along."""
    person_id = _opened(request, token)
    if person_id is None:
        return _private(redirect("mine", token))
    person = _own_file(person_id)
    data = data_of(person.id, scope=WHOLE_COUNTRY)
    return _private(data_answer(as_json(data, person_id=person.id, at=clock.now())))


@require_POST
def mine_consent(request: HttpRequest, token: str, purpose: str) -> HttpResponse:
    """Agree to a purpose, or no longer."""
    if _opened(request, token) is None:
        return _private(redirect("mine", token))
    given = request.POST.get("given") == "yes"
    with said_above(request):
        own_consent(token, purpose=purpose, given=given, at=clock.now())
    return _private(redirect("mine_data", token))


@require_safe
def mine_statement(request: HttpRequest, token: str, language: str) -> HttpResponse:
    """The statement of the account as a PDF."""
    person_id = _opened(request, token)
    if person_id is None:
        return _private(redirect("mine", token))
    if language not in PRINTED:
        raise Http404
    person = _own_file(person_id)
    content = statement_pdf(
        person.id, language=language, on=clock.today(), scope=WHOLE_COUNTRY, at=clock.now()
    )
    return _private(pdf_answer(content, "statement"))


@require_safe
def mine_receipt(request: HttpRequest, token: str, payment_id: int, language: str) -> HttpResponse:
    """The receipt of one of the person's own payments as a PDF."""
    person_id = _opened(request, token)
    if person_id is None:
        return _private(redirect("mine", token))
    payment = get_payment(payment_id, scope=WHOLE_COUNTRY)
    if payment.person_id != person_id or language not in PRINTED:
        raise Http404
    _own_file(person_id)
    content = receipt_pdf(payment_id, language=language, scope=WHOLE_COUNTRY, at=clock.now())
    return _private(pdf_answer(content, "receipt"))


@require_POST
def mine_close(request: HttpRequest, token: str) -> HttpResponse:
    """Close the link in this browser."""
    require_link(token, at=clock.now())
    forget_open(request)
    return _private(redirect("mine", token))


def _opened(request: HttpRequest, token: str) -> int | None:
    at = clock.now()
    person_id = require_link(token, at=at)
    return person_id if is_open(request, token, at) else None


def _private(response: HttpResponse) -> HttpResponse:
    """Kept by no cache, found by no search engine, told to no other site."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response


urlpatterns = [
    path("mine/", mine_code, name="mine_code"),
    path("mine/<str:token>/", mine, name="mine"),
    path("mine/<str:token>/close/", mine_close, name="mine_close"),
    path("mine/<str:token>/data/", mine_data, name="mine_data"),
    path("mine/<str:token>/data.json", mine_data_file, name="mine_data_file"),
    path("mine/<str:token>/consent/<str:purpose>/", mine_consent, name="mine_consent"),
    path("mine/<str:token>/statement-<str:language>.pdf", mine_statement, name="mine_statement"),
    path(
        "mine/<str:token>/receipt-<int:payment_id>-<str:language>.pdf",
        mine_receipt,
        name="mine_receipt",
    ),
]
