"""The fast door: it answers as the API does, notes first, and outlives the database's restarts."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from tests.api.doors import Door
from tests.api.factories import FATIMA, insured, token

from qafila.api.coverage_check import connections, prepared_statement
from qafila.care.models import CoverageCheck

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = f"id_type=cin&id={FATIMA}&on=2026-11-22"


@pytest.fixture
def door() -> Iterator[Door]:
    opened = Door()
    yield opened
    opened.close()


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_it_answers_as_the_api_does(client: Client, door: Door) -> None:
    person = insured()
    bearer = token(checks_per_minute=400)
    queries = (
        ASKED, "id_type=cin&id=X1&on=2026-11-22", "id_type=cin&id=%00&on=2026-11-22",
        "id_type=cin", "", ASKED + "&on=2025-01-01", ASKED + "&on=nonsense",
        f"id_type=fund&id={100_000_000 + person.pk}&on=2026-11-22", ASKED.replace("11", "٣"),
        f"id_type=nia&id={FATIMA}&on=2026-11-22", ASKED.replace("JB", "jb+"), ASKED + "&more=1",
        ASKED.replace("22", "31"), ASKED.replace("2026", "0000"), ASKED.replace("cin", "xyz"),
        f"id_type=cin&id={'7' * 31}&on=2026-11-22", "id_type=cin&id=&on=2026-11-22", ASKED + "1",
    )  # fmt: skip
    for query in (one.encode().decode("latin-1") for one in queries):
        headers = {"Authorization": f"Bearer {bearer}", "Accept-Language": "fr"}
        api = client.get(f"/api/v1/coverage?{query}", headers=headers)
        status, _, told = door.ask(query, bearer)
        assert (status, told) == (api.status_code, api.json()), query
    assert CoverageCheck.objects.count() % 2 == 0
    assert CoverageCheck.objects.filter(status="open").count() == 8


def test_refusals_carry_their_headers(door: Door) -> None:
    insured()
    status, headers, told = door.ask(ASKED, "wrong")
    assert (status, told["code"], headers["Cache-Control"]) == (401, "token_refused", "no-store")
    assert "Bearer" in headers["Www-Authenticate"]
    assert door.ask(ASKED, "", headers=[])[0] == 401
    assert door.ask(ASKED, token("coverage:dependants"))[0] == 403
    bearer = token(checks_per_minute=1)
    status, headers, _ = door.ask(ASKED, bearer)
    assert (status, headers["Content-Language"]) == (200, "fr")
    status, headers, _ = door.ask(ASKED, bearer)
    assert (status, headers["Retry-After"]) == (429, "60")


def test_families_and_other_addresses_are_the_pages(door: Door) -> None:
    insured()
    assert door.ask("dependants=true&id_type=cin", token())[0] == 422
    assert door.ask(ASKED, token(), method="POST")[0] == 405


def test_a_check_is_noted_before_it_is_answered(door: Door) -> None:
    insured()
    door.ask(ASKED, token())
    # Read on another connection: the note is committed.
    assert CoverageCheck.objects.get().status == "open"


def test_questions_that_arrive_together_get_each_their_own_answer(door: Door) -> None:
    for number in range(1, 41):
        insured(f"JB{number}", "open" if number % 3 else "suspended")
    wished = list(range(1, 61))
    answers = door.ask_at_once(
        [f"id_type=cin&id=JB{number}&on=2026-11-22" for number in wished],
        token(checks_per_minute=10_000),
    )
    expected = [
        "unknown" if number > 40 else "open" if number % 3 else "suspended" for number in wished
    ]
    assert [told["status"] for _, _, told in answers] == expected
    assert CoverageCheck.objects.count() == 60


def test_without_the_database_nothing_is_answered(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    insured()
    bearer = token()
    dying = "SELECT pg_terminate_backend(pg_backend_pid()), %(asked)s::text"
    monkeypatch.setattr(connections, "CHECK", dying)
    status, headers, told = door.ask(ASKED, bearer)
    assert (status, told["code"], headers["Retry-After"]) == (503, "unavailable", "5")
    assert told["sentence"].endswith(".")
    monkeypatch.undo()
    assert door.ask(ASKED, bearer)[0] == 200
    assert CoverageCheck.objects.count() == 1


def test_a_database_that_does_not_answer_is_given_up(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    insured()
    bearer = token()
    monkeypatch.setattr(connections, "CHECK", "SELECT pg_sleep(600), %(asked)s::text")
    monkeypatch.setattr(prepared_statement, "PATIENCE", 0.2)
    assert [status for status, _, _ in door.ask_at_once([ASKED] * 3, bearer)] == [503] * 3
    monkeypatch.undo()
    assert door.ask(ASKED, bearer)[0] == 200
    # What was given up does not go on at the database.
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(600)%'")
            if not cursor.rowcount:
                return
        time.sleep(0.1)
    pytest.fail("A statement nobody waits for is still running.")


def test_a_connection_lost_between_questions_is_not_noticed_outside(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    insured()
    bearer = token()
    assert door.ask(ASKED, bearer)[0] == 200
    execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with caplog.at_level(logging.ERROR, "qafila.api.coverage_check.coverage_asgi"):
        assert door.ask(ASKED, bearer)[0] in (200, 503)
        assert door.ask(ASKED, bearer)[0] == 200


def test_what_cannot_be_committed_is_not_answered(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    insured()
    bearer = token()
    assert door.ask(ASKED, bearer)[0] == 200
    execute("""
        CREATE FUNCTION refuse_note() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
        CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON care_coveragecheck
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_note()
    """)
    try:
        with caplog.at_level(logging.CRITICAL, "qafila.api.coverage_check.coverage_asgi"):
            status, headers, told = door.ask(ASKED, bearer)
        assert (status, told["code"], told["field"]) == (500, "fault", None)
        assert headers["Content-Type"] == "application/json; charset=utf-8"
        assert CoverageCheck.objects.count() == 1
    finally:
        execute("DROP TRIGGER refuse ON care_coveragecheck; DROP FUNCTION refuse_note()")
    assert door.ask(ASKED, bearer)[0] == 200


def test_more_than_the_socket_takes_at_once_arrives_whole(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    insured()
    padded = connections.as_parameter
    monkeypatch.setattr(connections, "as_parameter", lambda checks: " " * 2**25 + padded(checks))
    assert door.ask(ASKED, token())[0] == 200
