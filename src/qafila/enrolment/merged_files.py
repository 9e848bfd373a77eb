"""What the enrolment room settles when two files become one, and how merges treat its rows."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qafila.enrolment.family.families_read import families_of
from qafila.enrolment.family.whole_family import faults_of
from qafila.enrolment.models import Dependant, Enrolment
from qafila.foundation.clock import day_of
from qafila.foundation.scope import known_by
from qafila.people.errors import FamilyForbidsMerge, OneOfTheFamily
from qafila.people.merging.references import row_as_json
from qafila.people.ports import ChangedRow, KindOfRow
from qafila.register.facts import TABLES as REGISTER

_DEPENDANTS, _ENROLMENTS = Dependant._meta.db_table, Enrolment._meta.db_table
_INSURED = (_ENROLMENTS, _DEPENDANTS)

KINDS_OF_ROWS = {
    _ENROLMENTS: KindOfRow(
        _("enrolments"), counts="state <> 'closed'", beside=(_ENROLMENTS, *REGISTER)
    ),
    _DEPENDANTS: KindOfRow(
        _("members of the family"), counts="state = 'declared'", beside=_INSURED
    ),
    "enrolment_lifeevent": KindOfRow(
        _("events in the family"), counts="state = 'told'", beside=_INSURED
    ),
}


@known_by("the merge")
def refuse_one_family(kept: int, absorbed: int) -> None:
    """Raise OneOfTheFamily when one of the two is declared in the other's family."""
    pair = Q(insured_id=kept, person_id=absorbed) | Q(insured_id=absorbed, person_id=kept)
    found = Dependant.objects.filter(pair).exclude(state=Dependant.State.REFUSED)
    one = found.order_by("pk").first()
    if one is not None:
        raise OneOfTheFamily(member=one.person_id, insured=one.insured_id)


@known_by("the merge")
def join_declarations(kept: int, absorbed: int, at: dt.datetime) -> Callable[[], list[ChangedRow]]:
    """A member whom both files declared is one member: the second declaration doubles the first."""

    def settle() -> list[ChangedRow]:
        concerned = Q(insured_id=kept) | Q(person_id=kept)
        return [changed for one in declared_twice(concerned) for changed in _doubled(one)]

    return settle


@known_by("the merge")
@contextlib.contextmanager
def possible_family(kept: int, absorbed: int, on: dt.date) -> Iterator[None]:
    """Raise FamilyForbidsMerge when the families of the two together are one that cannot be.

    What would only be asked about is told before (`care.merge_preview`) and found by the proofs.
    """
    before = {fault.key for fault in faults_of(families_of([kept, absorbed]), on)}
    yield
    for fault in faults_of(families_of([kept]), on):
        if fault.key not in before and not fault.asked:
            raise FamilyForbidsMerge(why=fault.refusal.sentence())


@known_by("the merge")
def asked_of_family(person_id: int, on: dt.date) -> set[tuple[str, int, str]]:
    """What has to be asked about a person's families: code, declaration and sentence."""
    found = faults_of(families_of([person_id]), on)
    return {(*one.key, one.refusal.sentence()) for one in found if one.asked}


def declared_twice(concerned: Q) -> list[list[Dependant]]:
    """Standing declarations of one member by one insured person, each group oldest first."""
    standing = Dependant.objects.filter(concerned, state=Dependant.State.DECLARED)
    found: dict[tuple[int, int | None], list[Dependant]] = {}
    for one in standing.order_by("since", "pk"):
        found.setdefault((one.insured_id, one.person_id), []).append(one)
    return [group for group in found.values() if len(group) > 1]


def _doubled(group: Sequence[Dependant]) -> list[ChangedRow]:
    first, *others = group
    changes = []
    for one in others:
        changes.append(
            _changed(Dependant.objects.filter(pk=one.pk), one.pk, state="doubled", same_as=first)
        )
    known = {name: _first_known(group, name) for name in ("joined_on", "custody")}
    lacking = {name: value for name, value in known.items() if value != getattr(first, name)}
    if lacking:
        changes.append(_changed(Dependant.objects.filter(pk=first.pk), first.pk, **lacking))
    return changes


def _first_known(group: Sequence[Dependant], name: str) -> Any:
    return next((found for one in group if (found := getattr(one, name))), getattr(group[0], name))


def enrolments_that_meet(kept: int, absorbed: int) -> dict[int, list[int]]:
    """The open enrolments of each of the two; empty unless both have one."""
    open_ones = Enrolment.objects.filter(person_id__in=[kept, absorbed]).exclude(state="closed")
    found: dict[int, list[int]] = {}
    for person_id, pk in open_ones.order_by("pk").values_list("person_id", "pk"):
        found.setdefault(person_id, []).append(pk)
    return found if len(found) == 2 else {}


def leave_undecided(enrolments: Sequence[int], at: dt.datetime) -> list[ChangedRow]:
    """Put enrolments by until somebody decides which of those that met goes on."""
    on = day_of(at)
    return [_changed(Enrolment.objects.filter(pk=pk), pk, undecided_since=on) for pk in enrolments]


def _changed(rows: QuerySet[Any], pk: int, **changes: Any) -> ChangedRow:
    table = rows.model._meta.db_table
    before = row_as_json(table, pk)
    rows.update(**changes)
    return {"table": table, "before": before, "after": row_as_json(table, pk)}
