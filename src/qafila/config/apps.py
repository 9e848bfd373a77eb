"""The wiring: what has to be connected across rooms is connected here and nowhere else."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
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
    from qafila.people.merging.merge_guard import guard_against_merged

    guard_tables(app_config.label)
    if app_config is _last_with_models():  # every table is there
        guard_against_merged()


def _last_with_models() -> AppConfig:
    return [one for one in apps.get_app_configs() if one.models_module is not None][-1]
