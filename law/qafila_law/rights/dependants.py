"""Who is covered through an insured person, until when, why not (law 65-00, articles 5 and 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from qafila_law.errors import ContradictoryFactsError
from qafila_law.months import months_later, years_later
from qafila_law.parameter_tree import get_parameter, value_at
from qafila_law.rights.timelines import FOREVER, period_on, periods_of
from qafila_law.steps import Count, Step, Told, step, step_on

CHILD_AGE = "dependants.child_age"
STUDENT_AGE = "dependants.student_age"
AGE_ITSELF = "dependants.age_itself_covered"
AFTER_DIVORCE = "dependants.continued_after_divorce_months"
AFTER_DEATH = "dependants.continued_after_death_months"
FIRST_DAY = date(2005, 8, 18)


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
class Spell:
    """Something held from `since` to `until` (excluded, None: it still holds)."""

    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Dependant:
    """What is known of one dependant. Children taken in are those under kafala.

    `joined_on` is the day of the marriage or of the kafala (None: before anything asked about). A
    fact is either dated (`own_schemes`, `married_on`, `disabled_since`) or said to hold always
    (`has_own_scheme`, `married`, `disabled`).
    """

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
    joined_on: date | None = None
    own_schemes: tuple[Spell, ...] = ()
    married_on: date | None = None
    disabled_since: date | None = None


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


class Cover(NamedTuple):
    """Whether someone is covered through the insured person, and the code of the reason."""

    covered: bool
    reason: str


class MemberSituation(NamedTuple):
    """What holds for one dependant on one day; `cover_of` looks at nothing else."""

    spouse: bool
    taken_in: bool
    deceased: bool
    joined: bool
    own_scheme: bool
    divorced: bool
    after_divorce: bool
    with_father: bool
    with_other_parent: bool
    birth_known: bool
    born: bool
    young: bool
    student_age: bool
    married: bool
    studying: bool
    disabled: bool
    insured_deceased: bool
    after_death: bool


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


def _answer(family: Family, one: Dependant, on: date) -> DependantAnswer:
    refuse_contradictions(one)
    periods = periods_of(lambda day: cover_on(family, one, day), change_days(family, one))
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


def refuse_contradictions(one: Dependant) -> None:
    """Raise ContradictoryFactsError when the facts of a dependant cannot all be true."""
    if any(proof.until <= proof.since for proof in one.schooling):
        raise ContradictoryFactsError(detail=f"{one.id}: schooling.until <= schooling.since")
    if any(spell.until and spell.until <= spell.since for spell in one.own_schemes):
        raise ContradictoryFactsError(detail=f"{one.id}: own_schemes.until <= own_schemes.since")
    if one.birth_date and one.deceased_on and one.deceased_on < one.birth_date:
        raise ContradictoryFactsError(detail=f"{one.id}: deceased_on < birth_date")


def change_days(family: Family, one: Dependant) -> list[date]:
    """Every day on which the cover of a dependant can change."""
    days = [proof_day for proof in one.schooling for proof_day in (proof.since, proof.until)]
    if one.birth_date is not None:
        ages = ages_that_end_cover()
        days += [one.birth_date, *(years_later(one.birth_date, age) for age in ages)]
    for path in (CHILD_AGE, STUDENT_AGE, AGE_ITSELF, AFTER_DIVORCE, AFTER_DEATH):
        days += [value.since for value in get_parameter(path).values[1:]]
    if one.divorced_on is not None:
        days += [one.divorced_on, _end_after(AFTER_DIVORCE, one.divorced_on)]
    if family.insured_deceased_on is not None:
        died = family.insured_deceased_on
        days += [died, _end_after(AFTER_DEATH, died)]
    days += [day for spell in one.own_schemes for day in (spell.since, spell.until or FOREVER)]
    dated = (one.deceased_on, one.joined_on, one.married_on, one.disabled_since)
    return [*days, *(day or FOREVER for day in dated)]


def ages_that_end_cover() -> set[int]:
    """Every age on whose birthday cover may end, under any value in force at some time."""
    ages = {
        int(value.number)
        for path in (CHILD_AGE, STUDENT_AGE)
        for value in get_parameter(path).values
    }
    if any(value.value is True for value in get_parameter(AGE_ITSELF).values):
        ages |= {age + 1 for age in ages}
    return ages


def _end_after(path: str, event: date) -> date:
    return months_later(event, int(value_at(path, max(event, FIRST_DAY)).number))


def cover_on(family: Family, one: Dependant, day: date) -> Cover:
    """The cover of one dependant on `day`, taken by itself."""
    return cover_of(_situation_on(family, one, day))


def _situation_on(family: Family, one: Dependant, day: date) -> MemberSituation:
    born, died = one.birth_date, family.insured_deceased_on
    schemes = (spell.since <= day < (spell.until or FOREVER) for spell in one.own_schemes)
    with_father, with_other_parent = declared_elsewhere(
        family.insured_is_father, one.other_parent_insured, one.custody
    )
    return MemberSituation(
        spouse=one.link is Link.SPOUSE,
        taken_in=one.link is Link.TAKEN_IN,
        deceased=_since(one.deceased_on, day),
        joined=one.joined_on is None or one.joined_on <= day,
        own_scheme=one.has_own_scheme or any(schemes),
        divorced=_since(one.divorced_on, day),
        after_divorce=one.divorced_on is not None
        and day < _end_after(AFTER_DIVORCE, one.divorced_on),
        with_father=with_father,
        with_other_parent=with_other_parent,
        birth_known=born is not None,
        born=_since(born, day),
        young=born is not None and day < years_later(born, _years(CHILD_AGE, day)),
        student_age=born is not None and day < years_later(born, _years(STUDENT_AGE, day)),
        married=one.married or _since(one.married_on, day),
        studying=any(proof.since <= day < proof.until for proof in one.schooling),
        disabled=one.disabled or _since(one.disabled_since, day),
        insured_deceased=_since(died, day),
        after_death=died is not None and day < _end_after(AFTER_DEATH, died),
    )


def _since(event: date | None, day: date) -> bool:
    return event is not None and event <= day


def cover_of(now: MemberSituation) -> Cover:
    """The decision table of who is covered through an insured person."""
    if now.deceased:
        return Cover(False, "deceased")
    if not now.joined:
        return Cover(False, "not_joined")
    cover = _spouse(now) if now.spouse else _child(now)
    if not cover.covered or not now.insured_deceased:
        return cover
    return Cover(True, "after_death") if now.after_death else Cover(False, "after_death_ended")


def _spouse(now: MemberSituation) -> Cover:
    if now.own_scheme:
        return Cover(False, "has_own_scheme")
    if not now.divorced:
        return Cover(True, "spouse")
    return Cover(True, "after_divorce") if now.after_divorce else Cover(False, "divorced")


def _child(now: MemberSituation) -> Cover:
    if now.with_father:
        return Cover(False, "declared_with_father")
    if now.with_other_parent:
        return Cover(False, "declared_with_other_parent")
    if now.birth_known and not now.born:
        return Cover(False, "not_born")
    if now.own_scheme:
        return Cover(False, "child_has_own_scheme")
    if not now.birth_known:
        return Cover(True, "disabled") if now.disabled else Cover(False, "birth_date_missing")
    return Cover(True, "disabled") if now.disabled else _by_age(now)


def _by_age(now: MemberSituation) -> Cover:
    if now.young:
        return Cover(True, "taken_in" if now.taken_in else "child")
    if not now.student_age:
        return Cover(False, "too_old")
    if now.married:
        return Cover(False, "married_child")
    return Cover(True, "student") if now.studying else Cover(False, "schooling_proof_missing")


def _years(path: str, day: date) -> int:
    """The birthday on which cover ends on `day`: "21 ans au plus" may include the age itself."""
    day = max(day, FIRST_DAY)
    included = value_at(AGE_ITSELF, day).value is True
    return int(value_at(path, day).number) + included


def declared_elsewhere(
    insured_is_father: bool, other_parent_insured: bool, custody: Custody | None
) -> tuple[bool, bool]:
    """Whether a child belongs to the father's body, and whether to the parent with custody."""
    if not other_parent_insured:
        return False, False
    return custody is None and not insured_is_father, custody is Custody.OTHER_PARENT


