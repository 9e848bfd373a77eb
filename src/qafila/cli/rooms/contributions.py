"""`qafila contributions`: run a month, see its differences, book payments, print a statement."""

from __future__ import annotations

import datetime as dt
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from qafila.cli.django_setup import prepare_django
from qafila.cli.refusals import UnusableRequest

if TYPE_CHECKING:
    from qafila.contributions.calls.month_ahead import MonthAhead

contributions_app = typer.Typer(
    help="Contributions: runs, differences, payments, statements.", no_args_is_help=True
)
payments_app = typer.Typer(help="Files of payments.", no_args_is_help=True)
contributions_app.add_typer(payments_app, name="payments")

Month = Annotated[str, typer.Argument(help="The month, such as 2026-11.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]


class Engine(StrEnum):
    """Where amounts are reckoned; they are posted here."""

    LOCAL = "local"
    SPARK = "spark"


def _month(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        told = _("“%(text)s” is not a month. Write year and month, such as 2026-11.")
        raise UnusableRequest(told % {"text": text}) from None


def _print(figures: dict[str, Any], as_json: bool, title: str) -> None:
    if as_json:
        json.dump(figures, sys.stdout, indent=2, ensure_ascii=False, default=str)
        sys.stdout.write("\n")
        return
    table = Table(title=title, show_header=False)
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name, value in figures.items():
        if not isinstance(value, list | dict):
            table.add_row(name, str(value))
    Console().print(table)


@contributions_app.command("run")
def run(
    month: Month,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only reckon, and hold against the last month.")
    ] = False,
    processes: Annotated[int, typer.Option(help="Worker processes.", min=1)] = 1,
    engine: Annotated[
        Engine, typer.Option(help="Where amounts are reckoned: here, or on Spark.")
    ] = Engine.LOCAL,
    really: Annotated[
        str, typer.Option(help="The month once more, where it is not the one that comes next.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Call a month, or finish a run of it that stopped; then bring everyone's rights up to date."""
    prepare_django()
    from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
    from qafila.contributions.calls.month_ahead import month_ahead
    from qafila.contributions.calls.runs import run_month
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor
    from qafila_law.money import dirhams

    first, actor = _month(month), system_actor("command line")
    if dry_run:
        _print(_ahead_told(month_ahead(first, actor=actor)), as_json, month)
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("Parts posted"), total=None)
        done = run_month(
            first,
            actor=actor,
            at=clock.now(),
            processes=processes,
            engine="spark" if engine is Engine.SPARK else "local",
            named=really,
            on_progress=lambda now, total: bar.update(task, completed=now, total=total),
        )
    bring_up_to_date(EVERYONE, actor=actor, at=clock.now())
    figures = {
        "month": month,
        "calls": done.calls,
        "total_dh": dirhams(done.total_centimes),
        "parked": done.parked,
        "parts": done.parts,
        "parts_posted_now": done.parts_posted_now,
    }
    _print(figures, as_json, month)


class CounterPostingStep(StrEnum):
    """What is done about a counter-posting: two persons are needed."""

    ASK = "ask"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    GO_ON = "go-on"


@contributions_app.command("counter-post")
def counter_post(
    month: Month,
    step: Annotated[
        CounterPostingStep, typer.Option(help="Ask for it; or, as a second person, decide.")
    ] = CounterPostingStep.ASK,
    reason: Annotated[str, typer.Option(help="Why, in a few words.")] = "",
    as_json: AsJson = False,
) -> None:
    """Take back a posted run as a whole: one asks, another confirms, on the page or here.

    Confirmed here, it is carried out at once; what was killed on the way goes on with go-on.
    """
    prepare_django()
    from qafila.contributions.corrections import counter_posting as acts
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor
    from qafila_law.money import dirhams

    first, actor, at = _month(month), system_actor("command line"), clock.now()
    if step is CounterPostingStep.ASK:
        done = acts.ask_counter_posting(first, reason=reason, actor=actor, at=at)
    elif step is CounterPostingStep.REFUSE:
        acts.refuse_counter_posting(first, actor=actor, at=at)
        done = acts.CounterPosted(first, "refused", 0, 0)
    else:
        if step is CounterPostingStep.CONFIRM:
            acts.confirm_counter_posting(first, actor=actor, at=at)
        done = acts.carry_out_counter_posting(first, actor=actor, at=at)
    figures = {"month": month, "state": done.state, "calls": done.calls,
               "total_dh": dirhams(done.total_centimes)}  # fmt: skip
    _print(figures, as_json, month)


def _ahead_told(ahead: MonthAhead) -> dict[str, Any]:
    from qafila_law.money import dirhams

    told = ahead.differences
    return {
        "month": f"{ahead.month:%Y-%m}",
        "calls": ahead.calls,
        "total_dh": dirhams(ahead.total_centimes),
        "would_be_parked": ahead.parked,
        "same": told.same,
        "new": told.new,
        "gone": told.gone,
        "raised": told.raised,
        "lowered": told.lowered,
        "total_before_dh": dirhams(told.total_before),
        "categories": [
            {
                "category": one.category,
                "calls": one.calls,
                "total_dh": dirhams(one.centimes),
                "calls_before": one.calls_before,
                "total_before_dh": dirhams(one.centimes_before),
            }
            for one in ahead.categories
        ],
    }


@contributions_app.command("differences")
def differences(month: Month, as_json: AsJson = False) -> None:
    """How the calls of a month differ from those of the month before, by category."""
    prepare_django()
    from qafila.contributions.calls.queries import run_differences
    from qafila.foundation.actors import WHOLE_COUNTRY
    from qafila_law.money import dirhams

    found = run_differences(_month(month), scope=WHOLE_COUNTRY)
    rows = [
        {
            "category": one.category,
            "change": one.change,
            "calls": one.calls,
            "now_dh": dirhams(one.centimes_now),
            "before_dh": dirhams(one.centimes_before),
        }
        for one in found
    ]
    if as_json:
        json.dump(rows, sys.stdout, indent=2)
        sys.stdout.write("\n")
        return
    table = Table(*(rows[0] if rows else ("category", "change", "calls")), title=month)
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)


@contributions_app.command("correct")
def correct(
    since: Annotated[
        str, typer.Option(help="The first month to look at, such as 2026-01; else all.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count; post nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring months already called in line with today's facts; the job of each night does it too."""
    prepare_django()
    from qafila.contributions.corrections.corrections import post_corrections
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor
    from qafila_law.money import dirhams

    done = post_corrections(
        actor=system_actor("command line"),
        at=clock.now(),
        dry_run=dry_run,
        since=_month(since) if since else None,
    )
    figures = {
        "months": done.months,
        "raised": done.raised,
        "raised_dh": dirhams(done.raised_centimes),
        "lowered": done.lowered,
        "lowered_dh": dirhams(done.lowered_centimes),
    }
    _print(figures, as_json, since)


@payments_app.command("book")
def book(
    file: Annotated[Path, typer.Argument(help="The file: csv, workbook, CAMT.053 or MT940.")],
    channel: Annotated[
        str, typer.Option(help="How the money came: bank, fund, relay_point or mobile.")
    ] = "bank",
    headings: Annotated[
        Path | None, typer.Option(help="A synonyms file: further headings of its columns.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Book a file of payments; read = accepted + rejected + repeated, each problem told."""
    prepare_django()
    from qafila.exchange.payments.files import book_bank_file
    from qafila.exchange.payments.headings import headings_of
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor
    from qafila_law.money import dirhams

    content = _content(file)
    done = book_bank_file(
        content,
        file.name,
        channel=channel,
        actor=system_actor("command line"),
        at=clock.now(),
        headings=headings_of(headings) if headings else None,
    )
    problems = [problem.sentence() for problem in done.problems]
    figures = {
        "rows_read": done.rows_read,
        "rows_accepted": done.rows_accepted,
        "rows_rejected": done.rows_rejected,
        "rows_repeated": done.rows_repeated,
        "booked_dh": dirhams(done.total_centimes),
        "known_file": done.known_file,
        "problems": problems,
    }
    _print(figures, as_json, file.name)
    if not as_json:
        for sentence in problems:
            typer.echo(sentence, err=True)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        told = _("The file %(file)s cannot be opened. Check its name and that you may read it.")
        raise UnusableRequest(told % {"file": file}) from None


class RefundStep(StrEnum):
    """What is done about a refund: two persons are needed, and the bank."""

    ASK = "ask"
    APPROVE = "approve"
    REFUSE = "refuse"
    CANCEL = "cancel"
    PAID = "paid"
    RETURNED = "returned"


@contributions_app.command("credits")
def credits(
    count: Annotated[int, typer.Option(help="How many people.", min=1)] = 50,
    as_json: AsJson = False,
) -> None:
    """People with money left over, the largest sum first, and the refunds that wait."""
    prepare_django()
    from qafila.contributions.payments.refund_queries import credits_waiting, refunds_waiting
    from qafila.foundation import clock
    from qafila.foundation.access_log import record_list_read
    from qafila.foundation.actors import WHOLE_COUNTRY
    from qafila.foundation.trail import system_actor
    from qafila_law.money import dirhams

    found = credits_waiting(scope=WHOLE_COUNTRY, count=count)
    waiting = refunds_waiting(scope=WHOLE_COUNTRY)
    record_list_read(
        len(found) + len(waiting), actor=system_actor("command line"), at=clock.now(),
        place="credits", asked="",
    )  # fmt: skip
    told = {
        "credits": [
            {"file": one.person_id, "credit_dh": dirhams(one.credit_centimes),
             "since": one.since.isoformat()} for one in found
        ],
        "refunds": [
            {"refund": one.refund_id, "file": one.person_id, "state": one.state,
             "amount_dh": dirhams(one.amount_centimes)} for one in waiting
        ],
    }  # fmt: skip
    if as_json:
        json.dump(told, sys.stdout, indent=2)
        sys.stdout.write("\n")
        return
    for title, rows in told.items():
        table = Table(*(rows[0] if rows else ("file",)), title=title)
        for row in rows:
            table.add_row(*(str(value) for value in row.values()))
        Console().print(table)


@contributions_app.command("refund")
def refund(
    number: Annotated[int, typer.Argument(help="The person's file to ask; else the refund.")],
    step: Annotated[RefundStep, typer.Option(help="What is done.")] = RefundStep.ASK,
    amount: Annotated[str, typer.Option(help="With ask: dirhams, as 163.52.")] = "",
    reason: Annotated[str, typer.Option(help="Why, in a few words.")] = "",
    line: Annotated[str, typer.Option(help="The reference of the bank's line.")] = "",
    on: Annotated[str, typer.Option(help="The day of the bank's line; else today.")] = "",
    as_json: AsJson = False,
) -> None:
    """Give credit back: one asks, another approves, the bank pays; what returns is credit again."""
    prepare_django()
    from qafila.contributions.payments import refunds as acts
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor
    from qafila_law.money import dirhams

    who: dict[str, Any] = {"actor": system_actor("command line"), "at": clock.now()}
    day = _day(on) if on else clock.today()
    if step is RefundStep.ASK:
        done = acts.ask_refund(number, amount_centimes=_centimes(amount), reason=reason, **who)
    elif step is RefundStep.APPROVE:
        done = acts.approve_refund(number, **who)
    elif step is RefundStep.PAID:
        done = acts.pay_refund(number, channel="bank", bank_line=line, paid_on=day, **who)
    elif step is RefundStep.RETURNED:
        done = acts.return_refund(number, return_line=line, on=day, **who)
    else:
        move = acts.refuse_refund if step is RefundStep.REFUSE else acts.cancel_refund
        done = move(number, reason=reason, **who)
    figures = {"refund": done.refund_id, "state": done.state,
               "amount_dh": dirhams(done.amount_centimes)}  # fmt: skip
    _print(figures, as_json, str(number))


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        told = _("“%(text)s” is not a day. Write it as 2026-11-30.")
        raise UnusableRequest(told % {"text": text}) from None


def _centimes(text: str) -> int:
    from qafila.tables.numbers import NumberRefused, read_centimes

    try:
        return read_centimes(text)
    except NumberRefused:
        told = _("“%(text)s” is not an amount in dirhams. Write it as 163.52.")
        raise UnusableRequest(told % {"text": text}) from None


@contributions_app.command("statement")
def statement(
    person: Annotated[int, typer.Argument(help="The number of the person's file.")],
    out: Annotated[Path, typer.Option(help="Where to write the PDF.")],
    language: Annotated[str, typer.Option("--lang", help="ar, fr or zgh.")] = "ar",
) -> None:
    """Print the statement of a person's account as a PDF."""
    prepare_django()
    from qafila.contributions.account.account_statement import statement_pdf
    from qafila.foundation import clock
    from qafila.foundation.actors import WHOLE_COUNTRY
    from qafila.foundation.trail import system_actor
    from qafila.people.access import open_file

    at = clock.now()
    found = open_file(person, actor=system_actor("command line"), at=at, place="cli statement")
    content = statement_pdf(
        found.id, language=language, on=clock.today(), scope=WHOLE_COUNTRY, at=at
    )
    out.write_bytes(content)
    typer.echo(str(out))
