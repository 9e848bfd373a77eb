"""Somebody who acted is named in the reader's script."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from qafila.foundation.actors import Actor
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting, system_actor
from qafila.institutions.actor_told import actor_told, name_in_script
from qafila.institutions.models import Account

pytestmark = pytest.mark.django_db


def test_an_agent_has_the_name_of_the_reader_s_script(system: Actor, at: dt.datetime) -> None:
    with acting(system, at=at):
        account = Account.objects.create_user(
            "karim@example.ma", None, name="كريم التازي", name_latn="Karim Tazi"
        )
    record = ActorRecord.objects.get(pk=account.actor_id)
    with translation.override("fr"):
        assert actor_told(record) == name_in_script("كريم التازي", "Karim Tazi") == "Karim Tazi"
        assert name_in_script("كريم التازي", "") == "كريم التازي"
    with translation.override("ar"):
        assert actor_told(record) == name_in_script("كريم التازي", "Karim Tazi") == "كريم التازي"


def test_a_door_of_ours_is_named_in_words() -> None:
    record = ActorRecord.objects.get(pk=system_actor("personal link").id)
    with translation.override("fr"):
        assert actor_told(record) == name_in_script("personal link", None)
        assert actor_told(record) != "personal link"
