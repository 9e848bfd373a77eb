"""The audit room in a browser: searches, days, cases, files, and what the door notes."""

from __future__ import annotations

import ast
import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.register.factories import AT, person, system
from tests.web.conftest import PASSWORD
from tests.web.staff import actor_behind, signed_in, text_of

from qafila.audit.cases import cases
from qafila.audit.unusual import find_unusual_reading
from qafila.foundation.access_log import record_read
from qafila.foundation.actors import WHOLE_COUNTRY, Role
from qafila.foundation.clock import day_of
from qafila.foundation.models import AccessLogEntry, SignInEntry
from qafila.institutions.models import Account
from qafila.web.audit.words import place_word

pytestmark = pytest.mark.django_db
SOURCES = Path(__file__).resolve().parents[2] / "src" / "qafila"
LATE = dt.datetime(2026, 11, 21, 22, 15, tzinfo=dt.UTC)


@pytest.fixture
def auditor(stage: None) -> Client:
    return signed_in(Role.AUDITOR, province=None)


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_every_page_in_every_language(stage: None, language: str) -> None:
    nadia = signed_in(Role.AUDITOR, province=None, language=language)
    fatima, youssef = person(), signed_in(Role.COUNTER_AGENT)
    actor = actor_behind(youssef)
    record_read(fatima.pk, actor=actor, at=LATE, reason="serving", place="money")
    find_unusual_reading(day_of(LATE), actor=system(), at=AT)
    account = youssef.account.pk  # type: ignore[attr-defined]
    [case] = cases(scope=WHOLE_COUNTRY)
    for address in (
        "/audit/", f"/audit/unusual/{case.case_id}/", "/audit/people/?q=fatima",
        f"/audit/people/{fatima.pk}/", "/audit/agents/?q=agent",
        f"/audit/agents/{account}/?day=2026-11-21", "/audit/sign-ins/?only=refused",
    ):  # fmt: skip
        assert nadia.get(address).status_code == 200, address


def test_a_persons_readers_are_shown_and_the_look_is_noted_itself(auditor: Client) -> None:
    fatima, youssef = person(), signed_in(Role.COUNTER_AGENT)
    actor = actor_behind(youssef)
    record_read(fatima.pk, actor=actor, at=LATE, reason="serving", place="money")
    page = text_of(auditor.get(f"/audit/people/{fatima.pk}/"))
    assert "Agent counter_agent" in page
    assert "Agent de guichet" in page
    assert "Cotisations de la personne" in page
    assert AccessLogEntry.objects.filter(place="audit", person_id=fatima.pk).count() == 1


def test_the_day_of_an_agent_by_a_typed_day(
    auditor: Client, django_assert_max_num_queries: Any
) -> None:
    youssef = signed_in(Role.COUNTER_AGENT)
    address = f"/audit/agents/{youssef.account.pk}/"  # type: ignore[attr-defined]
    for n in range(12):
        one = person(full_name_latn=f"Fatima {n}")
        record_read(one.pk, actor=actor_behind(youssef), at=LATE, reason="serving", place="file")
    with django_assert_max_num_queries(12):
        page = text_of(auditor.get(address, {"on": "21/11/2026"}))
    assert page.count("/audit/people/") >= 12
    assert "day=2026-11-20" in page
    for nonsense in ("32/13/2026", "", "31/12/2999"):
        assert auditor.get(address, {"on": nonsense}).status_code == 200


def test_a_case_is_closed_with_what_was_found_out(auditor: Client) -> None:
    youssef = signed_in(Role.COUNTER_AGENT)
    record_read(person().pk, actor=actor_behind(youssef), at=LATE, reason="serving", place="file")
    find_unusual_reading(day_of(LATE), actor=system(), at=AT)
    [case] = cases(scope=WHOLE_COUNTRY)
    address = f"/audit/unusual/{case.case_id}/"
    assert address in text_of(auditor.get("/audit/"))
    assert auditor.post(address, {"reason": ""}).status_code == 422
    done = auditor.post(address, {"reason": "Permanence de nuit.", "confirm": "yes"}, follow=True)
    assert "Le cas est clos." in text_of(done)
    assert "Permanence de nuit." in text_of(auditor.get("/audit/?state=closed"))
    assert auditor.get(address).status_code == 404
    administrator = signed_in(Role.ADMINISTRATOR, province=None)
    assert address not in text_of(administrator.get("/audit/"))


def test_the_narrowest_part_of_the_room_is_the_current_one(auditor: Client) -> None:
    page = text_of(auditor.get("/audit/sign-ins/"))
    tabs = re.findall(r'<a href="(/audit/[^"]*)" aria-current="page"', page)
    assert set(tabs) == {"/audit/sign-ins/"}


def test_files_are_bounded_and_leave_a_trace(
    auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qafila.audit.queries.MOST_IN_A_FILE", 2)
    fatima, youssef = person(), signed_in(Role.COUNTER_AGENT)
    for minutes in (0, 11, 22, 33):
        moment = LATE + dt.timedelta(minutes=minutes)
        record_read(
            fatima.pk, actor=actor_behind(youssef), at=moment, reason="serving", place="file"
        )
    account = youssef.account.pk  # type: ignore[attr-defined]
    csv = auditor.get(f"/audit/agents/{account}.csv?day=2026-11-21").content.decode()
    assert len(csv.splitlines()) == 4
    assert "Il y en a davantage" in csv
    assert AccessLogEntry.objects.filter(place="audit_agent_file").count() == 1
    assert auditor.get(f"/audit/people/{fatima.pk}.xlsx").content[:2] == b"PK"
    assert AccessLogEntry.objects.filter(place="audit_file", person_id=fatima.pk).count() == 1


def test_the_door_notes_who_came_and_who_was_refused(client: Client, driss: Account) -> None:
    def try_in(password: str, login: str = driss.email) -> None:
        client.post("/accounts/login/", {"login": login, "password": password})

    try_in("wrong")
    try_in("wrong", "nobody@example.ma")
    try_in(PASSWORD)
    client.post("/accounts/logout/")
    for _ in range(6):
        try_in("wrong")
    noted = list(SignInEntry.objects.order_by("pk").values_list("kind", "actor_id"))
    assert noted[:4] == [
        ("wrong_password", driss.actor_id),
        ("wrong_password", None),
        ("signed_in", driss.actor_id),
        ("signed_out", driss.actor_id),
    ]
    assert noted[-1] == ("locked_out", driss.actor_id)
    assert {entry.address for entry in SignInEntry.objects.order_by("pk")} == {"127.0.0.1"}


def test_every_place_that_leaves_a_trace_has_its_word() -> None:
    calls = {"opened", "listed", "people_file", "open_file", "record_list_read", "record_read"}
    bare = set()
    for path in sorted((SOURCES / "web").rglob("*.py")) + sorted((SOURCES / "cli").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(node, "func", None)
            if not isinstance(node, ast.Call) or ast.unparse(name).split(".")[-1] not in calls:
                continue
            given = [*node.args[2:3], *(k.value for k in node.keywords if k.arg == "place")]
            places = [one.value for one in given if isinstance(one, ast.Constant)]
            bare |= {one for one in places if isinstance(one, str) and place_word(one) == one}
    assert not bare, f"{bare}: give them a word in web/audit/words.py."
