"""Maps drawn on the server: areas shaded by a share, points as large as a count.

The shapes come from the build (`map-areas.ts`). North is up and west is left in every language. A
map never says what its table does not: it is the same rows, each area a link to the same place.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from qafila.foundation.wording.isolates import isolated
from qafila.web.design.built_assets import DIST
from qafila.web.design.figures import number_text, percent_text

SHAPES = DIST / "map.json"
LEVELS = 5
_CEILINGS = [Decimal(one) for one in ("0.05", "0.1", "0.2", "0.25", "0.5", "1")]
"""Where the darkest shade can end: the first that the largest share does not pass."""
_MARGIN, _LARGEST_POINT, _TEXT = 0.03, 0.05, 0.034
"""Parts of the drawing's longer side."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Measured:
    """A place and what is counted there: `part` of `whole`; `href` leads to the place."""

    code: str
    name: str
    part: int
    whole: int
    href: str

    @property
    def share(self) -> Decimal | None:
        """None where nobody is counted."""
        return Decimal(self.part) / self.whole if self.whole else None


@dataclass(frozen=True)
class Area:
    """A region or province: its outline, its shade (0 is lightest, None: nobody), its figure."""

    path: str
    shade: int | None
    told: str
    href: str
    figure: str
    x: int
    y: int


@dataclass(frozen=True)
class Spot:
    """A commune as a circle; its surface grows with the people counted there."""

    x: int
    y: int
    radius: int
    shade: int | None
    told: str
    href: str


@dataclass(frozen=True)
class Shade:
    """One line of the legend."""

    shade: int
    range: str


@dataclass(frozen=True)
class ShareMap:
    """A map with its legend. `ground` is the country; `frame` the part of it that is shown."""

    title: str
    description: str
    frame: str
    text_size: int
    ground: str
    areas: Sequence[Area] = ()
    spots: Sequence[Spot] = ()
    legend: Sequence[Shade] = ()
    nobody: bool = False
    unplaced: int = 0


def area_map(
    title: str, measured: Iterable[Measured], *, whole_country: bool = False
) -> ShareMap | None:
    """Regions or provinces shaded by the share of `part`; None where none of them has a shape.

    `whole_country` frames all of it, else the places alone are framed.
    """
    shapes = _shapes()
    outlines = shapes["regions"] | shapes["provinces"]
    places = [place for place in measured if place.code in outlines]
    if not places:
        return None
    shown = [shapes["country"]] if whole_country else [outlines[place.code] for place in places]
    frame = _around([one["box"] for one in shown])
    ceiling = _ceiling(places)
    areas = [_area(place, outlines[place.code], ceiling, _side(frame)) for place in places]
    return _share_map(title, frame, ceiling, places, areas=areas)


def spot_map(
    title: str,
    measured: Iterable[Measured],
    points: Mapping[str, tuple[float, float]],
    provinces: Iterable[str],
) -> ShareMap | None:
    """Communes as circles on the ground of `provinces`; `points` are latitudes and longitudes.

    None where no point or no outline is known; `unplaced` counts communes without a point.
    """
    known = _shapes()["provinces"]
    grounds = [known[code] for code in provinces if code in known]
    places = [place for place in measured if place.whole]
    placed = [place for place in places if place.code in points]
    if not grounds or not placed:
        return None
    frame, ceiling = _around([ground["box"] for ground in grounds]), _ceiling(placed)
    most = max(place.whole for place in placed)
    spots = [
        _spot(place, points[place.code], ceiling, _side(frame) * _LARGEST_POINT, most)
        for place in sorted(placed, key=lambda place: -place.whole)
    ]
    areas = [Area(ground["path"], None, "", "", "", 0, 0) for ground in grounds]
    unplaced = len(places) - len(placed)
    return _share_map(title, frame, ceiling, placed, areas=areas, spots=spots, unplaced=unplaced)


def _share_map(
    title: str, frame: Box, ceiling: Decimal, places: Sequence[Measured], **drawn: Any
) -> ShareMap:
    left, top, width, height = (round(one) for one in frame)
    return ShareMap(
        title,
        _(", ").join(_told(place) for place in places),
        f"{left} {top} {width} {height}",
        round(_side(frame) * _TEXT),
        _shapes()["country"]["path"],
        legend=_legend(ceiling),
        nobody=any(place.share is None for place in places),
        **drawn,
    )


def _area(place: Measured, outline: dict[str, Any], ceiling: Decimal, side: float) -> Area:
    x, y = outline["at"]
    fits = place.share is not None and outline["room"] > side * _TEXT
    figure = isolated(percent_text(place.share)) if fits and place.share is not None else ""
    shade = _shade(place, ceiling)
    return Area(outline["path"], shade, _told(place), place.href, figure, x, y)


def _spot(
    place: Measured, point: tuple[float, float], ceiling: Decimal, largest: float, most: int
) -> Spot:
    x, y = _drawn_at(point)
    radius = max(largest / 6, largest * math.sqrt(place.whole / most))
    shade = _shade(place, ceiling)
    return Spot(round(x), round(y), round(radius), shade, _told(place), place.href)


def _told(place: Measured) -> str:
    name = isolated(place.name)
    if place.share is None:
        return _("%(place)s: nobody") % {"place": name}
    figures = {
        "share": isolated(percent_text(place.share)),
        "part": number_text(place.part),
        "whole": number_text(place.whole),
    }
    return _("%(place)s: %(share)s (%(part)s of %(whole)s)") % {"place": name, **figures}


def _ceiling(places: Sequence[Measured]) -> Decimal:
    most = max((place.share or Decimal(0) for place in places), default=Decimal(0))
    return next((one for one in _CEILINGS if most <= one), Decimal(1))


def _shade(place: Measured, ceiling: Decimal) -> int | None:
    if place.share is None:
        return None
    return min(LEVELS - 1, int(place.share / ceiling * LEVELS))


def _legend(ceiling: Decimal) -> list[Shade]:
    bounds = [ceiling * step / LEVELS for step in range(LEVELS + 1)]
    return [
        Shade(
            shade,
            _("from %(low)s to %(high)s")
            % {"low": number_text(bounds[shade] * 100), "high": percent_text(bounds[shade + 1])},
        )
        for shade in range(LEVELS)
    ]


def _around(boxes: Sequence[Sequence[float]]) -> Box:
    """Left, top, width and height of what holds the boxes, with a margin."""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    width, height = max(box[2] for box in boxes) - left, max(box[3] for box in boxes) - top
    margin = max(width, height) * _MARGIN
    return left - margin, top - margin, width + 2 * margin, height + 2 * margin


def _side(frame: Box) -> float:
    return max(frame[2], frame[3])


def _drawn_at(point: tuple[float, float]) -> tuple[float, float]:
    frame = _shapes()["frame"]
    latitude, longitude = point
    east = (longitude - frame["west"]) * frame["shortened"]
    return east / frame["unit"], (frame["north"] - latitude) / frame["unit"]


def _shapes() -> dict[str, Any]:
    try:
        # A server keeps to the files it found when it started, as WhiteNoise does.
        return _read(SHAPES, SHAPES.stat().st_mtime_ns if settings.DEBUG else 0)
    except FileNotFoundError:
        raise ImproperlyConfigured(
            f"The maps are not built: {SHAPES} is missing. Run `npm ci && npm run build`."
        ) from None


@lru_cache(maxsize=2)
def _read(path: Path, changed_at: int) -> dict[str, Any]:
    shapes: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return shapes
