"""Lists small enough to read, and the places their people live in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from qafila.foundation.actors import Actor
from qafila.places.actions import load_places

HEADING = "Nom;Prénom;Sexe;CIN;Date de naissance;Province;Commune;Métier;Téléphone"
ListWriter = Callable[..., Path]


@pytest.fixture
def places(system: Actor, at: dt.datetime) -> None:
    """The whole territory."""
    load_places(actor=system, at=at)


@pytest.fixture
def write_list(tmp_path: Path) -> ListWriter:
    """Writes a csv of the given rows under HEADING."""

    def write(name: str, *rows: str, heading: str = HEADING) -> Path:
        path = tmp_path / name
        path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
        return path

    return write
