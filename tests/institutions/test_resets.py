"""Passwords and second factors reset, accounts closed and opened again: by others, journalled."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import translation
from typer.testing import CliRunner

from qafila.cli.rooms.accounts import accounts_app
from qafila.foundation.actors import Actor
from qafila.foundation.errors import NotAllowed
from qafila.foundation.models import JournalEntry
from qafila.institutions import actions, errors
from qafila.institutions.accounts import resets
from qafila.institutions.models import Account, Post

from .conftest import MakeAccount, MakeTerms

pytestmark = pytest.mark.django_db
PASSWORD, OTHER = "tagine-rouge-42", "couscous-bleu-17"
SEED = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def driss(make_account: MakeAccount, terms: MakeTerms, system: Actor, at: dt.datetime) -> Account:
    made = make_account("driss", terms())
    resets.reset_password(account_id=made.pk, password=PASSWORD, actor=system, at=at)
    return Account.objects.get(pk=made.pk)


def _signed_in(client: Client, account: Account) -> bool:
    request: Any = type("Request", (), {"session": client.session})()
    found = get_user(request)
    return bool(found.is_authenticated and found.pk == account.pk)


def _verbs(account: Account) -> list[str]:
    entries = JournalEntry.objects.filter(subject_id=account.pk).order_by("pk")
    return [one.verb.removeprefix("institutions.") for one in entries]


def test_a_new_password_ends_every_session(
    client: Client, driss: Account, system: Actor, at: dt.datetime
) -> None:
    client.force_login(driss)
    assert _signed_in(client, driss)
    resets.reset_password(account_id=driss.pk, password=OTHER, actor=system, at=at)
    assert not _signed_in(client, driss)
    assert Account.objects.get(pk=driss.pk).check_password(OTHER)
    assert _verbs(driss)[-1] == "password_reset"
    with pytest.raises(errors.PasswordTooWeak):
        resets.reset_password(account_id=driss.pk, password="123", actor=system, at=at)


def test_a_closed_account_is_out_at_once_and_comes_back_without_its_sessions(
    client: Client, driss: Account, system: Actor, at: dt.datetime
) -> None:
    client.force_login(driss)
    with pytest.raises(errors.AccountOpen):
        resets.reopen_account(account_id=driss.pk, password=OTHER, actor=system, at=at)
    actions.deactivate_account(account_id=driss.pk, actor=system, at=at)
    assert not _signed_in(client, driss)
    with pytest.raises(errors.AccountClosed):
        resets.reset_password(account_id=driss.pk, password=OTHER, actor=system, at=at)
    resets.reopen_account(account_id=driss.pk, password=OTHER, actor=system, at=at)
    assert not _signed_in(client, driss)
    assert Account.objects.get(pk=driss.pk).is_active
    assert not Post.objects.filter(account=driss, held_until=None).exists()
    assert _verbs(driss)[-2:] == ["account_deactivated", "account_reopened"]


def test_seeds_are_sealed_and_can_be_reset_and_sealed_again(
    driss: Account, system: Actor, at: dt.datetime, settings: Any
) -> None:
    settings.SECRET_KEY = "a" * 50
    totp = TOTP.activate(driss, SEED).instance
    assert SEED not in str(totp.data)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "b" * 50, ["a" * 50]
    assert resets.reseal_second_factors(actor=system, at=at) == 1
    assert resets.reseal_second_factors(actor=system, at=at) == 0
    settings.SECRET_KEY_FALLBACKS = []
    kept = Authenticator.objects.get(pk=totp.pk)
    from allauth.mfa.utils import decrypt

    assert decrypt(kept.data["secret"]) == SEED
    assert resets.reset_second_factor(account_id=driss.pk, actor=system, at=at).removed == 1
    with pytest.raises(errors.SecondFactorMissing):
        resets.reset_second_factor(account_id=driss.pk, actor=system, at=at)


def test_a_seed_from_before_still_works_and_is_sealed(
    driss: Account, system: Actor, at: dt.datetime
) -> None:
    from allauth.mfa.utils import decrypt

    one = Authenticator.objects.create(user=driss, type="totp", data={"secret": SEED})
    assert decrypt(one.data["secret"]) == SEED
    assert resets.reseal_second_factors(actor=system, at=at) == 1
    one.refresh_from_db()
    assert SEED not in str(one.data)
    assert decrypt(one.data["secret"]) == SEED


def test_nobody_resets_themselves_nor_without_the_role(
    driss: Account, system: Actor, at: dt.datetime
) -> None:
    from qafila.foundation.actors import WHOLE_COUNTRY, Role

    himself = Actor.holding(driss.actor_id, "d", {Role.ADMINISTRATOR}, WHOLE_COUNTRY)
    with pytest.raises(errors.NotForYourself):
        resets.reset_password(account_id=driss.pk, password=OTHER, actor=himself, at=at)
    agent = Actor.holding(system.id, "s", {Role.COUNTER_AGENT}, WHOLE_COUNTRY)
    with pytest.raises(NotAllowed):
        resets.reset_second_factor(account_id=driss.pk, actor=agent, at=at)


def test_the_commands_do_the_same(driss: Account) -> None:
    def run(*arguments: str) -> Any:
        with translation.override("en"):
            return CliRunner().invoke(accounts_app, arguments, env={"QAFILA_LANGUAGE": "en"})

    assert driss.email in run("reset-password", driss.email).stdout
    assert isinstance(run("reset-second-factor", driss.email).exception, errors.SecondFactorMissing)
    assert run("close", driss.email).exit_code == 0
    assert run("reopen", driss.email).exit_code == 0
    assert run("reseal").stdout == "0\n0\n"
    assert isinstance(run("close", "nobody@example.ma").exception, errors.AccountUnknown)


HASHERS = [
    "qafila.foundation.stores.sealed_passwords.SealedArgon2",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]


def test_a_kept_password_is_sealed_and_follows_the_secret_key(
    driss: Account, system: Actor, at: dt.datetime, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = HASHERS
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a" * 50, []
    driss.set_password(OTHER)
    driss.save()
    assert "argon2id" not in driss.password
    assert driss.check_password(OTHER)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "b" * 50, []
    assert not driss.check_password(OTHER)
    settings.SECRET_KEY_FALLBACKS = ["a" * 50]
    assert resets.reseal_passwords(actor=system, at=at) >= 1
    assert resets.reseal_passwords(actor=system, at=at) == 0
    settings.SECRET_KEY_FALLBACKS = []
    driss.refresh_from_db()
    assert driss.check_password(OTHER)
    assert not driss.check_password(OTHER + "x")


def test_a_password_from_before_still_works_and_is_sealed(
    driss: Account, system: Actor, at: dt.datetime, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = HASHERS
    Account.objects.filter(pk=driss.pk).update(password=make_password(OTHER, hasher="argon2"))
    driss.refresh_from_db()
    assert driss.password.startswith("argon2$")
    assert driss.check_password(OTHER)
    Account.objects.filter(pk=driss.pk).update(password=make_password(OTHER, hasher="argon2"))
    resets.reseal_passwords(actor=system, at=at)
    driss.refresh_from_db()
    assert driss.password.startswith("sealed_argon2$sealed1:")
    assert driss.check_password(OTHER)


@pytest.mark.parametrize("password", ["Short-pass1", "x1-" * 43, "1234567890123", "password1234"])
def test_passwords_nobody_should_have_are_refused(
    password: str, driss: Account, system: Actor, at: dt.datetime
) -> None:
    with pytest.raises(errors.PasswordTooWeak):
        resets.reset_password(account_id=driss.pk, password=password, actor=system, at=at)
