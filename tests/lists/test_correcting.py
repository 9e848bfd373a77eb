"""A corrected list updates; it never doubles."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.lists.conftest import ListWriter

from qafila.foundation.actors import WHOLE_COUNTRY, Actor
from qafila.foundation.trail import acting
from qafila.institutions.models import Institution
from qafila.lists import queries
from qafila.lists.errors import NotACorrection, OtherKindOfList
from qafila.lists.importing.import_file import import_file
from qafila.lists.linking.link_rows import link_new_rows
from qafila.lists.models import CandidatePair, ListImport, Row
from qafila.lists.reviewing.deciding import decide_pair
from qafila.people.corrections import Correction, correct_person
from qafila.people.models import Person

pytestmark = pytest.mark.django_db

ROWS = (
    "Alaoui;Mohamed;M;AB123456;17/05/1980;Settat;SETTAT;Potier;0612345678",
    "Bennani;Khadija;F;CD654321;03/02/1975;Settat;SETTAT;Tailleur;0698765432",
    "Ouaziz;Zoulikha;F;;17/05/1990;Settat;SETTAT;Potier;",
)
CORRECTED = (
    "Tazi;Omar;M;EF111222;01/03/1969;Settat;SETTAT;Potier;",  # new
    "Bennani;Khadija;F;CD654321;03/02/1976;Settat;SETTAT;Tailleur;0698765432",  # birth mended
    "Alaoui;Mohammed;M;AB123456;17/05/1980;Settat;SETTAT;Potier;0611111111",  # name and phone
)


def _person_of(name: str) -> int:
    row = Row.objects.get(family_name=name, person__isnull=False)
    assert row.person_id is not None
    return row.person_id


def test_rows_keep_their_persons_and_persons_follow(
    write_list: ListWriter, places: None, system: Actor, at: dt.datetime
) -> None:
    first = import_file(write_list("v1.csv", *ROWS), actor=system, at=at)
    link_new_rows(actor=system, at=at)
    persons = {name: _person_of(name) for name in ("Alaoui", "Bennani", "Ouaziz")}
    change = {"full_name_latn": Correction("Khadija Bennani", "Khadija El Bennani")}
    correct_person(persons["Bennani"], changes=change, actor=system, at=at)

    import_file(write_list("v2.csv", *CORRECTED), actor=system, at=at, corrects=first.import_id)
    assert _person_of("Alaoui") == persons["Alaoui"]
    outcome = link_new_rows(actor=system, at=at)
    assert (outcome.rows_linked, outcome.persons_opened, outcome.persons) == (1, 1, 4)
    assert {name: _person_of(name) for name in ("Alaoui", "Bennani")} == {
        name: persons[name] for name in ("Alaoui", "Bennani")
    }
    alaoui = Person.objects.get(pk=persons["Alaoui"])
    assert alaoui.full_name_latn == "Mohammed Alaoui"
    assert set(alaoui.phones.values_list("number", flat=True)) == {
        "+212612345678", "+212611111111",
    }  # fmt: skip
    bennani = Person.objects.get(pk=persons["Bennani"])
    assert (bennani.birth_date, bennani.full_name_latn) == (
        dt.date(1976, 2, 3), "Khadija El Bennani",
    )  # fmt: skip
    old = Row.objects.filter(list_import_id=first.import_id).order_by("row_number")
    assert [(r.person_id, r.link_decision) for r in old] == [
        (None, "replaced"), (None, "replaced"), (None, "withdrawn"),
    ]  # fmt: skip
    assert Person.objects.filter(state="active").count() == 4
    assert link_new_rows(actor=system, at=at).rows_linked == 0


def test_decisions_are_carried_over(
    write_list: ListWriter, places: None, system: Actor, at: dt.datetime
) -> None:
    first = import_file(write_list("v1.csv", *ROWS), actor=system, at=at)
    other = "Ouaziz;Zoulikha;F;;17/05/1990;Settat;SETTAT;Potier;0655555555"
    import_file(write_list("other.csv", other), actor=system, at=at)
    link_new_rows(actor=system, at=at)
    pair = CandidatePair.objects.get(left__family_name="Ouaziz", right__family_name="Ouaziz")
    decide_pair(pair.pk, same=False, actor=system, at=at)
    apart = Row.objects.filter(family_name="Ouaziz").values_list("person_id", flat=True)
    assert len(set(apart)) == 2

    corrected = (*ROWS[:2], ROWS[2].replace("Potier", "Tisserande"))
    import_file(write_list("v2.csv", *corrected), actor=system, at=at, corrects=first.import_id)
    link_new_rows(actor=system, at=at)
    # The whole list comes once more as another file: the decision holds for it too.
    again = (*ROWS[:2], ROWS[2].replace("Potier", "Brodeuse"))
    import_file(write_list("again.csv", *again), actor=system, at=at)
    link_new_rows(actor=system, at=at)
    current = Row.objects.filter(family_name="Ouaziz", person__isnull=False)
    by_file = {row.list_import.file_name: row.person_id for row in current}
    assert set(by_file) == {"other.csv", "v2.csv", "again.csv"}
    assert by_file["other.csv"] != by_file["v2.csv"]
    assert by_file["other.csv"] != by_file["again.csv"]
    kept = CandidatePair.objects.filter(state="different", left__person__isnull=False)
    assert kept.count() == 1
    assert all(p.state != "different" for p in queries.pairs_waiting(scope=WHOLE_COUNTRY))


def test_what_cannot_be_a_correction_is_refused(
    write_list: ListWriter, places: None, system: Actor, at: dt.datetime
) -> None:
    with acting(system):
        chamber = Institution.objects.create(kind="chamber", name_fr="C", confidence="sure")
    first = import_file(write_list("v1.csv", *ROWS), actor=system, at=at, institution=chamber.pk)
    corrected = write_list("v2.csv", *CORRECTED)
    with pytest.raises(NotACorrection) as refused:
        import_file(corrected, actor=system, at=at, corrects=first.import_id)
    assert "v2.csv" in refused.value.sentence()
    right = {"institution": chamber.pk, "corrects": first.import_id}
    fund = write_list("fund.csv", "123456789;Tazi;Omar", heading="N° immatriculation;Nom;Prénom")
    with pytest.raises(OtherKindOfList):
        import_file(fund, actor=system, at=at, **right)
    assert import_file(fund, actor=system, at=at).state == "read"
    second = import_file(corrected, actor=system, at=at, **right)
    assert ListImport.objects.get(pk=second.import_id).corrects_id == first.import_id
    with pytest.raises(NotACorrection):
        import_file(write_list("v3.csv", *CORRECTED[:2]), actor=system, at=at, **right)
