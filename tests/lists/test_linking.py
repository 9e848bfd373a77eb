"""Rows become persons: at first all of them, then only what is new."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.lists.conftest import ListWriter

from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role
from qafila.foundation.errors import NotAllowed
from qafila.lists import queries
from qafila.lists.importing.import_file import import_file
from qafila.lists.linking import link_rows, linkage_input
from qafila.lists.linking.link_rows import link_new_rows
from qafila.lists.linking.relinking import relink_changed_rows
from qafila.lists.models import CandidatePair, ListImport, Row
from qafila.people.errors import OneOfTheFamily
from qafila.people.models import Identifier, Merge, Person
from qafila.people.queries import search_people

pytestmark = pytest.mark.django_db

COUNTS = {
    "auto_entrepreneurs.csv": ("auto_entrepreneur", 593, 593, 0, 0),
    "caravane_fiche_terrain.xlsx": ("field_sheet", 224, 224, 0, 0),
    "chambre_artisanat_2022.xlsx": ("chamber", 2341, 2308, 0, 9),
    "cnss_immatricules.xlsx": ("fund", 1563, 1563, 0, 0),
    "dgi_cpu_2026.csv": ("tax_cpu", 912, 912, 0, 0),
    "registre_artisanat_export.csv": ("register", 1741, 1741, 0, 0),
}


def _pairs(groups: dict[tuple[str, str, int], object]) -> set[tuple[object, ...]]:
    rows_of = defaultdict(list)
    for row, group in groups.items():
        rows_of[group].append(row)
    return {pair for rows in rows_of.values() for pair in combinations(sorted(rows), 2)}


def _persons_of_rows() -> dict[tuple[str, str, int], object]:
    rows = Row.objects.filter(person__isnull=False).select_related("list_import").order_by("pk")
    return {(r.list_import.file_name, r.sheet, r.row_number): r.person_id for r in rows}


def test_the_six_lists(sample_lists: Path, places: None, system: Actor, at: dt.datetime) -> None:
    """Counts, persons, quality against the truth, search in the other script."""
    *first, last = sorted(COUNTS)
    for name in first:
        outcome = import_file(sample_lists / name, actor=system, at=at)
        found = (
            outcome.source, outcome.rows_read, outcome.rows_accepted, outcome.rows_rejected,
            outcome.rows_repeated,
        )  # fmt: skip
        assert found == COUNTS[name]
    linked = link_new_rows(actor=system, at=at)
    assert linked.rows_linked == Row.objects.filter(outcome="accepted").count() == 5600
    assert linked.persons == linked.persons_opened == Person.objects.count()
    opened = set(Person.objects.order_by("pk").values_list("pk", flat=True))
    before = _persons_of_rows()

    import_file(sample_lists / last, actor=system, at=at)
    told: list[tuple[int, int]] = []
    more = link_new_rows(
        actor=system, at=at, on_progress=lambda done, rows: told.append((done, rows))
    )
    assert told[-1] == (1741, 1741)
    assert more.rows_linked == 1741
    assert more.rows_joined > 1000
    after = _persons_of_rows()
    moved = [row for row, person in before.items() if after[row] != person]
    assert len(moved) <= 3 * more.persons_merged
    assert set(Person.objects.values_list("pk", flat=True)) >= opened
    assert more.persons == Person.objects.filter(state="active").count()

    with (sample_lists / "truth.csv").open(encoding="utf-8") as file:
        truth = {
            (r["file"], r["sheet"], int(r["row"])): r["person_id"] for r in csv.DictReader(file)
        }
    true_pairs = _pairs({row: person for row, person in truth.items() if row in after})
    found_pairs = _pairs(after)
    right = len(true_pairs & found_pairs)
    assert right / len(found_pairs) > 0.99
    assert right / len(true_pairs) > 0.94
    assert link_new_rows(actor=system, at=at).rows_linked == 0

    latin_only = Person.objects.filter(full_name_ar="", state="active").exclude(full_name_latn="")
    arabic = Row.objects.filter(
        list_import__source="chamber", family_name__regex="[ء-ي]", person__isnull=False
    ).exclude(person__full_name_latn="")
    assert latin_only.exists()
    for row in arabic.select_related("person").order_by("pk")[:300:30]:
        assert row.person is not None
        for text in (row.person.full_name_latn, row.person.full_name_ar):
            hits = search_people(text, scope=WHOLE_COUNTRY, limit=300).hits
            assert row.person_id in [hit.id for hit in hits]


ALAOUI = "Alaoui;Mohamed;M;AB123456;17/05/1980;Settat;SETTAT;Potier;0612345678"
ALAOUI_AR = "العلوي;محمد;ذكر;AB123456;1980/05/17;سطات;سطات;خزاف;"
BENNANI = "Bennani;Khadija;F;CD654321;03/02/1975;Settat;SETTAT;Tailleur;0698765432"
ARABIC_HEADING = (
    "الاسم العائلي;الاسم الشخصي;الجنس;رقم البطاقة الوطنية;تاريخ الازدياد;"
    "الإقليم;الجماعة;الحرفة;الهاتف"
)


def test_a_person_holds_the_best_of_each_row(
    write_list: ListWriter, places: None, system: Actor, at: dt.datetime
) -> None:
    import_file(write_list("fr.csv", ALAOUI, BENNANI), actor=system, at=at)
    import_file(write_list("ar.csv", ALAOUI_AR, heading=ARABIC_HEADING), actor=system, at=at)
    outcome = link_new_rows(actor=system, at=at)
    assert (outcome.rows_linked, outcome.persons) == (3, 2)
    one = Person.objects.get(card_number="AB123456")
    assert (one.full_name_ar, one.full_name_latn) == ("محمد العلوي", "Mohamed Alaoui")
    assert (one.sex, one.birth_date, one.birth_precision) == ("M", dt.date(1980, 5, 17), "day")
    assert one.commune is not None
    assert one.province_id == one.commune.province_id
    assert [p.number for p in one.phones.all()] == ["+212612345678"]
    assert [(i.kind, i.value) for i in one.identifiers.all()] == [("card", "AB123456")]
    assert len(queries.rows_of_person(one.pk, scope=WHOLE_COUNTRY)) == 2
    (why,) = queries.pairs_of_person(one.pk, scope=WHOLE_COUNTRY)
    assert why.state == "automatic"
    assert "card_same" in [piece["code"] for piece in why.evidence]
    assert set(ListImport.objects.values_list("state", flat=True)) == {"linked"}


def test_new_rows_join_and_complete_persons_and_leave_the_others_alone(
    write_list: ListWriter, places: None, system: Actor, at: dt.datetime
) -> None:
    import_file(write_list("fr.csv", ALAOUI, BENNANI), actor=system, at=at)
    link_new_rows(actor=system, at=at)
    before = Person.objects.get(card_number="CD654321")
    import_file(write_list("ar.csv", ALAOUI_AR, heading=ARABIC_HEADING), actor=system, at=at)
    outcome = relink_changed_rows(actor=system, at=at)
    assert (outcome.rows_joined, outcome.persons_opened, outcome.persons) == (1, 0, 2)
    assert Person.objects.get(card_number="AB123456").full_name_ar == "محمد العلوي"
    assert Person.objects.get(card_number="CD654321") == before
    assert relink_changed_rows(actor=system, at=at).rows_linked == 0


def test_candidates_of_new_rows_are_found_by_every_way(
    write_list: ListWriter, places: None, system: Actor, at: dt.datetime
) -> None:
    """Card, phone, name and place, birth day: each alone brings the person to the linkage."""
    import_file(write_list("fr.csv", ALAOUI, BENNANI), actor=system, at=at)
    link_new_rows(actor=system, at=at)
    wanted = Person.objects.get(card_number="AB123456").pk
    ways = (
        ";Zzz Yyy;M;AB123456;;;;;",
        ";Zzz Xxx;M;;;;;;0612345678",
        ";Mohamed Alaoui;M;;;Settat;SETTAT;;",
        ";Mohamed Xyz;M;;17/05/1980;;;;",
    )
    for number, way in enumerate(ways):
        import_file(write_list(f"way{number}.csv", way), actor=system, at=at)
        assert linkage_input.note_new_rows() == number + 1
    linkage_input.note_candidates()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM candidates")
        assert [row[0] for row in cursor.fetchall()] == [wanted]


def test_two_persons_found_to_be_one_are_merged_and_can_be_parted(
    write_list: ListWriter, places: None, system: Actor, at: dt.datetime
) -> None:
    """A row with the card of one and everything of the other brings both together."""
    one = "Ouaziz;Zoulikha;F;;17/05/1980;Settat;SETTAT;Potier;0612345678"
    other = ";Ouaziz Zoulikha;;AB123456;;;;;"
    import_file(write_list("one.csv", one), actor=system, at=at)
    import_file(write_list("other.csv", other, heading="N°;NOM ET PRENOM;x;CNI;y;z;a;b;c"),
                actor=system, at=at)  # fmt: skip
    first = link_new_rows(actor=system, at=at)
    bridge = "Ouaziz;Zoulikha;F;AB123456;17/05/1980;Settat;SETTAT;Potier;0612345678"
    import_file(write_list("bridge.csv", bridge), actor=system, at=at)
    second = link_new_rows(actor=system, at=at)
    assert second.persons == 1
    assert second.persons_merged == first.persons - 1
    assert Merge.objects.count() == second.persons_merged
    assert Counter(Row.objects.values_list("person_id", flat=True)) == Counter(
        {Person.objects.get(state="active").pk: 3}
    )
    assert Identifier.objects.filter(value="AB123456").count() == 1


def test_only_those_who_may_decide_may_link(system: Actor, at: dt.datetime) -> None:
    liaison = Actor.holding(system.id, "liaison", {Role.FUND_LIAISON}, WHOLE_COUNTRY)
    with pytest.raises(NotAllowed):
        link_new_rows(actor=liaison, at=at)
    assert not CandidatePair.objects.exists()


def test_two_of_one_family_do_not_stop_the_list(
    places: None, system: Actor, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A merge that the file of one refuses leaves the two as they are; the others are made."""
    refused: list[int] = []

    def merge(kept: int, absorbed: int, **_: object) -> None:
        if not refused:
            refused.append(absorbed)
            raise OneOfTheFamily(member=absorbed, insured=kept)

    monkeypatch.setattr(link_rows, "merge_persons", merge)
    plan = SimpleNamespace(merges=[(1, 2), (3, 4)])
    assert link_rows._merge(plan, system, at) == (1, [(1, 2, "one_of_the_family")])
    assert refused == [2]
