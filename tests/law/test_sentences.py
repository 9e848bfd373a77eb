"""The same things are told in Arabic, French, Amazigh and English, amounts first."""

from __future__ import annotations

import ast
import re
import string
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import qafila_law
from qafila_law import LANGUAGES, LawError, explain, monthly_amount
from qafila_law.contributions.batches import REFUSALS
from qafila_law.months import day_of, month_of
from qafila_law.parameter_tree import all_parameters
from qafila_law.rights.edges import reasons
from qafila_law.wording.catalogues import catalogue
from qafila_law.wording.references import reference_in

SOURCE = Path(qafila_law.__file__).parent
SECTIONS = (
    "formats", "counts", "terms", "steps", "errors", "fields", "reference_forms", "reference_words",
)  # fmt: skip


def placeholders(text: Any) -> set[str]:
    named = {name for _, name, _, _ in string.Formatter().parse(str(text)) if name}
    return {name.removesuffix("_after") for name in named}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", SECTIONS)
def test_nothing_is_missing_and_placeholders_are_the_same(language: str, section: str) -> None:
    source, other = catalogue("en")[section], catalogue(language)[section]
    assert list(source) == list(other)
    assert not [key for key, text in other.items() if text in (None, "")]
    if section in ("steps", "errors", "reference_forms"):
        different = [k for k in source if placeholders(source[k]) != placeholders(other[k])]
        assert different == []


@pytest.mark.parametrize(
    ("language", "script"), [("ar", "[\u0600-\u06ff]"), ("zgh", "[\u2d30-\u2d7f]")]
)
def test_each_language_is_written_in_its_script(language: str, script: str) -> None:
    for section in ("steps", "errors", "fields"):
        for key, text in catalogue(language)[section].items():
            assert re.search(script, text), (section, key)


def test_sentences_are_whole_and_short() -> None:
    for language in LANGUAGES:
        for key, text in {**catalogue(language)["steps"], **catalogue(language)["errors"]}.items():
            assert text.endswith("."), (language, key)
            longest = max(len(sentence.split()) for sentence in re.split(r"[.:;؛]\s", text))
            assert longest <= 30, (language, key, longest)


def test_every_error_and_step_of_the_code_has_its_sentence() -> None:
    codes = {kind.code for kind in all_errors(LawError)}
    assert codes == set(catalogue("en")["errors"])
    assert {code for code in REFUSALS if code} <= codes
    told, written = set(catalogue("en")["steps"]), strings_in_source()
    assert {f"rights_{reason}" for reason in reasons()} <= told
    # codes are written whole, or made of a family and a reason or status written in the source
    unused = {code for code in told if code not in written and reason_of(code) not in written}
    assert unused == set()


def reason_of(code: str) -> str:
    family, _, reason = code.partition("_")
    return reason if family in ("rights", "relief", "dependant") else code


def all_errors(kind: type[LawError]) -> set[type[LawError]]:
    return {found for one in kind.__subclasses__() for found in (one, *all_errors(one))}


def strings_in_source() -> set[str]:
    found = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_a_craftworker_is_told_in_french_amount_first() -> None:
    steps = monthly_amount("craftworker", "2026-01").steps
    sentences = explain(steps, "fr", references=True)
    assert [sentence.split("\u00a0DH")[0] for sentence in sentences] == [
        "17,92", "3\u00a0422,72", "2\u00a0567,04", "163,52",
    ]  # fmt: skip
    assert sentences[0].endswith("depuis le 1er janvier 2026. Texte\u00a0: Décret 2-25-983.")
    assert "(AMO)" in sentences[-1]


def test_amounts_and_dates_are_written_as_each_language_writes_them() -> None:
    steps = monthly_amount("craftworker", "2026-01").steps
    assert explain(steps, "ar")[0].startswith("17,92\u00a0درهم")
    assert "1 يناير 2026" in explain(steps, "ar")[0]
    assert explain(steps, "zgh")[3].startswith("163,52\u00a0ⴷⵔⵀⵎ")
    assert explain(steps, "en")[1].startswith("3,422.72 DH")


@pytest.mark.parametrize(
    ("months", "told"), [(1, "شهر واحد"), (2, "شهران"), (5, "5 أشهر"), (11, "11 شهرا")]
)
def test_arabic_counts_months_as_arabic_does(months: int, told: str) -> None:
    steps = monthly_amount("cpu", "2026-01", annual_tax=10, months_active=months).steps
    assert f"أشهر نشاطكم في السنة: {told}." in explain(steps, "ar")[2]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(LawError) as refusal:
        explain((), "de")
    assert refusal.value.code == "unknown_language"


def test_every_reference_is_cited_in_arabic_without_latin_words() -> None:
    cited = {value.reference for one in all_parameters().values() for value in one.values}
    for reference in cited:
        told = re.sub(r"\d+-[IV]+-[A-Z]-\d+°", "", reference_in(reference, "ar"))
        assert not re.search("[A-Za-zÀ-ÿ]", told), (reference, told)
    assert reference_in("Loi 98-15, article 14", "ar") == "القانون رقم 98.15، المادة 14"
    assert (
        reference_in("Décret 2-19-422 du 26 juin 2019", "en") == "Decree 2-19-422 of 26 June 2019"
    )


def test_days_and_months_are_understood_as_people_are_told_to_write_them() -> None:
    assert (day_of("31/01/2026"), month_of("01/2026")) == (date(2026, 1, 31), date(2026, 1, 1))
    with pytest.raises(LawError):
        day_of("31/02/2026")
    with pytest.raises(LawError):
        month_of("13/2026")
