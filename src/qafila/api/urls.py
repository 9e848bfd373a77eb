"""Addresses of the API, below /api/v1/."""

from __future__ import annotations

from django.urls import path

from qafila.api.endpoints import api
from qafila.api.token_endpoint import revoke_token, token

urlpatterns = [
    path("token", token, name="token"),
    path("revoke_token", revoke_token, name="revoke-token"),
    path("", api.urls),
]
