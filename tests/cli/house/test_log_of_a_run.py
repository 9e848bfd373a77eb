"""A whole run under `qafila serve`, and what its log holds: nothing that names or opens."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.api.factories import AT, FATIMA, insured, token
from tests.cli.house.served_site import Site, counter_agent
from tests.register.factories import agent

from qafila.care.coverage_check.registering import register_client
from qafila.foundation.actors import Role
from qafila.foundation.clock import now
from qafila.foundation.trail import acting, system_actor
from qafila.people.models import Person, Phone
from qafila.people.personal_links import issue_personal_link

PHONE, PASSWORD, EMAIL = "0661234567", "safran-argane-1979", "youssef.aitlahcen@qafila.test"
NAMES = ("فاطمة", "لحسن", "LAHCEN", "Fatima")


@pytest.fixture
def site(transactional_db: None, hashed_as_served: None, tmp_path: Path) -> Iterator[Site]:
    running = Site(tmp_path / "serve.log")
    yield running
    running.stop()


def _signed_in() -> str:
    """The cookie of a counter agent's session."""
    account = counter_agent(EMAIL, PASSWORD, "Youssef")
    client = Client()
    client.force_login(account)
    return client.cookies["sessionid"].value


def _fatima() -> Person:
    person = insured(birth_date=AT.date().replace(year=1980), birth_precision="day")
    with acting(system_actor("tests"), at=AT):
        Phone.objects.create(person=person, number="+212" + PHONE[1:])
    return person


def _pages(site: Site, person: Person, session: str) -> None:
    cookie = {"Cookie": f"sessionid={session}"}
    search = quote(NAMES[0])
    for path in (
        f"/people/?q={search}", f"/people/?q={FATIMA}", f"/people/?q={PHONE}",
        f"/people/{person.pk}/", f"/people/{person.pk}/money/", f"/people/{person.pk}/correct/",
        f"/people/99999999/?name={search}", f"/{search}/", "/people/?q=%00", "/%ff%fe/",
    ):  # fmt: skip
        assert site.ask("GET", path, **cookie)[0] < 500, path
    _status, page = site.ask("GET", f"/people/{person.pk}/correct/", **cookie)
    fields = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]*? value="([^"]*)"', page))
    fields |= {"card_number": "no card " + FATIMA, "phone": PHONE + "x"}
    csrf = fields["csrfmiddlewaretoken"]
    cookie["Cookie"] += f"; csrftoken={csrf}"
    site.ask("POST", f"/people/{person.pk}/correct/", urlencode(fields), **cookie)
    site.ask("POST", "/accounts/login/", urlencode({"login": EMAIL, "password": PASSWORD}))
    site.ask("GET", "/accounts/password/reset/key/1-Zx9resetkey/")
    site.ask("GET", "/verify/Zx9VERIFYTEXT/")


def _links(site: Site, link: str) -> None:
    assert site.ask("GET", f"/mine/{link}/")[0] == 200
    answers = urlencode({"card_end": FATIMA[-4:], "birth_year": "1979"})
    site.ask("POST", f"/mine/{link}/", answers)
    site.ask("GET", f"/mine/{link}x/statement-fr.pdf")


def _api(site: Site, bearer: str, secrets: list[str]) -> None:
    client_id, secret = secrets
    asked = urlencode({"id_type": "cin", "id": FATIMA, "on": "2026-11-22"})
    for given in (bearer, bearer + "x"):
        site.ask("GET", f"/api/v1/coverage?{asked}", Authorization=f"Bearer {given}")
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    assert site.ask("POST", "/api/v1/token", urlencode(form))[0] == 200
    site.ask("POST", "/api/v1/token", urlencode(form | {"client_secret": secret + "x"}))
    site.ask("POST", "/api/v1/payments", '{"payments": [{"id": "' + FATIMA + '"}]}',
             Authorization=f"Bearer {bearer}", Content_Type="application/json")  # fmt: skip


def _failing_jobs() -> None:
    """One whose file is gone, one that is given nonsense: their faults are logged whole."""
    jobs.configure_task("contributions.check_payment_file").defer(name=uuid.uuid4().hex)
    jobs.configure_task("contributions.dry_run").defer(month=f"no month {FATIMA}")
    for _ in range(600):
        if not ProcrastinateJob.objects.filter(status="todo", attempts=0).exists():
            return
        time.sleep(0.2)
    raise AssertionError("No worker took the jobs.")


def test_the_log_of_a_whole_run_names_nobody_and_opens_nothing(site: Site) -> None:
    person, session = _fatima(), _signed_in()
    youssef = agent(Role.COUNTER_AGENT, national=True)
    link = issue_personal_link(person.pk, actor=youssef, at=now()).token
    bearer = token()
    made = register_client(name="CHU Agadir", actor=system_actor("tests"), at=AT)
    site.wait()
    _pages(site, person, session)
    _links(site, link)
    _api(site, bearer, [made.client_id, made.client_secret])
    _failing_jobs()
    site.stop()
    log = site.log.read_text(errors="replace")
    assert "/mine/…" in log  # the run was logged, and this much of it
    secrets: dict[str, Any] = {
        "session": session, "link": link, "token": bearer, "secret": made.client_secret,
        "card": FATIMA, "phone": PHONE, "phone abroad": PHONE[1:], "password": PASSWORD,
        "e-mail": EMAIL, "reset key": "Zx9resetkey", "verification": "Zx9VERIFYTEXT",
        **{name: name for name in NAMES}, **{f"quoted {name}": quote(name) for name in NAMES},
    }  # fmt: skip
    told = {what: _line(log, text) for what, text in secrets.items() if text in log}
    assert not told, told


def _line(log: str, text: str) -> str:
    return next(line for line in log.splitlines() if text in line)[:300]