_RESTS_ON = {
    "spouse": "dependants.spouse_with_own_scheme_covered",
    "has_own_scheme": "dependants.spouse_with_own_scheme_covered",
    "child_has_own_scheme": "dependants.child_with_own_scheme_covered",
    "after_divorce": AFTER_DIVORCE,
    "divorced": AFTER_DIVORCE,
    "after_death": AFTER_DEATH,
    "after_death_ended": AFTER_DEATH,
    "child": CHILD_AGE,
    "taken_in": CHILD_AGE,
    "student": STUDENT_AGE,
    "schooling_proof_missing": STUDENT_AGE,
    "married_child": STUDENT_AGE,
    "too_old": STUDENT_AGE,
    "disabled": "dependants.disabled_has_age_limit",
    "declared_with_father": "dependants.both_insured_declared_with_father",
    "declared_with_other_parent": "dependants.both_insured_declared_with_father",
}
_TELL_UNTIL = {"child", "taken_in", "student", "after_divorce", "after_death"}


def _step(cover: Cover, on: date, until: date | None) -> Step:
    code = f"dependant_{cover.reason}"
    path = _RESTS_ON.get(cover.reason)
    told: dict[str, Told] = {}
    if cover.reason in _TELL_UNTIL and until is not None:
        # The last day covered: `until` is the first one after it.
        told["until"] = until - timedelta(days=1)
    if path is None:
        return step(code, **told)  # type: ignore[arg-type]
    value = value_at(path, max(on, FIRST_DAY))
    if isinstance(value.value, int) and not isinstance(value.value, bool):
        told["limit"] = Count(value.value) if value.unit == "month" else value.value
    return step_on(path, max(on, FIRST_DAY), code, **told)  # type: ignore[arg-type]
