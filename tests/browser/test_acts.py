"""Acts that weigh, as people do them on a phone in Arabic: looked at, done, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.conftest import PHONE, Site

# One worker runs all browser tests: they share one server.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PhoneOf = Callable[..., Page]
CHECK = "التحقق مما سيتغير"
NOTHING_YET = "لم يتم تسجيل أي شيء بعد."


@pytest.fixture
def phone_of(
    site: Site, chromium: Browser, signed_in: Callable[[str], BrowserContext]
) -> Iterator[PhoneOf]:
    """A phone in Arabic, signed in with a role; with or without scripts."""
    opened: list[BrowserContext] = []

    def phone(role: str, *, script: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site.address,
            viewport=PHONE,  # type: ignore[arg-type]
            storage_state=signed_in(role).storage_state(),
            java_script_enabled=script,
        )
        context.add_cookies([{"name": "qafila_language", "value": "ar", "url": site.address}])
        opened.append(context)
        return context.new_page()

    yield phone
    for context in opened:
        context.close()


def _fits_and_reads_well(page: Page) -> None:
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def _a_debtor(page: Page, address: str = "/arrears/") -> str:
    """The number of the file of the first person in arrears."""
    page.goto(address)
    href = page.locator("main table a[href^='/people/']").first.get_attribute("href") or ""
    return href.split("/")[2]


def test_a_cessation_is_checked_done_and_taken_back_without_a_script(phone_of: PhoneOf) -> None:
    page = phone_of("fund_liaison", script=False)
    page.goto(f"/people/{_a_debtor(page)}/fund/")
    page.get_by_role("link", name="توقف النشاط").first.click()
    page.get_by_role("button", name=CHECK).click()
    expect(page.locator(".field.wrong")).to_have_count(1)  # the reason; the month is proposed
    page.locator("[name=reason]").fill("توقفت عن الحرفة.")
    page.get_by_role("button", name=CHECK).click()
    expect(page.locator("main")).to_contain_text(NOTHING_YET)
    expect(page.locator(".compare-table")).to_contain_text("الحقوق اليوم")
    page.get_by_role("button", name="تغيير الأجوبة").click()
    expect(page.locator("[name=reason]")).to_have_value("توقفت عن الحرفة.")
    page.get_by_role("button", name=CHECK).click()
    page.get_by_role("button", name="إنهاء التسجيل", exact=True).click()
    expect(page.locator(".banner")).to_contain_text("تم إنهاء التسجيل.")

    page.get_by_role("link", name="إلغاء الإنهاء").click()
    page.locator("[name=reason]").fill("خطأ في التسجيل.")
    page.get_by_role("button", name=CHECK).click()
    page.get_by_role("button", name="إلغاء الإنهاء").click()
    expect(page.locator(".banner")).to_contain_text("التسجيل مستمر")


def test_a_cessation_is_reached_and_checked_with_the_keyboard_alone(phone_of: PhoneOf) -> None:
    page = phone_of("fund_liaison")
    page.goto(f"/people/{_a_debtor(page)}/fund/")
    page.get_by_role("link", name="توقف النشاط").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/cessation/")
    _fits_and_reads_well(page)
    page.locator("[name=month]").focus()
    page.keyboard.press("Enter")
    # What is wrong is said above, and the reader is there at once.
    expect(page.locator("[data-error-summary]")).to_be_focused()
    _fits_and_reads_well(page)
    page.locator("[name=reason]").fill("توقفت عن الحرفة.")
    page.locator("[name=month]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(NOTHING_YET)
    _fits_and_reads_well(page)


def test_a_merge_is_looked_at_done_and_undone(phone_of: PhoneOf) -> None:
    page = phone_of("programme_lead")
    page.goto("/review/")
    link = page.locator("a[href*='/merge/']").first
    if not link.is_visible():
        page.locator("summary").first.click()
    link.click()
    page.wait_for_url("**/merge/*/")
    expect(page.locator("main")).to_contain_text("نتائج الدمج")
    expect(page.locator("table.records")).to_contain_text("الحقوق اليوم")
    _fits_and_reads_well(page)
    page.get_by_role("button", name="دمج الملف الآخر في هذا الملف").click()
    page.wait_for_url("**/rows/?merged=*")
    page.locator(".banner a", has_text="إلغاء هذا الدمج").click()
    expect(page.locator("main")).to_contain_text("نتائج إلغاء الدمج")
    _fits_and_reads_well(page)
    page.get_by_role("button", name="إلغاء هذا الدمج").click()
    expect(page.locator(".banner")).to_contain_text("تم إلغاء الدمج")


def test_relief_says_what_the_law_gives_and_leads_back(phone_of: PhoneOf) -> None:
    page = phone_of("counter_agent")
    person = _a_debtor(page, "/arrears/?age=9")
    page.goto(f"/people/{person}/money/relief/")
    expect(
        page.get_by_role("heading", name="إلغاء الديون (القانون رقم 41.23)").first
    ).to_be_visible()
    told = page.locator("main .banner, main .explained")
    expect(told.first).to_contain_text("41.23")
    _fits_and_reads_well(page)
    if page.get_by_role("button", name="طلب إلغاء الديون").count() == 0:
        page.get_by_role("link", name="رجوع").click()
        page.wait_for_url(f"**/people/{person}/money/")
