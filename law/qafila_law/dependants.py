"""Who is covered through an insured person, until when, why not (law 65-00, articles 5 and 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from qafila_law.errors import ContradictoryFactsError
from qafila_law.months import months_later, years_later
from qafila_law.parameter_tree import get_parameter, value_at
from qafila_law.rights import RightsAnswer, Status
from qafila_law.steps import Count, Step, Told, step, step_on
from qafila_law.timelines import FOREVER, period_on, periods_of

_CHILD_AGE = "dependants.child_age"
_STUDENT_AGE = "dependants.student_age"
_AFTER_DIVORCE = "dependants.continued_after_divorce_months"
_AFTER_DEATH = "dependants.continued_after_death_months"
_FIRST_DAY = date(2005, 8, 18)


class Link(StrEnum):
    """How a dependant is tied to the insured person."""

    SPOUSE = "spouse"
    CHILD = "child"
    TAKEN_IN = "taken_in"


class Custody(StrEnum):
    """Who has custody of a child whose parents are divorced."""

    INSURED = "insured"
    OTHER_PARENT = "other_parent"
    THIRD_PERSON = "third_person"


@dataclass(frozen=True, slots=True)
class Proof:
    """A schooling certificate, valid from `since` to `until` (excluded)."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Dependant:
    """What is known of one dependant. Children taken in are those under kafala."""

    id: str
    link: Link
    birth_date: date | None = None
    has_own_scheme: bool = False
    divorced_on: date | None = None
    married: bool = False
    schooling: tuple[Proof, ...] = ()
    disabled: bool = False
    other_parent_insured: bool = False
    custody: Custody | None = None
    deceased_on: date | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """The insured person, as far as dependants turn on it, and the dependants."""

    dependants: tuple[Dependant, ...]
    insured_is_father: bool = True
    insured_deceased_on: date | None = None


@dataclass(frozen=True, slots=True)
class DependantAnswer:
    """Whether a dependant is covered on a day, since and until when, why, and the papers needed."""

    id: str
    covered: bool
    reason: str
    since: date | None
    until: date | None
    documents: tuple[str, ...]
    steps: tuple[Step, ...]


class _Cover(NamedTuple):
    covered: bool
    reason: str


_DOCUMENTS = {
    "spouse": ("identity_card", "marriage_certificate"),
    "child": ("birth_certificate",),
    "taken_in": ("birth_certificate", "kafala_judgment"),
    "student": ("birth_certificate", "schooling_certificate"),
    "schooling_proof_missing": ("birth_certificate", "schooling_certificate"),
    "disabled": ("birth_certificate", "disability_file"),
    "after_divorce": ("identity_card", "divorce_certificate"),
    "after_death": ("identity_card", "death_certificate"),
    "birth_date_missing": ("birth_certificate",),
}


def dependants(family: Family, on: date) -> tuple[DependantAnswer, ...]:
    """The cover of each dependant on `on`, in the order given.

    ContradictoryFactsError for a schooling proof that ends before it begins, or a child born after
    a date on which it is said to have died.
    """
    return tuple(_answer(family, one, on) for one in family.dependants)


def dependant_standing(insured: RightsAnswer, dependant: DependantAnswer) -> tuple[Status, str]:
    """The rights of a dependant: the insured person's, for those covered.

    After the insured person's death, cover goes on by itself for its months.
    """
    if not dependant.covered:
        return Status.NONE, dependant.reason
    if dependant.reason == "after_death":
        return Status.OPEN, dependant.reason
    return insured.status, insured.reason


def _answer(family: Family, one: Dependant, on: date) -> DependantAnswer:
    _refuse_contradictions(one)
    periods = periods_of(lambda day: _cover_on(family, one, day), _change_days(family, one))
    since, until, cover = period_on(periods, on)
    return DependantAnswer(
        id=one.id,
        covered=cover.covered,
        reason=cover.reason,
        since=since,
        until=until,
        documents=_DOCUMENTS.get(cover.reason, ()),
        steps=(_step(cover, on, until),),
    )


def _refuse_contradictions(one: Dependant) -> None:
    if any(proof.until <= proof.since for proof in one.schooling):
        raise ContradictoryFactsError(detail=f"{one.id}: schooling.until <= schooling.since")
    if one.birth_date and one.deceased_on and one.deceased_on < one.birth_date:
        raise ContradictoryFactsError(detail=f"{one.id}: deceased_on < birth_date")


