"""Posts given and taken: a role at an institution, over a territory, from one day to another.

Nobody does it to themselves; about an administrator, or to make one, two administrators decide.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from qafila.foundation import journal
from qafila.foundation.actors import Actor, Role
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.idempotency import once
from qafila.institutions import errors
from qafila.institutions import journal as entries
from qafila.institutions.access import held_on, locked_account, locked_post, require_administering
from qafila.institutions.accounts.four_eyes import require_second
from qafila.institutions.models import Account, Post
from qafila.institutions.terms import PostTerms, check_terms, territory_label


@dataclass(frozen=True)
class PostHeld:
    post_id: int


@dataclass(frozen=True)
class PostEnded:
    """`held_until`: the last day on which the post is held."""

    post_id: int
    held_until: dt.date


def hold_post(
    *,
    account_id: int,
    terms: PostTerms,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> PostHeld:
    """Give an account a role at an institution, over a territory, from one day to another.

    Raises NotAllowed, NotFoundInScope, NotForYourself, AccountClosed, PostAlreadyHeld, what
    `check_terms` refuses, and for an administrator's post SecondAdministratorNeeded.
    """
    scope = require_administering(actor)

    def do() -> dict[str, int]:
        account = locked_account(account_id, scope=scope)
        return {"post_id": appoint(account, terms, actor, at).pk}

    return PostHeld(**once(command_id, "institutions.hold_post", actor=actor, at=at, do=do))


def end_post(
    *,
    post_id: int,
    last_day: dt.date,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> PostEnded:
    """End a post with `last_day`, which may be in the past, today or announced.

    Raises NotAllowed, NotFoundInScope, NotForYourself, PostAlreadyEnded, PostEndsBeforeItBegins,
    and for an administrator's post SecondAdministratorNeeded.
    """
    scope = require_administering(actor)

    def do() -> dict[str, int | str]:
        post = locked_post(post_id, scope=scope)
        refuse_own(post.account, actor)
        _check_end(post, last_day)
        if post.role == Role.ADMINISTRATOR:
            about = {"post_id": post.pk, "last_day": last_day.isoformat()}
            require_second("end_post", post.account, actor=actor, at=at, about=about)
        _move_end(post, last_day)
        journal.write(
            entries.POST_ENDED,
            post.account,
            actor=actor,
            at=at,
            name=post.account.name,
            role=post.role,
            held_until=last_day.isoformat(),
        )
        return {"post_id": post.pk, "held_until": last_day.isoformat()}

    answer = once(command_id, "institutions.end_post", actor=actor, at=at, do=do)
    return PostEnded(answer["post_id"], dt.date.fromisoformat(answer["held_until"]))


def appoint(account: Account, terms: PostTerms, actor: Actor, at: dt.datetime) -> Post:
    """Give the account a post; the caller opened the transaction. Raises as `hold_post`."""
    refuse_own(account, actor)
    if not account.is_active:
        raise errors.AccountClosed
    check_terms(terms, actor=actor)
    _refuse_overlap(account, terms)
    if terms.role == Role.ADMINISTRATOR:
        require_second("hold_post", account, actor=actor, at=at, about=written_terms(terms))
    post = Post.objects.create(account=account, **dataclasses.asdict(terms))
    journal.write(
        entries.POST_HELD,
        account,
        actor=actor,
        at=at,
        name=account.name,
        role=post.role,
        held_from=terms.held_from.isoformat(),
        territory=territory_label(terms),
    )
    return post


def refuse_own(account: Account, actor: Actor) -> None:
    """Raise NotForYourself for the actor's own account."""
    if account.actor_id == actor.id:
        raise errors.NotForYourself


def written_terms(terms: PostTerms) -> dict[str, Any]:
    """The terms as a second administrator is asked about them; `read_terms` reads them again."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in dataclasses.asdict(terms).items()
    }


def read_terms(written: dict[str, Any]) -> PostTerms:
    """The terms that `written_terms` wrote."""
    until = written["held_until"]
    days = {
        "held_from": dt.date.fromisoformat(written["held_from"]),
        "held_until": dt.date.fromisoformat(until) if until else None,
    }
    return PostTerms(**(written | days))


def _refuse_overlap(account: Account, terms: PostTerms) -> None:
    same = Post.objects.filter(
        account=account,
        role=terms.role,
        institution_id=terms.institution_id,
        national=terms.national,
        region_id=terms.region_id,
        province_id=terms.province_id,
    ).exclude(held_until__lt=terms.held_from)
    if terms.held_until is not None:
        same = same.filter(held_from__lte=terms.held_until)
    if same.exists():
        raise errors.PostAlreadyHeld


def _check_end(post: Post, last_day: dt.date) -> None:
    if post.held_until is not None and post.held_until <= last_day:
        raise errors.PostAlreadyEnded(held_until=post.held_until.isoformat())
    if last_day < post.held_from:
        raise errors.PostEndsBeforeItBegins(
            held_from=post.held_from.isoformat(), held_until=last_day.isoformat()
        )


def _move_end(post: Post, last_day: dt.date) -> None:
    unchanged = Post.objects.filter(pk=post.pk, held_until=post.held_until)
    if not unchanged.update(held_until=last_day):
        raise SomeoneElseActed


def end_posts_of(account: Account, day: dt.date) -> int:
    """End with `day` what is held, take away what was announced; how many posts that were."""
    running = Post.objects.filter(held_on(day), account=account).exclude(held_until=day)
    announced = Post.objects.filter(account=account, held_from__gt=day)
    return running.update(held_until=day) + announced.delete()[0]
