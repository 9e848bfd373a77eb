"""The contributions room."""

from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "qafila.contributions"
    default_auto_field = "django.db.models.BigAutoField"
