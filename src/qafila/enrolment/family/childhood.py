"""What no child of a family can be, and what is asked about because it may be a mistake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import combinations

from django.db.models import Q

import qafila_law
from qafila.enrolment import errors
from qafila.enrolment.family import errors as family_errors
from qafila.enrolment.family.families_read import FamilyRead
from qafila.enrolment.family.marriages import Told
from qafila.enrolment.models import Dependant
from qafila.foundation.wording.births import birth_in_figures
from qafila.linkage.names.name_comparison import compare_names
from qafila.people.models import Person
from qafila_law.months import months_later

LEAST_YEARS_OLDER = 12
"""A parent is at least so many years older than a child; less is a mistake in one of the dates."""
MOST_YEARS_OLDER = {"F": 55, "M": 85}
"""From so many years on between a parent and a child it is asked whether the dates are right."""
DAYS_AFTER_FATHER = 310
"""A child is born at most so long after the father's death."""
TWINS_WITHIN, LEAST_DAYS_BETWEEN = 3, 180
"""Births of one mother are those of twins, or so many days apart at least."""


def faults_of_children(family: FamilyRead) -> Iterator[Told]:
    """What cannot be, or may be a mistake, of the children of one family."""
    for one in family.children:
        yield from _of_birth(family, one)
        yield from _of_other_parent(family, one)
        yield from _of_other_families(family, one)
    yield from _of_same_children(family)
    yield from _of_births(family)


def _of_birth(family: FamilyRead, one: Dependant) -> Iterator[Told]:
    born, insured = one.person.birth_date if one.person else None, family.insured
    if born is None:
        return
    if born > family.on:
        yield errors.BornInTheFuture(day=born.isoformat()), one.pk
    if one.joined_on and one.joined_on < born:
        day = one.joined_on.isoformat()
        yield errors.EventBeforeBirth(day=day, born=born.isoformat()), one.pk
    if one.taken_in:
        return
    if insured.birth_date:
        yield from _of_ages(insured, insured.birth_date, born, one)
    died = family.first_day(insured.pk, "death")
    days_after = 0 if insured.sex == "F" else DAYS_AFTER_FATHER
    if died and born > died + dt.timedelta(days=days_after):
        day = born.isoformat()
        yield family_errors.BornAfterDeath(day=day, died=died.isoformat()), one.pk


def _of_ages(insured: Person, parent: dt.date, born: dt.date, one: Dependant) -> Iterator[Told]:
    most = MOST_YEARS_OLDER.get(insured.sex, max(MOST_YEARS_OLDER.values()))
    if born <= parent:
        told = birth_in_figures(parent, insured.birth_precision)
        yield errors.ChildOlderThanParent(parent=told), one.pk
    elif born < months_later(parent, 12 * LEAST_YEARS_OLDER):
        yield family_errors.ParentTooYoung(years=LEAST_YEARS_OLDER), one.pk
    elif born >= months_later(parent, 12 * most):
        yield family_errors.ParentTooOld(years=most), one.pk


def _of_other_parent(family: FamilyRead, one: Dependant) -> Iterator[Told]:
    if one.other_parent_insured and not family.insured.sex:
        yield family_errors.InsuredSexUnknown(), one.pk


def _of_other_families(family: FamilyRead, one: Dependant) -> Iterator[Told]:
    away = qafila_law.Custody.OTHER_PARENT
    for other in family.elsewhere:
        if other.person_id != one.person_id:
            continue
        if other.relation == "child" and away not in (family.custody(one), family.custody(other)):
            yield errors.DeclaredElsewhere(file=other.insured_id), one.pk
        married = other.relation == "spouse" and not family.ended(other)
        if married and family.first_day(one.person_id, "marriage") is None:
            yield family_errors.SpouseAndChild(file=other.insured_id), one.pk


def _of_births(family: FamilyRead) -> Iterator[Told]:
    """Births of one mother too near to each other to be two, too far to be twins'."""
    if family.insured.sex != "F":
        return
    born = [one for one in family.children if not one.taken_in and _exact(one.person)]
    for first, second in combinations(born, 2):
        days = abs((_born(second) - _born(first)).days)
        if TWINS_WITHIN < days < LEAST_DAYS_BETWEEN:
            yield family_errors.BirthsTooClose(days=days), second.pk


def _born(one: Dependant) -> dt.date:
    assert one.person is not None  # asked only of members whose day of birth is known
    assert one.person.birth_date is not None
    return one.person.birth_date


def _of_same_children(family: FamilyRead) -> Iterator[Told]:
    """Two declarations of children that may be one child, in this family or the other parent's."""
    for first, second in combinations(family.children, 2):
        if first.person_id != second.person_id and _may_be_one(first.person, second.person):
            yield family_errors.SameChild(file=family.insured.pk), second.pk
    others = _children_near(family)
    for one in family.children:
        file = next((other.insured_id for other in others if _double_of(one, other)), None)
        if file is not None:
            yield family_errors.SameChild(file=file), one.pk


def _double_of(one: Dependant, other: Dependant) -> bool:
    return one.person_id != other.person_id and _may_be_one(one.person, other.person)


def _children_near(family: FamilyRead) -> list[Dependant]:
    """The children that the other parent declares, or any file for the same card or household."""
    known = [one.person for one in family.children if one.person and one.person.birth_date]
    cards = {child.card_number for child in known if child.card_number}
    homes = {child.household_id for child in known if child.household_id}
    near = (
        Q(insured_id__in=_partners(family))
        | Q(person__card_number__in=cards)
        | Q(person__household_id__in=homes)
    )
    rows = Dependant.objects.filter(near, relation="child", state="declared")
    others = rows.exclude(insured_id=family.insured.pk)
    return list(others.select_related("person").order_by("pk")) if known else []


def _partners(family: FamilyRead) -> set[int]:
    """Who is, or was, married to the insured person, or declares one of the children too."""
    insured = family.insured.pk
    found = {one.person_id for one in family.spouses if one.person_id}
    children = {one.person_id for one in family.children}
    for other in family.elsewhere:
        of_insured = other.relation == "spouse" and other.person_id == insured
        of_child = other.relation == "child" and other.person_id in children
        if of_insured or of_child:
            found.add(other.insured_id)
    return found


def _may_be_one(one: Person | None, other: Person | None) -> bool:
    """Whether two children may be one: born alike, and of one name in whichever script."""
    if one is None or other is None or not (one.birth_date and other.birth_date):
        return False
    if one.sex and other.sex and one.sex != other.sex:
        return False
    near = other.birth_date in _days_alike(one.birth_date) or _same_year(one, other)
    return near and any(compare_names(a, b).same for a in _names(one) for b in _names(other))


def _days_alike(born: dt.date) -> list[dt.date]:
    """The day, and the one with day and month exchanged, as hands and programs do."""
    turned = [dt.date(born.year, born.day, born.month)] if born.day <= 12 else []
    return [born, *turned]


def _same_year(one: Person, other: Person) -> bool:
    """Whether one of the two is known by the year of birth alone, and it is the other's."""
    vague = "year" in (one.birth_precision, other.birth_precision)
    born = (one.birth_date, other.birth_date)
    return vague and all(born) and born[0].year == born[1].year  # type: ignore[union-attr]


def _exact(who: Person | None) -> bool:
    return who is not None and who.birth_date is not None and who.birth_precision in ("", "day")


def _names(one: Person) -> Iterable[str]:
    return filter(None, (one.full_name_ar, one.full_name_latn))
