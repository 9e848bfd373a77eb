"""`qafila enrolment …`: declare, confirm, close, change and decide one person's enrolment."""

from __future__ import annotations

from typing import Annotated

import typer

from qafila.cli.rooms.acting import day_of, tell, who_acts

enrolment_app = typer.Typer(help="One person's enrolment at the fund.", no_args_is_help=True)
_Enrolment = Annotated[int, typer.Argument(help="Number of the enrolment.")]
_Month = Annotated[str, typer.Option(help="Month, such as 2026-11.")]
_Reason = Annotated[str, typer.Option(help="Why, so that the person can be informed.")]
_Tax = Annotated[int | None, typer.Option(help="Yearly tax in whole dirhams.")]
_Regime = Annotated[str, typer.Option(help="Regime of those who keep accounts: rnr or rns.")]
_Profit = Annotated[int | None, typer.Option(help="Yearly profit in whole dirhams.")]
_Category = Annotated[str, typer.Option(help="craftworker, cpu, auto_entrepreneur or accounts.")]


@enrolment_app.command("declare")
def declare(
    person: Annotated[int, typer.Argument(help="File number of the person.")],
    month: _Month,
    category: _Category = "craftworker",
    tax: _Tax = None,
    regime: _Regime = "",
    profit: _Profit = None,
) -> None:
    """Declare a person of the register to the fund, from the first day of a month."""
    who = who_acts()
    from qafila.enrolment.changes import Facts, declare_enrolment

    facts = Facts(tax, regime, profit)
    tell(
        declare_enrolment(
            person_id=person, category=category, month=day_of(month), facts=facts, **who
        )
    )


@enrolment_app.command("confirm")
def confirm(
    enrolment: _Enrolment,
    number: Annotated[str, typer.Option(help="The nine digits the fund gave.")],
) -> None:
    """Write the number the fund gave to a declared person."""
    who = who_acts()
    from qafila.enrolment.changes import confirm_enrolment

    tell(confirm_enrolment(enrolment_id=enrolment, fund_number=number, **who))


@enrolment_app.command("close")
def close(enrolment: _Enrolment, month: _Month, reason: _Reason) -> None:
    """Close an enrolment: nothing is owed from the first day of the month."""
    who = who_acts()
    from qafila.enrolment.changes import close_enrolment

    tell(close_enrolment(enrolment_id=enrolment, from_month=day_of(month), reason=reason, **who))


@enrolment_app.command("reopen")
def reopen(enrolment: _Enrolment, reason: _Reason) -> None:
    """Cancel the end of an enrolment that was closed in error."""
    who = who_acts()
    from qafila.enrolment.taking_back import reopen_enrolment

    tell(reopen_enrolment(enrolment_id=enrolment, reason=reason, **who))


@enrolment_app.command("change")
def change(
    enrolment: _Enrolment,
    month: _Month,
    category: _Category,
    tax: _Tax = None,
    regime: _Regime = "",
    profit: _Profit = None,
) -> None:
    """Change the category from the first day of a month on."""
    who = who_acts()
    from qafila.enrolment.changes import Facts, change_category

    facts, first = Facts(tax, regime, profit), day_of(month)
    tell(
        change_category(
            enrolment_id=enrolment, category=category, from_month=first, facts=facts, **who
        )
    )


@enrolment_app.command("correct")
def correct(
    enrolment: _Enrolment,
    document: Annotated[str, typer.Option(help="The paper that shows it.")],
    tax: _Tax = None,
    regime: _Regime = "",
    profit: _Profit = None,
) -> None:
    """Correct the tax, regime or profit of a running enrolment, with its proof."""
    who = who_acts()
    from qafila.enrolment.changes import Facts, correct_facts

    facts = Facts(tax, regime, profit)
    tell(correct_facts(enrolment_id=enrolment, facts=facts, document=document, **who))


@enrolment_app.command("decide")
def decide(enrolment: _Enrolment, month: _Month, reason: _Reason) -> None:
    """After a merge: let this enrolment go on, and close the others from the month on."""
    who = who_acts()
    from qafila.enrolment.changes import decide_enrolment

    tell(decide_enrolment(enrolment_id=enrolment, others_end=day_of(month), reason=reason, **who))
