"""Loading the territory."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from qafila.foundation.actors import Actor, Role
from qafila.foundation.errors import NotAllowed
from qafila.foundation.journal import sentence_of
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.places.actions import PlacesLoaded, load_places
from qafila.places.census import clean_arabic_name, clean_french_name
from qafila.places.models import Commune, PlacesImport, Province, Region

pytestmark = pytest.mark.django_db


def test_the_whole_territory_is_loaded_once(system: Actor, at: dt.datetime) -> None:
    assert load_places(actor=system, at=at) == PlacesLoaded(12, 75, 1503, changed=1590)
    assert load_places(actor=system, at=at).changed == 0
    assert (Region.objects.count(), Province.objects.count()) == (12, 75)
    assert Commune.objects.count() == 1503
    assert PlacesImport.objects.count() == 1


def test_a_commune_has_its_names_figures_and_languages(places: None) -> None:
    commune = Commune.objects.get(code="06.141.01.0")
    assert (commune.name_fr, commune.name_ar) == ("Casablanca", "الدار البيضاء")
    assert (commune.kind, commune.province_id) == ("urban", "06.141")
    assert (commune.population, commune.households) == (3_215_935, 909_228)
    assert commune.darija_percent == Decimal("97.6")
    assert "KSBLNK" in commune.name_keys


def test_every_commune_has_both_names_and_a_key(places: None) -> None:
    assert not Commune.objects.filter(name_ar="").exists()
    assert not Commune.objects.filter(name_fr="").exists()
    assert not Commune.objects.filter(name_keys=[]).exists()


def test_provinces_have_seats_and_amazigh_names_without_the_word_province(places: None) -> None:
    settat = Province.objects.get(code="06.461")
    assert settat.seat_fr == "Settat"
    assert settat.latitude == pytest.approx(33.0, abs=0.1)
    assert not Province.objects.filter(latitude=None).exists()
    assert Region.objects.get(code="12").name_zgh.startswith("ⴷⴷⴰⵅⵍⴰ")
    without = Province.objects.filter(name_zgh="").values_list("code", flat=True)
    assert list(without) == ["06.111"]


def test_loading_again_mends_what_was_altered_and_keeps_imported_points(
    places: None, system: Actor, at: dt.datetime
) -> None:
    with acting(system, at=at):
        Commune.objects.filter(code="08.587.11.25").update(name_fr="X", latitude=30.1, longitude=-6)
    assert load_places(actor=system, at=at).changed == 1
    mended = Commune.objects.get(code="08.587.11.25")
    assert (mended.name_fr, mended.latitude) == ("N'kob", 30.1)


def test_the_journal_says_what_was_loaded(places: None) -> None:
    entry = JournalEntry.objects.get(verb="places.territory_loaded")
    assert "1590 of 1590" in sentence_of(entry)


@pytest.mark.parametrize("role", [Role.COUNTER_AGENT, Role.AUDITOR, Role.PROGRAMME_LEAD])
def test_only_the_system_and_administrators_load(
    role: Role, system: Actor, at: dt.datetime
) -> None:
    with pytest.raises(NotAllowed):
        load_places(actor=Actor.holding(system.id, "someone", {role}), at=at)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("CASABLANCA", "Casablanca"),
        ("MECHOUAR DE CASABLANCA", "Mechouar de Casablanca"),
        ("Ouled M\u2019hamed", "Ouled M'hamed"),
        ("OULED M'HAMED", "Ouled M'hamed"),
        ("Ech-challalate", "Ech-Challalate"),
        ("AIN KARMA – OUED  ROMMANE", "Ain Karma-Oued Rommane"),
        ("El Kelâa Des-Sraghna", "El Kelâa Des-Sraghna"),
    ],
)
def test_french_names_are_shown_in_proper_case(written: str, shown: str) -> None:
    assert clean_french_name(written) == shown


def test_arabic_names_have_even_dashes() -> None:
    assert clean_arabic_name("مشور– القصبة") == "مشور-القصبة"
    assert clean_arabic_name("الـــرباط  ") == "الرباط"
