"""Another reading of the law, compared on the register: how many people, from what to what."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from tests.contributions.factories import NOVEMBER, craftworker, in_arrears, pay, run
from tests.register.factories import AT, agent, person, places, system
from tests.rights.test_any_history import by_law, materialised
from typer.testing import CliRunner

from qafila.cli.rooms.law import law_app
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.ledger.months import months_after
from qafila.contributions.models.calls_and_ledger import Call
from qafila.enrolment.models import Dependant
from qafila.foundation.actors import Role
from qafila.foundation.errors import NotAllowed
from qafila.foundation.trail import acting
from qafila.rights.actions import rebuild_rights
from qafila.rights.derivation.comparison import Difference, difference_under
from qafila.rights.models import RightsPeriod
from qafila_law import LawError

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def compared(reform: str, on: dt.date = TODAY) -> Difference:
    return difference_under(reform, on=on, actor=system())


def paid_up_but_new() -> int:
    """Enrolled in September, two of three months called and paid; a child of 21 years."""
    fatima = craftworker(effective_from=dt.date(2026, 8, 1))
    for month in (dt.date(2026, 10, 1), NOVEMBER):
        run(month)
    pay(fatima, 2 * 16_352)
    child = person(birth_date=dt.date(2005, 10, 1))
    with acting(system(), at=AT):
        Dependant.objects.create(
            insured_id=fatima.person_id, person_id=child.pk, relation="child", state="declared",
            since=TODAY,
        )  # fmt: skip
    return fatima.person_id


def test_people_are_counted_by_what_would_change() -> None:
    paid_up_but_new()
    in_arrears(0)
    found = compared("waiting_months_need_not_be_paid")
    assert (found.people, dict(found.insured)) == (2, {("waiting", "open"): 1})
    assert not found.dependants
    assert found.owing_otherwise == 0


def test_dependants_follow_the_reading_of_ages() -> None:
    paid_up_but_new()
    found = compared("age_itself_covered")
    assert not found.insured
    assert dict(found.dependants) == {("closed", "waiting"): 1}


def test_amounts_are_compared_for_the_month_of_the_day() -> None:
    craftworker(category="accounts", regime="rnr", annual_profit_dh=90_000)
    craftworker()
    found = compared("later_steps")
    # 3.2 and 3 × 3,422.72 × 6.37 %, beside 163.52 of the craftworker
    assert (found.owing, found.owing_otherwise) == (2, 1)
    assert (found.centimes_now - 16_352, found.centimes_then - 16_352) == (69_769, 65_408)


def test_what_lateness_adds_is_compared_call_by_call() -> None:
    in_arrears(1)
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    due_on = Call.objects.get().due_on
    found = compared("delay_by_day_of_month", on=due_on + dt.timedelta(days=31))
    # One month overdue at the end of November: December counts once, or twice by its day.
    assert (found.late, found.penalties_now) == (1, 164)
    assert found.late_otherwise == (found.penalties_then != 164)


def test_nothing_is_written_and_not_everyone_may_ask() -> None:
    paid_up_but_new()
    rebuild_rights(on=TODAY, actor=system(), at=AT)
    before = list(RightsPeriod.objects.order_by("pk").values_list())
    compared("choices_of_november_2026")
    assert list(RightsPeriod.objects.order_by("pk").values_list()) == before
    with pytest.raises(NotAllowed):
        difference_under("later_steps", on=TODAY, actor=agent(Role.COUNTER_AGENT))
    with pytest.raises(LawError):
        compared("no_such_reading")


def test_the_command_tells_the_same() -> None:
    paid_up_but_new()
    words = ["compare", "--on", f"{TODAY}", "--json", "--reform"]
    told = json.loads(CliRunner().invoke(law_app, [*words, "one_month_until_2024"]).stdout)
    assert (told["insured"], told["insured_changed"]) == (1, {})
    refused = CliRunner().invoke(law_app, [*words, "nothing"], env={"QAFILA_LANGUAGE": "en"})
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "one_month_until_2024" in refused.stderr


def test_months_never_called_are_replaced_by_the_next_ones_called() -> None:
    """Nothing was called of January to August: the three first months called are the stage."""
    fatima = craftworker(effective_from=dt.date(2026, 1, 1))
    for place, month in enumerate((dt.date(2026, 9, 1), dt.date(2026, 10, 1), NOVEMBER)):
        run(month)
        pay(fatima, 16_352, months_after(month, 0).replace(day=5 + place))
    rebuild_rights(on=TODAY, actor=system(), at=AT)
    assert materialised(fatima.person_id) == by_law(fatima.person_id)
    last = materialised(fatima.person_id)[-1]
    assert last[:3] == ("open", "paid_up", dt.date(2026, 11, 7))
