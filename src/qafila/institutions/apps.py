"""The institutions room."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "qafila.institutions"
    default_auto_field = "django.db.models.BigAutoField"
