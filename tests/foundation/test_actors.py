"""A role is held in a territory: each post is asked by itself."""

from __future__ import annotations

import pytest

from qafila.foundation.access_log import reason_of
from qafila.foundation.actors import NOWHERE, WHOLE_COUNTRY, Actor, HeldRole, Role, Scope
from qafila.foundation.errors import NotAllowed

HERE, THERE = "09.541", "06.141"
WIDAD = Actor(
    1,
    "Widad",
    (
        HeldRole(Role.AUDITOR, WHOLE_COUNTRY),
        HeldRole(Role.CHAMBER_STAFF, Scope(False, frozenset({HERE}))),
    ),
)


def test_a_role_reaches_as_far_as_its_own_post() -> None:
    assert WIDAD.scope_of(Role.AUDITOR) == WHOLE_COUNTRY
    assert WIDAD.scope_of(Role.CHAMBER_STAFF) == Scope(False, frozenset({HERE}))
    assert WIDAD.scope_of(Role.CHAMBER_STAFF, Role.AUDITOR).national
    assert WIDAD.scope_of(Role.FUND_LIAISON) == NOWHERE


@pytest.mark.parametrize(("province", "decides"), [(HERE, True), (THERE, False), (None, False)])
def test_may_is_asked_for_the_province(province: str | None, decides: bool) -> None:
    assert WIDAD.has(Role.CHAMBER_STAFF, province=province) is decides
    assert WIDAD.has(Role.AUDITOR, province=province)
    assert WIDAD.has(Role.CHAMBER_STAFF)


def test_require_gives_the_territory_or_refuses() -> None:
    assert WIDAD.require(Role.CHAMBER_STAFF) == Scope(False, frozenset({HERE}))
    with pytest.raises(NotAllowed):
        WIDAD.require(Role.FUND_LIAISON)


def test_the_whole_country_is_no_sum_of_a_role_here_and_another_everywhere() -> None:
    WIDAD.require_everywhere(Role.AUDITOR)
    with pytest.raises(NotAllowed):
        WIDAD.require_everywhere(Role.CHAMBER_STAFF)


def test_the_reason_of_a_look_is_that_of_the_post_which_covers_the_person() -> None:
    assert reason_of(WIDAD, HERE) == "serving"
    assert reason_of(WIDAD, THERE) == "auditing"
    assert reason_of(WIDAD, None) == "auditing"


def test_an_actor_without_posts_has_nothing() -> None:
    nobody = Actor(2, "Nobody")
    assert not nobody.has(*Role)
    assert nobody.scope_of(*Role) == NOWHERE
