"""The jobs shell: what runs in the background."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "qafila.jobs"
