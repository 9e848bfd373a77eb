"""Pages of the sign-in library that Qafila does not offer: accounts belong to administrators."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path


def not_offered(request: HttpRequest, **_: str) -> HttpResponse:
    """An e-mail address names an account, so its holder does not change it."""
    raise Http404


urlpatterns = [
    path("accounts/email/", not_offered),
    re_path(r"^accounts/confirm-email/", not_offered),
]
