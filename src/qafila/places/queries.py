"""Reading the territory. Reference data: no scope, everyone may read it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.db import connection

from qafila.linkage.names.name_keys import search_keys
from qafila.places.models import Commune, Province, Region
from qafila.places.points_file import Point

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
Choice = tuple[str, str]
MOST_FOUND = 30
_PROVINCE_CODE = len("06.141")


class Named(Protocol):
    """A region, a province or a commune."""

    name_ar: str
    name_fr: str


@dataclass(frozen=True)
class PlacePoint:
    """Where a commune is; `exact` is False where only its province's seat is known."""

    point: Point
    exact: bool


def name_in(place: Named, language: str) -> str:
    """The place's name in "ar", "fr" or "zgh"; French where no Amazigh name is known."""
    if language == "ar":
        return place.name_ar
    amazigh = str(getattr(place, "name_zgh", "")) if language == "zgh" else ""
    return amazigh or place.name_fr


def full_commune_name(commune: Commune, language: str) -> str:
    """The commune with its province, so that namesakes can be told apart: "Ajdir (Taza)"."""
    return f"{name_in(commune, language)} ({name_in(commune.province, language)})"


def names_of(codes: Iterable[str | None], language: str) -> dict[str, str]:
    """Code → name for codes of communes and provinces; unknown codes are left out.

    One query for each of the two that is asked for. A commune is told with its province: "Ajdir
    (Taza)".
    """
    wanted = sorted({code for code in codes if code})
    inner = [code for code in wanted if len(code) > _PROVINCE_CODE]
    outer = [code for code in wanted if len(code) <= _PROVINCE_CODE]
    communes = Commune.objects.select_related("province").filter(code__in=inner).order_by("code")
    provinces = Province.objects.filter(code__in=outer).order_by("code")
    names = {commune.code: full_commune_name(commune, language) for commune in communes}
    return names | {province.code: name_in(province, language) for province in provinces}


def region_choices(language: str) -> list[Choice]:
    """Code and name of each region, in the order of the codes."""
    return [(region.code, name_in(region, language)) for region in Region.objects.order_by("code")]


def province_choices(language: str, *, region_code: str | None = None) -> list[Choice]:
    """Code and name of each province and prefecture, by region and name."""
    found = Province.objects.order_by("region_id")
    if region_code is not None:
        found = found.filter(region_id=region_code)
    named = [(p.region_id, p.code, name_in(p, language)) for p in found]
    return [(code, name) for _, code, name in sorted(named, key=lambda n: (n[0], n[2]))]


def commune_choices(
    language: str, *, province_code: str | None = None, region_code: str | None = None
) -> list[Choice]:
    """Code and name of each commune, by name; namesakes carry their province."""
    found = Commune.objects.select_related("province").order_by("code")
    if province_code is not None:
        found = found.filter(province_id=province_code)
    if region_code is not None:
        found = found.filter(province__region_id=region_code)
    twice = namesakes(language)
    named = [
        (c.code, full_commune_name(c, language) if c.code in twice else name_in(c, language))
        for c in found
    ]
    return sorted(named, key=lambda choice: (choice[1], choice[0]))


def namesakes(language: str) -> frozenset[str]:
    """Codes of the communes that share their name with another one of the country."""
    column = "name_ar" if language == "ar" else "name_fr"
    codes: dict[str, list[str]] = {}
    for code, name in Commune.objects.order_by("code").values_list("code", column):
        codes.setdefault(name, []).append(code)
    return frozenset(code for group in codes.values() if len(group) > 1 for code in group)


def communes_of(province_code: str) -> list[Commune]:
    """The communes of a province in the order of their French names."""
    found = Commune.objects.filter(province_id=province_code).select_related("province")
    return list(found.order_by("name_fr", "code"))


def communes_named(text: str, *, province_code: str | None = None) -> list[Commune]:
    """Communes whose name, in either script, has words beginning as those of `text`.

    The most populous first, at most thirty; none where `text` has no letters.
    """
    wanted = list(search_keys(text))
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code FROM places_commune WHERE (%s::text IS NULL OR province_id = %s) AND "
            "NOT EXISTS (SELECT FROM unnest(%s::text[]) AS w WHERE NOT EXISTS "
            "(SELECT FROM unnest(name_keys) AS k WHERE starts_with(k, w))) "
            "ORDER BY population DESC NULLS LAST, code LIMIT %s",
            [province_code, province_code, wanted, MOST_FOUND],
        )
        codes = [row[0] for row in cursor.fetchall()]
    found = Commune.objects.select_related("province").in_bulk(codes)
    return [found[code] for code in codes]


def commune_points(codes: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Code → latitude and longitude of the communes whose own point is known. One query."""
    found = Commune.objects.filter(code__in=list(codes)).order_by("code")
    return {
        code: (latitude, longitude)
        for code, latitude, longitude in found.values_list("code", "latitude", "longitude")
        if latitude is not None and longitude is not None
    }


def find_region(code: str) -> Region | None:
    """The region with this code."""
    return Region.objects.filter(pk=code).first()


def find_province(code: str) -> Province | None:
    """The province or prefecture with this code, with its region."""
    return Province.objects.select_related("region").filter(pk=code).first()


def find_commune(code: str) -> Commune | None:
    """The commune with this code, with its province and region."""
    return Commune.objects.select_related("province__region").filter(pk=code).first()


def find_point(commune: Commune) -> PlacePoint | None:
    """Where the commune is: its own point, else its province's seat (`exact` False)."""
    if commune.latitude is not None and commune.longitude is not None:
        return PlacePoint(Point(commune.latitude, commune.longitude), exact=True)
    seat = commune.province
    if seat.latitude is not None and seat.longitude is not None:
        return PlacePoint(Point(seat.latitude, seat.longitude), exact=False)
    return None


def distance_km(start: Point, end: Point) -> float:
    """Kilometres between two points along the earth's surface (haversine), not along roads."""
    south, north = math.radians(start.latitude), math.radians(end.latitude)
    half_height = (north - south) / 2
    half_width = math.radians(end.longitude - start.longitude) / 2
    chord = (
        math.sin(half_height) ** 2 + math.cos(south) * math.cos(north) * math.sin(half_width) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def spoken_languages(commune: Commune) -> list[tuple[str, float]]:
    """Languages spoken in the commune with the percent of inhabitants who speak them, most first.

    Languages nobody was counted to speak are left out. Census of 2024; one may speak several.
    """
    names = ("darija", "tachelhit", "tamazight", "tarifit", "hassania")
    shares = [(name, getattr(commune, f"{name}_percent")) for name in names]
    spoken = [(name, float(share)) for name, share in shares if share]
    return sorted(spoken, key=lambda each: -each[1])
