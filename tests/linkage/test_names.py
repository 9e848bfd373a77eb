"""Keys of names: one key across scripts, spellings and orders."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.name_pairs import NAME_PAIRS
from qafila.linkage.names.name_keys import (
    exact_name_key,
    index_keys,
    name_keys,
    search_keys,
)
from qafila.linkage.names.name_words import name_words
from qafila.linkage.names.transliteration import fold_text

SPELLINGS = [
    "محمد|Mohamed|Mohammed|Med|ⵎⵓⵃⵎⵎⴷ|مُحَمَّد",
    "عبد العزيز|عبدالعزيز|Abdelaziz|Abd El Aziz|ABD ELAZIZ|عبـد العزيز|Abdel Aziz",
    "عبد اللطيف|Abdellatif|Abdelatif",
    "عبد السلام|Abdeslam|Abdessalam|Abdesselam",
    "عبد الله|Abdellah|Abdallah|عبدالله|Abdella",
    "عبد الرحيم|Abderrahim|Abd Errahim",
    "آيت موسى|أيت موسى|Ait Moussa|Aït Moussa|ايت موسي|ⴰⵢⵜ ⵎⵓⵙⴰ",
    "Ait Hammou|أيت حمو",
    "التطواني|Ettetouani|Tetouani|Et-Tetouani|El Tetouani",
    "التوزاني|Ettouzani|Touzani|El Touzani|Et Touzani",
    "نور الدين|Noureddine|Nour Eddine|نورالدين|Nour-Eddine",
    "فاطمة الزهراء|Fatimazahra|Fatima Zahra|Fz|F.Z|Fatima Ezzahra|Fatima-Zohra|ⴼⴰⵟⵉⵎⴰ ⵣⵀⵔⴰ",
    "عائشة|Aicha|Aïcha|Aisha|عَائشة|عائشه|ⵄⵉⵛⴰ",
    "لحسن|Lahcen|Lahsen|Lhassan",
    "الحسين|Lhoussaine|El Houssine|Houcine|Lahoucine|Hussein",
    "يوسف|Youssef|Yusef|Yousef",
    "وفاء|Wafae|Ouafae|Wafa",
    "خديجة|Khadija|Khadeja",
    "العربي|Larbi|El Arbi",
    "بن كيران|بنكيران|Benkirane|Ben Kirane",
    "إدريس|Driss|Idriss",
    "الإدريسي|El Idrissi|Elidrissi|Idrissi",
    "الياس|إلياس|Ilyas|Elias|Ilias",
    "مولاي أحمد|My Ahmed|Moulay Ahmed|Mly Ahmed",
    "سيدي محمد|Si Mohamed|Sidi Med",
    "عثمان|Othman|Otmane|Outmane",
    "القبال|El Kabbal|Elqabbal",
    "وهبي|Ouahbi|Wahbi",
    "غزلان|Ghizlane|Ghizlène",
    "محسن|Mohcine|Mouhsine",
    "أوسعيد|Ou Said|Ousaid|أو سعيد",
]


@pytest.mark.parametrize("spellings", SPELLINGS)
def test_spellings_of_one_name_share_a_key(spellings: str) -> None:
    keys = {name_keys(spelling) for spelling in spellings.split("|")}
    assert len(keys) == 1
    assert keys != {()}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("lahc", "لحسن"),
        ("لحس", "Lahcen"),
        ("abdela", "عبد العزيز"),
        ("عبد ال", "Abdelaziz"),
        ("ait m", "أيت موسى"),
        ("mouss", "أيت موسى"),
        ("fat z", "فاطمة الزهراء"),
        ("larb", "العربي"),
        ("benk", "بن كيران"),
        ("moh", "ⵎⵓⵃⵎⵎⴷ"),
    ],
)
def test_typed_beginning_finds_name(typed: str, name: str) -> None:
    keys = index_keys(name)
    assert search_keys(typed)
    for prefix in search_keys(typed):
        assert any(key.startswith(prefix) for key in keys)


@given(st.permutations(["محمد", "Alaoui", "أمين"]))
def test_exact_key_ignores_order(words: list[str]) -> None:
    assert exact_name_key(None, None, " ".join(words)) == exact_name_key("Alaoui", "محمد أمين")


@given(st.text(max_size=40))
def test_any_text_gives_capital_keys(text: str) -> None:
    for key in (*name_keys(text), *search_keys(text), *index_keys(text)):
        assert re.fullmatch("[A-Z]+", key)


@given(st.text(max_size=40))
def test_folding_is_idempotent(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@given(st.sampled_from([s for group in SPELLINGS for s in group.split("|")]))
def test_folded_name_keeps_its_keys(name: str) -> None:
    assert name_keys(fold_text(name)) == name_keys(name)


def test_household_names_stay_apart() -> None:
    assert name_keys("العباسي") != name_keys("العبادي")
    assert name_keys(None) == ()
    assert name_keys("123 - …") == ()


@pytest.mark.parametrize("mark", [" ,", "  -"])
def test_marks_around_a_word_change_no_word(mark: str) -> None:
    written = {word for pair in NAME_PAIRS for name in pair[:2] for word in name.split()}
    marked = {word: name_words(word + mark) for word in written}
    assert marked == {word: name_words(word) for word in written}
