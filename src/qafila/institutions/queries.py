"""Reading institutions (reference data, no scope) and staff (always with a scope)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from qafila.foundation.actors import DECIDING_ROLES, Actor, Role, Scope
from qafila.foundation.errors import NotFoundInScope
from qafila.institutions.access import SECOND_FACTORS, accounts_in, held_on
from qafila.institutions.facts import POSTS, STAFF
from qafila.institutions.models import Account, Institution, Post
from qafila.places.queries import Choice, name_in

Kind = Institution.Kind
CHAMBERS = (Kind.CHAMBER_CRAFTS, Kind.CHAMBER_COMMERCE)
DIRECTORATES = (Kind.DIRECTORATE_REGIONAL, Kind.DIRECTORATE_PROVINCIAL)


@dataclass(frozen=True)
class HeldPost:
    """A post as it is shown: the names are in the language asked for."""

    id: int
    role: Role
    institution: str
    territory: str | None  # None: the whole country
    held_from: dt.date
    held_until: dt.date | None


@dataclass(frozen=True)
class StaffMember:
    """An account with the posts held on the day asked about."""

    account_id: int
    email: str
    name: str
    name_latn: str
    language: str
    is_active: bool
    has_second_factor: bool
    posts: tuple[HeldPost, ...]


def institution_name(institution: Institution, language: str) -> str:
    """The name in "ar", else in French; agencies and annexes with what tells them apart."""
    if language != "ar" or not institution.name_ar:
        return institution.name_fr
    if institution.kind == Kind.FUND_AGENCY and institution.province is not None:
        return f"{institution.name_ar} - {institution.province.name_ar}"
    if institution.kind in (Kind.CHAMBER_CRAFTS_ANNEX, Kind.CHAMBER_COMMERCE_ANNEX):
        parent = institution.parent
        return f"{parent.name_ar} - {institution.name_ar}" if parent else institution.name_ar
    return institution.name_ar


def institutions_of(
    kinds: Iterable[str] = (), *, region_code: str | None = None, year: int | None = None
) -> list[Institution]:
    """Institutions of these kinds (none given: all), of a region, existing in a year."""
    found = _existing(year)
    wanted = [str(kind) for kind in kinds]
    if wanted:
        found = found.filter(kind__in=wanted)
    if region_code is not None:
        found = found.filter(region_id=region_code)
    return list(found)


def chambers_of(region_code: str, *, year: int | None = None) -> list[Institution]:
    """The chambers of crafts and of commerce of a region."""
    return institutions_of(CHAMBERS, region_code=region_code, year=year)


def annexes_of(institution_id: int) -> list[Institution]:
    """What belongs to an institution: annexes of a chamber, agencies of the fund."""
    return list(_existing(None).filter(parent_id=institution_id))


def fund_agencies(*, region_code: str | None = None) -> list[Institution]:
    """The known agencies of the fund; the list is partial (see data/README.md)."""
    return institutions_of([Kind.FUND_AGENCY], region_code=region_code)


def directorates_of(region_code: str) -> list[Institution]:
    """The regional directorate of crafts and the known provincial ones."""
    return institutions_of(DIRECTORATES, region_code=region_code)


def ministries_in(year: int) -> list[Institution]:
    """The ministry, and the secretariat of state where there was one, in charge of crafts."""
    return institutions_of([Kind.MINISTRY], year=year)


def find_usual_institution(*, region_code: str | None, year: int) -> Institution | None:
    """Where staff usually work: the chamber of crafts of the region, else the ministry."""
    if region_code is None:
        return next(iter(reversed(ministries_in(year))), None)
    kinds = [Kind.CHAMBER_CRAFTS]
    return next(iter(institutions_of(kinds, region_code=region_code, year=year)), None)


def institutions_of_staff(*, actor: Actor, on: dt.date, roles: Iterable[Role]) -> list[Institution]:
    """Where somebody holds posts of these roles on a day, the latest post first; each once."""
    posts = Post.objects.filter(held_on(on), account__actor_id=actor.id, role__in=list(roles))
    ordered = posts.select_related("institution").order_by("-held_from", "-pk")
    return list({post.institution_id: post.institution for post in ordered}.values())


def institution_choices(
    language: str, *, kinds: Iterable[str] = (), region_code: str | None = None
) -> list[Choice]:
    """Number and name of the institutions that still exist, by kind, region and name."""
    found = [i for i in institutions_of(kinds, region_code=region_code) if i.valid_to is None]
    return [(str(i.pk), institution_name(i, language)) for i in found]


def staff(*, scope: Scope, on: dt.date, language: str) -> list[StaffMember]:
    """The accounts an administrator of `scope` looks after, with their posts of the day `on`."""
    return [_member(account, language) for account in _accounts(scope, on)]


def get_staff_member(account_id: int, *, scope: Scope, on: dt.date, language: str) -> StaffMember:
    """One account with its posts of the day; NotFoundInScope where it is not theirs."""
    account = _accounts(scope, on).filter(pk=account_id).first()
    if account is None:
        raise NotFoundInScope(account=account_id)
    return _member(account, language)


def accounts_without_second_factor(*, scope: Scope, on: dt.date) -> int:
    """How many accounts in use decide about people and have no second factor yet. One query."""
    deciding = Post.objects.filter(
        held_on(on), account=OuterRef("pk"), role__in=sorted(DECIDING_ROLES)
    )
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    in_use = accounts_in(scope).filter(Exists(deciding), is_active=True)
    return in_use.exclude(Exists(factors)).count()


def posts_of(account_id: int, *, scope: Scope, language: str) -> list[HeldPost]:
    """Every post of an account, past and announced ones too, the latest first."""
    posts = _posts().filter(account_id=account_id, account__in=accounts_in(scope))
    return [_held(post, language) for post in posts.order_by("-held_from", "-pk")]


@dataclass(frozen=True)
class ActorNamed:
    """A member of staff as an actor: the name in each script, and a post held on the day."""

    name: str
    name_latn: str
    role: str
    institution_ar: str
    institution_fr: str


def staff_named(actor_ids: Iterable[int], *, on: dt.date) -> dict[int, ActorNamed]:
    """The staff behind these actors, by actor; jobs and partners are not among them.

    Names of colleagues beside what they did, so without a scope. One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STAFF_NAMED, {"actors": sorted(set(actor_ids)), "on": on})
        return {actor: ActorNamed(*told) for actor, *told in cursor.fetchall()}


