"""Sign-in: staff accounts are made by administrators, never by signing up."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.signals import authentication_failed as code_refused
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse

from qafila.foundation import clock
from qafila.foundation.access_log import record_sign_in
from qafila.foundation.stores.counting import address_of
from qafila.foundation.stores.sealing import is_sealed, opened, seal
from qafila.institutions.errors import PasswordSame
from qafila.institutions.facts import SECOND_FACTOR
from qafila.institutions.queries import find_actor_of

_FRESH_SECONDS = 300
OWN = "qafila"
"""Names our own pages to `reauthentication_required`."""


class StaffOnlyAdapter(DefaultAccountAdapter):
    """Closes the sign-up page; a fresh sign-in is proof enough to set up the second factor.

    Who came in, who went and who was refused is noted.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always False: there is no self-registration."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """The password is not asked for twice in a row on the way to the second factor."""
        if app in ("allauth.mfa", OWN) and _has_just_signed_in(context.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def clean_password(self, password: str, user: Any = None) -> str:
        """The password as chosen; the one an administrator gave is no choice."""
        kept: str = super().clean_password(password, user)
        if user is not None and user.must_change_password and user.check_password(kept):
            raise ValidationError(PasswordSame().sentence())
        return kept

    def set_password(self, user: Any, password: str) -> None:
        """Chosen by the person: it need not be changed any more."""
        user.must_change_password = False
        super().set_password(user, password)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses further tries after too many; that is noted too."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            _note("locked_out", request, find_actor_of(credentials.get("email", "")))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Called for a wrong password, also of an account that is closed or is none."""
        _note("wrong_password", request, find_actor_of(credentials.get("email", "")))

    def post_login(self, request: HttpRequest, user: Any, **rest: Any) -> HttpResponse:
        """Called once every factor was right."""
        _note("signed_in", request, user.actor_id)
        answer: HttpResponse = super().post_login(request, user, **rest)
        return answer

    def logout(self, request: HttpRequest) -> None:
        """Ends the session."""
        _note("signed_out", request, getattr(request.user, "actor_id", None))
        super().logout(request)


def _note(kind: str, request: HttpRequest, actor_id: int | None) -> None:
    record_sign_in(kind, actor_id=actor_id, at=clock.now(), address=address_of(request))


def _note_wrong_code(request: HttpRequest, user: Any, **_: Any) -> None:
    _note("wrong_code", request, user.actor_id)


# The sign-in library says so by its signal alone.
code_refused.connect(_note_wrong_code, dispatch_uid="qafila wrong code")


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
