"""What a merge of two files would change, told before it is done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db import transaction

from qafila.care.claims.plausibility import STANDING
from qafila.care.models import Claim
from qafila.care.trial import standing_of
from qafila.enrolment.family.after_death import died_on
from qafila.enrolment.merged_files import asked_of_family
from qafila.enrolment.models import Enrolment
from qafila.enrolment.proofs import PROOFS
from qafila.enrolment.queries import dependants_of, enrolments_of
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.clock import day_of
from qafila.foundation.errors import DomainError
from qafila.people.access import get_person, require_may_merge
from qafila.people.merging.merging import merge_persons
from qafila.people.merging.moving import label_of
from qafila.people.queries import merges_to_undo
from qafila.register.queries import entries_of


@dataclass(frozen=True)
class FileHolds:
    """What one file holds: numbers, enrolments, register entries, rights today, money overdue.

    `covered_until`: the last day of cover where it has one; `members`: names of the family.
    """

    person_id: int
    name_ar: str
    name_latn: str
    numbers: tuple[str, ...]
    enrolments: tuple[Enrolment, ...]
    register_numbers: tuple[str, ...]
    rights: str
    overdue_centimes: int
    claims: int
    family: int
    covered_until: dt.date | None = None
    members: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class MergePreview:
    """Both files and the common one, and what meets in it.

    `after` is empty when the merge is refused, for `refusal`. `undecided`: enrolments that would
    wait for a decision; `set_by`: what both have, by kind; `claims_met`: pairs of claims for one
    care; `declarations_met`: members whom both declared; `family`: what has to be asked about the
    common family, as sentences; `unlike`: the fields of identity in which the two files differ.
    """

    kept: FileHolds
    absorbed: FileHolds
    after: FileHolds | None
    refusal: str = ""
    undecided: tuple[int, ...] = ()
    set_by: tuple[tuple[str, int], ...] = ()
    claims_met: tuple[tuple[int, int], ...] = ()
    declarations_met: int = 0
    family: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()


class _SeenEnough(Exception):
    """Ends the trial: whatever it wrote is taken back."""


def merge_preview(kept: int, absorbed: int, *, actor: Actor, at: dt.datetime) -> MergePreview:
    """Try the merge, look at the common file, and take everything back: nothing is changed.

    Raises NotAllowed and NotFoundInScope as `merge_persons`; other refusals are told.
    """
    sides = (file_holds(kept, actor, at), file_holds(absorbed, actor, at))
    before = MergePreview(*sides, None, unlike=_unlike(kept, absorbed, require_may_merge(actor)))
    asked = {one for pk in (kept, absorbed) for one in asked_of_family(pk, day_of(at))}
    found = before
    try:
        with transaction.atomic():
            merge = merge_persons(kept, absorbed, evidence={}, actor=actor, at=at)
            found = _seen(before, merge.merge, actor, at)
            found = replace(found, family=_asked(kept, found, asked, at))
            raise _SeenEnough
    except _SeenEnough:
        return found
    except DomainError as refusal:
        if refusal.code in ("not_allowed", "not_found"):
            raise
        return replace(before, refusal=refusal.sentence())


def _unlike(kept: int, absorbed: int, scope: Scope) -> tuple[str, ...]:
    """What both files know, and know differently."""
    one, other = (get_person(who, scope=scope).person for who in (kept, absorbed))
    names = ("sex", "birth_date", "card_number")
    exact = all(file.birth_precision in ("", "day") for file in (one, other))
    pairs = {name: (getattr(one, name), getattr(other, name)) for name in names}
    differ = (name for name, (left, right) in pairs.items() if left and right and left != right)
    return tuple(name for name in differ if name != "birth_date" or exact)


def _seen(before: MergePreview, merge_id: int, actor: Actor, at: dt.datetime) -> MergePreview:
    kept, scope = before.kept.person_id, require_may_merge(actor)
    [merge] = [one for one in merges_to_undo(kept, scope=scope) if one.pk == merge_id]
    out = [(label_of(move["table"]), len(move["taken_out"])) for move in merge.moves]
    after = file_holds(kept, actor, at)
    family = dependants_of(kept, scope=scope)
    return replace(
        before,
        after=after,
        undecided=tuple(one.pk for one in after.enrolments if one.undecided_since),
        set_by=tuple((label, number) for label, number in out if number),
        claims_met=_claims_met(kept),
        declarations_met=sum(one.state == "doubled" for one in family),
    )


def _asked(
    kept: int, found: MergePreview, before: set[tuple[str, int, str]], at: dt.datetime
) -> tuple[str, ...]:
    """What the merge brings that has to be asked: of the family, and of the dead who go on."""
    told = [sentence for *_key, sentence in sorted(asked_of_family(kept, day_of(at)) - before)]
    still_open = found.after and any(one.state != "closed" for one in found.after.enrolments)
    if still_open and died_on(kept) is not None:
        told.append(str(PROOFS["dead_but_enrolled"].told))
    return tuple(told)


def _claims_met(person_id: int) -> tuple[tuple[int, int], ...]:
    """Claims of one act on one day for one patient, in pairs."""
    claims = Claim.objects.filter(insured_id=person_id, state__in=STANDING)
    first: dict[tuple[object, ...], int] = {}
    met = []
    for pk, *care in claims.order_by("pk").values_list("pk", "patient_id", "act_code", "care_on"):
        if tuple(care) in first:
            met.append((first[tuple(care)], pk))
        first.setdefault(tuple(care), pk)
    return tuple(met)


def file_holds(person_id: int, actor: Actor, at: dt.datetime) -> FileHolds:
    """What a file holds at a moment. NotAllowed; NotFoundInScope outside the territory."""
    scope = require_may_merge(actor)
    found = get_person(person_id, scope=scope)
    on = day_of(at)
    standing = standing_of(person_id, month=on, on=on, scope=scope)
    entries = entries_of(person_id, scope=scope)
    return FileHolds(
        person_id=person_id,
        name_ar=found.person.full_name_ar,
        name_latn=found.person.full_name_latn,
        numbers=tuple(value for _kind, value in found.identifiers),
        enrolments=tuple(enrolments_of(person_id, scope=scope)),
        register_numbers=tuple(one.register_number for one in entries),
        rights=standing.own.status,
        covered_until=standing.own.until,
        overdue_centimes=standing.overdue_centimes,
        claims=Claim.objects.filter(insured_id=person_id, state__in=STANDING).count(),
        family=len(standing.family),
        members=tuple((one.name_ar, one.name_latn) for one in standing.family),
    )
