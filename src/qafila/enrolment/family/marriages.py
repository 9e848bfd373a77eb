"""What no marriage can be, as the Family Code (law 70-03) says it.

Articles 19 to 21: eighteen years, unless a judge allows it. Articles 39 and 40: one husband; a
fifth wife is forbidden. Articles 40 to 46: a further wife by a judge's leave.
"""

from __future__ import annotations

from collections.abc import Iterator

from qafila.enrolment import errors
from qafila.enrolment.family import errors as family_errors
from qafila.enrolment.family.families_read import FamilyRead
from qafila.enrolment.models import Dependant
from qafila.foundation.errors import DomainError
from qafila_law.months import months_later

AGE_OF_MARRIAGE = 18
MOST_WIVES = 4
Told = tuple[DomainError, int]
"""What is wrong, and the declaration it is wrong with."""


def faults_of_marriages(family: FamilyRead) -> Iterator[Told]:
    """What cannot be, or may be a mistake, of the marriages of one family."""
    yield from _of_number(family)
    for one in family.spouses:
        yield from _of_days(family, one)
        if not family.ended(one):
            yield from _of_sex(family, one)
            yield from _of_other_families(family, one)


def _of_days(family: FamilyRead, one: Dependant) -> Iterator[Told]:
    assert one.person is not None  # declared members are named: the database checks it
    joined = one.joined_on or one.since
    for who in (family.insured, one.person):
        born, died = who.birth_date, family.first_day(who.pk, "death")
        if born and one.joined_on and one.joined_on < born:
            day = one.joined_on.isoformat()
            yield errors.EventBeforeBirth(day=day, born=born.isoformat()), one.pk
        if born and joined < months_later(born, 12 * AGE_OF_MARRIAGE) and not one.judges_leave:
            yield family_errors.SpouseTooYoung(age=AGE_OF_MARRIAGE), one.pk
        if died and one.joined_on and one.joined_on > died:
            day = one.joined_on.isoformat()
            yield family_errors.EventAfterDeath(day=day, died=died.isoformat()), one.pk


def _of_sex(family: FamilyRead, one: Dependant) -> Iterator[Told]:
    sex = one.person.sex if one.person else ""
    if sex and sex == family.insured.sex:
        yield family_errors.SpousesOfOneSex(), one.pk


def _of_other_families(family: FamilyRead, one: Dependant) -> Iterator[Told]:
    for other in family.elsewhere:
        standing = other.relation == "spouse" and not family.ended(other)
        if standing and _same_wife(family, one, other):
            yield family_errors.SpouseOfAnother(file=other.insured_id), one.pk
    for other in (*family.children, *family.elsewhere):
        still_child = other.relation == "child" and other.person_id == one.person_id
        if still_child and family.first_day(one.person_id, "marriage") is None:
            yield family_errors.SpouseAndChild(file=other.insured_id), one.pk


def _same_wife(family: FamilyRead, one: Dependant, other: Dependant) -> bool:
    """Whether a woman is the wife of two men, whoever of the two families is entered."""
    if other.person_id == one.person_id:
        return one.person is not None and one.person.sex != "M"
    if other.insured_id == one.person_id and other.person_id != family.insured.pk:
        return other.insured.sex == "F"
    if other.person_id == family.insured.pk and other.insured_id != one.person_id:
        return family.insured.sex == "F"
    return False


def _of_number(family: FamilyRead) -> Iterator[Told]:
    standing = [one for one in family.spouses if not family.ended(one)]
    for place, one in enumerate(standing):
        if not place:
            continue
        if family.insured.sex == "F":
            yield errors.SecondHusband(), one.pk
        elif place >= MOST_WIVES:
            yield family_errors.TooManyWives(most=MOST_WIVES), one.pk
        elif not one.judges_leave:
            yield family_errors.LeaveForAnotherWife(), one.pk
