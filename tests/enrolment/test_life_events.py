"""What happens in a family: told with its paper, refused where it cannot be, taken back."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.enrolment.factories import enrolled, member
from tests.enrolment.told import SCHOOL, TODAY, child_of, cover, take_back, tell
from tests.register.factories import AT, agent, person, places, system

from qafila.enrolment import errors, queries, states
from qafila.enrolment.family.family import (
    FamilyFacts,
    Relative,
    declare_dependant,
)
from qafila.enrolment.family.life_events import (
    TOLD_OF,
    NewEvent,
    end_life_event,
    take_back_life_event,
    tell_life_event,
)
from qafila.enrolment.models import Dependant, Enrolment, LifeEvent
from qafila.foundation.actors import Role
from qafila.foundation.errors import DomainError, NotAllowed, NotFoundInScope
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def test_a_school_year_covers_a_student_until_it_ends() -> None:
    one = child_of(enrolled().person)
    assert cover(one) == "schooling_proof_missing"
    moved = tell(one, "schooling", SCHOOL[0], until=SCHOOL[1])
    assert (cover(one), cover(one, SCHOOL[1])) == ("student", "schooling_proof_missing")
    assert JournalEntry.objects.filter(person_id=one.insured_id, verb__endswith="told").exists()
    take_back(one, moved.event_id)
    assert cover(one) == "schooling_proof_missing"


@pytest.mark.parametrize(
    ("relation", "kind", "reason"),
    [
        ("spouse", "divorce", "after_divorce"),
        ("spouse", "own_scheme", "has_own_scheme"),
        ("spouse", "death", "deceased"),
        ("child", "disability", "disabled"),
        ("child", "own_scheme", "child_has_own_scheme"),
        ("child", "marriage", "married_child"),
        ("child", "death", "deceased"),
    ],
)
def test_each_event_means_what_the_law_says(relation: str, kind: str, reason: str) -> None:
    insured = enrolled().person
    one = child_of(insured) if relation == "child" else member(insured)
    tell(one, kind)
    assert cover(one) == reason


def test_every_kind_can_be_told_of_someone() -> None:
    told = {kind for kinds in TOLD_OF.values() for kind in kinds}
    assert told == set(LifeEvent.Kind.values)


def test_a_death_closes_the_enrolment_and_taking_it_back_opens_it() -> None:
    own = enrolled()
    one = member(own.person)
    event = NewEvent("death", dt.date(2026, 11, 3), document="Certificate 7/2026")
    moved = tell_life_event(insured_id=own.person_id, event=event, actor=system(), at=AT)
    own.refresh_from_db()
    assert (own.state, own.closed_on) == ("closed", dt.date(2026, 12, 1))
    assert cover(one) == "after_death"
    take_back(one, moved.event_id)
    own.refresh_from_db()
    assert (own.state, own.closed_on, cover(one)) == ("enrolled", None, "spouse")


def test_a_death_taken_back_leaves_a_newer_enrolment_alone() -> None:
    own = enrolled()
    event = NewEvent("death", dt.date(2026, 11, 3), document="Certificate 7/2026")
    moved = tell_life_event(insured_id=own.person_id, event=event, actor=system(), at=AT)
    newer = enrolled(own.person)
    take_back_life_event(
        insured_id=own.person_id, event_id=moved.event_id, reason="Mixed up.",
        actor=system(), at=AT,
    )  # fmt: skip
    states_now = dict(Enrolment.objects.order_by("pk").values_list("pk", "state"))
    assert states_now == {own.pk: "closed", newer.pk: "enrolled"}


OLD = dt.date(1991, 1, 1)


@pytest.mark.parametrize(
    ("relation", "kind", "since", "told", "code"),
    [
        ("child", "schooling", SCHOOL[0], {"until": SCHOOL[1], "born": OLD},
         "event_changes_nothing"),
        ("child", "schooling", SCHOOL[0], {"until": dt.date(2028, 9, 1)}, "school_year_too_long"),
        ("child", "schooling", SCHOOL[0], {"until": SCHOOL[0]}, "event_ends_too_early"),
        ("child", "schooling", SCHOOL[0], {}, "event_ends_too_early"),
        ("child", "death", dt.date(2003, 1, 1), {}, "event_before_birth"),
        ("child", "divorce", TODAY, {}, "unknown_event"),
        ("child", "cousin", TODAY, {}, "unknown_event"),
        ("spouse", "schooling", TODAY, {}, "unknown_event"),
        ("spouse", "divorce", dt.date(2026, 11, 23), {}, "event_in_the_future"),
        ("spouse", "divorce", dt.date(2019, 1, 1), {"joined": True}, "event_before_marriage"),
        ("spouse", "death", TODAY, {"document": "  "}, "proof_needed"),
        ("spouse", "death", TODAY, {"document": "x" * 121}, "proof_too_long"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_whole(
    relation: str, kind: str, since: dt.date, told: dict[str, Any], code: str
) -> None:
    insured = enrolled().person
    born = told.pop("born", dt.date(2004, 5, 5))
    one = child_of(insured, born) if relation == "child" else member(insured)
    if told.pop("joined", False):
        with acting(system(), at=AT):
            Dependant.objects.update(joined_on=dt.date(2020, 1, 1))
    with pytest.raises(DomainError) as refused:
        tell(one, kind, since, **told)
    assert refused.value.code == code
    assert refused.value.sentence().endswith(".")
    assert not LifeEvent.objects.exists()


def test_the_same_is_told_once() -> None:
    insured = enrolled().person
    spouse, child = member(insured), child_of(insured)
    tell(spouse, "divorce")
    tell(child, "schooling", SCHOOL[0], until=SCHOOL[1])
    tell(child, "schooling", dt.date(2025, 9, 1), until=SCHOOL[0])
    for one, kind, since, until in (
        (spouse, "divorce", dt.date(2026, 1, 1), None),
        (child, "schooling", dt.date(2026, 10, 1), SCHOOL[1]),
    ):
        with pytest.raises(errors.EventAlreadyTold):
            tell(one, kind, since, until=until)
    assert LifeEvent.objects.count() == 3


def test_the_same_command_twice_tells_once() -> None:
    one, command = member(enrolled().person), uuid.uuid4()
    event = NewEvent("divorce", TODAY, document="Judgment 3", dependant_id=one.pk)
    answers = {
        tell_life_event(
            insured_id=one.insured_id, event=event, actor=system(), at=AT, command_id=command
        )
        for _ in range(2)
    }
    assert (len(answers), LifeEvent.objects.count()) == (1, 1)


VERBS = {
    "tell_life_event": lambda one: tell(one, "divorce"),
    "take_back_life_event": lambda one: take_back(one, LifeEvent.objects.get().pk),
    "end_life_event": lambda one: end_life_event(
        insured_id=one.insured_id,
        event_id=_own_scheme().pk,
        until=TODAY,
        document="Letter 4",
        actor=system(),
        at=AT,
    ),
}


def _own_scheme() -> LifeEvent:
    """The event told, as one of the kinds that end."""
    with acting(system(), at=AT):
        LifeEvent.objects.update(kind="own_scheme", since=dt.date(2026, 1, 1), dependant=None)
    return LifeEvent.objects.get()


def test_every_verb_is_tried() -> None:
    assert set(VERBS) == set(states.LIFE_EVENT_MOVES) == set(states.LIFE_EVENT_REFUSALS)


@pytest.mark.parametrize(("verb", "state"), [*itertools.product(VERBS, LifeEvent.State.values)])
def test_each_verb_in_each_state(verb: str, state: str) -> None:
    one = member(enrolled().person)
    tell(one, "divorce")
    if state == "taken_back":
        take_back(one, LifeEvent.objects.get().pk)
    # Told again after it was taken back is a new event.
    fresh = verb == "tell_life_event" and state == "taken_back"
    after = "told" if fresh else states.life_event_after(verb, state)
    if after is None:
        with pytest.raises(DomainError) as refused:
            VERBS[verb](one)
        assert refused.value.code == states.LIFE_EVENT_REFUSALS[verb]
    else:
        VERBS[verb](one)
        assert LifeEvent.objects.order_by("-pk")[0].state == after


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_who_may(role: Role) -> None:
    one = member(enrolled().person)
    event = NewEvent("divorce", TODAY, document="Judgment 3", dependant_id=one.pk)
    here, elsewhere = agent(role, provinces=("09.001",)), agent(role, provinces=("06.141",))
    told: dict[str, Any] = {"insured_id": one.insured_id, "event": event, "at": AT}
    if role in (Role.AUDITOR, Role.PROGRAMME_LEAD):
        with pytest.raises(NotAllowed):
            tell_life_event(actor=here, **told)
        return
    with pytest.raises(NotFoundInScope):
        tell_life_event(actor=elsewhere, **told)
    assert tell_life_event(actor=here, **told).state == "told"


def test_events_of_other_families_are_not_found() -> None:
    one, other = member(enrolled().person), member(enrolled().person)
    event = tell(one, "divorce").event_id
    with pytest.raises(NotFoundInScope):
        take_back(other, event)
    with pytest.raises(errors.ReasonNeeded):
        take_back(one, event, " ")
    stranger = NewEvent("death", TODAY, document="x", dependant_id=one.pk)
    with pytest.raises(NotFoundInScope):
        tell_life_event(insured_id=other.insured_id, event=stranger, actor=system(), at=AT)


def test_the_events_of_a_family_are_listed_in_the_territory_only() -> None:
    one = member(enrolled().person)
    tell(one, "divorce")
    [found] = queries.life_events_of(one.insured_id, scope=system().scope_of(*Role))
    assert (found.kind, found.document) == ("divorce", "Paper 12/2026")
    salma = agent(Role.COUNTER_AGENT, provinces=("06.141",)).scope_of(*Role)
    assert queries.life_events_of(one.insured_id, scope=salma) == []


@pytest.mark.parametrize(
    "changes",
    [{"state": "lost"}, {"until": dt.date(2026, 1, 1)}, {"dependant": None}, {"kind": "schooling"}],
)
def test_the_database_refuses_what_cannot_be(changes: dict[str, Any]) -> None:
    tell(member(enrolled().person), "divorce")
    with pytest.raises(IntegrityError), transaction.atomic(), acting(system(), at=AT):
        LifeEvent.objects.update(**changes)


CHILD = {"full_name_latn": "YASSINE X", "birth_date": dt.date(2015, 3, 2)}


@pytest.mark.parametrize(
    ("relation", "relative", "facts", "code"),
    [
        ("child", {"birth_date": dt.date(2027, 1, 1)}, {}, "born_in_the_future"),
        ("child", {"birth_date": dt.date(1960, 1, 1)}, {}, "child_older_than_parent"),
        ("spouse", {}, {"joined_on": dt.date(2027, 1, 1)}, "joined_in_the_future"),
        ("spouse", {}, {}, "second_husband"),
    ],
)
def test_families_that_cannot_be(
    relation: str, relative: dict[str, Any], facts: dict[str, Any], code: str
) -> None:
    insured = enrolled(person(birth_date=dt.date(1970, 1, 1), sex="F")).person
    if code == "second_husband":
        member(insured)
    before = Person.objects.count()
    with pytest.raises(DomainError) as refused:
        declare_dependant(
            insured_id=insured.pk, relation=relation,
            relative=Relative(**(CHILD | relative)),
            facts=FamilyFacts(**facts), actor=system(), at=AT,
        )  # fmt: skip
    assert refused.value.code == code
    assert Person.objects.count() == before


def test_a_widow_may_marry_again() -> None:
    first = member(enrolled(person(sex="F")).person)
    tell(first, "death")
    moved = declare_dependant(
        insured_id=first.insured_id, relation="spouse",
        relative=Relative(full_name_latn="AMINE Ali"), actor=system(), at=AT,
    )  # fmt: skip
    assert moved.state == "declared"


def test_a_child_is_declared_with_one_parent_and_a_card_leads_to_its_holder() -> None:
    mother, father = enrolled().person, enrolled(person(sex="M")).person
    one = child_of(mother, dt.date(2010, 1, 1))
    with acting(system(), at=AT):
        Person.objects.filter(pk=one.person_id).update(card_number="JC777777")
    typed = Relative(full_name_latn="Fatima Ait Lahcen", card_number="JC777777")
    with pytest.raises(errors.DeclaredElsewhere) as refused:
        declare_dependant(
            insured_id=father.pk, relation="child", relative=typed, actor=system(), at=AT
        )
    assert str(mother.pk) in refused.value.sentence()
    local = agent(Role.COUNTER_AGENT, provinces=("06.141",))
    there = enrolled(person(province="06.141")).person
    with pytest.raises(errors.CardBelongsElsewhere):
        declare_dependant(
            insured_id=there.pk, relation="child",
            relative=Relative(full_name_latn="X Y", card_number="JC777777"),
            actor=local, at=AT,
        )  # fmt: skip


def test_a_child_who_is_insured_is_no_dependant() -> None:
    insured = enrolled().person
    own = enrolled(person(birth_date=dt.date(2007, 1, 1))).person
    with pytest.raises(errors.DependantNotEntitled) as refused:
        declare_dependant(
            insured_id=insured.pk, relation="child", relative_id=own.pk, actor=system(), at=AT
        )
    assert "own right" in refused.value.sentence()
