"""The places room."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "qafila.places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the journal's verbs, so that every reader finds their sentences."""
        from qafila.places import journal  # noqa: F401
