"""What every request passes: its language, who acts, the second factor, and the headers."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.foundation.trail import system_actor
from qafila.institutions.access import actor_of, must_change_password, must_use_second_factor
from qafila.web.site.requests import AnyRequest

Respond = Callable[[AnyRequest], HttpResponse]
LANGUAGE_COOKIE = "qafila_language"
# Where someone may go whose password another person chose, until they have changed it.
OPEN_WITH_A_GIVEN_PASSWORD = (
    "/accounts/password/change/",
    "/accounts/logout/",
    "/static/",
    "/language/",
    "/theme/",
    "/menu/",
    "/health",
)
# Where someone without a second factor may go until they have one.
OPEN_WITHOUT_SECOND_FACTOR = (
    "/accounts/",
    "/static/",
    "/language/",
    "/theme/",
    "/menu/",
    "/pay/",
    "/health",
)


class LanguageMiddleware:
    """The language chosen by the person (cookie), else Arabic: never guessed from the browser."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: AnyRequest) -> HttpResponse:
        chosen = request.COOKIES.get(LANGUAGE_COOKIE, settings.LANGUAGE_CODE)
        known = dict(settings.LANGUAGES)
        with translation.override(chosen if chosen in known else settings.LANGUAGE_CODE):
            response = self.respond(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "ar")
        return response


class ActorMiddleware:
    """`request.actor`: the signed-in person with roles and territory, or None.

    The sign-in library writes accounts and second factors by itself, so its pages run with the
    person (or the system's "sign-in") as the connection's actor.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: AnyRequest) -> HttpResponse:
        actor: Actor | None = None
        if request.user.is_authenticated:
            actor = actor_of(request.user, on=clock.today())
        request.actor = actor
        if not request.path.startswith("/accounts/"):
            return self.respond(request)
        self._set_connection_actor(str((actor or system_actor("sign-in")).id))
        try:
            return self.respond(request)
        finally:
            self._set_connection_actor("")

    @staticmethod
    def _set_connection_actor(value: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('qafila.actor', %s, false)", [value])


class SecondFactorMiddleware:
    """A password that was given is changed, and roles that decide set up a second factor, first.

    Until then nothing else opens.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: AnyRequest) -> HttpResponse:
        actor = request.actor
        if (
            actor
            and not request.path.startswith(OPEN_WITH_A_GIVEN_PASSWORD)
            and must_change_password(request.user)
        ):
            return redirect("account_change_password")
        if (
            actor
            and not request.path.startswith(OPEN_WITHOUT_SECOND_FACTOR)
            and must_use_second_factor(request.user, actor)
        ):
            return redirect("mfa_activate_totp")
        return self.respond(request)


CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; media-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class SecurityHeadersMiddleware:
    """No inline scripts or styles, nothing from elsewhere; nothing of ours is framed or kept."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: AnyRequest) -> HttpResponse:
        response = self.respond(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        if request.user.is_authenticated:
            # Personal pages stay out of every cache, also of the browser on a shared machine.
            response.headers.setdefault("Cache-Control", "no-store")
        return response
