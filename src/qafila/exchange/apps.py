"""The exchange room: readers of other systems' formats, without tables of its own."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "qafila.exchange"
