"""The places room."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "qafila.places"
    default_auto_field = "django.db.models.BigAutoField"
