"""`qafila contributions`: run a month, see its differences, book payments, print a statement."""

from __future__ import annotations

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
from qafila.cli.rooms.money.credits import credits, refund
from qafila.cli.rooms.money.figures import AsJson, month_of, print_figures

if TYPE_CHECKING:
    from qafila.contributions.calls.month_ahead import MonthAhead

contributions_app = typer.Typer(
    help="Contributions: runs, differences, payments, statements.", no_args_is_help=True
)
payments_app = typer.Typer(help="Files of payments.", no_args_is_help=True)
contributions_app.add_typer(payments_app, name="payments")
contributions_app.command("credits")(credits)
contributions_app.command("refund")(refund)

Month = Annotated[str, typer.Argument(help="The month, such as 2026-11.")]


class Engine(StrEnum):
    """Where amounts are assessed; they are posted here."""

    LOCAL = "local"
    SPARK = "spark"


@contributions_app.command("run")
def run(
    month: Month,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only compute and compare with the previous month.")
    ] = False,
    processes: Annotated[int, typer.Option(help="Worker processes.", min=1)] = 1,
    engine: Annotated[
        Engine, typer.Option(help="Where amounts are computed: locally or on Spark.")
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
    from qafila.contributions.calls.month_runs.runs import run_month
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor
    from qafila_law.money import dirhams

    first, actor = month_of(month), system_actor("command line")
    if dry_run:
        print_figures(_ahead_told(month_ahead(first, actor=actor)), as_json, month)
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
    print_figures(figures, as_json, month)


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
    """Counter-post a posted run as a whole: one asks, another confirms, on the page or here.

    Confirmed here, it is carried out at once; what was killed on the way goes on with go-on.
    """
    prepare_django()
    from qafila.contributions.corrections import counter_posting as acts
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor
    from qafila_law.money import dirhams

    first, actor, at = month_of(month), system_actor("command line"), clock.now()
    if step is CounterPostingStep.ASK:
        done = acts.ask_counter_posting(first, reason=reason, actor=actor, at=at)
    elif step is CounterPostingStep.REFUSE:
        acts.refuse_counter_posting(first, actor=actor, at=at)
        done = acts.CounterPosted(first, "refused", 0, 0)
    else:
        if step is CounterPostingStep.CONFIRM:
            acts.confirm_counter_posting(first, actor=actor, at=at)
        done = acts.carry_out_counter_posting(first, actor=actor, at=at)
    figures = {
        "month": month,
        "state": done.state,
        "calls": done.calls,
        "total_dh": dirhams(done.total_centimes),
    }
    print_figures(figures, as_json, month)


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

    found = run_differences(month_of(month), scope=WHOLE_COUNTRY)
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
        str, typer.Option(help="First month to check, such as 2026-01 (default: all).")
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
        since=month_of(since) if since else None,
    )
    figures = {
        "months": done.months,
        "raised": done.raised,
        "raised_dh": dirhams(done.raised_centimes),
        "lowered": done.lowered,
        "lowered_dh": dirhams(done.lowered_centimes),
    }
    print_figures(figures, as_json, since)


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
    """Book a file of payments; read = accepted + rejected + repeated; each problem is listed."""
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
    print_figures(figures, as_json, file.name)
    if not as_json:
        for sentence in problems:
            typer.echo(sentence, err=True)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        told = _("The file %(file)s cannot be opened. Check its name and that you may read it.")
        raise UnusableRequest(told % {"file": file}) from None


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
