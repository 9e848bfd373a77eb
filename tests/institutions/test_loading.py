"""The list of institutions and what is read from it."""

from __future__ import annotations

import datetime as dt

import pytest

from qafila.foundation.actors import Actor, Role
from qafila.foundation.errors import NotAllowed
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.institutions import queries
from qafila.institutions.actions import InstitutionsLoaded, load_institutions
from qafila.institutions.models import Institution
from qafila.places.actions import load_places

from .conftest import someone

pytestmark = pytest.mark.django_db


def test_institutions_are_loaded_once(system: Actor, at: dt.datetime) -> None:
    load_places(actor=system, at=at)
    assert load_institutions(actor=system, at=at) == InstitutionsLoaded(78, changed=78)
    assert load_institutions(actor=system, at=at) == InstitutionsLoaded(78, changed=0)
    assert Institution.objects.count() == 78
    assert JournalEntry.objects.filter(verb="institutions.loaded").count() == 1


def test_loading_again_mends_one_row(institutions: None, system: Actor, at: dt.datetime) -> None:
    with acting(system, at=at):
        Institution.objects.filter(city="Guelmim").update(confidence="altered")
    assert load_institutions(actor=system, at=at).changed == 3


def test_every_institution_has_a_kind_and_a_confidence(institutions: None) -> None:
    assert set(Institution.objects.values_list("kind", flat=True)) == set(Institution.Kind.values)
    assert not Institution.objects.filter(confidence="").exists()


def test_annexes_and_agencies_belong_to_something(institutions: None) -> None:
    assert not Institution.objects.filter(kind__endswith="_annex", parent=None).exists()
    assert not Institution.objects.filter(kind="cnss_agency", parent=None).exists()
    chamber = Institution.objects.get(kind="chamber_commerce", region_id="06")
    cities = {annex.city for annex in queries.annexes_of(chamber.pk)}
    assert cities == {"Casablanca", "El Jadida", "Mohammadia", "Settat"}


def test_each_region_has_two_chambers_and_a_directorate(institutions: None) -> None:
    for code in (f"{number:02}" for number in range(1, 13)):
        kinds = [chamber.kind for chamber in queries.chambers_of(code)]
        assert kinds == ["chamber_commerce", "chamber_crafts"]
        assert queries.directorates_of(code)


@pytest.mark.parametrize(
    ("year", "word"), [(2010, "Secrétariat"), (2014, "sociale et solidaire"), (2022, "Tourisme")]
)
def test_the_ministry_is_the_one_of_the_year(institutions: None, year: int, word: str) -> None:
    assert [word in ministry.name_fr for ministry in queries.ministries_in(year)] == [True]


def test_fund_agencies_by_region(institutions: None) -> None:
    assert len(queries.fund_agencies()) == 10
    names = [queries.institution_name(a, "ar") for a in queries.fund_agencies(region_code="06")]
    assert names == ["وكالة الصندوق الوطني للضمان الاجتماعي - الدار البيضاء"]


def test_names_by_language(institutions: None) -> None:
    annex = Institution.objects.get(kind="chamber_commerce_annex", city="Settat")
    assert queries.institution_name(annex, "ar").endswith("لجهة الدار البيضاء-سطات - ملحقة سطات")
    assert queries.institution_name(annex, "zgh") == annex.name_fr


def test_choices_leave_out_what_no_longer_exists(institutions: None) -> None:
    names = [name for _, name in queries.institution_choices("fr", kinds=["ministry"])]
    assert len(names) == 2
    assert len(queries.institution_choices("ar")) == 73


def test_the_usual_institution(institutions: None) -> None:
    regional = queries.find_usual_institution(region_code="09", year=2026)
    national = queries.find_usual_institution(region_code=None, year=2026)
    assert regional is not None
    assert regional.kind == "chamber_crafts"
    assert national is not None
    assert national.kind == "ministry"


def test_agents_do_not_load_institutions(at: dt.datetime) -> None:
    with pytest.raises(NotAllowed):
        load_institutions(actor=someone(Role.CHAMBER_STAFF), at=at)
