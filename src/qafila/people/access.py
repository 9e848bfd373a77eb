"""The one door to a person: who may see and who may change a file."""

from __future__ import annotations

from django.db.models import QuerySet

from qafila.foundation.actors import Actor, Role, Scope
from qafila.foundation.errors import NotFoundInScope
from qafila.people.models import Person

MAY_MERGE = frozenset(
    {
        Role.CHAMBER_STAFF,
        Role.DIRECTORATE,
        Role.PROGRAMME_LEAD,
        Role.ADMINISTRATOR,
        Role.SYSTEM,
    }
)
MAY_CORRECT = MAY_MERGE | {Role.COUNTER_AGENT, Role.FIELD_AGENT}


def persons_visible(scope: Scope) -> QuerySet[Person]:
    """The persons of the territory, merged ones included; an empty scope sees none."""
    if scope.national:
        return Person.objects.all()
    return Person.objects.filter(province_id__in=sorted(scope.province_codes))


def person_in_scope(person_id: int, scope: Scope, *, lock: bool = False) -> Person:
    """The person, locked for change when `lock`; NotFoundInScope outside the territory."""
    found = persons_visible(scope).filter(pk=person_id)
    if lock:
        found = found.select_for_update(of=("self",))
    person = found.first()
    if person is None:
        raise NotFoundInScope(person=person_id)
    return person


def two_persons_in_scope(first: int, second: int, scope: Scope) -> tuple[Person, Person]:
    """Both persons, locked in the order of their numbers so that two callers never deadlock."""
    locked = {pk: person_in_scope(pk, scope, lock=True) for pk in sorted({first, second})}
    return locked[first], locked[second]


def may_merge(actor: Actor) -> bool:
    """Whether the actor's roles include merging files and undoing it."""
    return actor.has(*MAY_MERGE)


def may_correct(actor: Actor) -> bool:
    """Whether the actor's roles include correcting names, dates and numbers."""
    return actor.has(*MAY_CORRECT)


def require_may_merge(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may merge files."""
    actor.require(*sorted(MAY_MERGE))


def require_may_correct(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may correct a file."""
    actor.require(*sorted(MAY_CORRECT))
