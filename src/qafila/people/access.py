"""The one door to a person: who may see and who may change a file; each look leaves a trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Model, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from qafila.foundation.access_log import reason_of, record_read
from qafila.foundation.actors import ANYWHERE, Actor, Role, Scope, Where
from qafila.foundation.collisions import Collided
from qafila.foundation.errors import NotFoundInScope
from qafila.people.errors import CardHeldByAnother, FileErased, FileMerged, KnownElsewhere
from qafila.people.models import Identifier, Person, Phone

MAY_MERGE = frozenset(
    {
        Role.CHAMBER_STAFF,
        Role.DIRECTORATE,
        Role.PROGRAMME_LEAD,
        Role.ADMINISTRATOR,
        Role.SYSTEM,
    }
)
ISSUING_ROLES = (
    Role.COUNTER_AGENT,
    Role.FIELD_AGENT,
    Role.CHAMBER_STAFF,
    Role.FUND_LIAISON,
    Role.PROGRAMME_LEAD,
)
MAY_CORRECT = MAY_MERGE | {Role.COUNTER_AGENT, Role.FIELD_AGENT}


@dataclass(frozen=True)
class PersonFile:
    """The head of a person's file. `asked_for` differs from `id` when that file was merged."""

    id: int
    asked_for: int
    person: Person
    identifiers: tuple[tuple[str, str], ...]
    phones: tuple[str, ...]


Along = Callable[[QuerySet[Person]], QuerySet[Person]]


def persons_visible(scope: Scope) -> QuerySet[Person]:
    """The persons of the territory, merged ones included; an empty scope sees none."""
    if scope.national:
        return Person.objects.all()
    here = Q(province_id__in=sorted(scope.province_codes))
    return Person.objects.filter(here | Q(pk__in=scope.persons) if scope.persons else here)


def person_in_scope(person_id: int, scope: Scope, *, lock: bool = False) -> Person:
    """The person, locked for change when `lock`; NotFoundInScope outside the territory."""
    found = persons_visible(scope).filter(pk=person_id)
    if lock:
        found = found.select_for_update(of=("self",))
    person = found.first()
    if person is None:
        raise NotFoundInScope(person=person_id)
    return person


def persons_to_change(person_ids: Iterable[int], scope: Scope) -> dict[int, Person]:
    """The persons, locked in the order of their numbers, for a verb that writes about them.

    Call it first of all (after the settlement lock, where money moves): whoever locks several
    persons then does so in one order. Raises NotFoundInScope outside the territory, FileMerged for
    a file that was merged into another, also while one waited for the lock.
    """
    return {pk: person_to_change(pk, scope) for pk in sorted(set(person_ids))}


def person_to_change(person_id: int, scope: Scope) -> Person:
    """One person, locked, for a verb that writes about them. As `persons_to_change`."""
    person = person_in_scope(person_id, scope, lock=True)
    if person.merged_into_id is not None:
        raise FileMerged(person=person_id, kept=get_person(person_id, scope=scope).id)
    if person.state == Person.State.ERASED:
        raise FileErased
    return person


def lock_persons_of(model: type[Model], pk: int, scope: Scope, *columns: str) -> None:
    """Lock the persons that a row of `model` hangs on by `columns`, before the row itself.

    While one waits for the lock a merge may move the row: then Collided, and the verb is tried
    again. Persons outside the territory are left to the caller's own door.
    """
    rows = model._default_manager.filter(pk=pk)

    def persons() -> set[int]:
        found = chain.from_iterable(rows.values_list(*columns))
        return {one for one in found if one is not None}

    wanted = persons()
    seen = persons_visible(scope).filter(pk__in=wanted).order_by("pk")
    persons_to_change(seen.values_list("pk", flat=True), scope)
    if persons() != wanted:
        raise Collided


def two_persons_in_scope(first: int, second: int, scope: Scope) -> tuple[Person, Person]:
    """Both persons, locked in the order of their numbers so that two callers never deadlock."""
    locked = {pk: person_in_scope(pk, scope, lock=True) for pk in sorted({first, second})}
    return locked[first], locked[second]


def open_file(
    person_id: int,
    *,
    actor: Actor,
    at: dt.datetime,
    place: str,
    along: Along | None = None,
    scope: Scope | None = None,
) -> PersonFile:
    """The person, for a page, a command or an API that shows or changes the file.

    The only way a shell gets at a person: within the territory, with the look logged for the
    reason that goes with the role, at `place`. `along` as in `get_person`; `scope` where the page
    is not for every role. Two statements. Raises NotFoundInScope outside the territory, FileMerged
    (which names the kept file, and logs nothing) for a file merged into another.
    """
    found = get_person(person_id, scope=scope or seen_by(actor), along=along)
    if found.id != person_id:
        raise FileMerged(person=person_id, kept=found.id)
    reason = reason_of(actor, found.person.province_id)
    record_read(found.id, actor=actor, at=at, reason=reason, place=place)
    return found


