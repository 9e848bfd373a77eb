"""What happens to money in a history, each by its own door: API, command, page, job, action."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.contributions.factories import payments_file
from tests.contributions.histories.world import Step, World, liaison, reference
from tests.register.factories import system

from qafila.cli.rooms.money import contributions as commands
from qafila.cli.rooms.money import credits as credit_commands
from qafila.cli.rooms.money.months import close as close_month_by_command
from qafila.cli.rooms.money.months import relief as relief_by_command
from qafila.contributions.arrears.plan_terms import FEWEST
from qafila.contributions.calls.month_runs.callable_months import callable_months
from qafila.contributions.calls.month_runs.starting import start_month
from qafila.contributions.corrections.counter_posting import (
    ask_counter_posting,
    confirm_counter_posting,
)
from qafila.contributions.ledger.months import months_after
from qafila.contributions.models.calls_and_ledger import Payment, Run
from qafila.contributions.models.plans import InstalmentPlan
from qafila.contributions.models.refunds import Refund
from qafila.contributions.payments.note_queries import waiting_notes
from qafila.contributions.payments.refunds.refunds import (
    approve_refund,
    ask_refund,
    cancel_refund,
    credit_of,
    return_refund,
)
from qafila.foundation import clock
from qafila.foundation.actors import WHOLE_COUNTRY
from qafila.jobs import tasks


def _typed(centimes: int) -> str:
    return f"{centimes // 100},{centimes % 100:02d}"


def api_pays(world: World, number: int) -> None:
    who, sent = world.of(number), f"API-{next(reference)}"
    answer = world.page.post(
        "/api/v1/payments",
        {"payments": [{
            "reference": sent, "id_type": "fund", "id": who.fund_number,
            "amount_centimes": world.owed(who) + number % 3 * 700,
            "paid_on": clock.today().isoformat(),
        }]},
        content_type="application/json",
        headers={"Authorization": f"Bearer {world.operator}"},
    )  # fmt: skip
    assert answer.json()["accepted"] == 1, answer.content
    world.sent.append(sent)


def api_takes_back(world: World, number: int) -> None:
    if not world.sent:
        return
    sent = world.sent[number % len(world.sent)]
    answer = world.page.post(
        f"/api/v1/payments/{sent}/reversal", {"reason": "Bounced."},
        content_type="application/json", headers={"Authorization": f"Bearer {world.operator}"},
    )  # fmt: skip
    assert answer.status_code in (200, 422), answer.content


def _row(world: World, number: int) -> dict[str, str]:
    who = world.of(number)
    amount = world.owed(who) + number % 2 * 20000
    return {
        "fund_number": who.fund_number, "paid_on": clock.today().isoformat(),
        "amount_dh": f"{amount // 100}.{amount % 100:02d}", "reference": f"F-{next(reference)}",
    }  # fmt: skip


def command_books(world: World, number: int) -> None:
    rows = [_row(world, number), _row(world, number + 1)]
    file = payments_file(world.folder, *rows, name=f"{next(reference)}.csv")
    commands.book(file, channel="bank", as_json=True)


def page_and_job_book(world: World, number: int) -> None:
    file = payments_file(world.folder, _row(world, number), name=f"{next(reference)}.csv")
    sent = SimpleUploadedFile(file.name, file.read_bytes())
    address = world.page.post("/payments/", {"channel": "bank", "file": sent})["Location"]
    tasks.check_payment_file(address.split("/")[3])
    world.page.post(f"{address}book/")
    tasks.book_payment_file(address.split("/")[3])


def page_pays(world: World, number: int) -> None:
    who = world.of(number)
    world.page.post(
        reverse("person_payment", args=[who.person_id]),
        {
            "amount": _typed(max(100, world.owed(who) // (1 + number % 2))),
            "channel": "relay_point", "reference": f"P-{next(reference)}",
            "paid_on": world.day(),
        },
    )  # fmt: skip


def page_takes_back(world: World, number: int) -> None:
    payments = list(Payment.objects.filter(reversed_on=None).order_by("pk"))
    if payments:
        address = reverse("payment_reverse", args=[payments[number % len(payments)].pk])
        world.page.post(address, {"reason": "Wrong person.", "on": world.day()})


def page_notes_a_receipt(world: World, number: int) -> None:
    """Noted, and taken back where one is noted already: it counts for nothing until money comes."""
    person = world.of(number).person_id
    noted = [one for one in waiting_notes(scope=WHOLE_COUNTRY) if one.person_id == person]
    if noted:
        world.page.post(reverse("take_back_note", args=[person, noted[0].note_id]))
        return
    world.page.post(
        reverse("person_note", args=[person]),
        {
            "amount": "163,52", "channel": "relay_point", "reference": f"N-{next(reference)}",
            "paid_on": world.day(), "place": "Agadir",
        },
    )  # fmt: skip


def job_calls_the_next_month(world: World, number: int) -> None:
    for month in callable_months(at=world.at)[:1]:
        start_month(month, actor=system(), at=world.at)
        tasks.run_month(f"{month:%Y-%m}")


def command_calls_a_month_by_its_name(world: World, number: int) -> None:
    begun = {f"{run.month:%Y-%m}" for run in Run.objects.all()}
    name = f"{months_after(world.month, number % 3):%Y-%m}"
    if name not in begun:
        commands.run(name, dry_run=False, processes=1, really=name, as_json=True)


def _last_run(number: int) -> Run | None:
    return Run.objects.filter(state="posted").order_by("month").last()


def run_is_counter_posted_by_job(world: World, number: int) -> None:
    run = _last_run(number)
    if run is not None:
        ask_counter_posting(run.month, reason="Wrong.", actor=liaison(), at=world.at)
        confirm_counter_posting(run.month, actor=liaison(), at=world.at)
        tasks.counter_post(f"{run.month:%Y-%m}")


def command_counter_posts(world: World, number: int) -> None:
    run = _last_run(number)
    if run is not None:
        ask_counter_posting(run.month, reason="Wrong.", actor=liaison(), at=world.at)
        name, step = f"{run.month:%Y-%m}", commands.CounterPostingStep.CONFIRM
        commands.counter_post(name, step=step, reason="", as_json=True)


def credit_is_given_back(world: World, number: int) -> None:
    """Asked for on the page, or by the action; a second person approves."""
    who = world.of(number)
    credit = credit_of(who.person_id, scope=WHOLE_COUNTRY)
    if not credit:
        return
    half = max(1, credit // 2)
    if number % 2:
        page = reverse("person_refund", args=[who.person_id])
        world.page.post(page, {"amount": _typed(half), "reason": "Asked."})
    else:
        ask_refund(who.person_id, amount_centimes=half, reason="Asked.", **world.who())
    asked = Refund.objects.filter(state="asked").first()
    if asked is not None:
        approve_refund(asked.pk, **world.who())


def refund_moves_on(world: World, number: int) -> None:
    """By the command or the page; by the action where the bank brings it back."""
    refund = Refund.objects.filter(state__in=["approved", "paid"]).order_by("pk").first()
    if refund is None:
        return
    line = f"L{next(reference)}"
    if refund.state == "paid":
        return_refund(refund.pk, return_line=line, on=clock.today(), **world.who())
    elif number % 3 == 0:
        cancel_refund(refund.pk, reason="Not wanted.", **world.who())
    elif number % 3 == 1:
        sent = {"channel": "bank", "line": line, "on": world.day()}
        world.page.post(reverse("decide_refund", args=[refund.pk, "paid"]), sent)
    else:
        paid = credit_commands.RefundStep.PAID
        credit_commands.refund(refund.pk, step=paid, line=line, as_json=True)


def plan_is_agreed_or_ended(world: World, number: int) -> None:
    person = world.of(number).person_id
    if InstalmentPlan.objects.filter(person_id=person, state="running").exists():
        world.page.post(reverse("end_plan", args=[person]), {"reason": "All was paid."})
        return
    sent = {"instalments": f"{FEWEST + number % 3}", "first_due_on": world.day()}
    world.page.post(reverse("person_plan", args=[person]), sent)


def command_asks_for_relief(world: World, number: int) -> None:
    relief_by_command(world.of(number).person_id)


def command_corrects(world: World, number: int) -> None:
    commands.correct(since="", dry_run=False, as_json=True)


def books_are_closed(world: World, number: int) -> None:
    close_month_by_command(f"{months_after(world.at.date().replace(day=1), -1):%Y-%m}")


def night_falls(world: World, number: int) -> None:
    tasks.nightly_contributions(0)


MONEY_STEPS: tuple[Step, ...] = (
    api_pays, api_takes_back, command_books, page_and_job_book, page_pays, page_takes_back,
    page_notes_a_receipt, job_calls_the_next_month, command_calls_a_month_by_its_name,
    run_is_counter_posted_by_job, command_counter_posts, credit_is_given_back, refund_moves_on,
    plan_is_agreed_or_ended, command_asks_for_relief, command_corrects, books_are_closed,
    night_falls,
)  # fmt: skip
