"""Who may import lists and decide pairs, and whose imports and pairs they see."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q, QuerySet

from qafila.foundation.actors import ANYWHERE, Actor, Role, Scope, Where
from qafila.foundation.errors import NotFoundInScope
from qafila.institutions.access import own_and_handed_over
from qafila.lists.models import CandidatePair, HandedInAgain, ListImport, Row
from qafila.places.models import Province

MAY_IMPORT = frozenset(
    {
        Role.CHAMBER_STAFF,
        Role.DIRECTORATE,
        Role.FUND_LIAISON,
        Role.PROGRAMME_LEAD,
        Role.ADMINISTRATOR,
        Role.SYSTEM,
    }
)
MAY_DECIDE = frozenset(
    {
        Role.CHAMBER_STAFF,
        Role.DIRECTORATE,
        Role.PROGRAMME_LEAD,
        Role.ADMINISTRATOR,
        Role.SYSTEM,
    }
)


def require_may_import(actor: Actor) -> Scope:
    """Where the actor may import lists; NotAllowed where nowhere."""
    return actor.require(*sorted(MAY_IMPORT))


def require_may_decide(actor: Actor) -> Scope:
    """Where the actor may decide whether two rows are one person; NotAllowed where nowhere."""
    return actor.require(*sorted(MAY_DECIDE))


def require_linking(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may link the rows of the whole country."""
    actor.require_everywhere(*MAY_DECIDE)


def imports_visible(scope: Scope, *, actor: Actor | None = None) -> QuerySet[ListImport]:
    """The imports of institutions within the territory, the actor's own and those handed over.

    A regional institution's import is seen by those who see the whole region. Imports of nobody's
    institution are seen nationally.
    """
    if scope.national:
        return ListImport.objects.all()
    seen = Q(institution__province_id__in=sorted(scope.province_codes)) | Q(
        institution__province=None, institution__region_id__in=_whole_regions(scope)
    )
    if actor is not None:
        seen |= Q(imported_by_id__in=own_and_handed_over(actor))
    return ListImport.objects.filter(seen)


def _whole_regions(scope: Scope) -> list[str]:
    """The regions all of whose provinces lie in the scope."""
    if not scope.province_codes:
        return []
    provinces: dict[str, set[str]] = defaultdict(set)
    for code, region in Province.objects.order_by("code").values_list("code", "region_id"):
        provinces[region].add(code)
    return [region for region, codes in provinces.items() if codes <= scope.province_codes]


def import_in_scope(import_id: int, scope: Scope, *, actor: Actor | None = None) -> ListImport:
    """The import, or NotFoundInScope."""
    found = imports_visible(scope, actor=actor).filter(pk=import_id).first()
    if found is None:
        raise NotFoundInScope(list_import=import_id)
    return found


def imports_seen_by(actor: Actor) -> Scope:
    """Where the actor may see imports."""
    return actor.scope_of(*MAY_IMPORT)


def handed_in_again(import_id: int, actor: Actor) -> HandedInAgain | None:
    """When the actor handed in a file that had come before, of an import not theirs to see."""
    again = HandedInAgain.objects.filter(list_import_id=import_id, handed_in_by_id=actor.id)
    return again.select_related("list_import").first()


def pairs_visible(scope: Scope, *, actor: Actor | None = None) -> QuerySet[CandidatePair]:
    """The pairs both of whose persons lie in the territory, and those the actor decided.

    A row taken out of a file may leave the territory when it names no place: whoever took it out
    still sees the pair, to put it back.
    """
    if scope.national:
        return CandidatePair.objects.all()
    codes = sorted(scope.province_codes)
    seen = Q(left__person__province_id__in=codes, right__person__province_id__in=codes)
    if actor is not None:
        seen |= Q(decided_by_id=actor.id)
    return CandidatePair.objects.filter(seen)


def pair_in_scope(
    pair_id: int, scope: Scope, *, actor: Actor | None = None, lock: bool = False
) -> CandidatePair:
    """The pair with both rows, locked for change when `lock`; NotFoundInScope outside."""
    found = pairs_visible(scope, actor=actor).filter(pk=pair_id).select_related("left", "right")
    if lock:
        found = found.select_for_update(of=("self", "left", "right"))
    pair = found.first()
    if pair is None:
        raise NotFoundInScope(pair=pair_id)
    return pair


def row_in_scope(row_id: int, scope: Scope) -> Row:
    """The row that speaks of a person of the territory, locked; NotFoundInScope otherwise."""
    found = Row.objects.filter(pk=row_id, person__isnull=False).select_for_update(of=("self",))
    if not scope.national:
        found = found.filter(person__province_id__in=sorted(scope.province_codes))
    row = found.first()
    if row is None:
        raise NotFoundInScope(row=row_id)
    return row


def may_import_lists(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Chambers, directorates, the fund, the programme lead and administrators import lists."""
    return actor.has(*MAY_IMPORT, province=province)


def may_decide_pairs(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Those who import lists, but the fund, decide whether two rows are one person."""
    return actor.has(*MAY_DECIDE, province=province)


def may_decide_pair(pair_id: int, *, actor: Actor) -> bool:
    """Whether a post that decides covers this pair; another one of the actor may only show it."""
    decides = actor.scope_of(*MAY_DECIDE)
    if decides == pairs_seen_by(actor):
        return may_decide_pairs(actor)
    return pairs_visible(decides).filter(pk=pair_id).exists()


def may_see_pairs(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Those who import lists, or decide, see the pairs that wait."""
    return actor.has(*MAY_DECIDE, *MAY_IMPORT, province=province)


def taking_back_own(actor: Actor) -> Actor:
    """The actor for taking its own decision back, wherever the rows have moved to meanwhile.

    A row without a place that was taken out of a file thereby left the territory.
    """
    return actor.everywhere(*MAY_DECIDE)


def pairs_seen_by(actor: Actor) -> Scope:
    """Where the actor may see the pairs that wait."""
    return actor.scope_of(*MAY_DECIDE, *MAY_IMPORT)
