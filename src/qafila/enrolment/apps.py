"""The enrolment room."""

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "qafila.enrolment"
    default_auto_field = "django.db.models.BigAutoField"
