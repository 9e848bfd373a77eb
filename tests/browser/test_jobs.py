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


def test_a_figure_leads_to_people_who_are_called(hand_of: Callable[[str], Hand]) -> None:
    hand = hand_of("fund_liaison")
    hand.touch("main .card a[href^='/arrears/?']")
    hand.page.wait_for_url("**/arrears/?**")
    expect(hand.page.locator("main table").get_by_text(PHONE_NUMBER).first).to_be_visible()
    expect(hand.page.locator("main table a[href^='/people/']").first).to_be_visible()
    hand.done("from_a_figure_to_a_call")
