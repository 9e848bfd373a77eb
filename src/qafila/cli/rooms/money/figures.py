"""What the commands about money share: months typed, and figures printed."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from qafila.cli.refusals import UnusableRequest

AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]


def month_of(text: str) -> dt.date:
    """The first day of the month typed; UnusableRequest for anything else."""
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        told = _("“%(text)s” is not a month. Write year and month, such as 2026-11.")
        raise UnusableRequest(told % {"text": text}) from None


def print_figures(figures: dict[str, Any], as_json: bool, title: str) -> None:
    """Figures as a table, or as JSON."""
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
