"""The public page that checks an attestation: scan or type its code, no sign-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from qafila.foundation import clock
from qafila.rights.verification import Verdict, Worth, verdict_on
from qafila.web.people import file_presenter as shown
from qafila.web.site.areas import NavItem
from qafila.web.site.rate_limit import within_limit

# A hospital's desks share one address; nobody can guess a signature at this pace.
_PER_MINUTE = 60
_LONGEST_CODE = 400
NAV = (NavItem(_("Check a document"), "verify", 11, public=True, icon="check"),)

# Tone of the answer, what it is, and what to do.
_TOLD = {
    Worth.GENUINE: (
        "ok",
        _("Genuine"),
        _("This attestation was issued by Qafila and holds today."),
    ),
    Worth.CHANGED: (
        "warn",
        _("The rights have changed since"),
        _("The attestation is genuine, but rights have changed. Rely on the line “Today”."),
    ),
    Worth.EXPIRED: (
        "warn",
        _("Expired"),
        _("The attestation is genuine, but its days are over. Ask for a new one."),
    ),
    Worth.WITHDRAWN: (
        "bad",
        pgettext_lazy("attestation", "Withdrawn"),
        _("The attestation was withdrawn after it was issued. Do not accept it: ask for another."),
    ),
    Worth.FORGED: (
        "bad",
        _("Not genuine"),
        _("This code was not issued by Qafila, or was changed since. Do not accept the document."),
    ),
    Worth.NOT_READABLE: (
        "none",
        _("Not a code of this platform"),
        _(
            "The code begins with Q1. and has 151 more letters and digits. Scan it again or copy "
            "it whole."
        ),
    ),
    Worth.OTHER_DOCUMENT: (
        "info",
        _("A card, not an attestation"),
        _("This code is on a professional card. It says nothing about health insurance."),
    ),
}


@require_safe
def verify(request: HttpRequest, token: str = "") -> HttpResponse:
    """The form, and above it what the code of the address, or of the field, is worth."""
    asked = (token or request.GET.get("code", "")).strip()
    # People paste what their camera read: the whole address.
    asked = asked.rstrip("/").rsplit("/", 1)[-1][:_LONGEST_CODE]
    if asked and not within_limit(request, "verify", per_minute=_PER_MINUTE):
        return render(request, "429.html", status=429)
    found = verdict_on(asked, on=clock.today()) if asked else None
    context = {"code": asked, "found": found, "answer": _answer(found) if found else None}
    response = render(request, "verify/page.html", context)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _answer(found: Verdict) -> dict[str, object]:
    tone, title, sentence = _TOLD[found.worth]
    # A sheet made in error may be another person's: of a withdrawn one nothing more is told.
    if found.worth is Worth.WITHDRAWN:
        return {"tone": tone, "title": title, "sentence": sentence, "said": None, "now": None}
    return {
        "tone": tone,
        "title": title,
        "sentence": sentence,
        "said": shown.rights_tag(found.status) if found.status else None,
        "now": shown.rights_tag(found.status_now) if found.status_now else None,
    }


urlpatterns = [
    path("verify/", verify, name="verify"),
    # The code on the sheet is in capital letters, its address too.
    *(
        path(f"{word}/<str:token>{end}", verify, name="verify_code")
        for word in ("VERIFY", "verify")
        for end in ("", "/")
    ),
]
