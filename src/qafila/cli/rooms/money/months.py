"""`qafila contributions months …` and `… relief`: closing, preparing, and relief asked for."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from qafila.cli.rooms.acting import day_of, tell, who_acts

months_app = typer.Typer(help="Months of the books.", no_args_is_help=True)
_Month = Annotated[str, typer.Argument(help="Month, such as 2026-10.")]


@months_app.command("close")
def close(month: _Month) -> None:
    """Close the books of a month that is over, and of all before it."""
    who = who_acts()
    from qafila.contributions.ledger.closing import close_month

    close_month(day_of(month), **who)
    tell({"closed": month})


class ReopeningStep(StrEnum):
    """What is done about a reopening: two persons are needed."""

    ASK = "ask"
    CONFIRM = "confirm"
    REFUSE = "refuse"


@months_app.command("reopen")
def reopen(
    month: _Month,
    step: Annotated[ReopeningStep, typer.Option(help="What is done.")] = ReopeningStep.ASK,
    reason: Annotated[str, typer.Option(help="With ask: why, in a few words.")] = "",
) -> None:
    """Open the latest closed month again: one asks, another confirms, on the page or here."""
    who = who_acts()
    from qafila.contributions.ledger import reopening

    if step is ReopeningStep.ASK:
        reopening.ask_reopening(day_of(month), reason=reason, **who)
    elif step is ReopeningStep.CONFIRM:
        reopening.confirm_reopening(day_of(month), **who)
    else:
        reopening.refuse_reopening(day_of(month), **who)
    tell({"month": month, "step": step.value})


@months_app.command("prepare")
def prepare(first: _Month, last: _Month) -> None:
    """Make room in the books for every month from the first to the last."""
    who = who_acts()
    from qafila.contributions.ledger.closing import prepare_months

    tell({"made": prepare_months(day_of(first), day_of(last), **who)})


def relief(person: Annotated[int, typer.Argument(help="File number of the person.")]) -> None:
    """Take a person's request for relief of arrears under law 41-23, and give the law's answer."""
    who = who_acts()
    from qafila.contributions.arrears.relief import apply_for_relief

    done = apply_for_relief(person, **who)
    tell(
        {
            "application": done.application_id,
            "state": done.state,
            "erased_centimes": done.erased_centimes,
        }
    )