_STAFF_NAMED = f"""
SELECT DISTINCT ON (s.actor_id) s.actor_id, s.name, s.name_latn, coalesce(p.role, ''),
  coalesce(p.institution_ar, ''), coalesce(p.institution_fr, '')
FROM {STAFF} s
LEFT JOIN {POSTS} p ON p.actor_id = s.actor_id AND p.held_from <= %(on)s
  AND (p.held_until IS NULL OR p.held_until >= %(on)s)
WHERE s.actor_id = ANY(%(actors)s)
ORDER BY s.actor_id, p.held_from DESC, p.role
"""


def find_actor_of(email: str) -> int | None:
    """The actor of the account with this address of mail; None where there is none."""
    known = Account.objects.filter(email=email.strip().lower())
    return known.values_list("actor_id", flat=True).first()


def _existing(year: int | None) -> QuerySet[Institution]:
    found = Institution.objects.select_related("region", "province", "parent")
    if year is not None:
        found = found.filter(
            Q(valid_from=None) | Q(valid_from__lte=year), Q(valid_to=None) | Q(valid_to__gte=year)
        )
    return found.order_by("kind", "region_id", "valid_from", "name_fr", "pk")


def _posts() -> QuerySet[Post]:
    return Post.objects.select_related(
        "institution__province", "institution__parent", "region", "province"
    )


def _accounts(scope: Scope, on: dt.date) -> QuerySet[Account]:
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    return (
        accounts_in(scope)
        .annotate(has_second_factor=Exists(factors))
        .prefetch_related(
            Prefetch("posts", _posts().filter(held_on(on)).order_by("pk"), to_attr="held_now")
        )
    )


def _member(account: Account, language: str) -> StaffMember:
    return StaffMember(
        account_id=account.pk,
        email=account.email,
        name=account.name,
        name_latn=account.name_latn,
        language=account.language,
        is_active=account.is_active,
        has_second_factor=account.has_second_factor,  # type: ignore[attr-defined]
        posts=tuple(_held(post, language) for post in account.held_now),  # type: ignore[attr-defined]
    )


def _held(post: Post, language: str) -> HeldPost:
    place = post.region or post.province
    return HeldPost(
        id=post.pk,
        role=Role(post.role),
        institution=institution_name(post.institution, language),
        territory=name_in(place, language) if place else None,
        held_from=post.held_from,
        held_until=post.held_until,
    )
