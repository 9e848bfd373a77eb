"""Tariffs and estimates: the table imported whole or not at all, and what an act gives back."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from tests.api.factories import insured
from tests.care.factories import AT, CARE_DAY, system, tariffs
from typer.testing import CliRunner

from qafila.care.claims.queries import acts_on
from qafila.care.coverage_check.coverage import number_as_kept
from qafila.care.models import Act
from qafila.care.tariffs.assessing import estimate
from qafila.care.tariffs.tariff_rows import COLUMNS
from qafila.care.tariffs.tariffs import (
    import_tariffs,
    tariff_difference,
)
from qafila.cli.rooms.care import care_app
from qafila.demonstration.tariffs import load_demonstration_tariffs
from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role
from qafila.foundation.errors import DomainError, NotAllowed
from qafila.linkage.values.identifiers import normalise_card_number
from qafila.rights.verification import initials
from qafila_law.months import months_later

HEAD = ",".join(COLUMNS)
GOOD = "C,Consultation,استشارة,ambulatory,80.00,2021-01-01,"


def _file(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "official.csv"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    return path


@pytest.mark.django_db
def test_the_demonstration_s_table_is_marked_and_may_be_loaded_again() -> None:
    first = load_demonstration_tariffs(actor=system(), at=AT)
    again = load_demonstration_tariffs(actor=system(), at=AT)
    assert (first.acts, first.new, again.new) == (13, 13, 0)
    assert all(act.demonstration for act in acts_on(CARE_DAY))
    assert acts_on(dt.date(2019, 1, 1)) == []


@pytest.mark.django_db
def test_a_new_tariff_takes_over_from_its_day(tmp_path: Path) -> None:
    rows = (
        "C,Consultation,استشارة,ambulatory,80.00,2021-01-01,2026-01-01",
        "C,Consultation,استشارة,ambulatory,100.00,2026-01-01,",
    )
    import_tariffs(_file(tmp_path, *rows), actor=system(), at=AT)
    found = [acts_on(dt.date(year, 6, 1))[0].tariff_centimes for year in (2025, 2026)]
    assert found == [8_000, 10_000]
    assert not Act.objects.filter(demonstration=True).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",Consultation,استشارة,ambulatory,80.00,2021-01-01,", "code"),
        ("D,Consultation,استشارة,spa,80.00,2021-01-01,", "care"),
        ("D,Consultation,استشارة,ambulatory,-1,2021-01-01,", "tariff_dh"),
        ("D,Consultation,استشارة,ambulatory,=1+1,2021-01-01,", "tariff_dh"),
        ("D,Consultation,استشارة,ambulatory,80,01/01/21,", "valid_from"),
        ("D,Consultation,استشارة,ambulatory,80,2021-01-01,2020-01-01", "valid_until"),
        (GOOD, "code"),
        (f"D,{'x' * 161},استشارة,ambulatory,80,2021-01-01,", "name_fr"),
    ],
)
def test_one_bad_row_and_nothing_is_imported(tmp_path: Path, row: str, column: str) -> None:
    with pytest.raises(DomainError) as refusal:
        import_tariffs(_file(tmp_path, GOOD, row), actor=system(), at=AT)
    assert (refusal.value.params["row"], refusal.value.params["column"]) == (3, column)
    assert "official.csv, row 3" in refusal.value.sentence()
    assert not Act.objects.exists()


@pytest.mark.django_db
def test_files_that_are_no_table(tmp_path: Path) -> None:
    binary = tmp_path / "tariffs.csv"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    for path in (binary, _file(tmp_path, GOOD, head="code,name")):
        with pytest.raises(DomainError) as refusal:
            import_tariffs(path, actor=system(), at=AT)
        assert refusal.value.code == "tariff_file_refused"


@pytest.mark.django_db
def test_only_administrators_import() -> None:
    clerk = Actor.holding(system().id, "Clerk", {Role.COUNTER_AGENT}, WHOLE_COUNTRY)
    with pytest.raises(NotAllowed):
        load_demonstration_tariffs(actor=clerk, at=AT)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("act", "place", "illness", "status", "back"),
    [
        ("CS", "", "", "open", 10_500),
        ("ACC-N", "public", "", "open", 270_000),
        ("ACC-N", "private", "", "open", 210_000),
        ("CS", "", "", "suspended", 0),
    ],
)
def test_an_estimate_by_tariff_place_and_rights(
    act: str, place: str, illness: str, status: str, back: int
) -> None:
    tariffs()
    person = insured(status=status)
    found = estimate(
        insured_id=person.pk, patient_id=person.pk, act_code=act, care_on=CARE_DAY,
        place=place, illness=illness, scope=WHOLE_COUNTRY,
    )  # fmt: skip
    assert found.reimbursed_centimes == back
    assert len(found.steps) >= 3
    assert found.finding_sentence.endswith(".")
    assert found.share.claim_until == months_later(CARE_DAY, 2)


@given(st.sampled_from(["cin", "fund", "nia"]), st.text(max_size=40))
def test_a_number_as_kept_is_plain_and_stays_as_it_is(id_type: str, text: str) -> None:
    kept = number_as_kept(id_type, text)
    if kept is not None:
        assert kept.isascii()
        assert "\x00" not in kept
        assert number_as_kept(id_type, kept) == kept


@given(st.from_regex(r"[A-Z]{1,2}[0-9OISB]{1,7}", fullmatch=True))
def test_a_card_number_is_kept_as_the_lists_keep_it(text: str) -> None:
    card = normalise_card_number(text)
    assert number_as_kept("cin", text) == (str(card) if card else None)


@given(st.text(max_size=60))
def test_initials_tell_no_whole_word(name: str) -> None:
    assert all(len(part) <= 2 for part in initials(name).split())


def _workbook(folder: Path, *rows: tuple[object, ...]) -> Path:
    path = folder / "official.xlsx"
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for number, row in enumerate((COLUMNS, *rows)):
        sheet.write_row(number, 0, row)
    book.close()
    return path


@pytest.mark.django_db
def test_a_workbook_is_read_as_a_csv_is(tmp_path: Path) -> None:
    day = dt.date(2021, 1, 1)
    row = ("C", "Consultation", "استشارة", "ambulatory", 80, day, "")
    half = ("M", "Médicament", "دواء", "medicine", 48.6, "2021-01-01", "")
    import_tariffs(_workbook(tmp_path, row, half), actor=system(), at=AT)
    assert {act.code: act.tariff_centimes for act in acts_on(CARE_DAY)} == {"C": 8_000, "M": 4_860}


@pytest.mark.django_db
def test_semicolons_and_empty_lines_are_read(tmp_path: Path) -> None:
    path = _file(tmp_path, GOOD.replace(",", ";"), ";;;;;;", head=HEAD.replace(",", ";"))
    assert import_tariffs(path, actor=system(), at=AT).acts == 1


@pytest.mark.django_db
def test_the_difference_is_told_before_loading_and_every_wrong_row(tmp_path: Path) -> None:
    tariffs()
    path = _file(
        tmp_path,
        "C,Consultation du médecin généraliste,استشارة طبيب عام,ambulatory,80.00,2026-12-01,",
        "CS,Consultation du médecin spécialiste,استشارة طبيب مختص,ambulatory,180,2026-12-01,",
        "NEW,Acte nouveau,عمل جديد,hospital,1000,2026-12-01,",
        "D,Soin,علاج,spa,80,2026-12-01,",
        "E,Soin,علاج,ambulatory,beaucoup,2026-12-01,",
    )
    found = tariff_difference(path)
    assert [one.act.code for one in found.new] == ["NEW"]
    [changed] = found.changed
    assert changed.before is not None
    assert (changed.before.tariff_centimes, changed.act.tariff_centimes) == (15_000, 18_000)
    assert found.same == 1
    assert [(one.params["row"], one.params["column"]) for one in found.problems] == [
        (5, "care"), (6, "tariff_dh")
    ]  # fmt: skip
    assert Act.objects.count() == 13


@pytest.mark.django_db
def test_a_new_tariff_ends_the_one_before(tmp_path: Path) -> None:
    tariffs()
    row = "CS,Consultation du médecin spécialiste,استشارة طبيب مختص,ambulatory,180,2026-12-01,"
    import_tariffs(_file(tmp_path, row), actor=system(), at=AT)
    before, now = Act.objects.filter(code="CS").order_by("valid_from")
    assert (before.valid_until, now.valid_until) == (dt.date(2026, 12, 1), None)
    assert (before.demonstration, now.demonstration) == (True, False)


@pytest.mark.django_db
def test_the_command_tells_and_loads(tmp_path: Path) -> None:
    tariffs()
    good = "CS,Consultation,استشارة,ambulatory,180,2026-12-01,"
    path, run = _file(tmp_path, good), CliRunner().invoke
    told = run(care_app, ["tariffs", "load", str(path), "--dry-run", "--json"])
    assert json.loads(told.output)["changed"] == [
        {"code": "CS", "valid_from": "2026-12-01", "before_dh": "150.00", "now_dh": "180.00"}
    ]
    assert Act.objects.count() == 13
    loaded = run(care_app, ["tariffs", "load", str(path)])
    assert loaded.exit_code == 0
    assert "0 new, 1 changed, 0 unchanged, 0 wrong rows. Loaded." in loaded.output
    shown = run(care_app, ["tariffs", "show", "--on", "2026-12-02", "cs"])
    assert "180.00" in shown.output
    assert "1 acts." in shown.output
    assert run(care_app, ["tariffs", "show", "--on", "hier"]).exit_code == 2


@pytest.mark.django_db
def test_the_command_refuses_wrong_rows_and_loads_none(tmp_path: Path) -> None:
    path = _file(tmp_path, GOOD, "D,Soin,علاج,spa,80,2026-12-01,")
    told = CliRunner().invoke(care_app, ["tariffs", "load", str(path)])
    assert told.exit_code == 2
    assert "row 3, column “care”" in told.output
    assert "Nothing was loaded." in told.output
    assert not Act.objects.exists()
