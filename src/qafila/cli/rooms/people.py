"""`qafila people …`: look at a merge before it is done, merge, and undo a merge."""

from __future__ import annotations

from typing import Annotated

import typer

from qafila.cli.rooms.acting import tell, who_acts

people_app = typer.Typer(help="Files of people: merged and parted.", no_args_is_help=True)
_Kept = Annotated[int, typer.Argument(help="File number that is kept.")]
_Other = Annotated[int, typer.Argument(help="File number that is merged into it.")]


@people_app.command("preview-merge")
def preview_merge(kept: _Kept, other: _Other) -> None:
    """Tell what merging two files would change; nothing is changed."""
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
