"""From an account to an actor; and the one door to accounts and posts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet, Value

from qafila.foundation.actors import ANYWHERE, DECIDING_ROLES, Actor, HeldRole, Role, Scope, Where
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import system_actor
from qafila.institutions.models import Account, HandedOver, Post
from qafila.places.models import Province

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def actor_of(account: Any, *, on: dt.date) -> Actor:
    """The signed-in `account` as an actor, with its posts held on the day `on`.

    One query. A closed account holds no post.
    """
    if not isinstance(account, Account):
        raise TypeError("Only staff accounts act.")
    posts = list(_posts_with_provinces(account, on)) if account.is_active else []
    return Actor(account.actor_id, account.shown_name, tuple(_held(post) for post in posts))


def present_actor(actor_id: int, *, on: dt.date) -> Actor:
    """The actor with this number as it is on the day `on`, for what a job does in its name later.

    A person has the posts of that day, a part of the system its own; anybody else has none.
    """
    account = Account.objects.filter(actor_id=actor_id).first()
    if account is not None:
        return actor_of(account, on=on)
    record = ActorRecord.objects.get(pk=actor_id)
    if record.kind == ActorRecord.Kind.SYSTEM:
        return system_actor(record.name)
    return Actor(record.pk, record.name)


def _held(post: Any) -> HeldRole:
    provinces = {*post.region_provinces, *filter(None, [post.province_id])}
    return HeldRole(Role(post.role), Scope(post.national, frozenset(provinces)))


def must_use_second_factor(account: Any, actor: Actor) -> bool:
    """Whether the account holds a role that decides and has no second factor yet.

    Recovery codes alone are no second factor. At most one query; none for other roles.
    """
    if not actor.has(*DECIDING_ROLES):
        return False
    return not is_mfa_enabled(account, types=SECOND_FACTORS)


def must_change_password(account: Any) -> bool:
    """Whether somebody else chose the account's password, and the person did not change it yet."""
    return isinstance(account, Account) and account.must_change_password


def held_on(day: dt.date) -> Q:
    """The condition on posts: held on `day`, the first and the last day included."""
    return Q(held_from__lte=day) & (Q(held_until=None) | Q(held_until__gte=day))


def accounts_in(scope: Scope) -> QuerySet[Account]:
    """The accounts an administrator of `scope` looks after.

    Those with a post, present or past, in the territory, and those without any post yet. Accounts
    whose posts go beyond the territory are somebody else's.
    """
    everyone = Account.objects.order_by("name", "pk")
    if scope.national:
        return everyone
    codes = scope.province_codes
    beyond = (
        Q(national=True)
        | (Q(province__isnull=False) & ~Q(province_id__in=codes))
        | Q(region__provinces__in=_provinces_outside(codes))
    )
    return everyone.exclude(pk__in=Post.objects.filter(beyond).values("account_id"))


def locked_account(account_id: int, *, scope: Scope) -> Account:
    """The account, locked until the transaction ends; NotFoundInScope where it is not theirs."""
    found = accounts_in(scope).filter(pk=account_id).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFoundInScope(account=account_id)
    return found


def locked_post(post_id: int, *, scope: Scope) -> Post:
    """The post with its account, locked; NotFoundInScope where the account is not theirs."""
    posts = Post.objects.select_related("account").filter(account__in=accounts_in(scope))
    found = posts.filter(pk=post_id).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFoundInScope(post=post_id)
    return found


def _posts_with_provinces(account: Account, on: dt.date) -> QuerySet[Any]:
    return (
        Post.objects.filter(held_on(on), account=account)
        .annotate(
            region_provinces=ArrayAgg(
                "region__provinces__code",
                filter=Q(region__provinces__isnull=False),
                default=Value([]),
            )
        )
        .order_by("pk")
    )


def _provinces_outside(codes: frozenset[str]) -> QuerySet[Any]:
    return Province.objects.exclude(pk__in=codes)


def everyone(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Every member of staff."""
    return actor.has(*Role, province=province)


def require_administering(actor: Actor) -> Scope:
    """Where the actor looks after institutions, accounts and posts; NotAllowed where nowhere."""
    return actor.require(Role.ADMINISTRATOR, Role.SYSTEM)


def require_administering_everywhere(actor: Actor) -> None:
    """Raise NotAllowed unless the actor looks after the institutions of the whole country."""
    actor.require_everywhere(Role.ADMINISTRATOR, Role.SYSTEM)


def may_administer(actor: Actor) -> bool:
    """Administrators look after accounts, and after the clients of partners."""
    return actor.has(Role.ADMINISTRATOR)


def is_system(actor: Actor) -> bool:
    """Whether the server itself acts, by a job or a command."""
    return actor.has(Role.SYSTEM)


def serves_people(actor: Actor) -> bool:
    """Whether people stand before the actor: at a counter or in the field."""
    return actor.has(Role.COUNTER_AGENT, Role.FIELD_AGENT)


def leads_programme(actor: Actor) -> bool:
    """Whether the actor answers for the programme: figures come before single files."""
    return actor.has(Role.PROGRAMME_LEAD)


def own_and_handed_over(actor: Actor) -> list[int]:
    """The actor's number, and those of the people whose files were handed over to it."""
    handed = HandedOver.objects.filter(to_id=actor.id).order_by("leaver_id")
    return [actor.id, *handed.values_list("leaver_id", flat=True)]


def may_follow_up(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Everybody on the staff but the auditor carries people on."""
    return actor.has(*(frozenset(Role) - {Role.AUDITOR}), province=province)
