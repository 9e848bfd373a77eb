"""Sign-in: staff accounts are made by administrators, never by signing up."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from qafila.foundation import clock
from qafila.foundation.stores.sealing import is_sealed, opened, seal
from qafila.institutions.facts import SECOND_FACTOR

_FRESH_SECONDS = 300
OWN = "qafila"
"""Names our own pages to `reauthentication_required`."""


class StaffOnlyAdapter(DefaultAccountAdapter):
    """Closes the sign-up page; a fresh sign-in is proof enough to set up the second factor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always False: there is no self-registration."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """The password is not asked for twice in a row on the way to the second factor."""
        if app in ("allauth.mfa", OWN) and _has_just_signed_in(context.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


class SealedSecondFactors(DefaultMFAAdapter):
    """Seeds of second factors and recovery codes are kept sealed."""

    def encrypt(self, text: str) -> str:
        """The text as the database keeps it."""
        return seal(text, SECOND_FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        """The text again; one from before seeds were sealed is as it is."""
        return (
            opened(encrypted_text, SECOND_FACTOR) if is_sealed(encrypted_text) else encrypted_text
        )


def _has_just_signed_in(request: HttpRequest) -> bool:
    """Whether the person signed in, with every factor they have, within five minutes."""
    records = get_authentication_records(request, request.user)
    return bool(records) and clock.now().timestamp() - records[-1]["at"] < _FRESH_SECONDS


def password_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail: only where mail is sent. Without it administrators reset."""
    _require_mail()
    answer: HttpResponse = views.password_reset(request)
    return answer


def password_reset_from_key(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """Choose a password with the link of a mail; the link is told to no other site."""
    _require_mail()
    answer: HttpResponse = views.password_reset_from_key(request, uidb36=uidb36, key=key)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _require_mail() -> None:
    if not settings.MAIL_IS_SENT:
        raise Http404