def _change_days(family: Family, one: Dependant) -> list[date]:
    days = [proof_day for proof in one.schooling for proof_day in (proof.since, proof.until)]
    if one.birth_date is not None:
        ages = {
            int(value.number)
            for path in (_CHILD_AGE, _STUDENT_AGE)
            for value in get_parameter(path).values
        }
        days += [one.birth_date, *(years_later(one.birth_date, age) for age in ages)]
    for path in (_CHILD_AGE, _STUDENT_AGE, _AFTER_DIVORCE, _AFTER_DEATH):
        days += [value.since for value in get_parameter(path).values[1:]]
    if one.divorced_on is not None:
        days += [one.divorced_on, _end_after(_AFTER_DIVORCE, one.divorced_on)]
    if family.insured_deceased_on is not None:
        died = family.insured_deceased_on
        days += [died, _end_after(_AFTER_DEATH, died)]
    return [*days, one.deceased_on or FOREVER]


def _end_after(path: str, event: date) -> date:
    return months_later(event, int(value_at(path, max(event, _FIRST_DAY)).number))


def _cover_on(family: Family, one: Dependant, day: date) -> _Cover:
    if one.deceased_on is not None and one.deceased_on <= day:
        return _Cover(False, "deceased")
    cover = _spouse_on(one, day) if one.link is Link.SPOUSE else _child_on(family, one, day)
    died = family.insured_deceased_on
    if not cover.covered or died is None or day < died:
        return cover
    if day < _end_after(_AFTER_DEATH, died):
        return _Cover(True, "after_death")
    return _Cover(False, "after_death_ended")


def _spouse_on(one: Dependant, day: date) -> _Cover:
    if one.has_own_scheme:
        return _Cover(False, "has_own_scheme")
    if one.divorced_on is None or day < one.divorced_on:
        return _Cover(True, "spouse")
    if day < _end_after(_AFTER_DIVORCE, one.divorced_on):
        return _Cover(True, "after_divorce")
    return _Cover(False, "divorced")


def _child_on(family: Family, one: Dependant, day: date) -> _Cover:
    elsewhere = _declared_elsewhere(family, one)
    if elsewhere is not None:
        return _Cover(False, elsewhere)
    if one.birth_date is None:
        if one.disabled:
            return _Cover(True, "disabled")
        return _Cover(False, "birth_date_missing")
    if day < one.birth_date:
        return _Cover(False, "not_born")
    if one.disabled:
        return _Cover(True, "disabled")
    return _by_age(one, one.birth_date, day)


def _by_age(one: Dependant, born: date, day: date) -> _Cover:
    if day < years_later(born, _years(_CHILD_AGE, day)):
        return _Cover(True, "taken_in" if one.link is Link.TAKEN_IN else "child")
    if day >= years_later(born, _years(_STUDENT_AGE, day)):
        return _Cover(False, "too_old")
    if one.married:
        return _Cover(False, "married_child")
    studying = any(proof.since <= day < proof.until for proof in one.schooling)
    return _Cover(True, "student") if studying else _Cover(False, "schooling_proof_missing")


def _years(path: str, day: date) -> int:
    return int(value_at(path, max(day, _FIRST_DAY)).number)


def _declared_elsewhere(family: Family, one: Dependant) -> str | None:
    """Why a child is declared at the other parent's body; None when it belongs here."""
    if not one.other_parent_insured:
        return None
    if one.custody is None:
        return None if family.insured_is_father else "declared_with_father"
    return "declared_with_other_parent" if one.custody is Custody.OTHER_PARENT else None


_RESTS_ON = {
    "spouse": "dependants.spouse_with_own_scheme_covered",
    "has_own_scheme": "dependants.spouse_with_own_scheme_covered",
    "after_divorce": _AFTER_DIVORCE,
    "divorced": _AFTER_DIVORCE,
    "after_death": _AFTER_DEATH,
    "after_death_ended": _AFTER_DEATH,
    "child": _CHILD_AGE,
    "taken_in": _CHILD_AGE,
    "student": _STUDENT_AGE,
    "schooling_proof_missing": _STUDENT_AGE,
    "married_child": _STUDENT_AGE,
    "too_old": _STUDENT_AGE,
    "disabled": "dependants.disabled_has_age_limit",
    "declared_with_father": "dependants.both_insured_declared_with_father",
    "declared_with_other_parent": "dependants.both_insured_declared_with_father",
}
_TELL_UNTIL = {"child", "taken_in", "student", "after_divorce", "after_death"}


def _step(cover: _Cover, on: date, until: date | None) -> Step:
    code = f"dependant_{cover.reason}"
    path = _RESTS_ON.get(cover.reason)
    told: dict[str, Told] = {}
    if cover.reason in _TELL_UNTIL and until is not None:
        told["until"] = until
    if path is None:
        return step(code, **told)  # type: ignore[arg-type]
    value = value_at(path, max(on, _FIRST_DAY))
    if isinstance(value.value, int) and not isinstance(value.value, bool):
        told["limit"] = Count(value.value) if value.unit == "month" else value.value
    return step_on(path, max(on, _FIRST_DAY), code, **told)  # type: ignore[arg-type]
