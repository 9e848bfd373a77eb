"""From an account to an actor: the roles and the territory its posts give on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.db.models import Q

from qafila.foundation.actors import DECIDING_ROLES, Actor, Role, Scope
from qafila.institutions.models import Account, Post
from qafila.places.models import Province


def actor_of(account: Any, *, on: dt.date) -> Actor:
    """The signed-in `account` as an actor, with the union of its posts held on the day `on`."""
    if not isinstance(account, Account):
        raise TypeError("Only staff accounts act.")
    held = Post.objects.filter(
        Q(held_until=None) | Q(held_until__gte=on), account=account, held_from__lte=on
    )
    posts = list(held.order_by("pk"))
    regions = [post.region_id for post in posts if post.region_id]
    provinces = {post.province_id for post in posts if post.province_id}
    if regions:
        provinces |= set(
            Province.objects.filter(region_id__in=regions).values_list("code", flat=True)
        )
    return Actor(
        id=account.actor_id,
        name=account.name,
        roles=frozenset(Role(post.role) for post in posts),
        scope=Scope(any(post.national for post in posts), frozenset(provinces)),
    )


def must_use_second_factor(account: Any, actor: Actor) -> bool:
    """Whether the account holds a role that decides and has no second factor yet."""
    return bool(actor.roles & DECIDING_ROLES) and not is_mfa_enabled(account)
