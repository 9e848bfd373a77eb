"""The web API for partners' programs: no tables of its own, only its sentences."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "qafila.api"
