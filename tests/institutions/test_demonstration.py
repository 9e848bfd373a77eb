"""The cast of a demonstration."""

from __future__ import annotations

import datetime as dt
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import authenticate
from django.test import RequestFactory

from qafila.demonstration.accounts import (
    DemonstrationAccount,
    create_demonstration_accounts,
    current_code,
    known_demonstration_accounts,
)
from qafila.foundation.actors import DECIDING_ROLES, Actor, Role, Scope
from qafila.foundation.errors import NotAllowed
from qafila.foundation.trail import acting
from qafila.institutions import errors
from qafila.institutions.access import actor_of, must_use_second_factor
from qafila.institutions.models import Account, Post

from .conftest import TODAY, someone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(tmp_path: Path, settings: Any) -> Path:
    """A folder of the installation for this test alone."""
    settings.VAR = tmp_path
    return tmp_path


@pytest.fixture
def cast(institutions: None, system: Actor, at: dt.datetime) -> list[DemonstrationAccount]:
    return create_demonstration_accounts(actor=system, at=at)


def _sign_in(shown: DemonstrationAccount) -> object:
    request = RequestFactory().post("/accounts/login/")
    return authenticate(request, email=shown.email, password=shown.password)


def test_people_in_every_role_can_sign_in(cast: list[DemonstrationAccount]) -> None:
    assert len(cast) == 11
    assert {shown.role for shown in cast} == set(Role) - {Role.SYSTEM}
    for shown in cast:
        account = _sign_in(shown)
        assert isinstance(account, Account)
        actor = actor_of(account, on=TODAY)
        assert shown.role in actor.roles
        assert actor.scope_of(Role(shown.role)).national is (shown.territory == "MA")
        assert not must_use_second_factor(account, actor)
        assert bool(shown.otp_secret) is (shown.role in DECIDING_ROLES)


def test_widad_audits_the_country_and_decides_in_one_province(
    cast: list[DemonstrationAccount],
) -> None:
    account = Account.objects.get(email="widad@qafila.example")
    actor = actor_of(account, on=TODAY)
    assert actor.scope_of(Role.AUDITOR).national
    assert actor.scope_of(Role.CHAMBER_STAFF) == Scope(False, frozenset({"09.541"}))
    assert actor.has(Role.CHAMBER_STAFF, province="09.541")
    assert not actor.has(Role.CHAMBER_STAFF, province="06.141")
    assert not actor.has(Role.CHAMBER_STAFF, province=None)
    assert actor.has(Role.AUDITOR, province=None)


def test_salma_works_elsewhere_than_youssef_and_hassan(cast: list[DemonstrationAccount]) -> None:
    scopes = {
        account.email.split("@")[0]: actor_of(account, on=TODAY).scope_of(*Role)
        for account in Account.objects.order_by("pk")
    }
    assert scopes["youssef"].province_codes <= scopes["hassan"].province_codes
    assert not scopes["salma"].province_codes & scopes["hassan"].province_codes
    regions = {code[:2] for scope in scopes.values() for code in scope.province_codes}
    assert regions == {"06", "08", "09", "10"}


def test_making_them_again_changes_nothing(
    cast: list[DemonstrationAccount], system: Actor, at: dt.datetime
) -> None:
    before = list(Account.objects.order_by("pk").values())
    assert create_demonstration_accounts(actor=system, at=at) == cast
    assert list(Account.objects.order_by("pk").values()) == before
    assert (Post.objects.count(), Authenticator.objects.count()) == (12, 7)


def test_passwords_are_kept_for_the_owner_alone(
    cast: list[DemonstrationAccount], var: Path
) -> None:
    file = var / "demo-accounts.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {row["password"] for row in json.loads(file.read_text())} == {a.password for a in cast}
    assert known_demonstration_accounts() == cast
    assert len({shown.password for shown in cast}) == 11


def test_a_lost_file_means_new_passwords_that_work(
    cast: list[DemonstrationAccount], var: Path, system: Actor, at: dt.datetime
) -> None:
    (var / "demo-accounts.json").write_text("{damaged")
    again = create_demonstration_accounts(actor=system, at=at)
    assert not {shown.password for shown in again} & {shown.password for shown in cast}
    assert all(_sign_in(shown) for shown in again)
    assert not any(_sign_in(shown) for shown in cast)


def test_a_closed_demonstration_account_is_opened_again(
    cast: list[DemonstrationAccount], system: Actor, at: dt.datetime
) -> None:
    with acting(system, at=at):
        Account.objects.filter(email=cast[0].email).update(is_active=False)
    create_demonstration_accounts(actor=system, at=at)
    assert _sign_in(cast[0])


def test_the_code_shown_is_the_code_the_sign_in_takes(
    cast: list[DemonstrationAccount], monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = dt.datetime(2026, 11, 22, 9, 0, 15, tzinfo=dt.UTC)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", moment.timestamp)
    hassan = next(shown for shown in cast if shown.email.startswith("hassan@"))
    authenticator = Authenticator.objects.get(user__email=hassan.email)
    assert isinstance(authenticator.wrap(), TOTP)
    assert authenticator.wrap().validate_code(current_code(hassan.email, at=moment))
    assert f"secret={hassan.otp_secret}" in hassan.otp_uri
    assert hassan.otp_uri.startswith("otpauth://totp/Qafila:hassan%40qafila.example?")


def test_codes_are_for_demonstration_accounts_with_a_second_factor(
    cast: list[DemonstrationAccount], at: dt.datetime
) -> None:
    with pytest.raises(errors.NoSecondFactor):
        current_code("youssef@qafila.example", at=at)
    with pytest.raises(errors.DemonstrationAccountUnknown):
        current_code("someone@example.ma", at=at)


def test_without_a_demonstration_there_are_no_accounts() -> None:
    assert known_demonstration_accounts() == []


def test_only_the_system_makes_the_cast(institutions: None, at: dt.datetime) -> None:
    with pytest.raises(NotAllowed):
        create_demonstration_accounts(actor=someone(Role.ADMINISTRATOR), at=at)
