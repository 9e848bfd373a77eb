"""Sessions in the database, one for all processes: a session ended in one is ended in each.

The row carries a digest of the session's key and its contents sealed, so whoever reads the
database, a copy of it or its log can neither take over a session nor read what is in one.
"""

from __future__ import annotations

import hashlib
from typing import Any, cast

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session

from qafila.foundation import clock
from qafila.foundation.stores.sealing import NotOpened, opened, seal

_PURPOSE = "session"


class SessionStore(DatabaseSessions):
    """Django's sessions in the database, kept under a digest of their key."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The contents as they are kept."""
        return seal(super().encode(session_dict), _PURPOSE)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """The contents of a kept session; empty when nobody can open it."""
        try:
            return super().decode(opened(str(session_data), _PURPOSE))
        except (NotOpened, ValueError):
            return {}

    def exists(self, session_key: str) -> bool:
        """Whether a session is kept under the key."""
        return super().exists(kept_under(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to write, which Django does for the key it knows."""
        row = cast(Session, super().create_model_instance(data))
        row.session_key = kept_under(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Forget the session."""
        key = session_key or self.session_key
        if key:
            self.model.objects.filter(session_key=kept_under(key)).delete()

    def load(self) -> dict[str, Any]:
        """The contents kept under the key; empty, and the key let go, when there are none."""
        known = kept_under(self.session_key or "")
        found = self.model.objects.filter(session_key=known, expire_date__gt=clock.now()).first()
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found.session_data)


def kept_under(key: str) -> str:
    """The digest a session's row carries; 40 characters, as long as Django's column."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]
