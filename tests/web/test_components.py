"""The component gallery and the parts it is made of."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from fontTools.ttLib import TTFont

from qafila.web.design import built_assets, components, web_fonts
from qafila.web.design.icons import PATHS

TEMPLATES = Path(built_assets.__file__).parents[1] / "templates"


def _rendered(source: str, **values: object) -> str:
    with translation.override("fr"):
        return Template("{% load ui %}" + source).render(Context(values))


@pytest.mark.django_db
def test_the_gallery_shows_every_component(client: Client) -> None:
    """A component that is in no gallery part would never be looked at."""
    source = (TEMPLATES / "gallery" / "page.html").read_text()
    base = (TEMPLATES / "base.html").read_text()
    used_inside = "".join(p.read_text() for p in (TEMPLATES / "components").glob("*.html"))
    for partial in sorted((TEMPLATES / "components").glob("*.html")):
        name = partial.stem
        shown = f"components/{name}.html" in source + base + used_inside
        assert shown or f"{{% {name} " in source or name in {"password_field", "waypoint"}, name


@pytest.mark.parametrize("state", components.TAGS)
def test_a_state_is_told_by_icon_and_word_too(state: str) -> None:
    told = _rendered('{% include "components/tag.html" with state=state %}', state=state)
    assert "<svg" in told
    assert re.search(r"[A-Za-zÀ-ÿ]{3,}", re.sub("<[^>]+>", "", told))


@pytest.mark.parametrize("name", PATHS)
def test_icons_are_hidden_from_screen_readers(name: str) -> None:
    told = _rendered("{% icon name %}", name=name)
    assert 'aria-hidden="true"' in told
    assert re.search(r'd="M[\d\sMLHVCSQTAZmlhvcsqtaz.,-]+"', told)


def test_a_card_with_an_address_is_one_link() -> None:
    told = _rendered('{% card title="Lists" href="/lists/" level=3 %}<p>x</p>{% endcard %}')
    assert told.count("<a ") == 1
    assert '<h3><a href="/lists/">Lists</a></h3>' in told


def test_content_of_others_is_escaped() -> None:
    told = _rendered(
        '{% banner "bad" title=title %}{{ text }}{% endbanner %}', title="<b>", text="<i>"
    )
    assert "&lt;b&gt;" in told
    assert "&lt;i&gt;" in told


def test_a_confirmation_carries_the_token_and_the_way_back() -> None:
    told = _rendered(
        '{% confirm action="/x/" label="Go" back="/y/" %}<p>What happens.</p>{% endconfirm %}',
        csrf_token="token-of-the-page",
    )
    assert 'method="post"' in told
    assert 'value="token-of-the-page"' in told
    assert 'href="/y/"' in told


def test_a_table_names_each_cell_for_the_phone() -> None:
    table = components.Table(
        "People",
        (components.Column("name", "Name"), components.Column("card", "Card", "identifier")),
        (components.Row({"name": "<Fatima>", "card": "JB1"}, href="/p/1"), components.Row({})),
    )
    told = render_to_string("components/table.html", {"table": table})
    assert 'data-label="Card"' in told
    assert re.search(r'<a href="/p/1">\s*<bdi>&lt;Fatima&gt;</bdi>\s*</a>', told)
    assert told.count("blank") == 1


def test_progress_of_unknown_length_claims_none() -> None:
    unknown = components.Progress("Linking", 350, None)
    told = render_to_string("components/progress.html", {"progress": unknown})
    assert "max=" not in told
    assert "350" in told


def test_stations_say_their_state_in_words() -> None:
    stations = [components.Station("Paying", "blocked", why="Three months.", next_step="Pay.")]
    with translation.override("fr"):
        told = render_to_string("components/route.html", {"stations": stations})
    assert "(bloqué)" in told
    assert told.index("Three months.") < told.index("Pay.")


def test_an_asset_that_is_not_built_is_refused_by_name() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"'no\.css' is not in"):
        built_assets.asset_address("no.css")


def test_a_front_end_that_is_not_built_says_what_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(built_assets, "MANIFEST", tmp_path / "manifest.json")
    with pytest.raises(ImproperlyConfigured, match="npm ci && npm run build"):
        built_assets.asset_address("app.css")


def test_built_files_are_named_by_their_content() -> None:
    """So that browsers may keep them for a year (WHITENOISE_IMMUTABLE_FILE_TEST)."""
    from django.conf import settings

    for source in ("app.css", "app.ts", "mark.svg", "fonts/readex-arabic.woff2"):
        address = built_assets.asset_address(source)
        assert re.match(settings.WHITENOISE_IMMUTABLE_FILE_TEST, address)


def test_styles_use_logical_properties_only() -> None:
    """Left and right would have to be turned round by hand for Arabic."""
    physical = re.compile(
        r"^\s*(margin|padding|border)-(left|right)|^\s*(left|right):|text-align:\s*(left|right)",
        re.MULTILINE,
    )
    for sheet in (TEMPLATES.parent / "assets" / "styles").glob("*.css"):
        assert not physical.search(sheet.read_text()), sheet.name


def _sent(address: str) -> int:
    """The bytes of a built file on the wire."""
    file = built_assets.DIST / address.partition("/dist/")[2]
    brotli = file.with_name(f"{file.name}.br")
    return (brotli if brotli.exists() else file).stat().st_size


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("address", ["/", "/pay/"])
def test_a_first_visit_stays_small(client: Client, address: str, language: str) -> None:
    """The page, what it names, its fonts and two drawings: at most 75 kB on the wire."""
    client.cookies["qafila_language"] = language
    page = client.get(address)
    sizes = len(gzip.compress(page.content))
    named = set(re.findall(r'(?:src|href)="(/static/dist/[^"]+)"', page.text))
    fonts = {"readex-latin.woff2"} | ({"readex-arabic.woff2"} if language == "ar" else set())
    named |= {built_assets.asset_address(f"fonts/{font}") for font in fonts}
    named |= {
        built_assets.asset_address(drawing) for drawing in ("zellige.svg", "zellige-line.svg")
    }
    sizes += sum(_sent(one) for one in named)
    assert sizes <= 75_000, sizes


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/menu/", "/pay/", "/verify/", "/accounts/login/"])
def test_no_font_is_fetched_for_the_names_of_other_languages(client: Client, address: str) -> None:
    """The language switch draws Tifinagh; French pages hold Arabic in the switch alone."""
    client.cookies["qafila_language"] = "fr"
    shown = re.sub(r"<[^>]+>", "", client.get(address).text)
    assert not re.search(r"[\u2d30-\u2d7f]", shown)
    assert re.findall(r"[\u0600-\u06ff]+", shown) in (["العربية"], ["العربية"] * 2)


def test_the_letters_of_the_pages_are_cut_from_the_package() -> None:
    for name, ranges in web_fonts.SIGNS.items():
        signs = set(TTFont(web_fonts.ASSETS / f"readex-{name}.woff2").getBestCmap())
        assert all(any(first <= one <= last for first, last in ranges) for one in signs)
    arabic = TTFont(web_fonts.ASSETS / "readex-arabic.woff2")
    assert {ord(sign) for sign in "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىةڤ،؛؟"} <= set(
        arabic.getBestCmap()
    )


@pytest.mark.parametrize(
    ("value", "total", "minutes", "told"),
    [
        (250, 1000, 2, "Il reste environ 6 minutes."),
        (900, 1000, 1, "Il reste moins d’une minute."),
        (1, 1000, 1, "La durée n’est pas encore connue."),
        (5, None, 1, ""),
        (1000, 1000, 1, ""),
    ],
)
def test_what_is_left_is_told_from_the_pace_so_far(
    value: int, total: int | None, minutes: int, told: str
) -> None:
    lasted = dt.timedelta(minutes=minutes)
    with translation.override("fr"):
        bar = components.Progress("Lignes", value, total, lasted=lasted)
        assert bar.remaining == told
        assert components.Progress("Lignes", value, total).remaining == ""
