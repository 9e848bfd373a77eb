"""Pages of accounts beside the sign-in library's: where one is signed in, and what is not offered.

Accounts belong to administrators.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path

from qafila.web.accounts import account_mail  # noqa: F401  (hears what the library says)
from qafila.web.accounts.sessions import session_end, sessions


def not_offered(request: HttpRequest, **_: str) -> HttpResponse:
    """An e-mail address names an account, so its holder does not change it."""
    raise Http404


urlpatterns = [
    path("accounts/sessions/", sessions, name="account_sessions"),
    path("accounts/sessions/<int:session_id>/end/", session_end, name="end_session"),
    path("accounts/email/", not_offered),
    re_path(r"^accounts/confirm-email/", not_offered),
]
