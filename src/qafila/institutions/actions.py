"""Institutions, accounts and posts: who is made, appointed, moved and closed.

Administrators do this within their own territory; nobody does it to themselves.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any

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
    locked_account,
    require_administering,
    require_administering_everywhere,
)
from qafila.institutions.accounts.four_eyes import require_second
from qafila.institutions.models import Account, Institution
from qafila.institutions.posts import appoint, end_posts_of, refuse_own
from qafila.institutions.reference_list import listed_institutions
from qafila.institutions.terms import PostTerms

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
    must_change: bool = True,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> AccountCreated:
    """Make an account for a member of staff, with their first post where it is known.

    Without a `password` the person sets one by the "forgotten password" page. With one they must
    change it at the first sign-in, unless `must_change` is False. Raises NotAllowed, NameMissing,
    EmailNotValid, EmailTaken, LanguageUnknown, PasswordTooWeak, and for the post as `hold_post`.
    """
    require_administering(actor)
    email, name = _checked_email(email), typed_text.name(name)
    if not name:
        raise errors.NameMissing
    _check_language(language)
    _check_password(password)

    def do() -> dict[str, int | None]:
        latin, given = typed_text.name(name_latn), must_change and password is not None
        account = _new_account(
            email,
            password,
            name=name,
            name_latn=latin,
            language=language,
            must_change_password=given,
        )
        journal.write(entries.ACCOUNT_CREATED, account, actor=actor, at=at, name=name)
        post = appoint(account, first_post, actor, at) if first_post else None
        return {"account_id": account.pk, "post_id": post.pk if post else None}

    return AccountCreated(
        **once(command_id, "institutions.create_account", actor=actor, at=at, do=do)
    )


def deactivate_account(
    *, account_id: int, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> AccountDeactivated:
    """Close an account: it cannot sign in any more, and its posts end the same day.

    Sessions end with the next request, because the sign-in refuses closed accounts.
    """
    scope = require_administering(actor)

    def do() -> dict[str, int]:
        account = locked_account(account_id, scope=scope)
        refuse_own(account, actor)
        if not account.is_active:
            raise errors.AccountClosed
        require_second("close", account, actor=actor, at=at)
        if not Account.objects.filter(pk=account.pk, is_active=True).update(is_active=False):
            raise SomeoneElseActed
        ended = end_posts_of(account, day_of(at))
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


def _new_account(email: str, password: str | None, **fields: Any) -> Account:
    try:
        with transaction.atomic():
            account = Account.objects.create_user(email, password, **fields)
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


def _own_or_administered(account_id: int, actor: Actor) -> Account:
    own = Account.objects.select_for_update().filter(pk=account_id, actor_id=actor.id).first()
    if own is not None:
        return own
    return locked_account(account_id, scope=require_administering(actor))


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
