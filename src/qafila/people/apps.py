"""The people room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "qafila.people"
    default_auto_field = "django.db.models.BigAutoField"
