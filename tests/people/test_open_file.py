"""The one way of shells to a person: the territory, the trace, and merged files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from qafila.foundation.actors import Actor, Role, Scope
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.models import AccessLogEntry
from qafila.people.access import open_file
from qafila.people.errors import FileMerged

pytestmark = pytest.mark.django_db


def _liaison(system: Actor, scope: Scope) -> Actor:
    return Actor.holding(system.id, "Karim", {Role.FUND_LIAISON}, scope)


def test_the_look_is_logged_with_the_reason_of_the_role(
    system: Actor, at: dt.datetime, person: Callable[..., Any], django_assert_num_queries: Any
) -> None:
    fatima = person()
    actor = _liaison(system, Scope(national=True))
    with django_assert_num_queries(2):
        found = open_file(fatima.pk, actor=actor, at=at, place="correct")
    assert found.id == fatima.pk
    entry = AccessLogEntry.objects.get()
    assert (entry.person_id, entry.place) == (fatima.pk, "correct")
    assert entry.reason == "following_up"


def test_outside_the_territory_there_is_nothing_and_no_trace(
    system: Actor, at: dt.datetime, person: Callable[..., Any]
) -> None:
    fatima = person()
    nowhere = Scope(province_codes=frozenset({"01.511"}))
    with pytest.raises(NotFoundInScope):
        open_file(fatima.pk, actor=_liaison(system, nowhere), at=at, place="file")
    assert not AccessLogEntry.objects.exists()


def test_a_merged_file_names_the_kept_one_and_is_not_read(
    system: Actor, at: dt.datetime, person: Callable[..., Any]
) -> None:
    kept = person()
    gone = person(state="merged", merged_into=kept)
    with pytest.raises(FileMerged) as refused:
        open_file(gone.pk, actor=_liaison(system, Scope(national=True)), at=at, place="file")
    assert refused.value.kept == kept.pk
    assert not AccessLogEntry.objects.exists()
