"""`qafila rights …`: derive rights again from facts, and tell one person's."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from qafila.cli.django_setup import prepare_django

if TYPE_CHECKING:
    import datetime as dt

rights_app = typer.Typer(help="Rights to cover, of the insured and families.", no_args_is_help=True)


@rights_app.command("rebuild")
def rebuild(
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Derive everyone's arrears, rights and next steps from facts, range by range; repeatable."""
    prepare_django()
    from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        found = bring_up_to_date(
            EVERYONE,
            actor=system_actor("command line"),
            at=clock.now(),
            on_progress=lambda done, of: bar.update(task, completed=done, total=of),
        )
    _print(asdict(found.rights), as_json)


@rights_app.command("show")
def show(
    person: Annotated[int, typer.Argument(help="File number of the insured person.")],
    on: Annotated[str, typer.Option(help="Day, such as 2026-11-22; today.")] = "",
    language: Annotated[str, typer.Option("--lang", help="ar, fr or zgh.")] = "fr",
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Where rights stand on a day: the person's and each dependant's, without their names."""
    prepare_django()
    from django.utils import translation

    from qafila.foundation import clock
    from qafila.foundation.actors import WHOLE_COUNTRY
    from qafila.foundation.trail import system_actor
    from qafila.people.access import open_file
    from qafila.rights.family import family_rights
    from qafila.rights.queries import rights_of

    day, actor = _day(on), system_actor("command line")
    found = open_file(person, actor=actor, at=clock.now(), place="cli rights")
    with translation.override(language):
        own = rights_of(found.id, day, scope=WHOLE_COUNTRY, person=found)
        told = [{"who": "insured", **_told(own)}]
        for one in family_rights(found.id, day, scope=WHOLE_COUNTRY, person=found):
            told.append({"who": one.relation, **_told(one)})
    if as_json:
        _print(told, as_json)
        return
    for line in told:
        typer.echo(f"{line['who']}: {line['status']} · {line['why']}")


def _told(held: Any) -> dict[str, Any]:
    names = ("status", "reason", "since", "until", "why")
    return {name: getattr(held, name) for name in names}


def _day(on: str) -> dt.date:
    import datetime

    from qafila.foundation import clock

    if not on:
        return clock.today()
    try:
        return datetime.date.fromisoformat(on)
    except ValueError:
        raise typer.BadParameter("2026-11-22", param_hint="--on") from None


def _print(told: Any, as_json: bool) -> None:
    if as_json:
        json.dump(told, sys.stdout, ensure_ascii=False, indent=2, default=str)
        sys.stdout.write("\n")
        return
    for name, value in told.items():
        if not isinstance(value, dict):
            typer.echo(f"{name}: {value}")
