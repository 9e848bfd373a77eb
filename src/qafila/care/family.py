"""Who is covered through an insured person on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import qafila_law
from qafila.enrolment.queries import dependants_of, enrolments_of
from qafila.foundation.actors import Scope
from qafila.people.access import person_in_scope


@dataclass(frozen=True)
class MemberCover:
    """A declared spouse or child on a day: status as of `qafila_law.Status`, and why.

    `covered`: the law covers them through the insured person, were those rights open.
    """

    person_id: int
    relation: str
    name: str
    birth_year: int | None
    covered: bool
    status: str
    reason: str
    sentence_steps: tuple[qafila_law.Step, ...]


def family_cover(
    insured_id: int, status: str, reason: str, on: dt.date, *, scope: Scope
) -> list[MemberCover]:
    """The declared family on `on`, the insured's rights that day being `status` and `reason`.

    NotFoundInScope when the insured person is not to be seen.
    """
    insured = person_in_scope(insured_id, scope)
    declared = [
        one
        for one in dependants_of(insured_id, scope=scope)
        if one.state == "declared" and one.person is not None
    ]
    members = tuple(
        qafila_law.Dependant(
            id=str(one.person_id),
            link=qafila_law.Link(one.relation),
            birth_date=one.person.birth_date,
            has_own_scheme=one.relation == "spouse" and _insured_too(one.person_id, scope),
        )
        for one in declared
        if one.person is not None
    )
    family = qafila_law.Family(members, insured_is_father=insured.sex != "F")
    told = qafila_law.RightsAnswer(qafila_law.Status(status), reason, None, None, 0, 0, ())
    found = []
    for one, answer in zip(declared, qafila_law.dependants(family, on), strict=True):
        standing, why = qafila_law.dependant_standing(told, answer)
        person = one.person
        assert person is not None
        found.append(
            MemberCover(
                person_id=person.pk,
                relation=one.relation,
                name=person.full_name_latn or person.full_name_ar,
                birth_year=person.birth_date.year if person.birth_date else None,
                covered=answer.covered,
                status=standing.value,
                reason=why,
                sentence_steps=answer.steps,
            )
        )
    return found


def _insured_too(person_id: int | None, scope: Scope) -> bool:
    own = enrolments_of(person_id, scope=scope) if person_id else []
    return any(enrolment.state == "enrolled" for enrolment in own)
