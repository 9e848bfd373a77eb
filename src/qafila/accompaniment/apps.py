"""The accompaniment room."""

from django.apps import AppConfig


class AccompanimentConfig(AppConfig):
    name = "qafila.accompaniment"
    default_auto_field = "django.db.models.BigAutoField"
