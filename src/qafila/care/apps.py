"""The care room."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "qafila.care"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the journal's sentences."""
        from qafila.care import journal  # noqa: F401
