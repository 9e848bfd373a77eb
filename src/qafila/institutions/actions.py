"""Institutions, accounts and posts: who is made, appointed, moved and closed.

Administrators do this within their own territory; nobody does it to themselves.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import uuid
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction

from qafila.foundation import journal, typed_text
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.idempotency import once
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting
from qafila.institutions import errors
from qafila.institutions import journal as entries
from qafila.institutions.access import (
    held_on,
    locked_account,
    locked_post,
    require_administering,
    require_administering_everywhere,
)
from qafila.institutions.four_eyes import require_second
from qafila.institutions.models import Account, Institution, Post
from qafila.institutions.reference_list import listed_institutions
from qafila.institutions.terms import PostTerms, check_terms, territory_label

_COLUMNS = {
    "kind": "text",
    "name_fr": "text",
    "name_ar": "text",
    "region_id": "text",
    "province_id": "text",
    "city": "text",
    "valid_from": "int2",
    "valid_to": "int2",
    "confidence": "text",
    "source": "text",
}


@dataclass(frozen=True)
class InstitutionsLoaded:
    """How many institutions are listed, and how many were new or different."""

    institutions: int
    changed: int


@dataclass(frozen=True)
class AccountCreated:
    account_id: int
    post_id: int | None


@dataclass(frozen=True)
class PostHeld:
    post_id: int


@dataclass(frozen=True)
class PostEnded:
    """`held_until`: the last day on which the post is held."""

    post_id: int
    held_until: dt.date


@dataclass(frozen=True)
class AccountDeactivated:
    account_id: int
    posts_ended: int


@dataclass(frozen=True)
class LanguageChanged:
    account_id: int
    language: str


def load_institutions(*, actor: Actor, at: dt.datetime) -> InstitutionsLoaded:
    """Load or refresh the list of institutions; places must be loaded. Safe to repeat."""
    require_administering_everywhere(actor)
    rows = listed_institutions()
    document = json.dumps(rows)
    with acting(actor, at=at):
        changed = _upsert(document) + _set_parents(document)
        if changed:
            record = ActorRecord.objects.get(pk=actor.id)
            journal.write(
                entries.INSTITUTIONS_LOADED,
                record,
                actor=actor,
                at=at,
                read=len(rows),
                changed=min(changed, len(rows)),
            )
    return InstitutionsLoaded(len(rows), min(changed, len(rows)))


def create_account(
    *,
    email: str,
    name: str,
    name_latn: str = "",
    language: str = "ar",
    password: str | None = None,
    first_post: PostTerms | None = None,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> AccountCreated:
    """Make an account for a member of staff, with their first post where it is known.

    Without a `password` the person sets one by the "forgotten password" page.
    """
    require_administering(actor)
    email, name = _checked_email(email), typed_text.name(name)
    if not name:
        raise errors.NameMissing
    _check_language(language)
    _check_password(password)

    def do() -> dict[str, int | None]:
        account = _new_account(email, password, name, typed_text.name(name_latn), language)
        journal.write(entries.ACCOUNT_CREATED, account, actor=actor, at=at, name=name)
        post = _appoint(account, first_post, actor, at) if first_post else None
        return {"account_id": account.pk, "post_id": post.pk if post else None}

    return AccountCreated(
        **once(command_id, "institutions.create_account", actor=actor, at=at, do=do)
    )


def hold_post(
    *,
    account_id: int,
    terms: PostTerms,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> PostHeld:
    """Give an account a role at an institution, over a territory, from one day to another."""
    scope = require_administering(actor)

    def do() -> dict[str, int]:
        account = locked_account(account_id, scope=scope)
        return {"post_id": _appoint(account, terms, actor, at).pk}

    return PostHeld(**once(command_id, "institutions.hold_post", actor=actor, at=at, do=do))


def end_post(
    *,
    post_id: int,
    last_day: dt.date,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> PostEnded:
    """End a post with `last_day`, which may be in the past, today or announced."""
    scope = require_administering(actor)

    def do() -> dict[str, int | str]:
        post = locked_post(post_id, scope=scope)
        _refuse_own(post.account, actor)
        _check_end(post, last_day)
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


def deactivate_account(
    *, account_id: int, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> AccountDeactivated:
    """Close an account: it cannot sign in any more, and its posts end the same day.

    Sessions end with the next request, because the sign-in refuses closed accounts.
    """
    scope = require_administering(actor)

    def do() -> dict[str, int]:
        account = locked_account(account_id, scope=scope)
        _refuse_own(account, actor)
        if not account.is_active:
            raise errors.AccountClosed
        require_second("close", account, actor=actor, at=at)
        if not Account.objects.filter(pk=account.pk, is_active=True).update(is_active=False):
            raise SomeoneElseActed
        ended = _end_posts_of(account, day_of(at))
        journal.write(
            entries.ACCOUNT_DEACTIVATED,
            account,
            actor=actor,
            at=at,
            name=account.name,
            posts=ended,
        )
        return {"account_id": account.pk, "posts_ended": ended}

    return AccountDeactivated(
        **once(command_id, "institutions.deactivate_account", actor=actor, at=at, do=do)
    )


def change_language(
    *,
    account_id: int,
    language: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> LanguageChanged:
    """Set the language of a person's pages: their own, or by an administrator."""
    _check_language(language)

    def do() -> dict[str, int | str]:
        account = _own_or_administered(account_id, actor)
        changed = Account.objects.filter(pk=account.pk, language=account.language)
        if not changed.update(language=language):
            raise SomeoneElseActed
        if account.language != language:
            journal.write(
                entries.LANGUAGE_CHANGED,
                account,
                actor=actor,
                at=at,
                name=account.name,
                language=language,
            )
        return {"account_id": account.pk, "language": language}

    return LanguageChanged(
        **once(command_id, "institutions.change_language", actor=actor, at=at, do=do)
    )


