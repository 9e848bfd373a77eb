"""Who is covered through an insured person on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import qafila_law
from qafila.enrolment.family.members import family_told
from qafila.foundation.actors import Scope
from qafila.people.access import person_in_scope
from qafila.rights.queries import rights_of


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
    known = family_told(insured, on=on)
    told = qafila_law.RightsAnswer(qafila_law.Status(status), reason, None, None, 0, 0, ())
    open_at_death = _open_at_death(insured_id, known.family.insured_deceased_on, scope)
    found = []
    answers = qafila_law.dependants(known.family_on(on), on)
    for one, answer in zip(known.members, answers, strict=True):
        standing, why = qafila_law.dependant_standing(told, answer, open_at_death=open_at_death)
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


def _open_at_death(insured_id: int, died: dt.date | None, scope: Scope) -> bool:
    """Whether rights were open on the last day before the insured person's death."""
    if died is None:
        return False
    return rights_of(insured_id, died - dt.timedelta(days=1), scope=scope).status == "open"
