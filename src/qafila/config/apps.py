"""The wiring: what has to be connected across rooms is connected here and nowhere else."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WiringConfig(AppConfig):
    name = "qafila.config"
    label = "wiring"

    def ready(self) -> None:
        """Connect the rooms; guard every table as soon as migrations have made it."""
        from qafila.config.wiring import connect_rooms

        connect_rooms()
        post_migrate.connect(_guard_tables)


def _guard_tables(app_config: AppConfig, **_: Any) -> None:
    from qafila.foundation.trail import guard_tables

    guard_tables(app_config.label)
