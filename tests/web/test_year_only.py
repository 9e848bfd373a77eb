"""A birth of which only the year is known is 1 January in no output."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from python_calamine import load_workbook
from tests.register.factories import AT, person, system
from tests.web.staff import signed_in

from qafila.foundation import clock
from qafila.foundation.actors import WHOLE_COUNTRY, Role
from qafila.foundation.trail import acting
from qafila.foundation.wording.births import birth_in_figures
from qafila.lists import queries
from qafila.lists.importing.import_file import import_file
from qafila.lists.linking.link_rows import link_new_rows
from qafila.lists.models import ListImport, Row
from qafila.lists.reconciling.outputs import write_outputs
from qafila.lists.reconciling.report import make_report
from qafila.lists.reconciling.running import reconcile_files
from qafila.places.actions import load_places
from qafila.rights.attestations import _lines
from qafila.rights.models import Attestation

pytestmark = pytest.mark.django_db
HEADING = "Nom;Prénom;Sexe;CIN;Date de naissance;Province;Commune;Métier;Téléphone\n"
INVENTED = re.compile(
    r"1975[-/.]0?1[-/.]0?1(?!\d)|(?<!\d)0?1[-/.]0?1[-/.]1975|1(?:er)? janvier 1975|1 يناير 1975"
)
LISTS = {
    "a.csv": "Sabbane;Hassan;M;EE101010;1975;Settat;SETTAT;Potier;0622994455\n"
    "Naji;Hind;F;EE101099;00/00/1975;Settat;SETTAT;Potier;\n",
    "b.csv": "صبان;حسن;M;EE101010;1975;Settat;SETTAT;Potier;0622994455\n"
    "Naji;Hinde;F;;1975;Settat;SETTAT;Potière;0622994466\n"
    "Sabbane;Houcine;M;;1975;Settat;SETTAT;Potier;0622994455\n",
}


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    load_places(actor=system(), at=AT)
    with clock.stopped_at(AT):
        yield


@pytest.fixture
def lists(tmp_path: Path) -> list[Path]:
    for name, rows in LISTS.items():
        (tmp_path / name).write_text(HEADING + rows, encoding="utf-8")
    return [tmp_path / name for name in LISTS]


def no_day_is_invented(text: str, where: str) -> None:
    assert not (found := INVENTED.search(text)), (where, found)


def text_of(path: Path) -> str:
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8")
    book = load_workbook(str(path))
    return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])


def test_in_no_file_of_a_reconciliation(lists: list[Path], tmp_path: Path) -> None:
    done = reconcile_files(lists)
    for path in write_outputs(done, tmp_path / "out"):
        if path.suffix != ".pdf":
            no_day_is_invented(text_of(path), path.name)
    no_day_is_invented(str(make_report(done).parts), "report.pdf")
    assert "1975" in text_of(tmp_path / "out" / "only_in.xlsx")
    assert "1975" in text_of(tmp_path / "out" / "links.csv")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_on_no_page_and_in_no_export_of_people(lists: list[Path], language: str) -> None:
    for path in lists:
        import_file(path, actor=system(), at=AT)
    link_new_rows(actor=system(), at=AT)
    client = signed_in(Role.PROGRAMME_LEAD, province=None, language=language)
    addresses = ["/people/?q=sabbane", "/review/", "/review/qafila-review.csv"]
    for record in ListImport.objects.order_by("pk"):
        addresses += [f"/lists/{record.pk}/", f"/lists/{record.pk}/remarks.csv"]
    persons = Row.objects.order_by("person_id").values_list("person_id", flat=True).distinct()
    addresses += [reverse("person", args=[one]) for one in persons]
    for pair in queries.pairs_waiting(scope=WHOLE_COUNTRY):
        two = (pair.left.row.person_id, pair.right.row.person_id)
        addresses.append(reverse("merge_files", args=sorted(filter(None, two))))
    assert len(addresses) > 9
    for address in addresses:
        response: Any = client.get(address)
        assert response.status_code == 200, address
        content = b"".join(response.streaming_content) if response.streaming else response.content
        no_day_is_invented(content.decode("utf-8-sig"), address)


def test_on_no_attestation() -> None:
    born = dt.date(1975, 1, 1)
    someone = person(birth_date=born, birth_precision="year")
    with acting(system(), at=AT):
        lines = _lines(Attestation(person=someone))
    no_day_is_invented(str(lines), "attestation")
    assert "1975" in str(lines)


def test_births_in_figures_are_no_more_precise_than_known() -> None:
    born = dt.date(1975, 3, 15)
    known = {"day": "15/03/1975", "month": "03/1975", "year": "1975"}
    assert {one: birth_in_figures(born, one) for one in known} == known
    assert birth_in_figures(None, "") == ""
