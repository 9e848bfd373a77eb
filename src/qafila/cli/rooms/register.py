"""`qafila register …`: an application up to its decision, and the end of an entry."""

from __future__ import annotations

from typing import Annotated

import typer

from qafila.cli.rooms.acting import tell, who_acts

register_app = typer.Typer(help="The National Register of Crafts.", no_args_is_help=True)
_Application = Annotated[int, typer.Argument(help="Number of the application.")]


@register_app.callback()
def register() -> None:
    """The National Register of Crafts."""


@register_app.command("strike-off")
def strike_off(
    entry: Annotated[int, typer.Argument(help="Number of the entry.")],
    reason: Annotated[str, typer.Option(help="Why the entry is struck off.")],
) -> None:
    """Strike an entry off; who is still enrolled comes up as a task."""
    who = who_acts()
    from qafila.register.actions import strike_off_entry

    tell(strike_off_entry(entry_id=entry, reason=reason, **who))


@register_app.command("open")
def open_(
    person: Annotated[int, typer.Argument(help="File number of the person.")],
    trade: Annotated[str, typer.Option(help="The trade, as the person names it.")] = "",
) -> None:
    """Open an application, also to enter somebody again who was struck off."""
    who = who_acts()
    from qafila.register.actions import open_application

    tell(open_application(person_id=person, trade_text=trade, **who))


@register_app.command("complete")
def complete(
    application: _Application,
    trade: Annotated[str, typer.Option(help="The trade, as the person names it.")],
) -> None:
    """Write the trade on an open application; what the file still lacks is listed."""
    who = who_acts()
    from qafila.register.actions import complete_application

    tell(complete_application(application_id=application, trade_text=trade, **who))


@register_app.command("submit")
def submit(application: _Application) -> None:
    """Hand a complete application to the chamber for decision."""
    who = who_acts()
    from qafila.register.actions import submit_application

    tell(submit_application(application_id=application, **who))


@register_app.command("accept")
def accept(application: _Application) -> None:
    """Accept a submitted application: the person is entered under a new number."""
    who = who_acts()
    from qafila.register.actions import accept_application

    tell(accept_application(application_id=application, **who))


@register_app.command("refuse")
def refuse(
    application: _Application,
    reason: Annotated[str, typer.Option(help="Why, so that the person can be informed.")],
) -> None:
    """Refuse a submitted application, saying why."""
    who = who_acts()
    from qafila.register.actions import refuse_application

    tell(refuse_application(application_id=application, reason=reason, **who))
