"""The accompaniment room."""

from django.apps import AppConfig


class AccompanimentConfig(AppConfig):
    name = "qafila.accompaniment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the journal's sentences."""
        from qafila.accompaniment import journal  # noqa: F401
