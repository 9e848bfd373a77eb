"""The family as a whole, looked at after each change by whichever door: what cannot be is refused,
what may be a mistake is asked about.

Sources: Family Code (law 70-03), articles 19 to 21 (eighteen years, unless a judge allows it), 39
and 40 (one husband; a fifth wife is forbidden), 40 to 46 (a further wife by a judge's leave).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from qafila.enrolment import errors
from qafila.enrolment.family import errors as family_errors
from qafila.enrolment.models import Dependant, LifeEvent
from qafila.linkage.names.name_comparison import compare_names
from qafila.people.models import Person
from qafila_law.months import months_later

AGE_OF_MARRIAGE = 18
MOST_WIVES = 4
LEAST_YEARS_OLDER = 12
"""A parent is at least so many years older than a child; less is a mistake in one of the dates."""


def require_possible_family(
    insured: Person,
    one: Dependant,
    *,
    other_parent_insured: bool = False,
    schooling_until: dt.date | None = None,
    not_the_same: bool = False,
    on: dt.date,
) -> None:
    """Hold the family with the declaration `one` against what no family can be.

    `not_the_same`: somebody was asked and said that a child alike is another child. Raises
    SameChild, InsuredSexUnknown, SchoolYearTooLong, ParentTooYoung, SpouseTooYoung, TooManyWives,
    SecondHusband and SpouseOfAnother.
    """
    if one.relation == Dependant.Relation.SPOUSE:
        _require_marriage(insured, one, on)
        return
    if other_parent_insured and not insured.sex:
        raise family_errors.InsuredSexUnknown
    if schooling_until is not None and schooling_until > months_later(on, 12):
        raise errors.SchoolYearTooLong
    if not one.taken_in:
        _require_old_enough(insured, one)
    if not not_the_same:
        _ask_about_same_child(one)


def _require_marriage(insured: Person, one: Dependant, on: dt.date) -> None:
    assert one.person is not None  # declared members are named
    joined = one.joined_on or on
    for who in (insured, one.person):
        born = who.birth_date
        if born and joined < months_later(born, 12 * AGE_OF_MARRIAGE) and not one.judges_leave:
            raise family_errors.SpouseTooYoung(age=AGE_OF_MARRIAGE)
    others = [other for other in _standing_spouses(insured) if other.pk != one.pk]
    if insured.sex == "F" and others:
        raise errors.SecondHusband
    if insured.sex != "F" and len(others) >= MOST_WIVES:
        raise family_errors.TooManyWives(most=MOST_WIVES)
    if insured.sex != "F" and others and not one.judges_leave:
        raise family_errors.LeaveForAnotherWife
    _require_no_other_husband(insured, one)


def _standing_spouses(insured: Person) -> list[Dependant]:
    """The declared spouses whose marriage was not ended by a divorce or a death."""
    rows = Dependant.objects.filter(insured=insured, relation="spouse", state="declared")
    return [one for one in rows.order_by("pk") if not _ended(one)]


def _ended(one: Dependant) -> bool:
    told = LifeEvent.objects.filter(state="told")
    died = told.filter(kind="death", person_id__in=[one.person_id, one.insured_id])
    return died.exists() or told.filter(kind="divorce", dependant=one).exists()


def _require_no_other_husband(insured: Person, one: Dependant) -> None:
    """A wife is declared by one husband, whoever of the two families is entered."""
    wives = Dependant.objects.filter(relation="spouse", state="declared", person=one.person)
    for other in wives.exclude(insured=insured).select_related("insured", "person"):
        wife = other.person
        if wife is not None and wife.sex != "M" and not _ended(other):
            raise family_errors.SpouseOfAnother(file=other.insured_id)
    standing = Dependant.objects.filter(relation="spouse", state="declared")
    husbands = standing.filter(insured=one.person).exclude(person=insured)
    for other in husbands.select_related("insured"):
        if other.insured.sex == "F" and not _ended(other):
            raise family_errors.SpouseOfAnother(file=other.insured_id)


def _require_old_enough(insured: Person, one: Dependant) -> None:
    born = one.person.birth_date if one.person else None
    parent = insured.birth_date
    if born and parent and born < months_later(parent, 12 * LEAST_YEARS_OLDER):
        raise family_errors.ParentTooYoung(years=LEAST_YEARS_OLDER)


def _ask_about_same_child(one: Dependant) -> None:
    """Raise SameChild for a child alike, declared by this or another insured person."""
    child = one.person
    if child is None or child.birth_date is None:
        return
    others = Dependant.objects.filter(
        relation="child", state="declared", person__birth_date=child.birth_date
    ).exclude(pk=one.pk)
    for other in others.select_related("person", "insured").order_by("pk"):
        met = other.person
        if met is None or met.pk == child.pk or not _alike(child, met):
            continue  # one file declared twice is `plausibility`'s, which knows of custody
        near = other.insured_id == one.insured_id or _are_spouses(one.insured_id, other.insured_id)
        if near or (child.card_number and child.card_number == met.card_number):
            raise family_errors.SameChild(file=other.insured_id)


def _alike(one: Person, other: Person) -> bool:
    """Whether the names of two children may be one name, in whichever script they are written."""
    return any(compare_names(a, b).same for a in _names(one) for b in _names(other))


def _names(one: Person) -> Iterable[str]:
    return filter(None, (one.full_name_ar, one.full_name_latn))


def _are_spouses(one: int, other: int) -> bool:
    """Whether one of the two declared the other, or both declare the same child."""
    pairs = [(one, other), (other, one)]
    return any(
        Dependant.objects.filter(
            insured_id=insured, person_id=person, relation="spouse", state="declared"
        ).exists()
        for insured, person in pairs
    )
