"""The page where people see where they are signed in, and sign out there."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.signals import user_logged_in
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qafila.foundation import clock
from qafila.foundation.stores.counting import address_of
from qafila.institutions.accounts.open_sessions import end_session, note_session, open_sessions
from qafila.web.site.requests import StaffRequest
from qafila.web.site.sign_in import OWN

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung"),
             ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")


@require_safe
@login_required
def sessions(request: StaffRequest) -> HttpResponse:
    """The sessions of whoever looks, this one among them."""
    key = request.session.session_key or ""
    found = open_sessions(actor=request.actor, session_key=key, at=clock.now())
    return render(request, "accounts/sessions.html", {"sessions": found})


@require_POST
@login_required
@reauthentication_required(app=OWN)
def session_end(request: StaffRequest, session_id: int) -> HttpResponse:
    """Sign out there; the password is asked for again when it was typed a while ago."""
    end_session(session_id=session_id, actor=request.actor, at=clock.now())
    messages.success(request, _("You are signed out there."))
    return redirect("account_sessions")


def device_of(request: HttpRequest) -> str:
    """Browser and system in two words, as far as the browser says so."""
    told = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in _BROWSERS if mark in told), "")
    system = next((name for name in _SYSTEMS if re.search(name, told)), "")
    return " · ".join(part for part in (browser, system) if part)


def _note(request: HttpRequest, user: Any, **_rest: Any) -> None:
    note_session(
        user.pk, str(request.session.session_key), device=device_of(request),
        network=address_of(request), at=clock.now(),
    )  # fmt: skip


# The sign-in library says so by its signal, once every factor was right.
user_logged_in.connect(_note, dispatch_uid="qafila open sessions")
