"""What writers may not write is found in every catalogue, and nothing of it is there."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from babel.messages.mofile import read_mo

from qafila.foundation.wording import catalogues
from qafila.foundation.wording.writing_rules import Written, faults_of, words, writing_faults
from qafila_law.wording.typography import plain_signs, set_spaces


def test_nothing_forbidden_is_written() -> None:
    assert writing_faults() == []


@pytest.mark.parametrize(
    ("language", "english", "forms", "why"),
    [
        ("ar", "Law 41-23", ("القانون 41-23",), "hyphen"),
        ("ar", "Open the file.", ("افتح الملف.",), "singular imperative"),
        ("ar", "The contact was recorded.", ("سجل الاتصال.",), "bare passive"),
        ("ar", "Your appeal", ("سُحبت الشهادة",), "vowel mark"),
        ("ar", "The call", ("نداء الشهر",), "not a word of ours"),
        ("ar", "%(n)s row", ("عدد: %(n)s",) * 6, "six forms"),
        ("fr", "Run", ("Essai de %(month)s",), "avril"),
        ("fr", "The fund", ("Demandez à la caisse",), "CNSS"),
        ("fr", "Debts", ("Dettes effacées",), "annulation"),
        ("zgh", "Road", ("ⴵ",), "33"),
    ],
)
def test_each_rule_finds_its_fault(
    language: str, english: str, forms: tuple[str, ...], why: str
) -> None:
    (fault,) = faults_of(Written(f"room/{language}", language, english, None, forms))
    assert fault.startswith(f"room/{language}: ")
    assert why in fault


def test_isolated_figures_and_words_of_another_meaning_pass() -> None:
    for one in (
        Written("api/ar", "ar", "such as 2026-11-22", None, ("مثل \u20662026-11-22\u2069",)),
        Written("people/fr", "fr", "Erase the data", None, ("Effacer les données",)),
        Written("web/ar", "ar", "Field sheet of a caravan", None, ("بطاقة القافلة",)),
    ):
        assert list(faults_of(one)) == []


def test_the_words_are_one_list() -> None:
    codes = [one["code"] for one in words()["glossary"]]
    assert len(codes) == len(set(codes)) >= 90
    assert all(one["fr"] and one["ar"] and one["source"] for one in words()["glossary"])


@pytest.mark.parametrize(
    ("text", "language", "set_"),
    [
        ("Il manque : %(what)s ; « n° 12 » ?", "fr", "Il manque_: %(what)s_; «_n°_12_»_?"),
        ("%(sum)s DH, 12 %, 3 Mo, 1 560", "fr", "%(sum)s_DH, 12_%, 3_Mo, 1_560"),
        ("le droit d'appel à l'« AMO »", "fr", "le droit d’appel à l’«_AMO_»"),
        ("https://x.ma/: text/html", "fr", "https://x.ma/: text/html"),
        ("{number} درهم و 12 %", "ar", "{number}_درهم و 12_%"),
        ("12 DH: why?", "en", "12 DH: why?"),
    ],
)
def test_no_break_spaces_are_put_in(text: str, language: str, set_: str) -> None:
    assert set_spaces(text, language) == set_.replace("_", "\u00a0")
    assert set_spaces(set_spaces(text, language), language) == set_spaces(text, language)


def test_compiled_french_has_no_ordinary_space_before_a_mark() -> None:
    for po in catalogues.catalogue_files():
        if po.parts[-3] == "fr":
            for message in read_mo(BytesIO(catalogues.compiled(po))):
                text = "".join(message.string) if message.id else ""
                assert not re.search(r" [:;!?»]|« ", text), text


def test_a_message_by_telephone_is_made_of_plain_signs() -> None:
    assert plain_signs("Payé\u00a0: 12\u202fDH d’avance") == "Payé : 12 DH d'avance"
