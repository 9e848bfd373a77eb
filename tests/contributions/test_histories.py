"""Random histories through every door: after each step what is derived is what the law derives.

Doors: the API, the command line, jobs, pages, and actions themselves. `QAFILA_HISTORIES` says how
many histories are told (6 unless told otherwise).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.api.factories import token
from tests.books import require_agreement
from tests.contributions.factories import craftworker, in_arrears, payments_file
from tests.register.factories import AT, agent, places, system
from tests.web.staff import signed_in

from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
from qafila.cli.rooms.money import contributions as commands
from qafila.cli.rooms.money import credits as credit_commands
from qafila.contributions.account.dues import dues_of
from qafila.contributions.account.queries import statement_of
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.arrears.queries import overdue_of
from qafila.contributions.calls.month_runs.callable_months import callable_months
from qafila.contributions.calls.month_runs.starting import start_month
from qafila.contributions.corrections.counter_posting import (
    ask_counter_posting,
    confirm_counter_posting,
)
from qafila.contributions.models.arrears import PersonArrears
from qafila.contributions.models.calls_and_ledger import Payment, Run
from qafila.contributions.models.refunds import Refund
from qafila.contributions.payments.refunds.refunds import (
    approve_refund,
    ask_refund,
    cancel_refund,
    credit_of,
    pay_refund,
    return_refund,
)
from qafila.enrolment.changes import change_category, close_enrolment
from qafila.enrolment.models import Enrolment
from qafila.foundation import clock
from qafila.foundation.actors import WHOLE_COUNTRY, Role
from qafila.foundation.errors import DomainError
from qafila.jobs import tasks
from qafila.rights.queries import rights_of

pytestmark = pytest.mark.django_db
HISTORIES = int(os.environ.get("QAFILA_HISTORIES", "6"))
NOVEMBER = dt.date(2026, 11, 1)
DERIVED = {
    "contributions_personarrears": "as_of",
    "rights_rightsperiod": "id",
    "accompaniment_standing": "computed_at",
}
_reference = itertools.count(1)


@dataclass
class World:
    """The people of a history, the doors, and the moment it has reached."""

    folder: Path
    people: list[Enrolment]
    page: Client
    operator: str
    at: dt.datetime = AT
    sent: list[str] = field(default_factory=list)

    def of(self, number: int) -> Enrolment:
        found = self.people[number % len(self.people)]
        latest = Enrolment.objects.filter(person_id=found.person_id).order_by("-pk").first()
        assert latest is not None
        return latest

    def owed(self, who: Enrolment) -> int:
        account = statement_of(who.person_id, scope=WHOLE_COUNTRY)
        dues = dues_of(account, clock.today())
        return dues.late_centimes or dues.later_centimes or 16352


Step = Callable[[World, int], None]


def api_pays(world: World, number: int) -> None:
    who, reference = world.of(number), f"API-{next(_reference)}"
    answer = world.page.post(
        "/api/v1/payments",
        {"payments": [{
            "reference": reference, "id_type": "fund", "id": who.fund_number,
            "amount_centimes": world.owed(who) + number % 3 * 700,
            "paid_on": clock.today().isoformat(),
        }]},
        content_type="application/json",
        headers={"Authorization": f"Bearer {world.operator}"},
    )  # fmt: skip
    assert answer.json()["accepted"] == 1, answer.content
    world.sent.append(reference)


def api_takes_back(world: World, number: int) -> None:
    if not world.sent:
        return
    reference = world.sent[number % len(world.sent)]
    answer = world.page.post(
        f"/api/v1/payments/{reference}/reversal", {"reason": "Bounced."},
        content_type="application/json", headers={"Authorization": f"Bearer {world.operator}"},
    )  # fmt: skip
    assert answer.status_code in (200, 422), answer.content


def command_books(world: World, number: int) -> None:
    amount = world.owed(world.of(number)) + number % 2 * 20000
    row = {
        "fund_number": world.of(number).fund_number, "paid_on": clock.today().isoformat(),
        "amount_dh": f"{amount // 100}.{amount % 100:02d}", "reference": f"F-{next(_reference)}",
    }  # fmt: skip
    file = payments_file(world.folder, row, name=f"{next(_reference)}.csv")
    commands.book(file, channel="bank", as_json=True)


def page_pays(world: World, number: int) -> None:
    who = world.of(number)
    centimes = max(100, world.owed(who) // (1 + number % 2))
    page = reverse("person_payment", args=[who.person_id])
    answer = world.page.post(
        page,
        {
            "amount": f"{centimes // 100},{centimes % 100:02d}", "channel": "relay_point",
            "reference": f"P-{next(_reference)}", "paid_on": f"{clock.today():%d/%m/%Y}",
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content[-2000:]


def page_takes_back(world: World, number: int) -> None:
    payments = list(Payment.objects.filter(reversed_on=None, channel="relay_point").order_by("pk"))
    if payments:
        address = reverse("payment_reverse", args=[payments[number % len(payments)].pk])
        world.page.post(address, {"reason": "Wrong person.", "on": f"{clock.today():%d/%m/%Y}"})


def job_calls_the_next_month(world: World, number: int) -> None:
    for month in callable_months(at=world.at)[:1]:
        start_month(month, actor=system(), at=world.at)
        tasks.run_month(f"{month:%Y-%m}")


def command_calls_a_month_by_its_name(world: World, number: int) -> None:
    begun = {f"{run.month:%Y-%m}" for run in Run.objects.all()}
    name = ("2026-11", "2026-12", "2027-01")[number % 3]
    if name not in begun:
        commands.run(name, dry_run=False, processes=1, really=name, as_json=True)


def run_is_counter_posted(world: World, number: int) -> None:
    run = Run.objects.filter(state="posted").order_by("month").last()
    if run is not None:
        ask_counter_posting(run.month, reason="Wrong.", actor=_liaison(), at=world.at)
        confirm_counter_posting(run.month, actor=_liaison(), at=world.at)
        tasks.counter_post(f"{run.month:%Y-%m}")


def credit_is_given_back(world: World, number: int) -> None:
    who = world.of(number)
    credit = credit_of(who.person_id, scope=WHOLE_COUNTRY)
    if not credit:
        return
    asked = ask_refund(
        who.person_id, amount_centimes=max(1, credit // 2), reason="Asked.", actor=_liaison(),
        at=world.at,
    )  # fmt: skip
    approve_refund(asked.refund_id, actor=_liaison(), at=world.at)


def refund_moves_on(world: World, number: int) -> None:
    """By the command, or by the action where the bank brings it back."""
    refund = Refund.objects.filter(state__in=["approved", "paid"]).order_by("pk").first()
    if refund is None:
        return
    who: dict[str, Any] = {"actor": _liaison(), "at": world.at}
    if refund.state == "paid":
        return_refund(refund.pk, return_line=f"R{refund.pk}", on=clock.today(), **who)
    elif number % 3 == 0:
        cancel_refund(refund.pk, reason="Not wanted.", **who)
    elif number % 3 == 1:
        line, day = f"L{refund.pk}", clock.today()
        pay_refund(refund.pk, channel="bank", bank_line=line, paid_on=day, **who)
    else:
        credit_commands.refund(
            refund.pk, step=credit_commands.RefundStep.PAID, line=f"C{refund.pk}", as_json=True
        )


def category_changes(world: World, number: int) -> None:
    who = world.of(number)
    change_category(
        enrolment_id=who.pk, category=("auto_entrepreneur", "cpu", "craftworker")[number % 3],
        from_month=dt.date(2026, 10 + number % 3, 1), actor=_liaison(), at=world.at,
    )  # fmt: skip


def enrolment_ends(world: World, number: int) -> None:
    close_enrolment(
        enrolment_id=world.of(number).pk, from_month=dt.date(2026, 9 + number % 4, 1),
        reason="Stopped.", actor=_liaison(), at=world.at,
    )  # fmt: skip


def command_corrects(world: World, number: int) -> None:
    commands.correct(since="", dry_run=False, as_json=True)


def night_falls(world: World, number: int) -> None:
    tasks.nightly_contributions(0)


STEPS: tuple[Step, ...] = (
    api_pays, api_takes_back, command_books, page_pays, page_takes_back,
    job_calls_the_next_month, command_calls_a_month_by_its_name, run_is_counter_posted,
    credit_is_given_back, refund_moves_on, category_changes, enrolment_ends, command_corrects,
    night_falls,
)  # fmt: skip


def _liaison() -> Any:
    return agent(Role.FUND_LIAISON, national=True)


@contextlib.contextmanager
def _begun(folder: Path) -> Iterator[World]:
    """A world of its own: nothing of a history outlives it."""
    with transaction.atomic(), clock.stopped_at(AT):
        places()
        people = [in_arrears(4), in_arrears(1), craftworker()]
        open_reported_arrears(NOVEMBER, actor=system(), at=AT)
        page = signed_in(Role.FUND_LIAISON, province=None, language="fr")
        operator = token(
            "payments:write", name="Barid Cash", may_book_payments=True,
            lasts=dt.timedelta(days=999),
        )  # fmt: skip
        bring_up_to_date(EVERYONE, actor=system(), at=AT)
        yield World(folder, people, page, operator)
        transaction.set_rollback(True)


def _derived() -> dict[str, Any]:
    with connection.cursor() as cursor:
        found = {}
        for table, apart in DERIVED.items():
            cursor.execute(f"SELECT (to_jsonb(d) - %s)::text FROM {table} d ORDER BY 1", [apart])
            found[table] = cursor.fetchall()
        return found


def _require_truth(step: str, at: dt.datetime) -> None:
    require_agreement()
    at_once = _derived()
    bring_up_to_date(EVERYONE, actor=system(), at=at)
    assert at_once == _derived(), step


def _require_one_figure(world: World) -> None:
    """Late and credit are the same figure on the account, in the list and for the plan."""
    today = clock.today()
    for one in world.people:
        person = one.person_id
        dues = dues_of(statement_of(person, scope=WHOLE_COUNTRY), today)
        listed = PersonArrears.objects.filter(person_id=person).first()
        calls = overdue_of(person, today, scope=WHOLE_COUNTRY)
        told = {
            "list": listed.overdue_centimes if listed else 0,
            "plan": sum(call.rest_centimes for call in calls),
        }
        assert told == dict.fromkeys(told, dues.late_centimes)
        assert dues.credit_centimes == credit_of(person, scope=WHOLE_COUNTRY)
        status = rights_of(person, today, scope=WHOLE_COUNTRY).status
        page = world.page.get(reverse("person_money", args=[person])).content.decode()
        assert ("Si le retard est payé" in page) <= (status != "open" and dues.late_centimes > 0)


@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 11)), min_size=2, max_size=6)
)
def test_after_each_step_of_any_history_everything_agrees(
    tmp_path: Path, steps: list[tuple[Step, int]]
) -> None:
    with _begun(tmp_path) as world:
        for step, number in steps:
            with contextlib.suppress(DomainError), transaction.atomic():
                step(world, number)
            _require_truth(step.__name__, world.at)
        _require_one_figure(world)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_each_step_does_something_after_a_month_was_paid(step: Step, tmp_path: Path) -> None:
    """The histories are told of steps that can happen, not of refusals only."""
    with _begun(tmp_path) as world:
        before: tuple[Step, ...] = (job_calls_the_next_month, api_pays, command_books, page_pays)
        for one in (*before, credit_is_given_back):
            if one is not step:
                one(world, 1)
        step(world, 1)
        _require_truth(step.__name__, world.at)
