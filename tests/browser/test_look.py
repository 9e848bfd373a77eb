"""What `make look` reports on every page, held on a handful of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext

from browser.conftest import PHONE, Site
from look.words import english_sentences

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SEEN = (Path(__file__).parents[1] / "look" / "seen.js").read_text()
PAGES = (
    "/home/",
    "/menu/",
    "/people/?q=aicha",
    "/people/1/",
    "/people/1/money/",
    "/arrears/",
    "/contributions/",
)
NARROWEST = (
    "/home/",
    "/menu/",
    "/accessibility/",
    "/pay/",
    "/arrears/",
    "/anomalies/",
    "/contributions/",
    "/people/1/",
)
# Whose first link lies below the bar of the phone until the page is scrolled.
BELOW_THE_BAR = ("/people/1/",)
NARROW = {"width": 320, "height": 640}
COLOURS_AND_SIZES = {"runOnly": ["color-contrast", "target-size"]}
NEVER = ("scrolls sideways", "inner name", "Latin sentence in Arabic", "menu entry out of view")
# The header and the strip of the demonstration leave a phone to the page.
MOST_ABOVE = 110


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_program_sees_no_fault(
    site: Site, signed_in: Callable[[str], BrowserContext], language: str
) -> None:
    context = signed_in("programme_lead")
    context.add_cookies([{"name": "qafila_language", "value": language, "url": site.address}])
    page = context.new_page()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    english = english_sentences(language)
    faults = []
    for address in PAGES:
        page.goto(address)
        noted = page.evaluate(f"({SEEN})({language!r})")
        faults += [f"{address}: {kind}: {what}" for kind in NEVER for what in noted["seen"][kind]]
        faults += [f"{address}: English: {text}" for text in noted["texts"] if text in english]
        above = page.evaluate("document.querySelector('main').getBoundingClientRect().top")
        faults += [f"{address}: {above} px above the page"] if above > MOST_ABOVE else []
        marked = page.locator(".phone-bar [aria-current]")
        if marked.count() != 1 or not marked.is_visible():
            faults.append(f"{address}: where one is is not marked")
    page.close()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_pages_fit_320_pixels_with_text_of_twice_the_size(
    site: Site, signed_in: Callable[[str], BrowserContext], colours: str
) -> None:
    context = signed_in("programme_lead")
    context.add_cookies(
        [
            {"name": "qafila_language", "value": "ar", "url": site.address},
            {"name": "qafila_theme", "value": colours, "url": site.address},
        ]
    )
    page = context.new_page()
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    faults = []
    for address in NARROWEST:
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if wider := page.evaluate("document.documentElement.scrollWidth - window.innerWidth"):
            faults.append(f"{address}: {wider} px too wide")
        if address in BELOW_THE_BAR:
            continue
        found = Axe().run(page, options=COLOURS_AND_SIZES)
        faults += [f"{address}: {found.generate_report()}"] if found.violations_count else []
    page.close()
    context.clear_cookies(name="qafila_theme")
    assert not faults, "\n".join(faults)


def test_a_program_sees_the_faults_that_are_there(chromium: Browser) -> None:
    page = chromium.new_page(viewport=PHONE)  # type: ignore[arg-type]
    page.set_content(
        '<html lang="ar" dir="rtl"><p>card_number auto_entrepreneurs.csv</p>'
        "<p>three Latin words <bdi>which these are not</bdi></p>"
        '<p><button style="height:9px;padding:0">x</button></p><div style="width:5000px">w</div>'
        '<nav><a aria-current="page" style="position:absolute;left:-90px" href="#">y</a></nav>'
    )
    seen = page.evaluate(f"({SEEN})('ar')")["seen"]
    page.close()
    assert seen["inner name"] == ["card_number"]
    assert seen["Latin sentence in Arabic"] == ["three Latin words"]
    assert len(seen["small target"]) == 2
    assert seen["scrolls sideways"]
    assert len(seen["menu entry out of view"]) == 1
