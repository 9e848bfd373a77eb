"""Pages in threads behind Granian: requests and answers are whole, headers are what they say."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.config.unread import PIECES

from qafila.cli.house.serve import web_command


class Site:
    """The site of `unread`, served as `qafila serve` serves the pages."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.notes = folder / "notes"
        self.notes.touch()
        self.process = subprocess.Popen(
            [*web_command("127.0.0.1", self.port), "tests.config.unread:application"],
            env={**os.environ, "NOTES": str(self.notes), "PYTHONPATH": str(Path.cwd())},
        )

    def connected(self) -> socket.socket:
        for _ in range(600):
            try:
                return socket.create_connection(("127.0.0.1", self.port), 30)
            except OSError:
                time.sleep(0.1)
        raise AssertionError("Granian did not start.")

    def told(self, path: str = "/", **asked: Any) -> Any:
        self.connected().close()
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        asking.request(asked.pop("method", "GET"), path, **asked)
        answer = asking.getresponse()
        body = answer.read()
        asking.close()
        assert answer.status == 200
        return json.loads(body) if "json" in str(answer.getheader("Content-Type")) else body

    def noted(self, line: str) -> bool:
        """Whether the site noted the line, given time."""
        for _ in range(600):
            if line in self.notes.read_text(encoding="utf-8"):
                return True
            time.sleep(0.05)
        return False

    def raw(self, head: str, body: bytes = b"") -> bytes:
        with self.connected() as asking:
            asking.sendall(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body)
            return b"".join(iter(lambda: asking.recv(65_536), b""))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    served = Site(tmp_path_factory.mktemp("served"))
    yield served
    served.process.terminate()
    assert served.process.wait(30) == 0


def test_large_requests_and_many_small_pieces_arrive_whole(site: Site) -> None:
    signed_in = {"Cookie": "signed=in"}
    sent = site.told(method="POST", body=b"x" * 40_000_000, headers=signed_in)
    assert sent["length"] == 40_000_000
    pieces = (b"y" * 1_000 for _ in range(300))
    assert site.told(method="POST", body=pieces, headers=signed_in)["length"] == 300_000
    assert site.told("/long") == b"0123456789\n" * PIECES


def test_a_request_cut_short_is_no_shorter_request(site: Site) -> None:
    with site.connected() as asking:
        asking.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 777\r\n\r\nabc")
    assert site.told(method="POST", body=b"abcd")["length"] == 4
    assert "read 3\n" not in site.notes.read_text(encoding="utf-8")


def test_nobody_signed_in_sends_much(site: Site) -> None:
    head = "POST / HTTP/1.1\nHost: localhost\nConnection: close\n"
    assert b" 413 " in site.raw(f"{head}Content-Length: 100001")
    assert b" 413 " in site.raw(f"{head}Cookie: signed=in\nContent-Length: 200000001")
    whole = site.raw(f"{head}Content-Length: 100000", b"x" * 100_000)
    assert b'"length": 100000' in whole
    unannounced = b"1000\r\n" + b"z" * 4096 + b"\r\n"
    assert b" 413 " in site.raw(f"{head}Transfer-Encoding: chunked", unannounced * 30)


def test_slow_bodies_hold_no_thread_and_are_given_up(site: Site) -> None:
    """Four hundred at once, each as slow as can be: pages answer meanwhile."""
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999\r\n\r\n"
    slow = [site.connected() for _ in range(400)]
    try:
        for one in slow:
            one.sendall(head)
        for _ in range(3):
            assert site.told()["length"] == 0
        # One address is heard so many times at once; the rest, and what stalls, is told off.
        statuses = {one.recv(65_536)[9:12] for one in slow}
        assert statuses == {b"408", b"429"}
    finally:
        for one in slow:
            one.close()


def test_an_answer_nobody_reads_ends(site: Site) -> None:
    with site.connected() as asking:
        asking.sendall(b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert asking.recv(1_000_000)
    assert site.noted("closed")


def test_headers_that_pass_for_others_are_dropped_and_cookies_joined(site: Site) -> None:
    answer = site.raw(
        "GET /?q=\xc3\xa9&r=%20a+b HTTP/1.1\nHost: localhost\nConnection: close\n"
        "X_Real_Ip: 10.0.0.1\nCookie: a=1\nCookie: b=2"
    )
    told = json.loads(answer[answer.index(b"{") : answer.rindex(b"}") + 1])
    assert told["QUERY_STRING"] == "q=%C3%A9&r=%20a+b"
    assert (told["HTTP_COOKIE"], told["HTTP_X_REAL_IP"]) == ("a=1; b=2", None)


def test_a_few_threads_stay(site: Site) -> None:
    names = {site.told()["thread"] for _ in range(20)}
    assert 1 <= len(names) <= 3


def test_a_connection_is_kept_after_a_long_answer(site: Site) -> None:
    site.connected().close()
    kept = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    for _ in range(3):
        kept.request("GET", "/long")
        assert len(kept.getresponse().read()) == 11 * PIECES
        kept.request("POST", "/", body=b"abc")
        assert json.loads(kept.getresponse().read())["length"] == 3
    kept.close()
