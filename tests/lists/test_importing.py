"""Files kept row by row, once each."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from pathlib import Path

import pytest
from django.db import connection
from tests.lists.conftest import HEADING, ListWriter

from qafila.foundation.actors import NOWHERE, WHOLE_COUNTRY, Actor, Role, Scope
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.models import ActorRecord, JournalEntry
from qafila.foundation.trail import acting
from qafila.institutions.models import Institution
from qafila.lists import queries
from qafila.lists.importing import import_file as importing
from qafila.lists.importing.import_file import import_file
from qafila.lists.importing.rejected_rows import export_rejected
from qafila.lists.models import ListImport, Row
from qafila.lists.reading import records
from qafila.lists.reading.columns.mapping import MappingError
from qafila.places.models import Province

pytestmark = pytest.mark.django_db

ROWS = (
    "Alaoui;Mohamed;M;AB123456;17/05/1980;Settat;SETTAT;Potier;0612345678",
    "Bennani;Khadija;F;;1975;Settat;SETTAT;Tailleur;",
    ";;F;AB77;1975;Settat;SETTAT;Tailleur;",
    "Bennani;Khadija;F;;1975;Settat;SETTAT;Tailleur;",
    "=1+1;Fatima;F;;1975;Settat;SETTAT;Tailleur;",
)


def test_every_row_is_kept_with_its_cells_and_reasons(
    write_list: ListWriter, system: Actor, at: dt.datetime
) -> None:
    told: list[tuple[int, int]] = []
    outcome = import_file(
        write_list("liste.csv", *ROWS), actor=system, at=at,
        on_progress=lambda done, expected: told.append((done, expected)),
    )  # fmt: skip
    assert (outcome.state, outcome.repeats_import) == ("read", False)
    counts = (
        outcome.rows_read, outcome.rows_accepted, outcome.rows_rejected, outcome.rows_repeated,
    )  # fmt: skip
    assert counts == (5, 3, 1, 1)
    assert told[-1] == (5, 5)
    kept = list(Row.objects.order_by("row_number"))
    assert [(r.row_number, r.outcome) for r in kept] == [
        (2, "accepted"), (3, "accepted"), (4, "rejected"), (5, "repeated"), (6, "accepted"),
    ]  # fmt: skip
    first = kept[0]
    assert first.cells["0"] == "Alaoui"
    assert (first.card_number, first.phone) == ("AB123456", "+212612345678")
    assert (first.birth_date, first.birth_precision) == (dt.date(1980, 5, 17), "day")
    assert first.province_code
    assert first.name_key == " ".join(sorted(first.name_keys))
    assert first.person_id is None
    assert kept[2].reasons == [{"code": "no_name", "params": {}}]
    assert kept[3].reasons == [{"code": "repeats_row", "params": {"first_row": 3}}]
    assert JournalEntry.objects.filter(verb="lists.list_read").count() == 1


def test_a_file_in_many_slices_is_stored_as_in_one(
    write_list: ListWriter, system: Actor, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [*ROWS, *(f"Tazi;Ali{n % 4};M;;{1960 + n % 5};Settat;SETTAT;;" for n in range(12)), ";;"]

    def stored(*more: str) -> list[tuple[object, ...]]:
        outcome = import_file(write_list("liste.csv", *rows, *more), actor=system, at=at)
        columns = ("row_number", "outcome", "reasons", "cells", "name_keys", "content_key")
        kept = Row.objects.filter(list_import_id=outcome.import_id).order_by("pk")
        return list(kept.values_list(*columns))

    in_one = stored()
    monkeypatch.setattr(importing, "CHUNK_ROWS", 2)
    monkeypatch.setattr(records, "_HASHED_AT_ONCE", 3)
    assert stored(";" * 8) == in_one  # a blank row makes it another file
    assert {outcome for _, outcome, *_ in in_one} == {"accepted", "rejected", "repeated"}


def test_the_same_file_again_gives_the_earlier_import(
    write_list: ListWriter, system: Actor, at: dt.datetime
) -> None:
    path = write_list("liste.csv", *ROWS)
    first = import_file(path, actor=system, at=at)
    again = import_file(path.rename(path.with_name("renamed.csv")), actor=system, at=at)
    assert again == dataclasses.replace(first, repeats_import=True)
    assert Row.objects.count() == 5


def test_what_cannot_be_read_is_said_and_the_other_files_go_on(
    tmp_path: Path, write_list: ListWriter, system: Actor, at: dt.datetime
) -> None:
    pdf = tmp_path / "liste.xlsx"
    pdf.write_bytes(b"%PDF-1.7 not a list")
    outcomes = [
        import_file(path, actor=system, at=at)
        for path in (pdf, tmp_path / "absent.csv", write_list("good.csv", *ROWS))
    ]
    assert [o.state for o in outcomes] == ["failed", "failed", "read"]
    assert next(p.code for o in outcomes[:2] for p in o.problems) == "not_a_list"
    for outcome in outcomes[:2]:
        assert all(sentence.endswith(".") for sentence in outcome.sentences)
        assert outcome.sentences
    retried = import_file(pdf, actor=system, at=at)
    assert retried.import_id != outcomes[0].import_id
    assert Row.objects.count() == 5


def test_cells_no_column_can_hold_do_not_stop_the_file(
    write_list: ListWriter, system: Actor, at: dt.datetime
) -> None:
    path = write_list(
        "registre.csv",
        "12345678901234567890123456789;Alaoui;Mohamed;M\x00;AB123456;17/05/1980;9999999999999",
        heading="NIA;Nom;Prénom;Sexe;CIN;Date de naissance;Impôt annuel",
    )
    outcome = import_file(path, actor=system, at=at)
    (row,) = Row.objects.all()
    assert (outcome.rows_accepted, row.register_number, row.annual_tax_dh) == (1, "", None)
    assert "number_too_long" in [reason["code"] for reason in row.reasons]
    (shown,) = [queries._row_shown(row)]
    assert all(sentence.endswith(".") for sentence in shown.sentences)


def test_a_wrong_mapping_is_refused_and_nothing_is_kept_of_the_file(
    write_list: ListWriter, system: Actor, at: dt.datetime
) -> None:
    path = write_list("liste.csv", *ROWS)
    with pytest.raises(MappingError):
        import_file(path, actor=system, at=at, mapping={"columns": {"Nom": "nonsense"}})
    assert Row.objects.count() == 0
    assert import_file(path, actor=system, at=at).rows_accepted == 3


def test_rejected_rows_are_shown_and_exported_without_formulas(
    write_list: ListWriter, system: Actor, at: dt.datetime
) -> None:
    rows = (*ROWS, "==;;F;=cmd();+1;@x;-y;Tailleur;0612")
    outcome = import_file(write_list("liste.csv", *rows), actor=system, at=at)
    shown = queries.rejected_rows(outcome.import_id, scope=WHOLE_COUNTRY)
    assert [row.row_number for row in shown] == [4, 7]
    assert all(sentence.endswith(".") for row in shown for sentence in row.sentences)
    data, _rows = export_rejected(outcome.import_id, actor=system, at=at)
    assert data.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert [line[1] for line in table[1:]] == ["4", "7", "5"]
    cells = [cell for line in table[1:] for cell in line]
    assert "'=cmd()" in cells
    assert not any(cell.startswith(("=", "@")) for cell in cells)


def test_columns_found_and_progress_are_told(
    write_list: ListWriter, system: Actor, at: dt.datetime
) -> None:
    path = write_list("liste.csv", *(f"{row};x" for row in ROWS), heading=f"{HEADING};Zorglub")
    outcome = import_file(path, actor=system, at=at)
    (sheet,) = queries.columns_found(outcome.import_id, scope=WHOLE_COUNTRY)
    assert sheet.columns["CIN"] == "card_number"
    assert sheet.unknown_columns == ("Zorglub",)
    progress = queries.import_progress(outcome.import_id, scope=WHOLE_COUNTRY)
    assert (progress.ended, progress.share, progress.rows_read) == (True, 1.0, 5)
    preview = queries.accepted_rows(outcome.import_id, scope=WHOLE_COUNTRY, limit=2)
    assert [row.family_name for row in preview] == ["Alaoui", "Bennani"]


@pytest.fixture
def staff(system: Actor, places: None) -> dict[str, Actor]:
    """Staff of a province, of its whole region, of another province, and without the role."""
    settat = Province.objects.get(name_fr="Settat")
    region = frozenset(settat.region.provinces.values_list("code", flat=True))
    other = Province.objects.exclude(region=settat.region).first()
    assert other is not None

    def actor(name: str, role: Role, codes: frozenset[str]) -> Actor:
        record = ActorRecord.objects.create(kind="staff", name=name)
        return Actor.holding(record.pk, name, {role}, Scope(False, codes))

    with acting(system):
        return {
            "province": actor("Youssef", Role.CHAMBER_STAFF, frozenset({settat.code})),
            "region": actor("Nadia", Role.DIRECTORATE, region),
            "elsewhere": actor("Salma", Role.CHAMBER_STAFF, frozenset({other.code})),
            "auditor": actor("Auditor", Role.AUDITOR, frozenset()),
        }


def test_imports_are_seen_by_their_territory_and_by_whoever_made_them(
    write_list: ListWriter, system: Actor, at: dt.datetime, staff: dict[str, Actor]
) -> None:
    settat = Province.objects.get(name_fr="Settat")
    with acting(system):
        annex, chamber = (
            Institution.objects.create(
                kind=kind, name_fr=kind, region=settat.region, province=province, confidence="sure"
            )
            for kind, province in (("annex", settat), ("chamber", None))
        )
    of_annex = import_file(
        write_list("a.csv", *ROWS), actor=system, at=at, institution=annex.pk
    ).import_id
    of_chamber = import_file(
        write_list("b.csv", ROWS[0]), actor=system, at=at, institution=chamber.pk
    ).import_id
    own = import_file(write_list("c.csv", ROWS[1]), actor=staff["elsewhere"], at=at).import_id
    seen = {
        name: [i.pk for i in queries.imports_of(scope=actor.scope_of(*Role), actor=actor)]
        for name, actor in staff.items()
    }
    assert seen == {
        "province": [of_annex], "region": [of_chamber, of_annex], "elsewhere": [own], "auditor": [],
    }  # fmt: skip
    assert len(queries.imports_of(scope=WHOLE_COUNTRY)) == 3
    assert queries.imports_of(scope=NOWHERE) == []
    for query in (
        queries.import_progress, queries.columns_found, queries.rejected_rows,
        queries.accepted_rows, queries.get_import,
    ):  # fmt: skip
        with pytest.raises(NotFoundInScope):
            query(of_annex, scope=staff["elsewhere"].scope_of(*Role))
    with pytest.raises(NotFoundInScope):
        export_rejected(of_annex, actor=staff["elsewhere"], at=at)
    with pytest.raises(NotAllowed):
        import_file(write_list("d.csv", ROWS[0]), actor=staff["auditor"], at=at)


def test_the_balance_is_kept_by_the_database(
    write_list: ListWriter, system: Actor, at: dt.datetime
) -> None:
    from django.db import IntegrityError

    outcome = import_file(write_list("liste.csv", *ROWS), actor=system, at=at)
    with pytest.raises(IntegrityError), acting(system):
        ListImport.objects.filter(pk=outcome.import_id).update(rows_read=6)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM lists_row")
        assert cursor.fetchone()[0] == 5
