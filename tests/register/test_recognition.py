"""Trades in the words of lists."""

from __future__ import annotations

import pytest
from tests.register.factories import AT, system

from qafila.register.actions import load_trades
from qafila.register.models import Trade
from qafila.register.queries import all_trades
from qafila.register.recognition import find_trade_of, trade_book, trade_key

pytestmark = pytest.mark.django_db

ON_LISTS = [
    ("Tisserand", "Tisserand"),
    ("الدراز", "Tisserand"),
    ("نسيج", "Tisserand"),
    ("زرابي", "Tisseuse de tapis"),
    ("صانعة الزرابي", "Tisseuse de tapis"),
    ("Tisseuse de tapis", "Tisseuse de tapis"),
    ("الخياط التقليدي", "Tailleur traditionnel (khayat)"),
    ("خياطة", "Tailleur traditionnel (khayat)"),
    ("Tailleur traditionnel", "Tailleur traditionnel (khayat)"),
    ("جلد", "Maroquinier"),
    ("صانع المنتوجات الجلدية", "Maroquinier"),
    ("بلغة", "Babouchier"),
    ("صانع البلاغي", "Babouchier"),
    ("نحاس", "Dinandier"),
    ("صانع النحاس", "Dinandier"),
    ("حدادة", "Ferronnier-serrurier"),
    ("الحداد", "Ferronnier-serrurier"),
    ("Forgeron", "Ferronnier-serrurier"),
    ("النجار", "Menuisier bois bâtiment"),
    ("نجارة", "Menuisier bois bâtiment"),
    ("MENUISIER", "Menuisier bois bâtiment"),
    ("حلي", "Bijoutier en argent"),
    ("الصائغ", "Bijoutier en argent"),
    ("Bijoutier", "Bijoutier en argent"),
    ("فخار", "Potier"),
    ("الفخار", "Potier"),
    ("potier", "Potier"),
    ("الرصاص", "Plombier"),
    ("ترصيص", "Plombier"),
    ("الحلاق", "Coiffeur hommes"),
    ("حلاقة", "Coiffeur hommes"),
    ("Coiffeur", "Coiffeur hommes"),
    ("coiffeuse  DAMES", "Coiffeuse dames"),
]


@pytest.fixture(autouse=True)
def _trades(db: None) -> None:
    load_trades(actor=system(), at=AT)


@pytest.mark.parametrize(("text", "name_fr"), ON_LISTS)
def test_words_of_the_lists_are_recognised(text: str, name_fr: str) -> None:
    trade = find_trade_of(text)
    assert trade is not None
    assert trade.name_fr == name_fr


@pytest.mark.parametrize("text", ["", "  ", "123", "astronaute", "رائد فضاء", "صانع"])
def test_an_unknown_word_is_no_trade(text: str) -> None:
    assert find_trade_of(text) is None


def test_every_trade_is_found_by_its_own_names() -> None:
    book = trade_book()
    for trade in Trade.objects.order_by("pk"):
        assert book.trade_id_of(trade.name_fr) == trade.pk, trade.name_fr
        assert book.trade_id_of(trade.name_ar) == trade.pk, trade.name_ar


def test_every_synonym_names_a_trade_of_the_list() -> None:
    from qafila.register.recognition import _synonyms

    names = {trade.name_fr for trade in all_trades()}
    assert {name for _, name in _synonyms()} <= names


def test_loading_again_adds_nothing() -> None:
    again = load_trades(actor=system(), at=AT)
    assert (again.trades, again.new) == (166, 0)
    assert Trade.objects.count() == 166
    assert {trade.status for trade in all_trades()} == {"draft-not-official"}


def test_the_key_forgets_article_case_and_marks() -> None:
    assert trade_key("  الدَّرّاز ") == trade_key("دراز")
    assert trade_key("ÉBÉNISTE") == "ebeniste"
