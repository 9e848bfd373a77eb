"""The enrolment room."""

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "qafila.enrolment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the journal's sentences."""
        from qafila.enrolment import journal  # noqa: F401
