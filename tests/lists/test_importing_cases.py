"""Imports that go wrong, come twice, or say no place: each ends with a sentence, none is stuck."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from tests.lists.conftest import ListWriter
from typer.testing import CliRunner

from qafila.cli.rooms.lists import lists_app
from qafila.foundation.actors import Actor, Role, Scope
from qafila.foundation.models import ActorRecord
from qafila.institutions.models import Institution
from qafila.lists import queries
from qafila.lists.importing import import_file as importing
from qafila.lists.importing.coming_of import note_what_came
from qafila.lists.importing.import_file import import_file
from qafila.lists.importing.rejected_rows import export_rejected, export_remarks
from qafila.lists.linking.link_rows import link_new_rows
from qafila.lists.models import HandedInAgain, ListImport, Row
from qafila.lists.reading import reading
from qafila.lists.received_before import received_before
from qafila.people.models import Person

pytestmark = pytest.mark.django_db
SETTAT, TAROUDANT = "06.461", "09.541"
ROWS = (
    "Alaoui;Samira;F;BE123456;17/05/1980;;;Potier;0612345678",
    "Tazi;Omar;M;néant;01/02/2030;;;Potier;0612345670 0661223344",
    "Total;;;;2;;;;",
)
DATA = Path(__file__).parent / "data"


def _broken(*_arguments: Any, **_named: Any) -> None:
    raise RuntimeError("Alaoui Samira")


def test_the_balance_counts_skipped_rows_and_remarks(
    write_list: ListWriter, system: Actor, at: dt.datetime
) -> None:
    outcome = import_file(write_list("liste.csv", *ROWS), actor=system, at=at)
    assert (outcome.rows_read, outcome.rows_accepted, outcome.rows_skipped) == (3, 2, 1)
    assert outcome.rows_remarked == 1
    skipped = Row.objects.get(outcome="skipped")
    assert skipped.reasons == [{"code": "total"}]
    assert skipped.cells["0"] == "Total"
    (shown,) = queries.remarked_rows(outcome.import_id, scope=system.scope_of(*Role))
    with translation.override("fr"):
        said = " ".join(queries.row_sentences(Row.objects.get(pk=shown.id)))
    assert "01/02/2030" in said
    assert "0612345670 0661223344" in said


def test_skipped_rows_and_remarks_can_be_downloaded(
    write_list: ListWriter, system: Actor, at: dt.datetime
) -> None:
    outcome = import_file(write_list("liste.csv", *ROWS), actor=system, at=at)
    left_out, number = export_rejected(outcome.import_id, actor=system, at=at)
    assert (number, b"Total" in left_out) == (1, True)
    remarks, number = export_remarks(outcome.import_id, actor=system, at=at)
    assert (number, b"01/02/2030" in remarks) == (1, True)


def test_an_unexpected_error_ends_the_import_with_a_reference(
    write_list: ListWriter, system: Actor, at: dt.datetime, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    path = write_list("liste.csv", *ROWS)
    with monkeypatch.context() as broken:
        broken.setattr(importing, "slices_to_store", _broken)
        outcome = import_file(path, actor=system, at=at)
    assert (outcome.state, outcome.unforeseen) == ("failed", True)
    reference = str(outcome.problems[0].params["reference"])
    assert reference in caplog.text
    assert "Alaoui" not in caplog.text
    assert ListImport.objects.get().state == "failed"
    assert import_file(path, actor=system, at=at).rows_accepted == 2


def test_rows_without_a_place_are_where_the_list_comes_from(
    write_list: ListWriter, places: None, system: Actor, at: dt.datetime
) -> None:
    rows = (*ROWS, "Ouchen;Bilal;M;JB12345;1990;Taroudant;;Potier;")
    import_file(write_list("liste.csv", *rows), actor=system, at=at, province_code=SETTAT)
    link_new_rows(actor=system, at=at)
    places = dict(Person.objects.values_list("family_name_latn", "province_id"))
    assert places == {"Alaoui": SETTAT, "Tazi": SETTAT, "Ouchen": TAROUDANT}


def test_what_came_of_an_import_is_written_down_once_linked(
    write_list: ListWriter, places: None, system: Actor, at: dt.datetime
) -> None:
    first = import_file(write_list("une.csv", *ROWS), actor=system, at=at)
    link_new_rows(actor=system, at=at)
    later = at + dt.timedelta(days=1)
    more = "Ouchen;Bilal;M;JB12345;1990;Taroudant;;Potier;"
    second = import_file(write_list("deux.csv", ROWS[0], more), actor=system, at=later)
    link_new_rows(actor=system, at=later)
    note_what_came(actor=system, at=later)
    found = [
        queries.import_progress(outcome.import_id, scope=system.scope_of(*Role))
        for outcome in (first, second)
    ]
    assert [(one.persons_new, one.rows_known) for one in found] == [(2, 0), (1, 1)]


def _member(name: str, province: str) -> Actor:
    record = ActorRecord.objects.create(kind=ActorRecord.Kind.STAFF, name=name)
    scope = Scope(province_codes=frozenset({province}))
    return Actor.holding(record.pk, name, {Role.CHAMBER_STAFF}, scope)


def test_the_same_file_of_another_institution_is_answered_by_content(
    write_list: ListWriter, places: None, system: Actor, at: dt.datetime
) -> None:
    path = write_list("liste.csv", *ROWS, "Ouchen;Bilal;M;JB12345;1990;Taroudant;;Potier;")
    settat, taroudant = _member("a", SETTAT), _member("b", TAROUDANT)
    first = import_file(path, actor=settat, at=at, province_code=SETTAT)
    again = import_file(path, actor=taroudant, at=at + dt.timedelta(days=2))
    assert (again.import_id, again.repeats_import) == (first.import_id, True)
    assert HandedInAgain.objects.count() == 1
    link_new_rows(actor=system, at=at)
    before = received_before(first.import_id, actor=taroudant)
    assert before is not None
    assert (before.received_at, before.rows_in_territory) == (at, 1)
    assert [row.family_name for row in before.rows] == ["Ouchen"]
    assert received_before(first.import_id, actor=settat) is None


def test_the_command_finishes_the_other_files_and_exits_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = reading.open_file

    def open_file(path: Path, synonyms: Any) -> Any:
        return _broken() if "cards" in path.name else opened(path, synonyms)

    monkeypatch.setattr(reading, "open_file", open_file)
    files = [str(DATA / "cards.csv"), str(DATA / "row-shifted-right.csv")]
    result = CliRunner().invoke(lists_app, ["reconcile", *files, "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "JB45678" not in result.output
    assert (tmp_path / "out" / "remarks.csv").read_text(encoding="utf-8-sig").count("\n") == 2


def test_the_command_says_whose_list_it_is(
    write_list: ListWriter, reference: None, system: Actor
) -> None:
    institution = Institution.objects.order_by("pk").first()
    assert institution is not None
    path = str(write_list("liste.csv", *ROWS))
    told = ["--institution", str(institution.pk), "--province", SETTAT]
    result = CliRunner().invoke(lists_app, ["import", path, *told])
    assert result.exit_code == 0, result.output
    record = ListImport.objects.get()
    assert (record.institution_id, record.province_code) == (institution.pk, SETTAT)
    assert (record.persons_new, record.rows_known) == (2, 0)
    assert set(Person.objects.values_list("province_id", flat=True)) == {SETTAT}
    for wrong in (["--institution", "0"], ["--province", "99"]):
        assert CliRunner().invoke(lists_app, ["import", path, *wrong]).exit_code == 2
