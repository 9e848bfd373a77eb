"""The web room."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "qafila.web"
    default_auto_field = "django.db.models.BigAutoField"
