"""`make look`: each page once on a phone in Arabic and a desktop in French, as whoever sees most.

With choices: `make look LOOK="--whole"` for every role, language and colour, or
`LOOK="--only runs --role auditor --lang ar"`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
LONGEST_START_SECONDS = 600
# Who sees most of a page comes first; a page for visitors is looked at as one.
MOST_FIRST = (
    "visitor",
    "programme_lead",
    "fund_liaison",
    "administrator",
    "auditor",
    "chamber_staff",
    "directorate",
    "counter_agent",
    "field_agent",
)


# Three languages, light and dark, 320 pixels, letters of 200 %: each of them twice at least.
WAYS_OF_RULES = (
    ("ar", "narrow", ""),
    ("fr", "narrow", "dark"),
    ("zgh", "phone", ""),
    ("ar", "enlarged", "dark"),
    ("fr", "enlarged", ""),
    ("zgh", "desktop", "dark"),
)


def main() -> None:
    """Serve the demonstration on a free port, look at its pages, write pictures and report."""
    choices = _choices()
    with _served() as site:
        _open_database()
        from look.addresses import examples, sessions
        from look.report import write_report
        from look.visits import Visit, look, may_open

        held = {role: key for role, key in sessions().items() if choices.role in ("", role)}
        visits = []
        for example in examples():
            if choices.only and not {example.area, example.page} & set(choices.only):
                continue
            for role in sorted(held, key=MOST_FIRST.index):
                if may_open(site, example.address, held[role]):
                    visits += [Visit(example, role, *way) for way in _ways(choices, role)]
                    if not (choices.whole or choices.role):
                        break
        if not visits:
            sys.exit("No page fits these choices: --only takes an area or the name of a page.")
        folder = choices.folder
        if not (
            choices.only or choices.role or choices.lang or choices.screen or not choices.whole
        ):
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        print(f"Looking at {len(visits)} pages.", flush=True)
        print(write_report(look(site, visits, held, folder, rules=choices.rules), folder))


def _ways(choices: argparse.Namespace, role: str) -> list[tuple[str, str, str]]:
    """In which language, on which screen and in which colours a page is looked at."""
    if choices.rules:
        return list(WAYS_OF_RULES)
    if not (choices.whole or choices.lang or choices.screen):
        return [("ar", "phone", ""), ("fr", "desktop", "")]
    ways = [(language, "") for language in choices.lang or ("ar", "fr")]
    if choices.whole and role in ("visitor", "counter_agent"):
        ways += [("zgh", ""), ("ar", "dark")]
    screens = choices.screen or ("phone", "desktop")
    return [(language, screen, theme) for language, theme in ways for screen in screens]


def _choices() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="look", description=__doc__)
    parser.add_argument("--whole", action="store_true", help="every role, language and colour")
    parser.add_argument("--rules", action="store_true", help="axe instead of pictures")
    parser.add_argument(
        "--only", action="append", help="an area (folder of web/) or a page's name; more than once"
    )
    parser.add_argument("--role", default="", help="one role, or visitor")
    parser.add_argument("--lang", action="append", choices=["ar", "fr", "zgh"])
    parser.add_argument("--screen", action="append", choices=["phone", "desktop"])
    parser.add_argument("--folder", type=Path, default=PROJECT / "var" / "look")
    return parser.parse_args()


@contextmanager
def _served() -> Iterator[str]:
    """`qafila demo` on a free port: it loads the demonstration when it is not there yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (PROJECT / "var").mkdir(exist_ok=True)
    log = PROJECT / "var" / "look.log"
    command = [sys.executable, "-m", "qafila.cli", "demo", "--port", str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _wait(site: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + LONGEST_START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{site}/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    sys.exit(f"The demonstration was not served; see {log}.")


def _open_database() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "qafila.config.settings"
    os.environ["QAFILA_DATABASE_NAME"] = "qafila_demo"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    django.setup()


if __name__ == "__main__":
    main()
