"""The family as a whole, looked at after each change by whichever door.

What cannot be is refused; what may be a mistake is a `Question`, which a person answers by sending
the same again with its code. Only what a change brings is told: a fault that an installation holds
from earlier days does not stand in the way of another matter (`enrolment.proofs` finds it).
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from qafila.enrolment.family import errors as family_errors
from qafila.enrolment.family.childhood import faults_of_children
from qafila.enrolment.family.families_read import FamilyRead, families_of, read_families
from qafila.enrolment.family.marriages import faults_of_marriages
from qafila.enrolment.models import Dependant
from qafila.foundation.errors import DomainError, Question
from qafila.foundation.scope import known_by


@dataclass(frozen=True)
class FamilyFault:
    """What is wrong, or asked about, with one declaration of a family."""

    refusal: DomainError
    dependant_id: int
    insured_id: int

    @property
    def key(self) -> tuple[str, int]:
        """By what the same fault is known before and after a change."""
        return self.refusal.code, self.dependant_id

    @property
    def asked(self) -> bool:
        """Whether somebody may answer that it is right as it is."""
        return isinstance(self.refusal, Question)


def faults_of(insured_ids: Collection[int], on: dt.date) -> list[FamilyFault]:
    """Everything that no family can be, or that has to be asked about, in these families."""
    return [
        fault
        for family in read_families(insured_ids, on)
        for fault in _faults_told(family)
        if fault.refusal.code not in _answered(family, fault)
    ]


def _faults_told(family: FamilyRead) -> list[FamilyFault]:
    insured = family.insured.pk
    return [FamilyFault(refusal, pk, insured) for refusal, pk in _faults(family)]


def _answered(family: FamilyRead, fault: FamilyFault) -> list[str]:
    """The questions about this declaration that somebody has answered."""
    one = next(one for one in family.members if one.pk == fault.dependant_id)
    return one.confirmed.split()


def _faults(family: FamilyRead) -> Iterator[tuple[DomainError, int]]:
    yield from faults_of_marriages(family)
    yield from faults_of_children(family)
    for one in family.members:
        yield from _after_death(family, one)


def _after_death(family: FamilyRead, one: Dependant) -> Iterator[tuple[DomainError, int]]:
    """What was told of a member from a day after that member's death, or a divorce after either."""
    member, insured = (
        family.first_day(person_id, "death") for person_id in (one.person_id, one.insured_id)
    )
    for event in family.events.get(one.person_id or 0, ()):
        if event.kind == "death" or event.dependant_id not in (None, one.pk):
            continue
        deaths = [member, insured] if event.kind == "divorce" else [member]
        died = min(filter(None, deaths), default=None)
        if died is not None and event.since > died:
            told = {"day": event.since.isoformat(), "died": died.isoformat()}
            yield family_errors.EventAfterDeath(**told), one.pk


@contextlib.contextmanager
def looked_at_as_a_whole(
    persons: Collection[int], *, of: int | None = None, on: dt.date, confirmed: Collection[str] = ()
) -> Iterator[None]:
    """Hold the families of these persons, after what is done within, against what cannot be.

    Raises the first fault that was not there before, one of the family `of` before others; a
    `Question` whose code is among `confirmed` is answered, and noted with the declaration.
    """
    before = {fault.key for fault in faults_of(families_of(persons), on)}
    yield
    new = [one for one in faults_of(families_of(persons), on) if one.key not in before]
    for fault in sorted(new, key=lambda one: one.insured_id != of):
        if not fault.asked or fault.refusal.code not in confirmed:
            raise fault.refusal
    for fault in new:
        _note_answer(fault)


@known_by("the correction")
def check_correction(
    persons: Sequence[int], on: dt.date, confirmed: Collection[str]
) -> contextlib.AbstractContextManager[None]:
    """The check of families around a correction of a person (`people.ports.file_checks`)."""
    return looked_at_as_a_whole(persons, on=on, confirmed=confirmed)


def _note_answer(fault: FamilyFault) -> None:
    """Keep with the declaration that somebody answered this question."""
    one = Dependant.objects.get(pk=fault.dependant_id)
    answers = " ".join(sorted({*one.confirmed.split(), fault.refusal.code}))
    Dependant.objects.filter(pk=one.pk).update(confirmed=answers)
