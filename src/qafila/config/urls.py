"""Addresses of the whole site."""

from __future__ import annotations

from django.urls import include, path, re_path

from qafila.web.site.sign_in import password_reset, password_reset_from_key

handler500 = "qafila.web.site.refusals.server_error"

urlpatterns = [
    path("", include("qafila.web.site.urls")),
    path("api/v1/", include("qafila.api.urls")),
    # Before the library's own: without a mail server there is no such page.
    path("accounts/password/reset/", password_reset),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        password_reset_from_key,
    ),
    path("accounts/", include("allauth.urls")),
]
