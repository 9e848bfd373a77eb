"""The indicators room."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "qafila.indicators"
    default_auto_field = "django.db.models.BigAutoField"
