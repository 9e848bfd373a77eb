"""`qafila lists`: import lists into the database, or reconcile files without one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from qafila.cli.django_setup import prepare_django
from qafila.cli.rooms.reconcile import reconcile

lists_app = typer.Typer(help="Lists as institutions exchange them.", no_args_is_help=True)
lists_app.command("reconcile")(reconcile)


@lists_app.command("import")
def import_lists(
    files: Annotated[list[Path], typer.Argument(help="The list files.")],
    institution: Annotated[
        int | None, typer.Option(help="Number of the institution that hands in the lists.")
    ] = None,
    province: Annotated[
        str, typer.Option(help="Code of the province where rows that name no place are: 06.141.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
) -> None:
    """Import list files into the database and link their rows to persons.

    Ends with 1 when an error in Qafila ended a file (the others are imported), with 2 when nothing
    was accepted.
    """
    prepare_django()
    from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor
    from qafila.lists.importing.coming_of import note_what_came
    from qafila.lists.importing.import_file import import_file
    from qafila.lists.linking.link_rows import link_new_rows

    actor, at = system_actor("command line"), clock.now()
    _check_origin(institution, province)
    outcomes = [
        import_file(path, actor=actor, at=at, institution=institution, province_code=province)
        for path in files
    ]
    linked = link_new_rows(actor=actor, at=at)
    note_what_came(actor=actor, at=at)
    bring_up_to_date(EVERYONE, actor=actor, at=at)
    console = Console(stderr=as_json)
    for path, outcome in zip(files, outcomes, strict=True):
        console.print(
            f"{path.name}: {outcome.rows_read} rows read = {outcome.rows_accepted} accepted + "
            f"{outcome.rows_rejected} rejected + {outcome.rows_repeated} repeated + "
            f"{outcome.rows_skipped} skipped; accepted with remarks: {outcome.rows_remarked}."
        )
        for sentence in outcome.sentences:
            console.print(sentence, style="yellow")
    if as_json:
        json.dump({"persons": linked.persons, "files": len(files)}, sys.stdout)
    if any(outcome.unforeseen for outcome in outcomes):
        sys.exit(1)
    if not any(outcome.rows_accepted for outcome in outcomes):
        sys.exit(2)


def _check_origin(institution: int | None, province: str) -> None:
    from qafila.institutions.queries import institutions_of
    from qafila.places.queries import province_choices

    if province and province not in dict(province_choices("fr")):
        raise typer.BadParameter("There is no province of this code.", param_hint="--province")
    if institution is not None and institution not in {one.pk for one in institutions_of()}:
        raise typer.BadParameter(
            "There is no institution of this number.", param_hint="--institution"
        )


@lists_app.command("remake-keys")
def remake_keys() -> None:
    """Rebuild the stored name keys after an upgrade that makes them in another way.

    May be interrupted: it goes on where it stopped. Does nothing where the keys are current.
    """
    prepare_django()
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor
    from qafila.lists.linking.stored_keys import old_keys_sentence, remake_name_keys
    from qafila.places.actions import load_places
    from qafila.register.actions import load_trades

    console = Console(stderr=True)
    if not old_keys_sentence():
        console.print("The keys of names are current.")
        return
    actor, at = system_actor("command line"), clock.now()
    load_places(actor=actor, at=at)
    load_trades(actor=actor, at=at)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Rows and persons", total=None)
        made = remake_name_keys(
            actor=actor,
            at=at,
            on_progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    console.print(f"New keys: {made.rows} rows, {made.persons} persons.")


@lists_app.command("doubtful-merges")
def doubtful_merges(
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
) -> None:
    """Find persons that the machine made of two people in an earlier version.

    Nothing is taken apart: they appear on the page “Merged by machine, would not be today”, where
    one key undoes each exactly. May be interrupted and repeated.
    """
    prepare_django()
    from qafila.foundation import clock
    from qafila.foundation.actors import WHOLE_COUNTRY
    from qafila.foundation.trail import system_actor
    from qafila.lists import queries
    from qafila.lists.reviewing.doubtful import find_doubtful_merges

    console = Console(stderr=True)
    with Progress(TextColumn("{task.description}"), console=console) as progress:
        task = progress.add_task("Persons looked at: 0")
        found = find_doubtful_merges(
            actor=system_actor("command line"),
            at=clock.now(),
            on_progress=lambda done, _total: progress.update(
                task, description=f"Persons looked at: {done}"
            ),
        )
    waiting = queries.doubtful_merges_number(scope=WHOLE_COUNTRY)
    if as_json:
        json.dump({"pairs": found, "persons_waiting": waiting}, sys.stdout)
        return
    console.print(f"New doubtful pairs: {found}. Persons that wait for a look: {waiting}.")
    if waiting:
        console.print("Open /review/merged/ to decide them, or undo them one by one.")
