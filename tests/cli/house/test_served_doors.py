"""What must hold at once holds in both processes of a served site, whichever is asked.

Each question goes over a connection of its own, which the kernel deals to one of the two.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from tests.api.factories import AT, FATIMA, insured, token
from tests.cli.house.served_site import Site, counter_agent
from tests.register.factories import agent

from qafila.care.coverage_check.partners import partners
from qafila.care.coverage_check.registering import withdraw_client
from qafila.foundation.actors import Role
from qafila.foundation.clock import now
from qafila.foundation.trail import system_actor
from qafila.people.models import Person
from qafila.people.personal_links import issue_personal_link, withdraw_personal_link

EMAIL, PASSWORD = "driss@qafila.test", "safran-argane-1979"
OFTEN = 12
"""So often asked, each of the two processes answered at least once: but for one time in 2,000."""
SLOW = 400


@pytest.fixture
def site(transactional_db: None, hashed_as_served: None, tmp_path: Path) -> Iterator[Site]:
    running = Site(tmp_path / "serve.log", processes=2)
    yield running
    running.stop()


def _signed_in(site: Site, password: str = PASSWORD) -> tuple[int, str]:
    """The status of the answer, and the cookies that came with it."""
    status, page, cookies = site.ask_with_cookies("GET", "/accounts/login/")
    csrf = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert csrf, (status, page[:200])
    form = urlencode({"csrfmiddlewaretoken": csrf[1], "login": EMAIL, "password": password})
    status, _page, more = site.ask_with_cookies("POST", "/accounts/login/", form, Cookie=cookies)
    return status, f"{cookies}; {more}"


def _statuses(site: Site, path: str, **headers: str) -> set[int]:
    return {site.ask("GET", path, **headers)[0] for _ in range(OFTEN)}


def _signs_out_everywhere(site: Site) -> None:
    status, cookies = _signed_in(site)
    assert status == 302
    assert _statuses(site, "/home/", Cookie=cookies) == {200}
    page = site.ask("GET", "/accounts/logout/", Cookie=cookies)[1]
    csrf = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert csrf
    form = urlencode({"csrfmiddlewaretoken": csrf[1]})
    assert site.ask("POST", "/accounts/logout/", form, Cookie=cookies)[0] == 302
    assert _statuses(site, "/home/", Cookie=cookies) == {302}


def _closes_a_link_everywhere(site: Site, person: Person) -> None:
    youssef = agent(Role.COUNTER_AGENT, national=True)
    link = issue_personal_link(person.pk, actor=youssef, at=now()).token
    assert _statuses(site, f"/mine/{link}/") == {200}
    withdraw_personal_link(person.pk, actor=youssef, at=now())
    assert 200 not in _statuses(site, f"/mine/{link}/")


def _withdraws_a_client_everywhere(site: Site, bearer: str) -> None:
    asked = "/api/v1/coverage?" + urlencode({"id_type": "cin", "id": FATIMA, "on": "2026-11-22"})
    heard = {"Authorization": f"Bearer {bearer}"}
    assert _statuses(site, asked, **heard) == {200}
    [partner] = partners()
    withdraw_client(client_id=partner.client_id, actor=system_actor("tests"), at=now())
    assert _statuses(site, asked, **heard) == {401}


def _counts_wrong_passwords_once(site: Site) -> None:
    told = [_signed_in(site, f"wrong-{n}")[0] for n in range(7)]
    assert set(told) <= {200, 429}
    # Even the right one is refused now, by whichever process is asked.
    assert {_signed_in(site)[0] for _ in range(4)} <= {200, 429}


def _refuses_large_bodies(site: Site) -> None:
    large = "x" * 1_000_000
    status, told = site.ask("POST", "/api/v1/payments", large, Content_Type="application/json",
                            Accept_Language="fr")  # fmt: skip
    assert status == 413
    assert json.loads(told)["code"] == "too_large"
    assert json.loads(told)["sentence"].startswith("La demande")
    status, page = site.ask("POST", "/accounts/login/", "login=" + large)
    assert status == 413
    assert "<html" in page


def _stays_open_beside_slow_ones(site: Site) -> None:
    """Four hundred connections that send a byte now and then."""
    slow = [socket.create_connection(("127.0.0.1", site.port)) for _ in range(SLOW)]
    head = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n"
    try:
        for number, one in enumerate(slow):
            one.sendall(head if number % 2 else head[:40])
        for _ in range(3):
            for one in slow:
                with suppress(OSError):  # told off meanwhile, as one of too many
                    one.sendall(b"a")
            assert site.ask("GET", "/pay/")[0] == 200
            assert site.ask("GET", "/health")[0] == 200
    finally:
        for one in slow:
            one.close()


def test_what_is_ended_is_ended_in_both_processes(site: Site) -> None:
    counter_agent(EMAIL, PASSWORD, "Driss")
    person = insured(birth_date=AT.date().replace(year=1980), birth_precision="day")
    bearer = token()
    site.wait()
    _signs_out_everywhere(site)
    _closes_a_link_everywhere(site, person)
    _withdraws_a_client_everywhere(site, bearer)
    _refuses_large_bodies(site)
    _stays_open_beside_slow_ones(site)
    _counts_wrong_passwords_once(site)
