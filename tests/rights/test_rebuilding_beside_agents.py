"""While everyone's rights are rebuilt, an action on one person waits for no other range."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, person, places, system

from qafila.enrolment.models import Enrolment
from qafila.foundation.locking import PERSONS_PER_BUCKET, lock_derivation, lock_range
from qafila.foundation.trail import acting
from qafila.rights.actions import RightsOutcome, rebuild_rights
from qafila.rights.models import RightsPeriod

pytestmark = pytest.mark.django_db(transaction=True)
HERE, FAR = 5, 3 * PERSONS_PER_BUCKET + 5
Beside = Callable[[Callable[[], object]], Future[object]]
SOON = "SET LOCAL lock_timeout = '300ms'"


def insured(*numbers: int) -> None:
    for number in numbers:
        enrolled(person(pk=number), effective_from=dt.date(2024, 1, 1))


def rebuild(person_ids: list[int] | None = None) -> RightsOutcome:
    return rebuild_rights(on=AT.date(), actor=system(), at=AT, person_ids=person_ids)


@pytest.fixture
def beside() -> Iterator[Beside]:
    """Starts a function in a thread with a database connection of its own."""
    with ThreadPoolExecutor(2) as threads:

        def started(function: Callable[[], object]) -> Future[object]:
            def in_its_own_connection() -> object:
                try:
                    return function()
                finally:
                    connection.close()

            return threads.submit(in_its_own_connection)

        yield started


def waits(action: Callable[[], object]) -> bool:
    """Whether the action gives up after a moment because a lock is held."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(SOON)
            action()
    except OperationalError:
        return True
    return False


def test_an_action_elsewhere_proceeds_while_a_range_is_rebuilt(
    beside: Beside,
) -> None:
    places()
    insured(HERE, FAR)
    rebuild()
    with acting(system(), at=AT):
        Enrolment.objects.update(effective_from=dt.date(2025, 1, 1))
    with transaction.atomic():
        # The rebuild will exchange this row: it stops in the middle of the first range.
        RightsPeriod.objects.select_for_update().get(person_id=HERE, until=None)
        national = beside(rebuild)
        while not _somebody_waits():
            assert not national.done(), national.result()
        assert not waits(lambda: rebuild([FAR]))
        assert waits(lambda: rebuild([HERE]))
    outcome = national.result(60)
    assert isinstance(outcome, RightsOutcome)
    assert outcome.persons == 2
    since = RightsPeriod.objects.filter(since__lt=dt.date(2025, 1, 1))
    assert not since.exists()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        # Of this database: another worker's tests wait for locks of their own. Activity is a
        # picture kept for a transaction: each look needs a new one.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


def test_ranges_done_stand_when_the_rebuild_is_cut_short() -> None:
    places()
    insured(HERE, FAR)

    def cut_short(done: int, ranges: int) -> None:
        assert ranges == 4
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_rights(on=AT.date(), actor=system(), at=AT, on_progress=cut_short)
    assert set(RightsPeriod.objects.values_list("person_id", flat=True)) == {HERE}
    assert rebuild().added == RightsPeriod.objects.filter(person_id=FAR).count()
    assert rebuild().added == 0


LOCK = "tests"
MANY = list(range(HERE, HERE + 600))
LOCKS: dict[str, Callable[[], None]] = {
    "everyone": lambda: _locked(None),
    "range": lambda: _range_locked(0, PERSONS_PER_BUCKET - 1),
    "one": lambda: _locked([HERE]),
    "another": lambda: _locked([HERE + 1]),
    "far": lambda: _locked([FAR]),
    "many": lambda: _locked(MANY),
}


def _locked(person_ids: list[int] | None) -> None:
    with connection.cursor() as cursor:
        lock_derivation(cursor, LOCK, person_ids)


def _range_locked(first: int, last: int) -> None:
    with connection.cursor() as cursor:
        lock_range(cursor, LOCK, first, last)


@pytest.mark.parametrize(
    ("held", "passing"),
    [
        ("everyone", set()),
        ("range", {"far"}),
        ("one", {"another", "far"}),
        ("many", {"far"}),
        ("far", {"range", "one", "another", "many"}),
    ],
)
def test_who_waits_for_whom(held: str, passing: set[str], beside: Beside) -> None:
    taken, done = threading.Event(), threading.Event()

    def holding() -> None:
        with transaction.atomic():
            LOCKS[held]()
            taken.set()
            done.wait(60)

    holder = beside(holding)
    try:
        assert taken.wait(60)
        assert {name for name, lock in LOCKS.items() if not waits(lock)} == passing
    finally:
        done.set()
    holder.result(60)
