"""Addresses of the whole site."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("qafila.web.site.urls")),
    path("api/v1/", include("qafila.api.urls")),
    path("accounts/", include("allauth.urls")),
]
