"""No write without an actor; the journal; reads; commands carried out once."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from qafila.foundation import access_log, idempotency, journal
from qafila.foundation.actors import Actor, Role, Scope
from qafila.foundation.errors import NotAllowed
from qafila.foundation.models import AccessLogEntry, CompletedCommand, JournalEntry
from qafila.foundation.trail import acting, system_actor
from qafila.people.models import Household, Person

pytestmark = pytest.mark.django_db
OPENED = journal.register("tests.opened", "%(who)s opened a household.", personal=["who"])


def test_a_write_without_an_actor_is_refused(at: dt.datetime, system: Actor) -> None:
    # The fixture's own transaction acted before; a fresh setting stands for a fresh connection.
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('qafila.actor', '', false)")
    with pytest.raises(ProgrammingError, match="No actor"), transaction.atomic():
        Household.objects.create(created_at=at)


def test_raw_sql_is_refused_too(system: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('qafila.actor', '', false)")
        with pytest.raises(ProgrammingError, match="No actor"), transaction.atomic():
            cursor.execute("DELETE FROM people_household")


def test_a_write_by_an_actor_passes(at: dt.datetime, system: Actor) -> None:
    with acting(system, at=at):
        Household.objects.create(created_at=at)
    assert Household.objects.count() == 1


def test_changes_are_recorded_with_the_actor(at: dt.datetime, system: Actor) -> None:
    with acting(system, at=at):
        person = Person.objects.create(
            full_name_latn="Fatima", created_at=at, created_by_id=system.id
        )
        person.full_name_latn = "Fatima Zahra"
        person.save()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.full_name_latn, c.metadata->>'actor' FROM people_personevent e "
            "JOIN pghistory_context c ON c.id = e.pgh_context_id"
        )
        assert cursor.fetchall() == [("Fatima Zahra", str(system.id))]


def test_the_journal_speaks_and_forgets(at: dt.datetime, system: Actor) -> None:
    with acting(system, at=at):
        household = Household.objects.create(created_at=at)
        journal.write(OPENED, household, actor=system, at=at, person_id=7, who="Fatima")
        entry = JournalEntry.objects.get()
        assert journal.sentence_of(entry) == "Fatima opened a household."
        assert journal.erase_personal_data(7) == 1
    entry.refresh_from_db()
    assert journal.sentence_of(entry) == "— opened a household."


def test_a_verb_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        journal.register("tests.opened", "again")


def test_a_repeated_look_is_logged_once(at: dt.datetime, system: Actor) -> None:
    for minutes in (0, 5, 20):
        moment = at + dt.timedelta(minutes=minutes)
        access_log.record_read(3, actor=system, at=moment, reason="serving", place="file")
    assert AccessLogEntry.objects.count() == 2
    assert len(access_log.readers_of(3)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_look_is_logged_in_one_statement_and_leaves_no_actor(
    at: dt.datetime, django_assert_num_queries: Any
) -> None:
    reader = system_actor("tests")
    with django_assert_num_queries(1):
        access_log.record_read(3, actor=reader, at=at, reason="serving", place="file")
    assert AccessLogEntry.objects.get().reader_id == reader.id
    with pytest.raises(ProgrammingError, match="No actor"):
        Household.objects.create(created_at=at)


def test_a_list_that_was_seen_is_one_row_with_the_number_of_people(
    at: dt.datetime, system: Actor, django_assert_num_queries: Any
) -> None:
    for minutes, asked in ((0, "region=06"), (5, "region=06"), (6, "region=09"), (20, "region=06")):
        moment = at + dt.timedelta(minutes=minutes)
        with django_assert_num_queries(1):
            access_log.record_list_read(25, actor=system, at=moment, place="arrears", asked=asked)
    told = AccessLogEntry.objects.order_by("pk").values_list("asked", "people_count", "person_id")
    assert list(told) == [(asked, 25, None) for asked in ("region=06", "region=09", "region=06")]


def test_the_reason_goes_with_the_role() -> None:
    told = {role: access_log.reason_of(Actor.holding(1, "", {role})) for role in Role}
    assert told[Role.AUDITOR] == "auditing"
    assert told[Role.FUND_LIAISON] == told[Role.ADMINISTRATOR] == "following_up"
    assert told[Role.COUNTER_AGENT] == told[Role.SYSTEM] == "serving"


def test_a_command_is_carried_out_once(at: dt.datetime, system: Actor) -> None:
    command, done = uuid.uuid4(), []

    def do() -> dict[str, int]:
        done.append(1)
        return {"count": len(done)}

    first = idempotency.once(command, "count", actor=system, at=at, do=do)
    again = idempotency.once(command, "count", actor=system, at=at, do=do)
    assert first == again == {"count": 1}
    assert CompletedCommand.objects.count() == 1


def test_a_command_id_is_not_shared(at: dt.datetime, system: Actor) -> None:
    command = uuid.uuid4()
    idempotency.once(command, "count", actor=system, at=at, do=dict)
    with pytest.raises(idempotency.CommandIdReused):
        idempotency.once(command, "other", actor=system, at=at, do=dict)


def test_the_system_actor_is_one_row() -> None:
    assert system_actor("nightly").id == system_actor("nightly").id


def test_scope_and_roles() -> None:
    clerk = Actor.holding(1, "Driss", {Role.COUNTER_AGENT}, Scope(False, frozenset({"06.141"})))
    assert clerk.scope_of(*Role).covers("06.141")
    assert not clerk.scope_of(*Role).covers("06.355")
    assert not clerk.scope_of(*Role).covers(None)
    with pytest.raises(NotAllowed):
        clerk.require(Role.ADMINISTRATOR)
