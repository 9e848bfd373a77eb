"""A family is looked at as a whole whichever door a change comes by, for what the change brings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.enrolment.factories import enrolled, member
from tests.people.database_rows import all_rows
from tests.register.factories import AT, person, places, system

from qafila.care.merge_preview import merge_preview
from qafila.enrolment import errors
from qafila.enrolment.family import errors as family_errors
from qafila.enrolment.family.declarations import correct_declaration
from qafila.enrolment.family.family import (
    DependantMoved,
    FamilyFacts,
    Relative,
    declare_dependant,
)
from qafila.enrolment.family.life_events import (
    LifeEventMoved,
    NewEvent,
    end_life_event,
    take_back_life_event,
    tell_life_event,
)
from qafila.enrolment.family.members import custody_on, family_told
from qafila.enrolment.models import Dependant, LifeEvent
from qafila.foundation.errors import Question
from qafila.foundation.trail import acting
from qafila.people.corrections import Correction, correct_person
from qafila.people.errors import FamilyForbidsMerge, UnusableValue
from qafila.people.merging.merging import merge_persons
from qafila.people.merging.undoing import undo_merge
from qafila.people.models import Person

pytestmark = pytest.mark.django_db
BORN, PAPER = dt.date(2015, 3, 2), "Act 12/2026"
MARRIED = dt.date(2010, 6, 1)


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def insured(**fields: Any) -> Person:
    return enrolled(person(**{"sex": "M", **fields})).person


def wife(name: str = "Khadija Bennani", **fields: Any) -> Relative:
    return Relative(full_name_latn=name, sex="F", birth_date=dt.date(1985, 4, 4), **fields)


def child(name: str = "Sara Ait Lahcen", born: dt.date = BORN, **fields: Any) -> Relative:
    return Relative(full_name_latn=name, birth_date=born, **fields)


def declare(
    who: Person, relation: str, relative: Relative | int, at: dt.datetime = AT, **facts: Any
) -> DependantMoved:
    known = {"relative_id": relative} if isinstance(relative, int) else {"relative": relative}
    return declare_dependant(
        insured_id=who.pk, relation=relation, facts=FamilyFacts(**facts),
        actor=system(), at=at, **known,
    )  # fmt: skip


def tell(
    who: Person, kind: str, since: dt.date, of: int | None = None, **told: Any
) -> LifeEventMoved:
    event = NewEvent(kind, since, document=PAPER, dependant_id=of, **told)
    return tell_life_event(insured_id=who.pk, event=event, actor=system(), at=AT)


def correct(who: int, confirmed: tuple[str, ...] = (), **changes: tuple[str, str]) -> object:
    told = {name: Correction(*change) for name, change in changes.items()}
    return correct_person(who, changes=told, confirmed=confirmed, actor=system(), at=AT)


def merge(kept: Person, absorbed: Person) -> int:
    return merge_persons(kept.pk, absorbed.pk, evidence={}, actor=system(), at=AT).merge


def test_a_correction_of_the_sex_is_held_against_the_family() -> None:
    hassan = insured()
    declare(hassan, "spouse", wife())
    with pytest.raises(family_errors.SpousesOfOneSex):
        correct(hassan.pk, sex=("M", "F"))
    hassan.refresh_from_db()
    assert hassan.sex == "M"


def test_a_sex_that_the_law_turns_on_is_not_corrected_away() -> None:
    hassan = insured()
    declare(hassan, "child", child(), other_parent_insured=True)
    with pytest.raises(family_errors.InsuredSexUnknown):
        correct(hassan.pk, sex=("M", ""))


def test_a_correction_of_a_birth_is_held_against_the_family() -> None:
    hassan = insured()
    one = declare(hassan, "child", child())
    with pytest.raises(family_errors.ParentTooYoung):
        correct(hassan.pk, birth_date=("1980-05-01", "2005-05-01"))
    with pytest.raises(UnusableValue):
        correct(one.person_id or 0, birth_date=(BORN.isoformat(), "2030-01-01"))
    old = {"birth_date": ("1980-05-01", "1925-05-01")}
    with pytest.raises(Question) as asked:
        correct(hassan.pk, **old)
    assert asked.value.code == "parent_too_old"
    correct(hassan.pk, confirmed=("parent_too_old",), **old)
    assert Dependant.objects.get(pk=one.dependant_id).confirmed == "parent_too_old"


def test_a_correction_that_makes_two_children_one_is_asked_about() -> None:
    hassan = insured()
    declare(hassan, "child", child())
    twin = declare(hassan, "child", child("Yassine Ait Lahcen"))
    change = {"full_name_latn": ("Yassine Ait Lahcen", "SARA AIT LAHSEN")}
    with pytest.raises(family_errors.SameChild):
        correct(twin.person_id or 0, **change)
    correct(twin.person_id or 0, confirmed=("same_child",), **change)


def test_day_and_month_exchanged_are_the_same_child() -> None:
    hassan = insured()
    declare(hassan, "child", child())
    with pytest.raises(family_errors.SameChild):
        declare(hassan, "child", child(born=dt.date(2015, 2, 3)))


def test_what_was_there_before_stands_in_nobodys_way() -> None:
    fatima = insured(sex="F")
    for _ in range(2):  # two husbands, as an installation may hold them
        member(fatima)
    assert declare(fatima, "child", child()).state == "declared"
    correct(fatima.pk, full_name_latn=("AIT LAHCEN Fatima", "AIT LAHSEN Fatima"))


def test_a_divorce_is_not_taken_back_once_somebody_else_is_the_husband() -> None:
    fatima = insured(sex="F")
    first = declare(fatima, "spouse", Relative("", "Ali Amine", "M"), joined_on=MARRIED)
    divorce = tell(fatima, "divorce", dt.date(2020, 1, 1), first.dependant_id)
    declare(fatima, "spouse", Relative("", "Omar Tazi", "M"), joined_on=dt.date(2022, 1, 1))
    who = {"insured_id": fatima.pk, "event_id": divorce.event_id, "reason": "Mistake."}
    with pytest.raises(errors.SecondHusband):
        take_back_life_event(**who, actor=system(), at=AT)
    assert LifeEvent.objects.get(pk=divorce.event_id).state == "told"


def test_a_death_is_not_taken_back_once_the_widow_has_married() -> None:
    hassan, other = insured(), insured()
    khadija = declare(hassan, "spouse", wife(), joined_on=MARRIED)
    death = tell(hassan, "death", dt.date(2026, 1, 1))
    declare(other, "spouse", khadija.person_id or 0, joined_on=dt.date(2026, 10, 1))
    who = {"insured_id": hassan.pk, "event_id": death.event_id, "reason": "Mistake."}
    with pytest.raises(family_errors.SpouseOfAnother):
        take_back_life_event(**who, actor=system(), at=AT)


def test_two_files_of_one_man_with_a_wife_each_need_the_judges_leave_first() -> None:
    one, other = insured(), insured()
    declare(one, "spouse", wife(), joined_on=MARRIED)
    second = declare(other, "spouse", wife("Naima Tazi"), joined_on=dt.date(2018, 1, 1))
    before = all_rows()
    with pytest.raises(FamilyForbidsMerge) as refused:
        merge(one, other)
    assert "%" not in refused.value.sentence()
    assert all_rows() == before
    assert merge_preview(one.pk, other.pk, actor=system(), at=AT).refusal
    correct_declaration(
        dependant_id=second.dependant_id, judges_leave="Leave 3/2017", document=PAPER,
        actor=system(), at=AT,
    )  # fmt: skip
    before = all_rows()
    done = merge(one, other)
    undo_merge(done, actor=system(), at=AT)
    assert all_rows() == before


def test_a_merge_that_brings_one_child_twice_says_so_before() -> None:
    one, other = insured(), insured()
    declare(one, "child", child())
    declare(other, "child", child("SARA AIT LAHSEN"))
    seen = merge_preview(one.pk, other.pk, actor=system(), at=AT)
    assert (seen.refusal, len(seen.family)) == ("", 1)
    merge(one, other)


@pytest.mark.parametrize(
    ("sex", "born", "error"),
    [
        ("F", dt.date(1950, 1, 1), family_errors.ParentTooOld),
        ("M", dt.date(1925, 1, 1), family_errors.ParentTooOld),
        ("F", dt.date(2004, 1, 1), family_errors.ParentTooYoung),
        ("F", dt.date(2020, 1, 1), errors.ChildOlderThanParent),
    ],
)
def test_ages_of_parents(sex: str, born: dt.date, error: type[Exception]) -> None:
    one = insured(sex=sex, birth_date=born)
    with pytest.raises(error):
        declare(one, "child", child())
    assert declare(one, "child", child(), taken_in=True, joined_on=BORN).state == "declared"


def test_births_of_one_mother_are_twins_or_half_a_year_apart() -> None:
    fatima = insured(sex="F")
    declare(fatima, "child", child())
    assert declare(fatima, "child", child("Omar", dt.date(2015, 3, 3))).state == "declared"
    late = child("Hamza", dt.date(2015, 6, 20))
    with pytest.raises(family_errors.BirthsTooClose):
        declare(fatima, "child", late)
    assert declare(fatima, "child", late, confirmed=("births_too_close",)).state == "declared"


def test_a_wife_is_not_the_unmarried_child_of_a_third() -> None:
    father, husband = insured(birth_date=dt.date(1970, 1, 1)), insured()
    girl = declare(father, "child", child(born=dt.date(2006, 1, 1), sex="F"))
    married = {"joined_on": dt.date(2026, 6, 1)}
    with pytest.raises(family_errors.SpouseAndChild) as refused:
        declare(husband, "spouse", girl.person_id or 0, **married)
    assert str(father.pk) in refused.value.sentence()
    tell(father, "marriage", dt.date(2026, 6, 1), girl.dependant_id)
    assert declare(husband, "spouse", girl.person_id or 0, **married).state == "declared"


def test_the_card_of_somebody_else_is_asked_about() -> None:
    hassan, other = insured(), person(full_name_latn="Omar Tazi", full_name_ar="", sex="M")
    typed = wife(card_number=other.card_number)
    with pytest.raises(family_errors.CardOfAnother) as asked:
        declare(hassan, "spouse", typed)
    assert str(other.pk) in asked.value.sentence()
    assert not Dependant.objects.exists()


def test_days_after_a_death() -> None:
    hassan = insured()
    one = declare(hassan, "child", child())
    tell(hassan, "disability", dt.date(2026, 5, 1), one.dependant_id)
    with pytest.raises(family_errors.EventAfterDeath):
        tell(hassan, "death", dt.date(2026, 4, 1), one.dependant_id)
    tell(hassan, "death", dt.date(2026, 1, 10))
    posthumous = child("Adam", dt.date(2026, 9, 1))
    assert declare(hassan, "child", posthumous).state == "declared"
    with pytest.raises(family_errors.BornAfterDeath):
        declare(hassan, "child", child("Rim", dt.date(2026, 11, 20)))
    with pytest.raises(family_errors.EventAfterDeath):
        declare(hassan, "spouse", wife(), joined_on=dt.date(2026, 2, 1))


def test_custody_moves_and_comes_back_by_its_end() -> None:
    fatima = insured(sex="F")
    one = declare(fatima, "child", child(), other_parent_insured=True, custody="insured")
    away = dt.date(2026, 3, 1)
    told = tell(fatima, "custody", away, one.dependant_id, custody="other_parent")
    row = Dependant.objects.get(pk=one.dependant_id)
    assert row.person is not None
    assert (custody_on(row, away), row.person.household_id) == ("other_parent", None)
    back = dt.date(2026, 9, 1)
    end_life_event(
        insured_id=fatima.pk, event_id=told.event_id, until=back, document=PAPER,
        actor=system(), at=AT,
    )  # fmt: skip
    assert (custody_on(row, away), custody_on(row, back)) == ("other_parent", "insured")
    [with_mother] = family_told(fatima).family_on(back).dependants
    assert with_mother.custody == "insured"


def test_a_disability_has_an_end() -> None:
    hassan = insured(birth_date=dt.date(1960, 1, 1))
    one = declare(hassan, "child", child(born=dt.date(1990, 1, 1)), disabled=True)
    event = LifeEvent.objects.get(kind="disability")
    with acting(system(), at=AT):
        LifeEvent.objects.filter(pk=event.pk).update(since=dt.date(2026, 1, 1))
    end_life_event(
        insured_id=hassan.pk, event_id=event.pk, until=dt.date(2026, 6, 1), document=PAPER,
        actor=system(), at=AT,
    )  # fmt: skip
    told = family_told(hassan)
    assert one.state == "declared"
    [held] = told.family_on(dt.date(2026, 5, 31)).dependants
    [ended] = told.family_on(dt.date(2026, 6, 1)).dependants
    assert (held.disabled_since, ended.disabled_since) == (dt.date(2026, 1, 1), None)


def test_a_declaration_is_corrected_with_its_paper() -> None:
    hassan = insured()
    one = declare(hassan, "spouse", wife(), joined_on=MARRIED)
    facts: dict[str, Any] = {"dependant_id": one.dependant_id, "actor": system(), "at": AT}
    with pytest.raises(family_errors.SpouseTooYoung):
        correct_declaration(joined_on=dt.date(2001, 1, 1), document=PAPER, **facts)
    with pytest.raises(errors.JoinedInTheFuture):
        correct_declaration(joined_on=dt.date(2030, 1, 1), document=PAPER, **facts)
    with pytest.raises(errors.ProofNeeded):
        correct_declaration(joined_on=dt.date(2012, 1, 1), document=" ", **facts)
    correct_declaration(joined_on=dt.date(2012, 1, 1), document=PAPER, **facts)
    assert Dependant.objects.get().joined_on == dt.date(2012, 1, 1)
    with pytest.raises(family_errors.NothingToCorrect):
        correct_declaration(joined_on=dt.date(2012, 1, 1), document=PAPER, **facts)
