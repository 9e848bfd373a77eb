"""The lists room."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "qafila.lists"
    default_auto_field = "django.db.models.BigAutoField"
