"""`qafila contributions months …` and `… relief`: closing, preparing, and relief asked for."""

from __future__ import annotations

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
