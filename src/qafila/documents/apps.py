"""The documents room."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "qafila.documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the journal's sentences."""
        from qafila.documents import journal  # noqa: F401
