"""Two files become one, and two again exactly as they were."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.people.conftest import SETTAT, Cast, PersonMaker
from tests.people.database_rows import all_rows

from qafila.accompaniment.models import Progress
from qafila.enrolment.models import Dependant, Enrolment
from qafila.foundation.actors import Actor
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.lists.models import ListImport, Row
from qafila.people import ports
from qafila.people.corrections import Correction, correct_person
from qafila.people.errors import (
    AlreadyMerged,
    LaterMergeStands,
    MergeAlreadyUndone,
    MergeWithItself,
    MovedOnSince,
)
from qafila.people.merging.merging import merge_persons
from qafila.people.merging.references import references_to_persons
from qafila.people.merging.undoing import undo_merge
from qafila.people.models import Identifier, Merge, Person, Phone
from qafila.register.models import Application, Entry
from qafila.rights.models import RightsPeriod

pytestmark = pytest.mark.django_db

YEAR = dt.date(2026, 1, 1)


@pytest.fixture
def lived(person: PersonMaker, system: Actor, at: dt.datetime) -> Callable[[Person], Person]:
    """Gives a person something in every room."""
    made_rows = iter(range(1, 100))

    def live(one: Person) -> Person:
        number = one.pk
        with acting(system, at=at):
            done = Application.objects.create(person=one, state="accepted", opened_at=at)
            Application.objects.create(person=one, state="incomplete", opened_at=at)
            Entry.objects.create(
                person=one, register_number=f"R{number}", application=done, entered_on=YEAR
            )
            Enrolment.objects.create(
                person=one, category="craftworker", state="enrolled", created_at=at,
                fund_number=f"{number:09}", effective_from=YEAR,
            )  # fmt: skip
            Dependant.objects.create(insured=one, relation="spouse", state="mentioned", since=YEAR)
            RightsPeriod.objects.create(person=one, status="open", reason="paid", since=YEAR)
            Progress.objects.create(person=one, stage="enrolled", rights="open", computed_at=at)
            file, _ = ListImport.objects.get_or_create(
                sha256="1" * 64,
                defaults={
                    "file_name": "list.csv", "size_bytes": 1, "imported_at": at, "state": "linked",
                    "imported_by_id": system.id,
                },
            )  # fmt: skip
            Row.objects.create(
                list_import=file, row_number=next(made_rows), outcome="accepted", cells={},
                person=one,
            )  # fmt: skip
        return one

    return live


def test_everything_moves_and_undoing_restores_every_row(
    person: PersonMaker, lived: Callable[[Person], Person], system: Actor, at: dt.datetime
) -> None:
    shared = {"phones": ("+212612345678",), "numbers": (("card", "AB1234"), ("tax", "77"))}
    kept = lived(person("Mohamed Alaoui", **shared))
    absorbed = lived(
        person(
            "", "محمد العلوي", phones=("+212612345678", "+212698765432"), card_number="AB1234",
            numbers=(("card", "AB1234"), ("fund", "123456789")), birth_date=YEAR,
            birth_precision="year",
        )
    )  # fmt: skip
    before = all_rows()
    done = merge_persons(kept.pk, absorbed.pk, evidence={"by": "test"}, actor=system, at=at)
    kept.refresh_from_db()
    assert (kept.full_name_ar, kept.card_number, kept.birth_date) == ("محمد العلوي", "AB1234", YEAR)
    assert set(kept.phones.values_list("number", flat=True)) == {"+212612345678", "+212698765432"}
    for hanging in (Entry, Enrolment, Row):
        assert hanging.objects.filter(person=kept).count() == 2
    assert Progress.objects.filter(person=absorbed).count() == 0
    assert Application.objects.filter(person=kept, state="incomplete").count() == 1
    undone = undo_merge(done.merge, actor=system, at=at)
    assert all_rows() == before
    assert undone.moved >= done.moved


def test_every_foreign_key_to_a_person_is_known() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT conrelid::regclass::text, a.attname FROM pg_constraint c "
            "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey) "
            "WHERE contype = 'f' AND confrelid = 'people_person'::regclass AND conparentid = 0"
        )
        in_database = {(table.strip('"'), column) for table, column in cursor.fetchall()}
    known = {(r.table, r.column) for r in references_to_persons()}
    own = {
        ("people_person", "merged_into_id"),
        ("people_merge", "kept_id"),
        ("people_merge", "absorbed_id"),
    }
    assert in_database - own <= known
    assert ("accompaniment_standing", "person_id") in known


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations([0, 1, 2, 3]), kept_first=st.booleans())
def test_any_chain_of_merges_is_undone_exactly(
    person: PersonMaker, system: Actor, at: dt.datetime, order: list[int], kept_first: bool
) -> None:
    """Whatever is merged into whatever: undone in reverse, every row is back."""
    phones = ("+212612345678",)
    people = [person(f"Mohamed {n}", phones=phones, numbers=(("tax", str(n)),)) for n in range(4)]
    before = all_rows()
    kept = people[order[0]].pk
    merges = []
    for place in order[1:]:
        pair = (kept, people[place].pk) if kept_first else (people[place].pk, kept)
        merges.append(merge_persons(*pair, evidence={}, actor=system, at=at).merge)
        kept = pair[0]
    for merge in reversed(merges):
        undo_merge(merge, actor=system, at=at)
    assert all_rows() == before


def test_a_correction_after_the_merge_stays(
    person: PersonMaker, system: Actor, at: dt.datetime
) -> None:
    kept, absorbed = person("Mohamed Alaoui"), person("Med Alaoui", card_number="AB1234")
    done = merge_persons(kept.pk, absorbed.pk, evidence={}, actor=system, at=at)
    change = {"full_name_latn": Correction("Mohamed Alaoui", "Mohammed Alaoui")}
    correct_person(kept.pk, changes=change, actor=system, at=at)
    undo_merge(done.merge, actor=system, at=at)
    kept.refresh_from_db()
    assert (kept.full_name_latn, kept.card_number) == ("Mohammed Alaoui", "")


def test_undoing_is_refused_when_it_cannot_be_exact(
    person: PersonMaker, system: Actor, at: dt.datetime
) -> None:
    one, two, three = (person(f"Mohamed {n}", phones=(f"+21261234567{n}",)) for n in range(3))
    first = merge_persons(one.pk, two.pk, evidence={}, actor=system, at=at)
    later = merge_persons(three.pk, one.pk, evidence={}, actor=system, at=at)
    with pytest.raises(LaterMergeStands) as refused:
        undo_merge(first.merge, actor=system, at=at)
    assert str(three.pk) in refused.value.sentence()
    undo_merge(later.merge, actor=system, at=at)
    with acting(system, at=at):
        Phone.objects.filter(number="+212612345671").update(person=three)
    before = all_rows()
    with pytest.raises(MovedOnSince):
        undo_merge(first.merge, actor=system, at=at)
    assert all_rows() == before
    with acting(system, at=at):
        Phone.objects.filter(number="+212612345671").update(person=one)
    undo_merge(first.merge, actor=system, at=at)
    with pytest.raises(MergeAlreadyUndone):
        undo_merge(first.merge, actor=system, at=at)


def test_rows_deleted_since_stay_deleted(
    person: PersonMaker, system: Actor, at: dt.datetime
) -> None:
    kept, absorbed = person("Mohamed"), person("Med", numbers=(("fund", "123456789"),))
    done = merge_persons(kept.pk, absorbed.pk, evidence={}, actor=system, at=at)
    with acting(system, at=at):
        Identifier.objects.filter(person=kept).delete()
    undo_merge(done.merge, actor=system, at=at)
    assert not Identifier.objects.filter(person__in=[kept, absorbed]).exists()


def test_refusals_come_before_any_change(
    person: PersonMaker, system: Actor, at: dt.datetime, cast: Cast
) -> None:
    one, two = person("Mohamed"), person("Med")
    elsewhere = person("Mohamed", province=None)
    before = all_rows()
    with pytest.raises(MergeWithItself):
        merge_persons(one.pk, one.pk, evidence={}, actor=system, at=at)
    with pytest.raises(NotAllowed):
        merge_persons(one.pk, two.pk, evidence={}, actor=cast.auditor, at=at)
    for actor, pair in ((cast.salma, (one, two)), (cast.youssef, (one, elsewhere))):
        with pytest.raises(NotFoundInScope):
            merge_persons(pair[0].pk, pair[1].pk, evidence={}, actor=actor, at=at)
    assert all_rows() == before
    done = merge_persons(one.pk, two.pk, evidence={}, actor=cast.youssef, at=at)
    with pytest.raises(AlreadyMerged):
        merge_persons(elsewhere.pk, two.pk, evidence={}, actor=cast.amal, at=at)
    with pytest.raises(NotFoundInScope):
        undo_merge(done.merge, actor=cast.salma, at=at)
    with pytest.raises(NotAllowed):
        undo_merge(done.merge, actor=cast.auditor, at=at)
    undo_merge(done.merge, actor=cast.youssef, at=at)
    assert all_rows() == before


def test_the_same_command_merges_once_and_is_journalled(
    person: PersonMaker, system: Actor, at: dt.datetime
) -> None:
    one, two = person("Mohamed"), person("Med")
    command = uuid.UUID(int=7)
    done = [
        merge_persons(one.pk, two.pk, evidence={}, actor=system, at=at, command_id=command)
        for _ in range(2)
    ]
    assert done[0] == done[1]
    assert Merge.objects.count() == 1
    entry = JournalEntry.objects.get(verb="people.persons_merged")
    assert (entry.person_id, entry.data["absorbed"]) == (one.pk, two.pk)


def test_listeners_are_told_of_both_files(
    person: PersonMaker, system: Actor, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[list[int]] = []
    listener: ports.IdentityListener = lambda persons, actor, at: told.append(list(persons))  # noqa: E731
    monkeypatch.setattr(ports, "identity_listeners", [listener])
    one, two = person("Mohamed"), person("Med")
    done = merge_persons(one.pk, two.pk, evidence={}, actor=system, at=at)
    undo_merge(done.merge, actor=system, at=at)
    assert told == [[one.pk, two.pk]] * 2


def test_places_and_precision_are_taken_over_only_where_they_say_more(
    person: PersonMaker, system: Actor, at: dt.datetime
) -> None:
    kept = person("Mohamed", birth_date=YEAR, birth_precision="year")
    day = dt.date(1980, 5, 17)
    absorbed = person("Med", commune_id=f"{SETTAT}.01.01", birth_date=day, birth_precision="day")
    merge_persons(kept.pk, absorbed.pk, evidence={}, actor=system, at=at)
    kept.refresh_from_db()
    assert (kept.full_name_latn, kept.birth_date) == ("Mohamed", day)
    assert kept.commune_id == f"{SETTAT}.01.01"
