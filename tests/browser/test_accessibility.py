"""axe finds no violation on any page, in Arabic and French, on a phone and a desktop."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from browser.conftest import DESKTOP, PHONE, Site

# One worker runs all browser tests: they share one server.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PUBLIC_PAGES = (
    "/",
    "/pay/",
    "/pay/?category=craftworker&month=2026-11",
    "/pay/?category=cpu&annual_tax=&month=2026-11",
    "/menu/",
    "/mine/",
    "/accessibility/",
    "/personal-data/",
    "/accounts/login/",
    "/nowhere/",
    "/verify/",
    "/verify/Q1.NOTACODE",
)
STAFF_PAGES = (
    "/home/",
    "/menu/",
    "/people/",
    "/people/?q=aicha",
    "/people/1/",
    "/lists/",
    "/lists/1/",
    "/review/",
    "/applications/",
    "/stalled/",
    "/contributions/",
    "/contributions/2026-12/ahead/",
    "/contributions/2026-11/",
    "/arrears/",
    "/anomalies/",
    "/payments/",
    "/payments/files/1/",
    "/anomalies/?state=done",
    "/books/",
    "/books/prepare/",
    "/books/2026-11/close/",
    "/people/1/fund/",
    "/people/1/register/",
    "/people/1/money/relief/",
    "/people/1/family/rights/",
    "/people/1/attestations/",
    "/people/1/money/",
    "/people/1/money/payment/",
    "/people/1/money/link/",
    "/people/1/money/years/",
    "/payments/noted/",
    "/estimate/",
    "/estimate/?act_code=NONE&care_on=2026-11-02&place=public",
    "/indicators/",
    "/indicators/?by=commune",
    "/indicators/people/",
    "/accounts/password/change/",
    "/accounts/2fa/",
)
# Care is private: the programme's lead does not see it.
CARE_PAGES = (
    "/claims/",
    "/claims/?state=declared",
    "/people/1/claims/",
    "/people/1/claims/declare/",
    "/people/1/fund/declare/",
    "/people/1/family/",
    "/people/1/family/declare/spouse/",
    "/people/1/family/declare/child/",
    "/people/1/family/tell/death/",
    "/people/1/estimate/?act_code=CS&care_on=2026-11-02&place=public",
)
LANGUAGES = ("ar", "fr")
# What a page says is checked once in each language, and what it shows once on each screen: Arabic
# on a phone, French on a desktop. On the other screen, what its width and direction may break.
WHOLE = {"ar": PHONE, "fr": DESKTOP}
OF_WIDTH = {
    "resultTypes": ["violations"],
    "runOnly": ["scrollable-region-focusable", "link-in-text-block", "aria-hidden-focus"],
}


def _speak(context: BrowserContext, site: Site, language: str) -> None:
    context.add_cookies([{"name": "qafila_language", "value": language, "url": site.address}])


def _check(page: Page, address: str, language: str) -> None:
    """The page answers, speaks the language in its direction, fits each screen, and axe agrees."""
    response = page.goto(address)
    assert response is not None
    assert response.status < 500
    html = page.locator("html")
    assert html.get_attribute("lang") == language
    assert html.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    for screen in (PHONE, DESKTOP):
        page.set_viewport_size(screen)  # type: ignore[arg-type]
        wider = page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
        assert not wider, f"{address} scrolls sideways on {screen['width']} pixels"
        found = Axe().run(page) if screen is WHOLE[language] else Axe().run(page, options=OF_WIDTH)
        assert found.violations_count == 0, f"{address} {language}\n{found.generate_report()}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages(site: Site, chromium: Browser, language: str) -> None:
    context = chromium.new_context(base_url=site.address)
    _speak(context, site, language)
    page = context.new_page()
    for address in PUBLIC_PAGES:
        _check(page, address, language)
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("role", "addresses"), [("programme_lead", STAFF_PAGES), ("fund_liaison", CARE_PAGES)]
)
def test_pages_of_staff(
    site: Site,
    signed_in: Callable[[str], BrowserContext],
    role: str,
    addresses: tuple[str, ...],
    language: str,
) -> None:
    context = signed_in(role)
    _speak(context, site, language)
    page = context.new_page()
    for address in addresses:
        _check(page, address, language)
    page.close()
