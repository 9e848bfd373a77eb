"""`qafila family …`: declare a family, tell what happens in it, correct and take back."""

from __future__ import annotations

from typing import Annotated

import typer

from qafila.cli.rooms.acting import day_of, tell, who_acts

family_app = typer.Typer(help="The family of an insured person.", no_args_is_help=True)
_Insured = Annotated[int, typer.Argument(help="File number of the insured person.")]
_Yes = Annotated[
    list[str] | None,
    typer.Option("--yes", help="Code of a question that was asked and is answered: it is right."),
]
_Day = Annotated[str, typer.Option(help="Day, such as 2026-11-22.")]
_Paper = Annotated[str, typer.Option(help="The paper that shows it.")]
_Custody = Annotated[str, typer.Option(help="insured, other_parent or third_person.")]
_Leave = Annotated[str, typer.Option(help="The paper by which a judge allowed the marriage.")]
_Declaration = Annotated[int, typer.Argument(help="Number of the declaration.")]
_Reason = Annotated[str, typer.Option(help="Why, so that the person can be informed.")]


@family_app.command("declare")
def declare(
    insured: _Insured,
    relation: Annotated[str, typer.Argument(help="spouse or child.")],
    relative: Annotated[int | None, typer.Option(help="File number, when there is one.")] = None,
    name: Annotated[str, typer.Option(help="Name in Latin letters.")] = "",
    name_ar: Annotated[str, typer.Option(help="Name in Arabic letters.")] = "",
    sex: Annotated[str, typer.Option(help="F or M.")] = "",
    born: _Day = "",
    card: Annotated[str, typer.Option(help="Number of the national card.")] = "",
    joined: Annotated[str, typer.Option(help="Day of the marriage or kafala.")] = "",
    judges_leave: _Leave = "",
    school_until: Annotated[str, typer.Option(help="Day the school year ends.")] = "",
    disabled: Annotated[bool, typer.Option(help="Certified unable to work.")] = False,
    taken_in: Annotated[bool, typer.Option(help="A child under kafala.")] = False,
    other_parent_insured: Annotated[bool, typer.Option(help="The other parent is too.")] = False,
    custody: _Custody = "",
    lives_elsewhere: Annotated[bool, typer.Option(help="In another home.")] = False,
    yes: _Yes = None,
) -> None:
    """Declare a spouse or child: a file that is known, or a name."""
    who = who_acts()
    from qafila.enrolment.family.family import FamilyFacts, Relative, declare_dependant

    facts = FamilyFacts(
        taken_in=taken_in,
        disabled=disabled,
        schooling_until=day_of(school_until) if school_until else None,
        other_parent_insured=other_parent_insured,
        joined_on=day_of(joined) if joined else None,
        custody=custody,
        judges_leave=judges_leave,
        confirmed=tuple(yes or ()),
        lives_elsewhere=lives_elsewhere,
    )
    new = Relative(name_ar, name, sex, day_of(born) if born else None, card)
    tell(
        declare_dependant(
            insured_id=insured,
            relation=relation,
            relative=None if relative else new,
            relative_id=relative,
            facts=facts,
            **who,
        )
    )


@family_app.command("tell")
def tell_event(
    insured: _Insured,
    kind: Annotated[
        str,
        typer.Argument(
            help="schooling, disability, own_scheme, marriage, divorce, custody or death."
        ),
    ],
    since: _Day,
    document: _Paper,
    until: _Day = "",
    member: Annotated[int | None, typer.Option(help="The family member concerned.")] = None,
    custody: _Custody = "",
    yes: _Yes = None,
) -> None:
    """Record what happened in the family; without a member, of the insured person."""
    who = who_acts()
    from qafila.enrolment.family.life_events import NewEvent, tell_life_event

    event = NewEvent(
        kind,
        day_of(since),
        day_of(until) if until else None,
        document,
        member,
        custody,
        tuple(yes or ()),
    )
    tell(tell_life_event(insured_id=insured, event=event, **who))


@family_app.command("end")
def end(
    insured: _Insured,
    event: Annotated[int, typer.Argument(help="Number of the event.")],
    until: Annotated[str, typer.Option(help="First day it holds no more.")],
    document: _Paper,
) -> None:
    """Record that schooling, a disability, own insurance or a custody has ended."""
    who = who_acts()
    from qafila.enrolment.family.life_events import end_life_event

    tell(
        end_life_event(
            insured_id=insured, event_id=event, until=day_of(until), document=document, **who
        )
    )


@family_app.command("take-back")
def take_back(
    insured: _Insured,
    event: Annotated[int, typer.Argument(help="Number of the event.")],
    reason: _Reason,
    yes: _Yes = None,
) -> None:
    """Cancel what was recorded in error; what a death closed is open again."""
    who = who_acts()
    from qafila.enrolment.family.life_events import take_back_life_event

    answered = tuple(yes or ())
    tell(
        take_back_life_event(
            insured_id=insured, event_id=event, reason=reason, confirmed=answered, **who
        )
    )


@family_app.command("correct")
def correct(
    declaration: _Declaration,
    document: _Paper,
    joined: Annotated[str, typer.Option(help="Day of the marriage or kafala.")] = "",
    judges_leave: _Leave = "",
    yes: _Yes = None,
) -> None:
    """Correct the day of a marriage or kafala, or note a judge's leave, with the paper."""
    who = who_acts()
    from qafila.enrolment.family.declarations import correct_declaration

    tell(
        correct_declaration(
            dependant_id=declaration,
            joined_on=day_of(joined) if joined else None,
            judges_leave=judges_leave,
            document=document,
            confirmed=tuple(yes or ()),
            **who,
        )
    )


@family_app.command("remove")
def remove(declaration: _Declaration, reason: _Reason) -> None:
    """Take a member out of the family, saying why."""
    who = who_acts()
    from qafila.enrolment.family.family import remove_dependant

    tell(remove_dependant(dependant_id=declaration, reason=reason, **who))


@family_app.command("events")
def events(insured: _Insured) -> None:
    """The events recorded of the family, the latest first, with their beginning and end."""
    who = who_acts()
    from qafila.enrolment.queries import life_events_of
    from qafila.people.access import open_file, seen_by

    found = open_file(insured, **who, place="family events")
    tell(
        [
            {
                "event": one.pk,
                "kind": one.kind,
                "file": one.person_id,
                "since": one.since,
                "until": one.until,
                "custody": one.custody,
                "document": one.document,
                "state": one.state,
            }
            for one in life_events_of(found.id, scope=seen_by(who["actor"]))
        ]
    )


@family_app.command("cover")
def cover(insured: _Insured) -> None:
    """Who is covered through the insured person; after a death, until which last day."""
    who = who_acts()
    from qafila.foundation.clock import day_of as day_in_morocco
    from qafila.people.access import open_file, seen_by
    from qafila.rights.after_death import cover_after_death
    from qafila.rights.family import family_rights

    scope = seen_by(who["actor"])
    found = open_file(insured, **who, place="family cover")
    members = family_rights(found.id, day_in_morocco(who["at"]), scope=scope)
    died = cover_after_death(found.id, scope=scope)
    tell(
        {
            "members": [
                {
                    "declaration": one.dependant_id,
                    "file": one.member_id,
                    "relation": one.relation,
                    "status": one.status,
                    "why": one.why,
                }
                for one in members
            ],
            "after_death": died and died.sentence,
        }
    )
