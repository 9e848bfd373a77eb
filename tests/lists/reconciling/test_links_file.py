"""links.csv: why each automatic link was made, worded in columns as link_sentence words it."""

from __future__ import annotations

import csv
import io
import itertools
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.utils import translation

from qafila.linkage.evidence import EVIDENCE
from qafila.lists.reconciling import exports
from qafila.lists.reconciling.evidence import EVIDENCE_SENTENCES, link_sentence
from qafila.lists.reconciling.link_wording import link_sentences
from qafila.lists.reconciling.outputs import NAMES, names_of, write_outputs
from qafila.lists.reconciling.running import Reconciliation, reconcile_files
from tests_paths import SAMPLE_LISTS

_SIDES = ("left_file", "left_sheet", "left_row", "right_file", "right_sheet", "right_row")


@pytest.fixture(scope="module")
def done() -> Reconciliation:
    names = ("auto_entrepreneurs.csv", "registre_artisanat_export.csv", "dgi_cpu_2026.csv")
    return reconcile_files([SAMPLE_LISTS / name for name in names])


def _plain(sentence: str) -> str:
    return re.sub("[\u2068\u2069]", "", sentence)


def _read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_each_automatic_link_once_with_both_sides_and_why(
    done: Reconciliation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_LINKS_AT_ONCE", 300)
    exports.write_links(done, tmp_path / "links.csv")
    assert (tmp_path / "links.csv").read_bytes().startswith(b"\xef\xbb\xbfnumber,left_file")
    rows = _read(tmp_path / "links.csv")
    links = done.links
    assert len(rows) == links.height > 600
    assert [int(row["number"]) for row in rows] == list(range(1, links.height + 1))
    assert [tuple(row[side] for side in _SIDES) for row in rows] == [
        tuple(map(str, link)) for link in links.select(_SIDES).rows()
    ]
    for language in ("ar", "fr"):
        with translation.override(language):
            said = [_plain(link_sentence(pieces)) for pieces in links["evidence"].to_list()]
        assert [row[f"because_{language}"] for row in rows] == said


@pytest.mark.parametrize("language", ["en", "ar", "fr", "zgh"])
def test_every_code_is_worded_as_in_the_single_sentence(language: str) -> None:
    values: tuple[tuple[str | None, str | None], ...] = (
        ("1971-03-12", "1971-03-12"), ("+212612345678", "1975"), ("=1+1", None), (None, None),
    )  # fmt: skip
    weights = (4.0, -2.0, 0.0, None)
    pieces: list[dict[str, Any]] = [
        {"code": code, "params": {"left": left, "right": right, "shared": shared}, "weight": weight}
        for code, (left, right), weight, shared in itertools.product(
            EVIDENCE_SENTENCES, values, weights, (9, None)
        )
    ]
    lists: list[list[dict[str, Any]] | None] = [[piece] for piece in pieces]
    lists += [pieces[start : start + 9] for start in range(0, len(pieces), 3)]
    lists += [None, []]
    with translation.override(language):
        told = link_sentences(pl.Series(lists, dtype=EVIDENCE)).to_list()
        assert told == [_plain(link_sentence(one)) for one in lists]


def test_without_evidence_of_links_there_is_no_such_file(
    done: Reconciliation, tmp_path: Path
) -> None:
    (tmp_path / "liste.csv").write_text(
        "Nom;Prénom;CIN\nAlaoui;Mohamed;AB123456\nAlaoui;Mohammed;AB 123456\n", encoding="utf-8"
    )
    out = tmp_path / "out"
    for explain in (True, False):
        small = reconcile_files([tmp_path / "liste.csv"], explain=explain)
        write_outputs(small, out)
        assert names_of(small) == [n for n in NAMES if explain or n != "links.csv"]
        assert sorted(path.name for path in out.iterdir()) == sorted(names_of(small))
