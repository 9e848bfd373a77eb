"""Which scopes a client is given with a token: those agreed with its partner, and no other."""

from __future__ import annotations

from typing import Any

from oauth2_provider.scopes import SettingsScopes

from qafila.api.clients import GIVEN, scopes_given
from qafila.api.coverage_check.connections import ask_through_django


class PartnerScopes(SettingsScopes):
    """Asked by the token address; a scope that was not agreed is refused there."""

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """What the client may ask for; nothing for a client without a partner."""
        if application is None:
            return list(super().get_available_scopes(application, request, *args, **kwargs))
        rows = ask_through_django(GIVEN, {"client": application.client_id})
        return sorted(scopes_given(*rows[0])) if rows else []

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """What a client gets that names no scope: all it was given."""
        return self.get_available_scopes(application, request, *args, **kwargs)
