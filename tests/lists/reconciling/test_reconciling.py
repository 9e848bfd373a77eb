"""Files in, tables and reports out, without a database."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from django.utils import translation

from qafila.linkage.evidence import EVIDENCE_CODES
from qafila.lists.reconciling.counting import figures_by_file, lists_per_person, overlaps
from qafila.lists.reconciling.evidence import EVIDENCE_SENTENCES, evidence_sentence, link_sentence
from qafila.lists.reconciling.neutralising import neutral, neutralised
from qafila.lists.reconciling.outputs import write_outputs
from qafila.lists.reconciling.running import (
    NothingReadable,
    Reconciliation,
    reconcile_files,
)
from tests_paths import SAMPLE_LISTS

CHAMBER = """Nom;Prénom;CIN;Date de naissance;Commune;Téléphone
El Abbassi;Amal;JE254533;18/06/1978;Bouznika;0612345678
Ouchen;Bilal;BK12345;04/02/1984;Settat;0712345678
El Abbassi;Amal;je 254533;18-06-1978;Bouznika ;+212612345678
;;W99881;1990;Settat;
=Skalli;Itto;W445566;12/03/1990;Safi;0655443322
"""
LISTS = SAMPLE_LISTS
SIX = {
    "auto_entrepreneurs.csv", "caravane_fiche_terrain.xlsx", "chambre_artisanat_2022.xlsx",
    "cnss_immatricules.xlsx", "dgi_cpu_2026.csv", "registre_artisanat_export.csv",
}  # fmt: skip
FUND = """N° Immatriculation,Nom,Prénom,CNI,Date Naiss.
154484150,ABBASSI,AMAL,JE254533,18/06/1978
157270745,ZEROUAL,HAMZA,M977074,01/06/1977
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lists")


@pytest.fixture(scope="module")
def done(folder: Path) -> Reconciliation:
    (folder / "chambre.csv").write_text(CHAMBER, encoding="utf-8")
    (folder / "caisse.csv").write_text(FUND, encoding="utf-16")
    (folder / "scan.csv").write_bytes(b"%PDF-1.7")
    return reconcile_files([folder / n for n in ("chambre.csv", "caisse.csv", "scan.csv")])


@pytest.fixture(scope="module")
def out(done: Reconciliation, folder: Path) -> Path:
    with translation.override("fr"):
        write_outputs(done, folder / "out")
    return folder / "out"


def read_csv(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding=encoding))))


def test_every_data_row_has_its_decision(done: Reconciliation) -> None:
    found = {(f, r): d for f, _, r, _, _, d in done.rows.iter_rows()}
    assert found[("chambre.csv", 4)] == "repeated"
    assert found[("chambre.csv", 5)] == "rejected"
    assert found[("chambre.csv", 2)] == found[("caisse.csv", 2)] == "linked"
    assert found[("caisse.csv", 3)] == "single"
    assert done.rows.height == done.reading.read == 7


def test_a_repeated_row_has_the_person_of_the_row_it_repeats(done: Reconciliation) -> None:
    persons = {(f, r): p for f, _, r, p, _, _ in done.rows.iter_rows()}
    assert persons[("chambre.csv", 4)] == persons[("chambre.csv", 2)] == persons[("caisse.csv", 2)]
    assert persons[("chambre.csv", 5)] is None


def test_balances_and_overlaps(done: Reconciliation) -> None:
    figures = {f.file: f for f in figures_by_file(done)}
    chamber = figures["chambre.csv"]
    assert (chamber.read, chamber.accepted, chamber.rejected, chamber.repeated) == (5, 3, 1, 1)
    assert (chamber.persons, chamber.only_here, chamber.several_times) == (3, 2, 1)
    assert figures["scan.csv"].read == 0
    counts = {(a, b): n for a, b, n in overlaps(done).iter_rows()}
    assert counts[("chambre.csv", "caisse.csv")] == 1
    assert lists_per_person(done).rows() == [(1, 3), (2, 1)]


def test_rows_csv(out: Path) -> None:
    rows = read_csv(out / "rows.csv")
    assert list(rows[0]) == ["file", "sheet", "row", "person", "probability", "decision"]
    assert [(r["file"], r["sheet"], r["row"]) for r in rows][:2] == [
        ("chambre.csv", "", "2"), ("chambre.csv", "", "3"),
    ]  # fmt: skip
    rejected = next(r for r in rows if r["decision"] == "rejected")
    assert rejected["person"] == ""


def test_rejected_csv_says_why(out: Path) -> None:
    rows = read_csv(out / "rejected.csv", "utf-8-sig")
    assert [(r["row"], r["outcome"], r["reason"]) for r in rows] == [
        ("5", "rejected", "no_name"), ("4", "repeated", "repeats_row"),
    ]  # fmt: skip
    assert rows[0]["sentence"].endswith(".")
    assert "W99881" in rows[0]["cells"]


def test_only_in_lists_people_and_neutralises_formulas(out: Path) -> None:
    book = openpyxl.load_workbook(out / "only_in.xlsx")
    assert len(book.sheetnames) == 1 + 2 * 3
    cells = [c.value for sheet in book for row in sheet.iter_rows() for c in row]
    assert "'=Skalli" in cells
    assert not any(isinstance(c, str) and c.startswith("=") for c in cells)
    twice = book[book.sheetnames[2]]
    assert twice.max_row == 3


