"""The register room."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "qafila.register"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the journal's sentences."""
        from qafila.register import journal  # noqa: F401
