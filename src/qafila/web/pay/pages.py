"""The public page "what would I pay, and why": asks the law, keeps nothing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qafila.contributions.account.ways_to_pay import ways_to_pay
from qafila.foundation import clock
from qafila.web.design.components import Explained
from qafila.web.pay.forms import CATEGORIES, PayForm
from qafila.web.site.areas import NavItem
from qafila.web.site.rate_limit import within_limit
from qafila.web.site.requests import PageRequest
from qafila_law import Amount, LawError, due_date, monthly_amount
from qafila_law.wording.references import reference_in
from qafila_law.wording.sentences import explain

# A person tries a few months; a school or a cyber café behind one address tries many.
_PER_MINUTE = 120
NAV = (NavItem(_("What would I pay?"), "pay", 10, public=True, icon="coins"),)


@require_safe
def pay(request: PageRequest) -> HttpResponse:
    """The form, and under it the amount and its steps once a category was asked for."""
    asked = "category" in request.GET
    if asked and not within_limit(request, "pay", per_minute=_PER_MINUTE):
        return render(request, "429.html", status=429)
    form = PayForm(request.GET if asked else None, today=clock.today())
    amount = _amount_asked(form) if asked else None
    # A question is being changed: what is not finished is no error yet, and no old amount stays.
    changing = request.htmx.trigger == "pay-questions" and bool(form.errors)
    if changing:
        form = PayForm(None, today=clock.today(), typed=request.GET)
    template = "pay/question_and_answer.html" if request.htmx else "pay/page.html"
    context = {
        "form": form,
        "amount": amount,
        "answer": _told(amount) if amount else None,
        "asked": request.htmx.trigger != "pay-questions",
    }
    response = render(request, template, context, status=422 if form.errors else 200)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _amount_asked(form: PayForm) -> Amount | None:
    if not form.is_valid():
        return None
    try:
        return monthly_amount(**form.question())
    except LawError as refusal:
        form.refuse(refusal, translation.get_language() or "ar")
        return None


def _told(amount: Amount) -> dict[str, Any]:
    """The sum to say first, how often it is due, and each step with its legal text."""
    language = translation.get_language() or "ar"
    sentences = explain(amount.steps, language)
    quarterly = amount.periodicity == "quarterly" and amount.quarterly_centimes is not None
    return {
        "sum": amount.quarterly_centimes if quarterly else amount.monthly_centimes,
        "quarterly": quarterly,
        "category": dict(CATEGORIES)[amount.category.value],
        "due_on": due_date(str(amount.month)[:7], amount.category),
        "ways": ways_to_pay([amount.category]),
        "steps": [
            Explained(sentence, (step.reference and reference_in(step.reference, language)) or "")
            for sentence, step in zip(sentences, amount.steps, strict=True)
        ],
    }


urlpatterns = [path("pay/", pay, name="pay")]
