"""Sign-in: staff accounts are made by administrators, never by signing up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from django.http import HttpRequest

from qafila.foundation import clock

_FRESH_SECONDS = 300


class StaffOnlyAdapter(DefaultAccountAdapter):
    """Closes the sign-up page; a fresh sign-in is proof enough to set up the second factor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always False: there is no self-registration."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """The password is not asked for twice in a row on the way to the second factor."""
        if app == "allauth.mfa" and _has_just_signed_in(context.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


def _has_just_signed_in(request: HttpRequest) -> bool:
    """Whether the person signed in, with every factor they have, within five minutes."""
    records = get_authentication_records(request, request.user)
    return bool(records) and clock.now().timestamp() - records[-1]["at"] < _FRESH_SECONDS
