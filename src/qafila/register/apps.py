"""The register room."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "qafila.register"
    default_auto_field = "django.db.models.BigAutoField"
