"""The territory, loaded."""

from __future__ import annotations

import datetime as dt

import pytest

from qafila.foundation.actors import Actor
from qafila.places.actions import load_places


@pytest.fixture
def places(system: Actor, at: dt.datetime) -> None:
    """The 12 regions, 75 provinces and 1,503 communes."""
    load_places(actor=system, at=at)
