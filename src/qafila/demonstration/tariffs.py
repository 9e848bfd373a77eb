"""A small invented table of tariffs, marked as a demonstration."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from qafila.care.tariffs.tariffs import TariffsImported, import_tariffs
from qafila.foundation.actors import Actor

TARIFFS = Path(__file__).parent / "data" / "tariffs.csv"


def load_demonstration_tariffs(*, actor: Actor, at: dt.datetime) -> TariffsImported:
    """Load the table; safe to repeat."""
    return import_tariffs(TARIFFS, demonstration=True, actor=actor, at=at)
