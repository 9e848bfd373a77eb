"""`qafila law …`: put a question to the law and print its answer; no rule lives here."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

law_app = typer.Typer(
    help="Ask the law: amounts, dependants, rights, reimbursement, relief.", no_args_is_help=True
)


@law_app.callback()
def law() -> None:
    """Ask the law: each answer comes with its steps, amounts and legal references."""


AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Language = Annotated[
    str | None,
    typer.Option("--lang", help="Language of the explanation: ar, fr, zgh or en."),
]


def chosen_language(language: str | None) -> str:
    """The language asked for, else the terminal's when the law speaks it, else English."""
    from qafila_law import LANGUAGES, SOURCE_LANGUAGE

    if language is not None:
        return language.strip().lower()
    terminal = os.environ.get("QAFILA_LANGUAGE") or os.environ.get("LANG", "")
    code = terminal.split("_")[0].split(".")[0].lower()
    return code if code in LANGUAGES else SOURCE_LANGUAGE


@contextmanager
def told_errors(language: str) -> Iterator[None]:
    """Turn what the law refuses into one sentence on stderr and exit code 2."""
    from qafila_law import LANGUAGES, SOURCE_LANGUAGE, LawError

    try:
        yield
    except LawError as error:
        spoken = language if language in LANGUAGES else SOURCE_LANGUAGE
        typer.echo(error.sentence(spoken), err=True)
        raise typer.Exit(2) from None


def print_answer(answer: Any, language: str, as_json: bool) -> None:
    """The answer as JSON, or as figures followed by the table of its steps."""
    from qafila_law import record

    told = record(answer, language)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    _print_table(told)


def _print_table(told: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console, steps = Console(), told.pop("steps", [])
    for name, value in told.items():
        if value not in (None, [], ""):
            console.print(f"{name.replace('_', ' ')}: [bold]{value}[/bold]", highlight=False)
    table = Table("", "DH", "", "", show_lines=True)
    for number, step in enumerate(steps, start=1):
        source = " · ".join(part for part in (step["reference"], step["since"]) if part)
        table.add_row(str(number), step["amount_dh"] or "", step["text"], source)
    if steps:
        console.print(table)


@law_app.command()
def amount(
    category: Annotated[str, typer.Option(help="craftworker, cpu, auto-entrepreneur or accounts.")],
    month: Annotated[str, typer.Option(help="Month, as 2026-01.")],
    annual_tax: Annotated[
        str | None, typer.Option(help="Yearly income tax in dirhams (cpu, auto-entrepreneur).")
    ] = None,
    regime: Annotated[str | None, typer.Option(help="Tax regime, rns or rnr (accounts).")] = None,
    profit: Annotated[
        str | None, typer.Option(help="Yearly profit in dirhams (accounts, rnr).")
    ] = None,
    months_active: Annotated[
        int | None, typer.Option(help="Months of activity in a part year (cpu, auto-entrepreneur).")
    ] = None,
    first_return: Annotated[
        str | None, typer.Option(help="Month of the first tax return, profit unknown (accounts).")
    ] = None,
    later_steps: Annotated[
        bool | None,
        typer.Option("--later-steps/--no-later-steps", help="Use the steps of BO 7147 (accounts)."),
    ] = None,
    lang: Language = None,
    as_json: AsJson = False,
) -> None:
    """What one person owes for one month, step by step."""
    from qafila_law import monthly_amount

    language = chosen_language(lang)
    with told_errors(language):
        answer = monthly_amount(
            category,
            month,
            annual_tax=annual_tax,
            regime=regime,
            profit=profit,
            months_active=months_active,
            first_return=first_return,
            later_steps=later_steps,
        )
        print_answer(answer, language, as_json)
