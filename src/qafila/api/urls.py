"""Addresses of the API, below /api/v1/."""

from __future__ import annotations

from django.urls import path
from oauth2_provider.views import RevokeTokenView, TokenView

from qafila.api.endpoints import api

urlpatterns = [
    path("token", TokenView.as_view(), name="token"),
    path("revoke_token", RevokeTokenView.as_view(), name="revoke-token"),
    path("", api.urls),
]
