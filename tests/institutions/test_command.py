"""`qafila accounts`."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from typer.testing import CliRunner, Result

from qafila.cli.rooms.accounts import accounts_app
from qafila.demonstration.accounts import create_demonstration_accounts
from qafila.foundation.actors import Actor, Role
from qafila.institutions import errors
from qafila.institutions.models import Account, Post

pytestmark = pytest.mark.django_db


def _run(*arguments: str) -> Result:
    with translation.override("fr"):
        return CliRunner().invoke(accounts_app, arguments, env={"QAFILA_LANGUAGE": "en"})


def test_an_account_is_made_with_a_post_and_a_password_that_works(institutions: None) -> None:
    done = _run("create", "ali@example.ma", "--name", "علي", "--role", "counter_agent",
                "--province", "06.461")  # fmt: skip
    assert done.exit_code == 0
    shown = re.search(r"password (\S+)\. ", done.stdout)
    account = Account.objects.get(email="ali@example.ma")
    assert shown
    assert account.check_password(shown[1])
    post = Post.objects.get(account=account)
    assert (post.role, post.province_id) == (Role.COUNTER_AGENT, "06.461")
    assert (post.institution.kind, post.institution.region_id) == ("chamber_crafts", "06")


def test_a_refusal_reaches_the_command_as_a_sentence(institutions: None) -> None:
    done = _run("create", "ali@example.ma", "--name", "Ali", "--role", "king", "--national")
    assert isinstance(done.exception, errors.RoleUnknown)
    assert not Account.objects.exists()


def test_the_demonstration_can_be_listed_and_its_codes_read(
    institutions: None, system: Actor, at: dt.datetime, tmp_path: Path, settings: Any
) -> None:
    settings.VAR = tmp_path
    create_demonstration_accounts(actor=system, at=at)
    listed = _run("list")
    assert listed.exit_code == 0
    for who in ("youssef", "brahim"):
        assert who in listed.stdout
    assert re.fullmatch(r"\d{6}\n", _run("code", "brahim@qafila.example").stdout)
    assert isinstance(_run("code", "youssef@qafila.example").exception, errors.NoSecondFactor)