def _appoint(account: Account, terms: PostTerms, actor: Actor, at: dt.datetime) -> Post:
    _refuse_own(account, actor)
    if not account.is_active:
        raise errors.AccountClosed
    check_terms(terms, actor=actor)
    _refuse_overlap(account, terms)
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


def _new_account(
    email: str, password: str | None, name: str, name_latn: str, language: str
) -> Account:
    try:
        with transaction.atomic():
            account = Account.objects.create_user(
                email, password, name=name, name_latn=name_latn, language=language
            )
    except IntegrityError:
        raise errors.EmailTaken(email=email) from None
    # An administrator vouches for the address; the sign-in library wants to know it verified.
    EmailAddress.objects.create(user=account, email=email, primary=True, verified=True)
    return account


def _checked_email(email: str) -> str:
    email = typed_text.line(email).lower()
    try:
        validate_email(email)
    except ValidationError:
        raise errors.EmailNotValid(email=email[:80]) from None
    return email


def _check_language(language: str) -> None:
    if language not in dict(settings.LANGUAGES):
        raise errors.LanguageUnknown(language=language[:20])


def _check_password(password: str | None) -> None:
    if password is None:
        return
    try:
        validate_password(password)
    except ValidationError:
        raise errors.PasswordTooWeak from None


def _refuse_own(account: Account, actor: Actor) -> None:
    if account.actor_id == actor.id:
        raise errors.NotForYourself


def _own_or_administered(account_id: int, actor: Actor) -> Account:
    own = Account.objects.select_for_update().filter(pk=account_id, actor_id=actor.id).first()
    if own is not None:
        return own
    return locked_account(account_id, scope=require_administering(actor))


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


def _end_posts_of(account: Account, day: dt.date) -> int:
    running = Post.objects.filter(held_on(day), account=account).exclude(held_until=day)
    announced = Post.objects.filter(account=account, held_from__gt=day)
    return running.update(held_until=day) + announced.delete()[0]


def _upsert(document: str) -> int:
    names = ", ".join(_COLUMNS)
    typed = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    given = ", ".join(f"excluded.{name}" for name in _COLUMNS)
    stored = ", ".join(f"i.{name}" for name in _COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Institution._meta.db_table} AS i ({names}) "
            f"SELECT {names} FROM jsonb_to_recordset(%s::jsonb) AS g ({typed}) "
            f"ON CONFLICT (kind, name_fr, city) DO UPDATE SET ({names}) = ROW ({given}) "
            f"WHERE ({stored}) IS DISTINCT FROM ({given})",
            [document],
        )
        return int(cursor.rowcount)


def _set_parents(document: str) -> int:
    table = Institution._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS i SET parent_id = p.id "
            "FROM jsonb_to_recordset(%s::jsonb) AS g "
            "(kind text, name_fr text, city text, parent_kind text, parent_name text) "
            f"JOIN {table} AS p ON (p.kind, p.name_fr) = (g.parent_kind, g.parent_name) "
            "WHERE (i.kind, i.name_fr, i.city) = (g.kind, g.name_fr, g.city) "
            "AND i.parent_id IS DISTINCT FROM p.id",
            [document],
        )
        return int(cursor.rowcount)
