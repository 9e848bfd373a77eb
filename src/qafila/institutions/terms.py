"""The terms of a post: role, institution, territory and dates; and what makes them acceptable."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qafila.foundation.actors import Actor
from qafila.institutions import errors
from qafila.institutions.access import require_administering
from qafila.institutions.models import Institution
from qafila.institutions.role_names import STAFF_ROLES
from qafila.places.models import Province, Region


@dataclass(frozen=True)
class PostTerms:
    """A role at an institution over exactly one territory: the country, a region or a province.

    `held_from` and `held_until` are the first and the last day; without a last day it is open.
    """

    role: str
    institution_id: int
    held_from: dt.date
    national: bool = False
    region_id: str | None = None
    province_id: str | None = None
    held_until: dt.date | None = None

    def __post_init__(self) -> None:
        # Forms send an empty text where nothing was chosen.
        object.__setattr__(self, "region_id", self.region_id or None)
        object.__setattr__(self, "province_id", self.province_id or None)


def check_terms(terms: PostTerms, *, actor: Actor) -> None:
    """Raise the refusal that fits: unknown role, institution or place, territory, dates."""
    if terms.role not in STAFF_ROLES:
        known = ", ".join(STAFF_ROLES)
        raise errors.RoleUnknown(role=terms.role[:40], known=known)
    if not Institution.objects.filter(pk=terms.institution_id).exists():
        raise errors.InstitutionUnknown(institution=terms.institution_id)
    _check_dates(terms)
    _check_territory(terms, actor)


def territory_label(terms: PostTerms) -> str:
    """The territory's official code, or "MA" for the whole country."""
    return terms.region_id or terms.province_id or "MA"


def _check_dates(terms: PostTerms) -> None:
    if terms.held_until is not None and terms.held_until < terms.held_from:
        raise errors.PostEndsBeforeItBegins(
            held_from=terms.held_from.isoformat(), held_until=terms.held_until.isoformat()
        )


def _check_territory(terms: PostTerms, actor: Actor) -> None:
    chosen = [terms.national, terms.region_id is not None, terms.province_id is not None]
    if not any(chosen):
        raise errors.TerritoryMissing
    if sum(chosen) > 1:
        raise errors.TerritoryNotClear
    provinces, scope = _provinces_of(terms), require_administering(actor)
    if not scope.national and (terms.national or not provinces <= scope.province_codes):
        raise errors.TerritoryNotYours


def _provinces_of(terms: PostTerms) -> frozenset[str]:
    """The provinces of the territory; empty for the whole country."""
    if terms.province_id:
        if not Province.objects.filter(pk=terms.province_id).exists():
            raise errors.PlaceUnknown(place=terms.province_id[:20])
        return frozenset({terms.province_id})
    if terms.region_id:
        if not Region.objects.filter(pk=terms.region_id).exists():
            raise errors.PlaceUnknown(place=terms.region_id[:20])
        found = Province.objects.filter(region_id=terms.region_id).order_by("code")
        return frozenset(found.values_list("code", flat=True))
    return frozenset()
