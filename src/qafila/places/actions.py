"""Loading the territory and importing points of communes. Both are safe to repeat."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext

from qafila.foundation import journal
from qafila.foundation.actors import Actor, Role
from qafila.foundation.errors import DomainError
from qafila.foundation.trail import acting
from qafila.places import census, errors
from qafila.places.journal import POINTS_IMPORTED, TERRITORY_LOADED
from qafila.places.models import Commune, PlacesImport
from qafila.places.points_file import PointsRead, read_points

_PLACES = [("code", "text"), ("name_ar", "text"), ("name_fr", "text")]
_REGIONS = [*_PLACES, ("name_zgh", "text")]
_POINT = [("latitude", "float8"), ("longitude", "float8")]
_PROVINCES = [*_REGIONS, ("region_id", "text"), ("kind", "text"), ("seat_fr", "text"), *_POINT]
_PERCENTS = [
    (f"{name}_percent", "numeric")
    for name in (
        "darija",
        "tachelhit",
        "tamazight",
        "tarifit",
        "hassania",
        "illiteracy",
        "self_employed",
    )
]
_COMMUNES = [
    *_PLACES,
    ("province_id", "text"),
    ("kind", "text"),
    ("name_keys", "text[]"),
    ("population", "int4"),
    ("households", "int4"),
    ("weekly_souks", "int2"),
    *_PERCENTS,
    *_POINT,
]


@dataclass(frozen=True)
class PlacesLoaded:
    """How many places there are, and how many of them were new or different."""

    regions: int
    provinces: int
    communes: int
    changed: int


@dataclass(frozen=True)
class PointsImported:
    """The balance of a file: read = accepted + rejected + repeated.

    `changed`: accepted points that differ from what was stored. `faults`: one per rejected row,
    in the order of the file; each says its sentence.
    """

    file: str
    read: int
    accepted: int
    rejected: int
    repeated: int
    changed: int
    faults: tuple[DomainError, ...]

    def sentence(self) -> str:
        """The balance in the language in force."""
        template = gettext(
            "%(file)s: %(read)s rows read = %(accepted)s accepted + %(rejected)s rejected + "
            "%(repeated)s repeated; %(changed)s points changed."
        )
        return template % vars(self)


def load_places(*, actor: Actor, at: dt.datetime) -> PlacesLoaded:
    """Load or refresh the 12 regions, 75 provinces and prefectures and 1,503 communes.

    Points imported for communes are kept. Writes nothing where nothing changed.
    """
    actor.require_everywhere(Role.SYSTEM, Role.ADMINISTRATOR)
    territory = census.territory()
    with acting(actor, at=at):
        changed = (
            _upsert("places_region", _REGIONS, territory.regions)
            + _upsert("places_province", _PROVINCES, territory.provinces)
            + _upsert("places_commune", _COMMUNES, territory.communes, kept=_POINT)
        )
        counts = (len(territory.regions), len(territory.provinces), len(territory.communes))
        if changed:
            _record_territory(sum(counts), changed, actor, at)
    return PlacesLoaded(*counts, changed=changed)


def import_points(path: Path | str, *, actor: Actor, at: dt.datetime) -> PointsImported:
    """Give communes the points of a CSV file with the columns code, lat, lon (degrees, WGS 84).

    Other columns are ignored. Good rows are taken in, bad ones are told in `faults`. Raises
    UnusablePointsFile where no row is good.
    """
    actor.require_everywhere(Role.SYSTEM, Role.ADMINISTRATOR, Role.PROGRAMME_LEAD)
    path = Path(path)
    known = set(Commune.objects.values_list("code", flat=True))
    found = read_points(
        _content(path),
        name=path.name,
        known_codes=known,
        present_code_of=census.present_code_of,
    )
    if not found.points:
        raise errors.NoUsablePoint(
            file=path.name,
            rejected=len(found.faults),
            read=found.read,
            faults=tuple(found.faults),
        )
    with acting(actor, at=at):
        changed = _set_points(found)
        _record_points(path.name, found, changed, actor, at)
    return PointsImported(
        file=path.name,
        read=found.read,
        accepted=len(found.points),
        rejected=len(found.faults),
        repeated=found.repeated,
        changed=changed,
        faults=tuple(found.faults),
    )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise errors.FileNotReadable(file=path.name) from None


def _upsert(
    table: str,
    columns: list[tuple[str, str]],
    rows: list[dict[str, Any]],
    *,
    kept: list[tuple[str, str]] | None = None,
) -> int:
    """Insert the rows, change those that differ, return how many were touched.

    `kept` columns are filled where empty and never overwritten.
    """
    keeping = {name for name, _ in kept or []}
    names = [name for name, _ in columns]
    news = [f"coalesce(t.{n}, excluded.{n})" if n in keeping else f"excluded.{n}" for n in names]
    # Rows travel as one JSON document: unnest cannot carry a column of arrays.
    typed = ", ".join(f"{name} {kind}" for name, kind in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS t ({', '.join(names)}) "
            f"SELECT {', '.join(names)} FROM jsonb_to_recordset(%s::jsonb) AS given ({typed}) "
            f"ON CONFLICT (code) DO UPDATE SET ({', '.join(names)}) = ROW ({', '.join(news)}) "
            f"WHERE ({', '.join(f't.{n}' for n in names)}) IS DISTINCT FROM ({', '.join(news)})",
            [json.dumps(rows)],
        )
        return int(cursor.rowcount)


def _set_points(found: PointsRead) -> int:
    codes = list(found.points)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE places_commune AS c SET latitude = p.lat, longitude = p.lon "
            "FROM unnest(%s::text[], %s::float8[], %s::float8[]) AS p (code, lat, lon) "
            "WHERE c.code = p.code "
            "AND (c.latitude, c.longitude) IS DISTINCT FROM (p.lat, p.lon)",
            [
                codes,
                [found.points[code].latitude for code in codes],
                [found.points[code].longitude for code in codes],
            ],
        )
        return int(cursor.rowcount)


def _record_territory(read: int, changed: int, actor: Actor, at: dt.datetime) -> None:
    record = PlacesImport.objects.create(
        subject=PlacesImport.Subject.TERRITORY,
        source=census.source(),
        imported_at=at,
        read=read,
        accepted=read,
        rejected=0,
        repeated=0,
        changed=changed,
    )
    journal.write(TERRITORY_LOADED, record, actor=actor, at=at, read=read, changed=changed)


def _record_points(
    file: str, found: PointsRead, changed: int, actor: Actor, at: dt.datetime
) -> None:
    balance = {
        "read": found.read,
        "accepted": len(found.points),
        "rejected": len(found.faults),
        "repeated": found.repeated,
    }
    record = PlacesImport.objects.create(
        subject=PlacesImport.Subject.POINTS,
        source=file[:200],
        imported_at=at,
        changed=changed,
        **balance,
    )
    journal.write(POINTS_IMPORTED, record, actor=actor, at=at, source=file[:200], **balance)
