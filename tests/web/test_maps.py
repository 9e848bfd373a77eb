"""Maps and trends: the whole country as one, its figures in words, the same way up everywhere."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from qafila.foundation.wording.isolates import isolated
from qafila.web.design.maps import SHAPES, Measured, ShareMap, area_map, spot_map
from qafila.web.design.sparklines import WIDTH, sparkline

REGIONS = [f"{code:02}" for code in range(1, 13)]


def _map(language: str = "fr") -> ShareMap:
    with translation.override(language):
        measured = [Measured(code, f"R{code}", 3, 10, f"/?region={code}") for code in REGIONS[:-1]]
        drawn = area_map("Share", [*measured, Measured("12", "R12", 0, 0, "/?region=12")])
    assert drawn is not None
    return drawn


def test_every_region_and_province_is_there_and_the_file_is_small() -> None:
    shapes = json.loads(SHAPES.read_text())
    assert sorted(shapes["regions"]) == REGIONS
    assert len(shapes["provinces"]) == 75
    assert {code[:2] for code in shapes["provinces"]} == set(REGIONS)
    assert len(gzip.compress(SHAPES.read_bytes())) <= 25_000


def test_the_country_is_one_outline_from_tangier_to_the_south() -> None:
    """One closed line around all regions: none crosses it, none of them stands apart."""
    shapes = json.loads(SHAPES.read_text())
    assert shapes["country"]["path"].count("M") == 1
    boxes = [area["box"] for area in shapes["regions"].values()]
    whole = [min(b[0] for b in boxes), min(b[1] for b in boxes)]
    whole += [max(b[2] for b in boxes), max(b[3] for b in boxes)]
    assert shapes["country"]["box"] == whole
    degrees = shapes["frame"]["north"] - whole[3] * shapes["frame"]["unit"]
    assert 20.7 < degrees < 20.9


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_a_map_is_told_in_words_and_credits_its_source(language: str) -> None:
    drawn = _map(language)
    with translation.override(language):
        page = render_to_string("components/map.html", {"map": drawn, "id": "m"})
    svg = ElementTree.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
    links = svg.findall("a")
    assert len(links) == 12
    assert all(link.get("aria-label") == link.findtext("title") for link in links)
    assert svg.findtext("title") == "Share"
    assert "ODbL" in page
    assert "openstreetmap.org/copyright" in page
    assert svg.get("direction") == "ltr"
    assert "url(#m-nobody)" in page


def test_a_map_is_not_mirrored_on_arabic_pages() -> None:
    arabic, french = _map("ar"), _map("fr")
    assert arabic.frame == french.frame
    places = [[(one.path, one.x, one.y) for one in drawn.areas] for drawn in (arabic, french)]
    assert places[0] == places[1]


def test_shades_follow_the_share_and_are_told_as_ranges() -> None:
    drawn = _map()
    assert {area.shade for area in drawn.areas} == {3, None}
    assert [one.shade for one in drawn.legend] == [0, 1, 2, 3, 4]
    with translation.override("fr"):
        full = area_map("Share", [Measured("01", "Nord", 10, 10, "/")])
    assert full is not None
    assert full.areas[0].shade == 4


def test_communes_without_a_point_are_counted_not_lost() -> None:
    agadir = {"09.001.01.01": (30.42, -9.6)}
    measured = [Measured(f"09.001.01.0{n}", f"C{n}", 1, n, "/") for n in (1, 4)]
    drawn = spot_map("Share", measured, agadir, ["09.001"])
    assert drawn is not None
    assert (len(drawn.spots), drawn.unplaced) == (1, 1)
    left, top, width, height = map(int, drawn.frame.split())
    assert left < drawn.spots[0].x < left + width
    assert top < drawn.spots[0].y < top + height
    assert spot_map("Share", measured, {}, ["09.001"]) is None


def test_time_runs_as_one_reads() -> None:
    months = [(dt.date(2026, month, 1), month) for month in range(1, 13)]
    starts = {}
    for language in ("ar", "fr"):
        with translation.override(language):
            line = sparkline(months)
        assert line is not None
        starts[language] = line.line.split("L")[0]
    assert starts["fr"].startswith("M0 ")
    assert starts["ar"].startswith(f"M{WIDTH} ")
    assert sparkline(months[:1]) is None


@pytest.mark.parametrize(
    ("text", "language", "mark"),
    [("القانون رقم 41.23", "fr", "\u2067"), ("Loi 41-23", "ar", "\u2066"),
     ("41.23", "ar", "\u2067"), ("41.23", "fr", "\u2066")],
)  # fmt: skip
def test_a_text_in_a_drawing_keeps_its_own_direction(text: str, language: str, mark: str) -> None:
    with translation.override(language):
        assert isolated(text) == f"{mark}{text}\u2069"
