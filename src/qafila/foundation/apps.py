"""The foundation room."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "qafila.foundation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the journal's sentences."""
        from qafila.foundation.queue import journal  # noqa: F401
