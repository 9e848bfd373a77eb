"""`qafila people …`: merges and their undoing, corrections, and who lives together."""

from __future__ import annotations

from typing import Annotated

import typer

from qafila.cli.rooms.acting import tell, who_acts

people_app = typer.Typer(help="Files of people.", no_args_is_help=True)
_Kept = Annotated[int, typer.Argument(help="File number that is kept.")]
_Person = Annotated[int, typer.Argument(help="File number of the person.")]
_Paper = Annotated[str, typer.Option(help="The paper that shows the address.")]
_Other = Annotated[int, typer.Argument(help="File number that is merged into it.")]


@people_app.command("preview-merge")
def preview_merge(kept: _Kept, other: _Other) -> None:
    """Report what merging two files would change; nothing is changed."""
    who = who_acts()
    from qafila.care.merge_preview import merge_preview

    found = merge_preview(kept, other, **who)
    after = found.after
    tell(
        {
            "refusal": found.refusal,
            "rights": [found.kept.rights, found.absorbed.rights, after.rights if after else ""],
            "overdue_centimes": [found.kept.overdue_centimes, found.absorbed.overdue_centimes],
            "undecided_enrolments": found.undecided,
            "claims_met": found.claims_met,
            "declarations_met": found.declarations_met,
            "family": found.family,
            "unlike": found.unlike,
            "set_by": found.set_by,
        }
    )


@people_app.command("merge")
def merge(kept: _Kept, other: _Other) -> None:
    """Merge the other file into the one that is kept."""
    who = who_acts()
    from qafila.people.merging.merging import merge_persons

    tell(merge_persons(kept, other, evidence={"by": "command line"}, **who))


@people_app.command("undo-merge")
def undo(merge: Annotated[int, typer.Argument(help="Number of the merge.")]) -> None:
    """Undo a merge exactly, or say what has to be done first."""
    who = who_acts()
    from qafila.people.merging.undoing import undo_merge

    tell(undo_merge(merge, **who))


@people_app.command("correct")
def correct(
    person: _Person,
    field: Annotated[str, typer.Argument(help="sex, birth_date, commune, card_number, …")],
    before: Annotated[str, typer.Option(help="What the file holds; empty: nothing.")] = "",
    after: Annotated[str, typer.Option(help="What is right.")] = "",
    household: Annotated[
        str, typer.Option(help="With a commune: those who live there move `along`, or `stays`.")
    ] = "",
    yes: Annotated[list[str] | None, typer.Option(help="Code of a question answered.")] = None,
) -> None:
    """Correct one field of a file; a new commune is a move."""
    who = who_acts()
    from qafila.people.corrections import Correction, correct_person

    changes = {field: Correction(before, after)}
    done = correct_person(
        person, changes=changes, household=household, confirmed=tuple(yes or ()), **who
    )
    tell({"corrected": done})


@people_app.command("join-household")
def join(person: _Person, other: _Person, document: _Paper) -> None:
    """Record that a person lives with another, by a document of the address."""
    who = who_acts()
    from qafila.people.households import join_household

    join_household(person_id=person, with_person_id=other, document=document, **who)
    tell({"lives_with": other})


@people_app.command("leave-household")
def leave(person: _Person, document: _Paper) -> None:
    """Record that a person no longer lives with their household."""
    who = who_acts()
    from qafila.people.households import leave_household

    leave_household(person_id=person, document=document, **who)
    tell({"lives_with": None})
