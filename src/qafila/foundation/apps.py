"""The foundation room."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "qafila.foundation"
    default_auto_field = "django.db.models.BigAutoField"
