"""Find a Chromium for the browser tests; run as a program, it installs one where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

CANDIDATES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


def find_chromium() -> str | None:
    """The path of a Chromium: QAFILA_CHROMIUM, the system's, else the one Playwright installed."""
    named = os.environ.get("QAFILA_CHROMIUM")
    for path in (named, *CANDIDATES):
        if path and Path(path).exists():
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install_chromium() -> str:
    """Install one (Playwright's own, else the system package) and return its path."""
    attempts = [[sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        attempts = [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]]
        attempts.append([sys.executable, "-m", "playwright", "install", "chromium"])
    for attempt in attempts:
        subprocess.run(attempt, check=False, stdout=subprocess.DEVNULL)
        if found := find_chromium():
            return found
    raise SystemExit(
        "No Chromium was found for the browser tests and none could be installed. "
        "Install Chromium and set QAFILA_CHROMIUM to its path."
    )


if __name__ == "__main__":
    print(find_chromium() or install_chromium())
