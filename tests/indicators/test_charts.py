"""Charts: valid SVG, every count in words, drawn from the reading side, in light and dark."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from tests.indicators.factories import standing
from tests.register.factories import places

from qafila.foundation.actors import WHOLE_COUNTRY
from qafila.indicators.charts import funnel_svg
from qafila.indicators.queries import Funnel, funnel

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def drawn() -> Funnel:
    """Three people: one only identified, one registered, one covered."""
    places()
    standing()
    standing(done=("registered",))
    standing(done=("registered", "enrolled", "rights_open"))
    return funnel(scope=WHOLE_COUNTRY)


def _texts(svg: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_the_drawing_is_named_and_told_in_words(drawn: Funnel, language: str) -> None:
    root = ElementTree.fromstring(funnel_svg(drawn, language))
    assert (root.get("role"), root.get("lang")) == ("img", language)
    title, description = root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")
    assert title
    assert description
    labels = _texts(funnel_svg(drawn, language))
    assert len(labels) == 14
    for label in labels:
        assert label in description


def test_languages_differ_and_numbers_are_the_funnels(drawn: Funnel) -> None:
    arabic, french = _texts(funnel_svg(drawn, "ar")), _texts(funnel_svg(drawn, "fr"))
    assert "مقيد في السجل" in arabic
    assert "Inscrit au registre" in french
    assert [text for text in french if text.isdigit()] == ["3", "0", "2", "1", "0", "0", "1"]


def test_arabic_bars_begin_on_the_right(drawn: Funnel) -> None:
    def anchors(language: str) -> set[str | None]:
        root = ElementTree.fromstring(funnel_svg(drawn, language))
        texts = [one for one in root.iter(f"{SVG}text") if (one.text or "").isdigit()]
        return {one.get("text-anchor") for one in texts}

    assert anchors("ar") == {"end"}
    assert anchors("fr") == {"start"}


def test_the_dark_drawing_has_other_colours_and_the_same_words(drawn: Funnel) -> None:
    light, dark = funnel_svg(drawn, "fr"), funnel_svg(drawn, "fr", dark=True)
    assert "#1c2527" in light
    assert "#1c2527" not in dark
    assert _texts(light) == _texts(dark)


def test_nobody_at_all_is_drawn_too() -> None:
    assert _texts(funnel_svg(funnel(scope=WHOLE_COUNTRY), "fr")).count("0") == 7