def get_person(person_id: int, *, scope: Scope, along: Along | None = None) -> PersonFile:
    """The file of a person; of the person it was merged into, when it was.

    One statement, one more for each merge; commune and province come with the person. `along`
    joins to it what another room reads of the person. Raises NotFoundInScope for a person outside
    the territory, or none at all.
    """
    seen: set[int] = set()
    wanted: int | None = person_id
    while wanted is not None and wanted not in seen:
        seen.add(wanted)
        found = _with_numbers(persons_visible(scope).filter(pk=wanted))
        person = (along(found) if along else found).first()
        if person is None:
            break
        if person.merged_into_id is None:
            return _file(person, person_id)
        wanted = person.merged_into_id
    raise NotFoundInScope(person=person_id)


def _with_numbers(found: QuerySet[Person]) -> QuerySet[Person]:
    numbers = Identifier.objects.filter(person=OuterRef("pk")).order_by("kind", "value")
    phones = Phone.objects.filter(person=OuterRef("pk")).order_by("number")
    return found.select_related("commune__province", "province").annotate(
        numbers_known=ArraySubquery(numbers.values(known=JSONObject(kind="kind", value="value"))),
        phones_known=ArraySubquery(phones.values("number")),
    )


def _file(person: Any, asked_for: int) -> PersonFile:
    numbers = tuple((one["kind"], one["value"]) for one in person.numbers_known)
    return PersonFile(person.pk, asked_for, person, numbers, tuple(person.phones_known))


def checked_person(person_id: int, *, scope: Scope, person: PersonFile | None = None) -> Person:
    """The person, for queries of other rooms: the one already loaded, or else loaded here.

    A loaded `person` is held against the number and the territory without a statement. Raises
    NotFoundInScope as `get_person` does, but follows no merge.
    """
    if person is not None and person.id == person_id and lies_in(person, scope):
        return person.person
    return person_in_scope(person_id, scope)


def lies_in(person: PersonFile, scope: Scope) -> bool:
    """Whether a loaded person lies in the territory, or was opened to whoever asks."""
    return scope.covers(person.person.province_id) or person.id in scope.persons


def seen_by(actor: Actor) -> Scope:
    """Where the actor may see people: everybody on the staff, in the territory of each post.

    With them the files of elsewhere that were opened to the actor.
    """
    seen = actor.scope_of(*Role)
    return replace(seen, persons=actor.granted) if actor.granted else seen


def may_merge(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Whether the actor's roles include merging files and undoing it."""
    return actor.has(*MAY_MERGE, province=province)


def may_correct(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Whether the actor's roles include correcting names, dates and numbers."""
    return actor.has(*MAY_CORRECT, province=province)


def require_may_merge(actor: Actor) -> Scope:
    """Where the actor may merge files; NotAllowed where nowhere."""
    return actor.require(*sorted(MAY_MERGE))


def require_may_correct(actor: Actor) -> Scope:
    """Where the actor may correct a file; NotAllowed where nowhere."""
    return actor.require(*sorted(MAY_CORRECT))


ANSWERING = tuple(sorted(MAY_MERGE - {Role.SYSTEM}))


def may_open_files(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Whether the actor's roles include opening a file for somebody, as correcting one."""
    return actor.has(*MAY_CORRECT, province=province)


def may_answer_requests(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Chambers, directorates and the national roles open files of theirs to other territories."""
    return actor.has(*ANSWERING, province=province)


def require_may_answer(actor: Actor) -> Scope:
    """Where the actor may answer requests for access; NotAllowed where nowhere."""
    return actor.require(*ANSWERING)


def may_see_readers(actor: Actor, province: Where = ANYWHERE) -> bool:
    """The auditor, administrators and the programme lead see who read a file."""
    return actor.has(Role.AUDITOR, Role.ADMINISTRATOR, Role.PROGRAMME_LEAD, province=province)


def may_issue_links(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Counters, field agents, chambers, the fund and the programme lead hand out personal links."""
    return actor.has(*ISSUING_ROLES, province=province)


def require_may_issue_links(actor: Actor) -> Scope:
    """Where the actor may hand out personal links; NotAllowed where nowhere."""
    return actor.require(*ISSUING_ROLES)


def lock_card(card_number: str) -> None:
    """Until the transaction ends, nobody else opens a file or corrects one with this card."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('people card'), hashtext(%s))", [card_number]
        )


def require_card_free(card_number: str, *, besides: int, seen: Scope) -> None:
    """Raise CardHeldByAnother when another active file holds the card; locks it first.

    KnownElsewhere for a file outside the territory `seen`: nothing of it is told.
    """
    lock_card(card_number)
    holders = Person.objects.filter(card_number=card_number, state=Person.State.ACTIVE)
    holder = holders.exclude(pk=besides).order_by("pk").first()
    if holder is None:
        return
    if not persons_visible(seen).filter(pk=holder.pk).exists():
        raise KnownElsewhere
    raise CardHeldByAnother(card=card_number, file=holder.pk)
