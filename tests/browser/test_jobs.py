"""Whole jobs on a phone in Arabic, counted in touches; docs/reference/jobs.md gives the figures.

A touch is a tap: on a link, a button, a field. What is typed into a field costs none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from browser.conftest import PHONE, Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
JOBS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "jobs.md"
COMMUNE = "أولوز"
LIST = (
    "Nom;Prénom;CIN;Date de naissance;Province;Commune;Métier;Téléphone\n"
    "BELKACEMI;TOURIA;QZ884201;12/03/1981;Berrechid;BERRECHID;Potier;0612450987\n"
    "BELKACEMI;;;31/31/1981;Berrechid;BERRECHID;;\n"
)
PHONE_NUMBER = re.compile(r"^0[5-7]\d{8}$")


class Hand:
    """A phone in a hand that counts what it touches."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.touches = 0

    def touch(self, where: str | Locator) -> None:
        """Tap the first of what is named."""
        found = self.page.locator(where) if isinstance(where, str) else where
        found.first.click()
        self.touches += 1

    def write(self, where: str, text: str) -> None:
        """Tap a field and type."""
        self.touch(where)
        self.page.keyboard.type(text)

    def done(self, job: str) -> None:
        """The touches are those that the page of jobs gives."""
        told = re.search(rf"^\| `{job}` \|.*\| (\d+) \|$", JOBS.read_text(), re.MULTILINE)
        assert told, job
        assert int(told[1]) == self.touches, f"{job}: {self.touches} touches"


@pytest.fixture
def hand_of(
    site: Site, chromium: Browser, signed_in: Callable[[str], BrowserContext]
) -> Iterator[Callable[[str], Hand]]:
    """A phone that shows the home page of a role."""
    opened: list[BrowserContext] = []

    def hand(role: str) -> Hand:
        context = chromium.new_context(
            base_url=site.address,
            viewport=PHONE,  # type: ignore[arg-type]
            storage_state=signed_in(role).storage_state(),
        )
        context.add_cookies([{"name": "qafila_language", "value": "ar", "url": site.address}])
        opened.append(context)
        page = context.new_page()
        page.goto("/home/")
        return Hand(page)

    yield hand
    for context in opened:
        context.close()


def test_somebody_who_comes_to_the_counter_has_a_file(hand_of: Callable[[str], Hand]) -> None:
    hand = hand_of("counter_agent")
    hand.write("#home-search", "زبيدة المرابطي QZ993107")
    hand.touch("main form.search button")
    hand.touch("#found a[href^='/people/new/']")
    expect(hand.page.locator("[name=card_number]")).to_have_value("QZ993107")
    hand.write("[name=commune]", COMMUNE)
    hand.touch("main form.act-form button[type=submit]")
    hand.page.wait_for_url(re.compile(r"/people/\d+/$"))
    expect(hand.page.locator("h1")).to_contain_text("زبيدة المرابطي")
    assert hand.touches <= 8
    hand.done("open_a_file")


def test_what_came_of_a_list_is_seen(hand_of: Callable[[str], Hand], tmp_path: Path) -> None:
    hand = hand_of("chamber_staff")
    hand.touch(".phone-bar a[href='/lists/']")
    hand.touch("[name=province]")
    hand.page.locator("[name=province]").select_option(index=1)
    hand.touches += 1
    file = tmp_path / "liste.csv"
    file.write_text(LIST)
    # The system's own dialogue: one tap opens it, one takes the file.
    hand.page.locator("input[type=file]").set_input_files(file)
    hand.touches += 2
    hand.touch("main form[enctype] button[type=submit]")
    hand.page.wait_for_url(re.compile(r"/lists/\d+/$"))
    expect(hand.page.locator("#came")).to_be_visible(timeout=60_000)
    hand.touch("main a[href$='/rows/?outcome=accepted']")
    expect(hand.page.locator("main").get_by_text("TOURIA").first).to_be_visible()
    hand.done("see_what_came_of_a_list")


def test_an_anomaly_is_ended_and_opened_again(hand_of: Callable[[str], Hand]) -> None:
    hand = hand_of("fund_liaison")
    hand.touch("main .card a[href^='/anomalies/?']")
    rows = hand.page.locator(".row-acts")
    before = rows.count()
    hand.touch(".row-acts details summary")
    hand.write(".row-acts details[open] textarea", "تم إرجاع المبلغ.")
    hand.touch(".row-acts details[open] button[type=submit]")
    undo = ".banner form button"
    expect(hand.page.locator(undo)).to_be_visible()
    expect(rows).to_have_count(before - 1)
    hand.touch(undo)
    expect(rows).to_have_count(before)
    hand.done("end_an_anomaly_and_open_it_again")


def test_a_figure_leads_to_people_who_are_called(hand_of: Callable[[str], Hand]) -> None:
    hand = hand_of("fund_liaison")
    hand.touch("main .card a[href^='/arrears/?']")
    hand.page.wait_for_url("**/arrears/?**")
    expect(hand.page.locator("main table").get_by_text(PHONE_NUMBER).first).to_be_visible()
    expect(hand.page.locator("main table a[href^='/people/']").first).to_be_visible()
    hand.done("from_a_figure_to_a_call")
