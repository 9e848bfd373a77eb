"""The audit room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "qafila.audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the journal's sentences."""
        from qafila.audit import journal  # noqa: F401
