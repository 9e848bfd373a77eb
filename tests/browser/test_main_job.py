"""The main jobs as people do them: with the keyboard alone, in the other script, without script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.conftest import DESKTOP, Site, sign_in

# One worker runs all browser tests: they share one server.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
LIST = (
    "Nom;Prénom;CIN;Date de naissance;Province;Commune;Métier\n"
    "ZEROUALI;KELTOUM;QZ771144;12/03/1981;Berrechid;BERRECHID;Potier\n"
    "ZEROUALI;;;31/31/1981;Berrechid;BERRECHID;\n"
    ";;QZ771145;;;;Potier\n"
)


def _tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the element has the focus, as someone without a mouse does."""
    for _ in range(most):
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the Tab key on {page.url}")


def test_search_file_import_with_the_keyboard_alone(
    site: Site, signed_in: Callable[[str], BrowserContext], tmp_path: Path
) -> None:
    context = signed_in("programme_lead")
    context.add_cookies([{"name": "qafila_language", "value": "fr", "url": site.address}])
    page = context.new_page()
    page.goto("/people/")
    _tab_to(page, "#person-search")
    page.keyboard.type("aicha")
    page.keyboard.press("Enter")
    expect(page.locator("#found .two-names a").first).to_be_visible()
    _tab_to(page, "#found .two-names a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/*/")
    expect(page.locator("h1")).to_be_visible()

    page.goto("/lists/")
    file = tmp_path / "nouvelle_liste.csv"
    file.write_text(LIST)
    _tab_to(page, "input[type=file]")
    # The file dialogue is the system's own; choosing in it is all that is not typed here.
    expect(page.locator(".file-chosen")).to_contain_text("Choisir un fichier")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator(".file-chosen")).to_contain_text("nouvelle_liste.csv")
    _tab_to(page, "main form button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lists/*/")
    expect(page.locator("#import")).to_contain_text("Lignes lues", timeout=60_000)
    expect(page.locator("#import")).to_contain_text("3")
    page.close()


def test_a_person_is_found_in_the_other_script(
    signed_in: Callable[[str], BrowserContext],
) -> None:
    page = signed_in("programme_lead").new_page()
    for typed in ("عائشة", "Aïcha", "ⵄⵉⵛⴰ"):
        page.goto(f"/people/?q={typed}")
        expect(page.locator("#found .two-names a").first).to_be_visible()
    page.close()


def test_the_jobs_work_without_javascript(site: Site, chromium: Browser) -> None:
    context = chromium.new_context(
        base_url=site.address, viewport=DESKTOP, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/pay/")
    page.locator("form.pay-form button[type=submit]").click()
    expect(page.locator(".sum")).to_contain_text("163,52")
    sign_in(page, site, "counter_agent")
    page.goto("/people/?q=05")
    expect(page.locator("#found")).to_be_visible()
    context.close()


def test_a_stranger_sees_no_one(site: Site, chromium: Browser) -> None:
    context = chromium.new_context(base_url=site.address)
    page = context.new_page()
    for address in ("/people/", "/people/1/", "/lists/", "/indicators/", "/review/"):
        page.goto(address)
        assert "/accounts/login/" in page.url, address
    context.close()
