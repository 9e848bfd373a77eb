"""What the commands that change one file have in common: who acts, days, and the answer."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import typer
from django.utils.translation import gettext as _

from qafila.cli.django_setup import prepare_django
from qafila.cli.refusals import UnusableRequest


def who_acts() -> dict[str, Any]:
    """The command line as the actor, and the moment: for an action's `actor` and `at`."""
    prepare_django()
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor

    return {"actor": system_actor("command line"), "at": clock.now()}


def day_of(text: str) -> dt.date:
    """A day such as 2026-11-22, or the first day of a month such as 2026-11."""
    try:
        return dt.date.fromisoformat(text if text.count("-") == 2 else f"{text}-01")
    except ValueError as error:
        raise typer.BadParameter("Write a day as 2026-11-22, a month as 2026-11.") from error


def centimes_of(text: str) -> int:
    """An amount in dirhams such as 163.52, in centimes."""
    from qafila.tables.numbers import NumberRefused, read_centimes

    try:
        return read_centimes(text)
    except NumberRefused:
        told = _("“%(text)s” is not an amount in dirhams. Write it as 163.52.")
        raise UnusableRequest(told % {"text": text}) from None


def tell(answer: Any) -> None:
    """Print what an action answered, as JSON."""
    known = dataclasses.is_dataclass(answer) and not isinstance(answer, type)
    told = dataclasses.asdict(answer) if known else answer
    typer.echo(json.dumps(told, ensure_ascii=False, default=str))
