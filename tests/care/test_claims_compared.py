"""Another reading of the time limit: how many claims it would move, and how much was paid for."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from tests.care.factories import claim, system
from tests.register.factories import agent
from typer.testing import CliRunner

from qafila.care.claims.comparison import claims_under
from qafila.cli.rooms.law import law_app
from qafila.foundation.actors import Role
from qafila.foundation.errors import NotAllowed
from qafila_law import LawError

pytestmark = pytest.mark.django_db
JULY, LAST, TODAY = dt.date(2026, 7, 1), dt.date(2026, 9, 1), dt.date(2026, 11, 22)


def _summer(state: str, received_on: dt.date | None, **fields: object) -> None:
    claim(state, care_on=JULY, declared_on=JULY, received_on=received_on, **fields)


def _some_claims() -> None:
    """July's care: three on the last day of two months, the 62nd after it; others beside them."""
    _summer("paid", LAST)
    _summer("received", LAST)
    _summer("assessed", LAST, deadline_waived=True)
    _summer("withdrawn", LAST)
    _summer("received", LAST + dt.timedelta(days=1))
    _summer("declared", None)
    claim("paid")


def test_claims_are_counted_by_what_would_change() -> None:
    _some_claims()
    found = claims_under("claim_within_sixty_days", on=TODAY, actor=system())
    assert (found.claims, dict(found.moves)) == (5, {("in_time", "late"): 2})
    assert found.centimes_lost == 10_500
    # On the 62nd day itself the papers still to come were in time, by the months alone.
    early = claims_under("claim_within_sixty_days", on=LAST, actor=system())
    assert (early.claims, dict(early.moves)) == (4, {("in_time", "late"): 4})
    assert not claims_under("later_steps", on=TODAY, actor=system()).moves


def test_a_last_day_that_moves_lets_claims_in() -> None:
    # 5 September 2026 is a Saturday.
    day = dt.date(2026, 7, 5)
    claim("received", care_on=day, declared_on=day, received_on=dt.date(2026, 9, 7))
    found = claims_under("claim_last_day_moves", on=TODAY, actor=system())
    assert (dict(found.moves), found.centimes_lost) == ({("late", "in_time"): 1}, 0)


def test_the_old_choices_name_the_old_limit_of_claims_too() -> None:
    _some_claims()
    words = ["compare", "--on", f"{TODAY}", "--json", "--reform", "choices_of_november_2026"]
    told = json.loads(CliRunner().invoke(law_app, words).stdout)
    assert (told["claims"], told["claims_changed"]) == (5, {"in_time → late": 2})
    assert told["claims_dh_lost"] == "105.00"


def test_not_everyone_may_ask_and_names_are_looked_up() -> None:
    with pytest.raises(NotAllowed):
        claims_under("later_steps", on=TODAY, actor=agent(Role.COUNTER_AGENT))
    with pytest.raises(LawError):
        claims_under("no_such_reading", on=TODAY, actor=system())
