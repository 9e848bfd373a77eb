"""A browser goes through the pages, takes pictures and notes what a program can see."""

from __future__ import annotations

import asyncio
import re
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from browser.find_chromium import find_chromium
from look.addresses import VISITOR, Example
from look.words import english_sentences

SEEN = (Path(__file__).parent / "seen.js").read_text()
SCREENS = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1366, "height": 768},
    "narrow": {"width": 320, "height": 640},
    "enlarged": {"width": 1366, "height": 768},  # the browser set to letters of twice the size
}
AXE = files("axe_playwright_python") / "axe.min.js"
PAGES_AT_ONCE = 2
LONGEST_PICTURE = 8000


@dataclass(frozen=True)
class Visit:
    """One page as one role sees it, in one language, on one screen, in one theme."""

    example: Example
    role: str
    language: str
    screen: str
    theme: str = ""

    @property
    def picture(self) -> str:
        """The picture's path under the folder of the look."""
        case = re.sub(r"\W+", "-", self.example.case).strip("-")
        parts = [self.example.page, case, self.role, self.language, self.screen, self.theme]
        return f"{self.example.area}/{'_'.join(part for part in parts if part)}.png".replace(
            "<", ""
        )


@dataclass
class Sight:
    """What was seen on a visit: descriptions by kind, weight and number of requests."""

    visit: Visit
    status: int
    seen: dict[str, list[str]] = field(default_factory=dict)
    bytes: int = 0
    page_bytes: int = 0
    requests: int = 0


def may_open(site: str, address: str, session: str) -> bool:
    """Whether this session gets a page of ours at the address (not a refusal, nor another page)."""
    request = urllib.request.Request(f"{site}{address}")
    if session:
        request.add_header("Cookie", f"sessionid={session}")
    opener = urllib.request.build_opener(_StayHere)
    try:
        with opener.open(request, timeout=30) as answer:
            return "text/html" in answer.headers.get("Content-Type", "")
    except urllib.error.HTTPError as error:
        return error.code == 422 or (address == "/nowhere/" and not session)


def look(
    site: str, visits: list[Visit], sessions: dict[str, str], folder: Path, *, rules: bool = False
) -> list[Sight]:
    """Make every visit, two pages at a time in one browser; pictures go under `folder`.

    With `rules`, axe goes over each page instead of a picture being taken.
    """
    return asyncio.run(_look(site, visits, sessions, None if rules else folder))


async def _look(
    site: str, visits: list[Visit], sessions: dict[str, str], folder: Path | None
) -> list[Sight]:
    waiting = iter(visits)
    sights: list[Sight] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox"]
        )

        async def worker() -> None:
            for visit in waiting:
                sights.append(await _visit(browser, site, visit, sessions[visit.role], folder))
                if len(sights) % 50 == 0:
                    print(f"  {len(sights)} of {len(visits)}", flush=True)

        await asyncio.gather(*(worker() for _ in range(PAGES_AT_ONCE)))
        await browser.close()
    return sights


async def _visit(
    browser: Browser, site: str, visit: Visit, session: str, folder: Path | None
) -> Sight:
    context = await browser.new_context(
        base_url=site,
        viewport=SCREENS[visit.screen],  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    cookies = {"qafila_language": visit.language, "qafila_theme": visit.theme}
    if visit.role != VISITOR:
        cookies["sessionid"] = session
    await context.add_cookies(
        [{"name": name, "value": value, "url": site} for name, value in cookies.items() if value]
    )
    page = await context.new_page()
    try:
        if visit.screen == "enlarged":
            devtools = await context.new_cdp_session(page)
            sizes = {"standard": 32, "fixed": 26}
            await devtools.send("Page.setFontSizes", {"fontSizes": sizes})
        answer = await page.goto(visit.example.address)
        noted = await page.evaluate(f"({SEEN})({visit.language!r})")
        seen: dict[str, list[str]] = noted["seen"]
        english = _english(visit.language)
        seen["not from the catalogues"] = [text for text in noted["texts"] if text in english]
        if folder is None:
            seen["against the rules of access"] = await _against_rules(page)
        else:
            await _picture(page, folder / visit.picture)
        status = answer.status if answer else 0
        return Sight(visit, status, seen, noted["bytes"], noted["page"], noted["requests"])
    finally:
        await context.close()


async def _against_rules(page: Page) -> list[str]:
    """What axe finds: the rule, and the first element that breaks it."""
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]


async def _picture(page: Page, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=target, full_page=True, scale="css", clip=await _whole(page))


@cache
def _english(language: str) -> frozenset[str]:
    return english_sentences(language)


async def _whole(page: Page) -> Any:
    size = await page.evaluate("[window.innerWidth, document.documentElement.scrollHeight]")
    return {"x": 0, "y": 0, "width": size[0], "height": min(size[1], LONGEST_PICTURE)}


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A redirection is somebody else's page."""

    def redirect_request(self, *_: object) -> None:
        return None
