"""The institutions room."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "qafila.institutions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the journal's verbs, so that every reader finds their sentences."""
        from qafila.institutions import journal  # noqa: F401
