"""The documents room."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "qafila.documents"
    default_auto_field = "django.db.models.BigAutoField"