def test_the_mapping_written_is_readable(out: Path, done: Reconciliation, folder: Path) -> None:
    from qafila.lists.reading.columns.mapping import parse_mapping

    mapping = parse_mapping((out / "mapping.yaml").read_text(encoding="utf-8"))
    again = reconcile_files([folder / "chambre.csv"], mapping=mapping)
    assert again.reading.files[0].rows.equals(done.reading.files[0].rows)


def test_the_report_is_one_file_in_two_languages(out: Path) -> None:
    page = (out / "report.html").read_text(encoding="utf-8")
    assert 'lang="ar" dir="rtl"' in page
    assert 'lang="fr" dir="ltr"' in page
    assert page.count("<svg") >= 6
    for reference in ("<script", "src=", "@import", "<link", 'href="http'):
        assert reference not in page
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_a_report_without_any_pair(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("Nom;Prénom;CIN\nOuchen;Bilal;BK12345\n", encoding="utf-8")
    alone = reconcile_files([tmp_path / "one.csv"])
    assert alone.pairs.is_empty()
    assert len(write_outputs(alone, tmp_path / "out")) == 9


def test_no_readable_file_gives_a_sentence_each(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"%PDF-1.7")
    with pytest.raises(NothingReadable) as refused:
        reconcile_files([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert len(refused.value.sentences) == 2
    assert all("csv" in sentence for sentence in refused.value.sentences)


def test_every_code_of_the_linkage_has_a_sentence() -> None:
    assert set(EVIDENCE_CODES) <= set(EVIDENCE_SENTENCES)


@pytest.mark.parametrize("language", ["en", "ar", "fr", "zgh"])
def test_evidence_in_words(language: str) -> None:
    params: dict[str, Any] = {"left": "JE1", "right": "JE2", "shared": 9}
    with translation.override(language):
        said = [evidence_sentence(code, params) for code in EVIDENCE_SENTENCES]
        said += [evidence_sentence(code, None) for code in EVIDENCE_SENTENCES]
    assert all(sentence.endswith(".") and "%(" not in sentence for sentence in said)


@pytest.fixture(scope="module")
def six_lists() -> Reconciliation:
    """The lists as institutions exchange them."""
    return reconcile_files(sorted(path for path in LISTS.iterdir() if path.name in SIX))


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_every_automatic_link_is_explained_in_one_sentence(
    six_lists: Reconciliation, language: str
) -> None:
    linked = six_lists.pairs.filter(pl.col("band") == "automatic")
    assert linked.height > 4_000
    with translation.override("en"):
        english = {str(link_sentence(pieces)) for pieces in linked["evidence"].to_list()}
    with translation.override(language):
        told = [link_sentence(pieces) for pieces in linked["evidence"].to_list()]
    for sentence in told:
        plain = re.sub("\u2068[^\u2069]*\u2069", "", sentence)
        assert sentence.endswith(".")
        assert sentence.count("\u2068") == sentence.count("\u2069") >= 1
        assert "_" not in plain  # no code
        assert "%(" not in plain
        assert not re.search(r"\d{4}-\d\d-\d\d|\+212", sentence)
    assert english.isdisjoint(told)


def test_a_link_is_told_as_people_write_dates_and_phones() -> None:
    pieces = [
        {"code": "birth_same_day", "params": {"left": "1971-03-12", "right": "1971-03-12"},
         "weight": 8.0},
        {"code": "phone_same", "params": {"left": "+212612345678", "right": "+212612345678"},
         "weight": 6.0},
        {"code": "craft_differs", "params": {"left": "Potier", "right": "Tailleur"},
         "weight": -1.0},
        {"code": "ambiguous", "params": None, "weight": None},
    ]  # fmt: skip
    with translation.override("fr"):
        told = re.sub("[\u2068\u2069]", "", link_sentence(pieces)).replace("\u00a0", " ")
    assert told == (
        "Une seule personne, car : même date de naissance (12/03/1971), même téléphone "
        "(06 12 34 56 78) ; malgré : métiers différents (Potier / Tailleur)."
    )


@pytest.mark.parametrize("pieces", [None, [], [{"code": "decided_same", "params": None}]])
def test_a_link_without_evidence_is_told_too(pieces: list[dict[str, Any]] | None) -> None:
    with translation.override("fr"):
        assert link_sentence(pieces).endswith(".")


def test_equal_values_are_said_once() -> None:
    with translation.override("en"):
        sentence = evidence_sentence("craft_same", {"left": "Potier", "right": "Potier"})
    assert sentence.count("Potier") == 1


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd", "'+cmd"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"),
        ("+212612345678", "+212612345678"),
        ("-", "'-"),
        ("El Abbassi", "El Abbassi"),
        ("", ""),
    ],
)
def test_formulas_are_neutralised(text: str, safe: str) -> None:
    assert neutral(text) == safe
    frame = neutralised(pl.DataFrame({"a": [text], "b": [1]}))
    assert frame.row(0) == (safe, 1)
