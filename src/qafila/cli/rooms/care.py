"""`qafila care …`: the reference tariffs of care."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from qafila.cli.django_setup import prepare_django

if TYPE_CHECKING:
    from qafila.care.tariffs.tariffs import TariffDifference

care_app = typer.Typer(help="Care: reference tariffs.", no_args_is_help=True)
tariffs_app = typer.Typer(help="Reference tariffs of acts, by date.", no_args_is_help=True)
care_app.add_typer(tariffs_app, name="tariffs")
_SHOWN = 50


@tariffs_app.command()
def load(
    file: Annotated[
        Path,
        typer.Argument(
            help="csv or workbook: code, name_fr, name_ar, care, tariff_dh, valid_from …"
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only report what would change.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Output JSON.")] = False,
) -> None:
    """Load official tariffs, all rows or none, and tell what is new and what changed.

    Every wrong row is told with its column; then nothing is loaded and the exit code is 2.
    """
    prepare_django()
    from qafila.care.tariffs.tariffs import import_tariffs, tariff_difference
    from qafila.foundation.clock import now
    from qafila.foundation.trail import system_actor

    found = tariff_difference(file)
    loaded = not dry_run and not found.problems
    if loaded:
        import_tariffs(file, actor=system_actor("command line"), at=now())
    if as_json:
        typer.echo(json.dumps(_as_json(found, loaded), ensure_ascii=False, indent=2))
    else:
        _tell(found, loaded)
    if found.problems:
        raise typer.Exit(2)


@tariffs_app.command()
def show(
    on: Annotated[
        str | None, typer.Option("--on", help="The day, such as 2026-11-22; today by default.")
    ] = None,
    code: Annotated[str, typer.Argument(help="Only acts whose code begins so.")] = "",
) -> None:
    """Show the tariffs of a day. Those of the demonstration are marked."""
    prepare_django()
    from qafila.care.claims.queries import acts_on
    from qafila.foundation.clock import today
    from qafila_law.money import dirhams

    table = Table("Code", "Care", "DH", "From", "Until", "Act", "")
    acts = [
        act for act in acts_on(_day(on) if on else today()) if act.code.startswith(code.upper())
    ]
    for act in acts:
        table.add_row(
            act.code,
            act.care,
            dirhams(act.tariff_centimes),
            f"{act.valid_from}",
            f"{act.valid_until or ''}",
            act.name_fr,
            "demonstration" if act.demonstration else "",
        )
    Console().print(table)
    typer.echo(f"{len(acts)} acts.")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        told = f"“{text}” is no day. Write it as 2026-11-22."
        raise typer.BadParameter(told) from None


def _tell(found: TariffDifference, loaded: bool) -> None:
    from qafila_law.money import dirhams

    console = Console(soft_wrap=True, highlight=False)
    for problem in found.problems:
        console.print(problem.sentence(), style="yellow", markup=False)
    table = Table("Code", "From", "Before (DH)", "Now (DH)", "Act")
    for change in (*found.changed, *found.new)[:_SHOWN]:
        before = dirhams(change.before.tariff_centimes) if change.before else "new"
        act = change.act
        table.add_row(
            act.code, f"{act.valid_from}", before, dirhams(act.tariff_centimes), act.name_fr
        )
    if table.rows:
        console.print(table)
    more = len(found.changed) + len(found.new) - _SHOWN
    if more > 0:
        console.print(f"and {more} more.")
    counts = f"{len(found.new)} new, {len(found.changed)} changed, {found.same} unchanged"
    end = "Loaded." if loaded else "Nothing was loaded."
    console.print(f"{counts}, {len(found.problems)} wrong rows. {end}")


def _as_json(found: TariffDifference, loaded: bool) -> dict[str, Any]:
    from qafila_law.money import dirhams

    def told(change: Any) -> dict[str, Any]:
        before = dirhams(change.before.tariff_centimes) if change.before else None
        return {
            "code": change.act.code,
            "valid_from": change.act.valid_from.isoformat(),
            "before_dh": before,
            "now_dh": dirhams(change.act.tariff_centimes),
        }

    return {
        "loaded": loaded,
        "new": [told(one) for one in found.new],
        "changed": [told(one) for one in found.changed],
        "unchanged": found.same,
        "problems": [one.sentence() for one in found.problems],
    }
