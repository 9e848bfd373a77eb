"""`qafila register …`: strike an entry off, and enter a person again."""

from __future__ import annotations

from typing import Annotated

import typer

from qafila.cli.rooms.acting import tell, who_acts

register_app = typer.Typer(help="The National Register of Crafts.", no_args_is_help=True)


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
