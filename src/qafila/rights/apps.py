"""The rights room."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "qafila.rights"
    default_auto_field = "django.db.models.BigAutoField"
