"""Reading the territory."""

from __future__ import annotations

import pytest

from qafila.places import queries
from qafila.places.models import Commune
from qafila.places.points_file import Point

pytestmark = pytest.mark.django_db
RABAT, AGADIR = Point(34.0209, -6.8416), Point(30.4278, -9.5981)


def test_names_in_each_language(places: None) -> None:
    region = queries.find_region("09")
    assert region is not None
    assert queries.name_in(region, "fr") == "Souss-Massa"
    assert queries.name_in(region, "ar") == "سوس-ماسة"
    assert queries.name_in(region, "zgh").startswith("ⵙⵓⵙ")


def test_without_an_amazigh_name_the_french_one_is_shown(places: None) -> None:
    province = queries.find_province("06.111")
    assert province is not None
    assert queries.name_in(province, "zgh") == "Benslimane"
    commune = queries.find_commune("09.001.01.01")
    assert commune is not None
    assert queries.name_in(commune, "zgh") == "Agadir"


def test_choices_are_complete_and_sorted(places: None) -> None:
    assert len(queries.region_choices("ar")) == 12
    assert queries.region_choices("fr")[5] == ("06", "Casablanca-Settat")
    assert len(queries.province_choices("fr")) == 75
    souss = [name for _, name in queries.province_choices("fr", region_code="09")]
    assert len(souss) == 6
    assert souss == sorted(souss)
    assert len(queries.commune_choices("ar")) == 1503


def test_namesakes_carry_their_province(places: None) -> None:
    names = [name for _, name in queries.commune_choices("fr", region_code="06")]
    assert "Oulad Azzouz (Nouaceur)" in names
    assert "Casablanca" in names
    every = [name for _, name in queries.commune_choices("fr")]
    assert len(set(every)) == 1503
    assert len(queries.namesakes("fr")) == 21


def test_communes_of_a_province(places: None) -> None:
    communes = queries.communes_of("06.355")
    assert {commune.province_id for commune in communes} == {"06.355"}
    assert len(communes) == len(queries.commune_choices("fr", province_code="06.355")) == 5


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("zagora", "Zagora"),
        ("زاكورة", "Zagora"),
        ("Zagoura", "Zagora"),
        ("tazar", "Tazarine"),
        ("تازار", "Tazarine"),
    ],
)
def test_communes_are_found_by_beginnings_in_either_script(
    places: None, text: str, name: str
) -> None:
    found = queries.communes_named(text, province_code="08.587")
    assert name in [commune.name_fr for commune in found]
    assert {commune.province_id for commune in found} == {"08.587"}


def test_a_search_without_letters_finds_nothing(places: None) -> None:
    assert queries.communes_named(" 12 ") == []


def test_distance_is_along_the_earth() -> None:
    assert queries.distance_km(RABAT, AGADIR) == pytest.approx(474, abs=3)
    assert queries.distance_km(RABAT, RABAT) == 0
    assert queries.distance_km(AGADIR, RABAT) == queries.distance_km(RABAT, AGADIR)


def test_a_commune_without_a_point_stands_at_the_seat(places: None) -> None:
    commune = queries.find_commune("08.587.11.25")
    seat = queries.find_commune("06.141.01.0")
    assert commune is not None
    assert seat is not None
    approximate, exact = queries.find_point(commune), queries.find_point(seat)
    assert approximate is not None
    assert not approximate.exact
    assert approximate.point == Point(
        commune.province.latitude or 0, commune.province.longitude or 0
    )
    assert exact is not None
    assert exact.exact


def test_spoken_languages_most_first(places: None) -> None:
    commune = Commune.objects.get(code="09.001.01.01")
    languages = queries.spoken_languages(commune)
    assert languages[0][0] == "darija"
    assert [share for _, share in languages] == sorted((s for _, s in languages), reverse=True)
    assert queries.spoken_languages(Commune.objects.get(code="12.066.01.03")) == []


def test_unknown_codes_find_nothing(places: None) -> None:
    assert queries.find_region("99") is None
    assert queries.find_province("99.999") is None
    assert queries.find_commune("6.355.01.03") is None
