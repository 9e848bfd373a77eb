"""What administrators do for people who cannot get in: new password, new second factor, reopening.

Nobody does it to themselves. A new password ends every session of the account, in every process.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from qafila.foundation import journal
from qafila.foundation.actors import Actor, Role
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.scope import reference_data
from qafila.foundation.stores.sealed_passwords import password_sealed_again
from qafila.foundation.stores.sealing import sealed_again
from qafila.foundation.trail import acting
from qafila.institutions import errors
from qafila.institutions import journal as entries
from qafila.institutions.access import locked_account, require_administering
from qafila.institutions.accounts.four_eyes import require_second
from qafila.institutions.facts import SECOND_FACTOR
from qafila.institutions.models import Account


@dataclass(frozen=True)
class SecondFactorReset:
    """`removed`: how many codes, keys and lists of recovery codes the account had."""

    account_id: int
    removed: int


def reset_password(*, account_id: int, password: str, actor: Actor, at: dt.datetime) -> None:
    """Give an account another password; whoever is signed in with it is so no longer.

    The person changes it at the next sign-in: until then nothing else opens.
    Raises NotAllowed, NotFoundInScope, NotForYourself, AccountClosed, PasswordTooWeak, and
    SecondAdministratorNeeded as `four_eyes` says.
    """
    with acting(actor, at=at):
        account = _others(account_id, actor)
        if not account.is_active:
            raise errors.AccountClosed
        require_second("reset_password", account, actor=actor, at=at)
        _move(account, is_active=True, password=_made(password))
        journal.write(entries.PASSWORD_RESET, account, actor=actor, at=at, name=account.name)


def reset_second_factor(*, account_id: int, actor: Actor, at: dt.datetime) -> SecondFactorReset:
    """Remove an account's second factors: with its next sign-in the person sets up another.

    Raises NotAllowed, NotFoundInScope, NotForYourself, SecondFactorMissing, and
    SecondAdministratorNeeded as `four_eyes` says.
    """
    with acting(actor, at=at):
        account = _others(account_id, actor)
        require_second("reset_second_factor", account, actor=actor, at=at)
        removed, _ = Authenticator.objects.filter(user=account).delete()
        if not removed:
            raise errors.SecondFactorMissing(name=account.name)
        journal.write(entries.SECOND_FACTOR_RESET, account, actor=actor, at=at, name=account.name)
    return SecondFactorReset(account.pk, removed)


def reopen_account(*, account_id: int, password: str, actor: Actor, at: dt.datetime) -> None:
    """Let a closed account sign in again, with another password and without posts.

    Raises NotAllowed, NotFoundInScope, NotForYourself, AccountOpen, PasswordTooWeak.
    """
    with acting(actor, at=at):
        account = _others(account_id, actor)
        if account.is_active:
            raise errors.AccountOpen(name=account.name)
        require_second("reopen", account, actor=actor, at=at)
        _move(account, is_active=False, password=_made(password))
        journal.write(entries.ACCOUNT_REOPENED, account, actor=actor, at=at, name=account.name)


def reseal_second_factors(*, actor: Actor, at: dt.datetime) -> int:
    """Seal every seed with the present secret key; how many were sealed with another, or not."""
    actor.require_everywhere(Role.SYSTEM)
    with acting(actor, at=at):
        changed = 0
        for one in Authenticator.objects.select_for_update().order_by("pk"):
            again = {name: _again(name, value) for name, value in one.data.items()}
            if again != one.data:
                changed += Authenticator.objects.filter(pk=one.pk, data=one.data).update(data=again)
    return changed


def reseal_passwords(*, actor: Actor, at: dt.datetime) -> int:
    """Seal every kept password with the present secret key; how many were not. Sessions end."""
    actor.require_everywhere(Role.SYSTEM)
    with acting(actor, at=at):
        changed = 0
        for one in Account.objects.select_for_update().order_by("pk"):
            again = password_sealed_again(one.password)
            if again != one.password:
                same = Account.objects.filter(pk=one.pk, password=one.password)
                changed += same.update(password=again)
    return changed


@reference_data
def account_of(email: str) -> int:
    """The number of the account with this address. Raises AccountUnknown."""
    found = Account.objects.filter(email=email.strip().lower()).first()
    if found is None:
        raise errors.AccountUnknown(email=email[:80])
    return found.pk


def _others(account_id: int, actor: Actor) -> Account:
    account = locked_account(account_id, scope=require_administering(actor))
    if account.actor_id == actor.id:
        raise errors.NotForYourself
    return account


def _move(account: Account, *, is_active: bool, password: str) -> None:
    same = Account.objects.filter(pk=account.pk, is_active=is_active, password=account.password)
    if not same.update(is_active=True, password=password, must_change_password=True):
        raise SomeoneElseActed


def _made(password: str) -> str:
    try:
        validate_password(password)
    except ValidationError:
        raise errors.PasswordTooWeak from None
    return make_password(password)


def _again(name: str, value: object) -> object:
    if name in ("secret", "seed") and isinstance(value, str):
        return sealed_again(value, SECOND_FACTOR)
    if name == "migrated_codes" and isinstance(value, list):
        return [sealed_again(one, SECOND_FACTOR) for one in value]
    return value
