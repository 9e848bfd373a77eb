"""What happens to people in a history: category, activity, family, merged and parted files, time.

Told by commands, pages, jobs and actions.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

from django.urls import reverse
from tests.contributions.histories.world import Step, World, newcomer
from tests.enrolment.factories import enrolled

from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
from qafila.cli.rooms import enrolment as enrolment_commands
from qafila.cli.rooms import people as people_commands
from qafila.contributions.ledger.months import months_after
from qafila.enrolment.changes import Facts, change_category, close_enrolment, correct_facts
from qafila.enrolment.family.family import (
    FamilyFacts,
    Relative,
    declare_dependant,
    remove_dependant,
)
from qafila.enrolment.family.life_events import (
    NewEvent,
    take_back_life_event,
    tell_life_event,
)
from qafila.enrolment.models import Dependant, LifeEvent
from qafila.foundation import clock
from qafila.foundation.trail import system_actor
from qafila.jobs import tasks
from qafila.people.models import Merge

_serial = itertools.count(1)


def category_changes(world: World, number: int) -> None:
    who, month = world.of(number), months_after(world.month, number % 3 - 1)
    category = ("auto_entrepreneur", "cpu", "craftworker")[number % 3]
    facts = Facts(640 + 500 * (number % 4)) if number % 2 else Facts()
    change_category(
        enrolment_id=who.pk, category=category, from_month=month, facts=facts, **world.who()
    )


def command_changes_category(world: World, number: int) -> None:
    month = f"{months_after(world.month, number % 2):%Y-%m}"
    enrolment_commands.change(world.of(number).pk, month, "accounts", None, "rns", None)


def tax_is_corrected(world: World, number: int) -> None:
    facts = Facts((400, 900, 3000)[number % 3])
    enrolment = world.of(number).pk
    correct_facts(enrolment_id=enrolment, facts=facts, document="Avis 7/2026", **world.who())


def activity_ends(world: World, number: int) -> None:
    who, month = world.of(number), months_after(world.month, number % 4 - 2)
    close_enrolment(enrolment_id=who.pk, from_month=month, reason="Stopped.", **world.who())


def command_ends_activity(world: World, number: int) -> None:
    month = f"{months_after(world.month, number % 3 - 1):%Y-%m}"
    enrolment_commands.close(world.of(number).pk, month, "Stopped.")


def somebody_joins(world: World, number: int) -> None:
    """At the fund since some months before; or, once they are many, nobody."""
    if len(world.people) < 7:
        begun = months_after(world.month, -(number % 4))
        joined = enrolled(newcomer(), effective_from=begun)
        bring_up_to_date([joined.person_id], **world.who())
        world.people.append(joined)


def command_merges(world: World, number: int) -> None:
    kept = world.of(number).person_id
    other = world.of(number + 1 + number % 2).person_id if number % 3 else newcomer().pk
    if kept != other:
        people_commands.merge(kept, other)
        world.merges.append(Merge.objects.latest("pk").pk)


def command_undoes_a_merge(world: World, number: int) -> None:
    if world.merges:
        people_commands.undo(world.merges[-1])


def page_undoes_a_merge(world: World, number: int) -> None:
    if world.merges:
        merge = Merge.objects.get(pk=world.merges[-1])
        world.page.post(reverse("undo_merge", args=[merge.kept_id, merge.pk]), {"confirm": "yes"})


def somebody_is_declared(world: World, number: int) -> None:
    day, insured = clock.today(), world.of(number)
    if number % 2:
        relative = Relative(f"IDRISSI Omar {next(_serial)}", "عمر", "M", dt.date(1979, 3, 3))
        facts, relation = FamilyFacts(joined_on=day), "spouse"
    else:
        born = day.replace(year=day.year - (3, 20, 23)[number % 3], day=1)
        relative = Relative(f"AIT LAHCEN Sara {next(_serial)}", "سارة", "F", born)
        facts, relation = FamilyFacts(other_parent_insured=number % 4 == 0), "child"
    declare_dependant(
        insured_id=insured.person_id, relation=relation, relative=relative, facts=facts,
        **world.who(),
    )  # fmt: skip


def _member(number: int) -> Dependant | None:
    members = list(Dependant.objects.filter(state="declared").order_by("pk"))
    return members[number % len(members)] if members else None


def somebody_is_removed(world: World, number: int) -> None:
    one = _member(number)
    if one is not None:
        remove_dependant(dependant_id=one.pk, reason="Left.", **world.who())


def page_tells_of_the_family(world: World, number: int) -> None:
    """A divorce, a school year, an own insurance or a death, confirmed on the page."""
    one = _member(number)
    if one is None:
        return
    kind = ("divorce", "schooling", "own_scheme", "death")[number % 4]
    sent = {"since": world.day(), "document": "Acte 7", "confirm": "yes"}
    sent["year"] = f"{clock.today().year - (clock.today().month < 9)}"
    world.page.post(reverse("tell_member_event", args=[one.insured_id, kind, one.pk]), sent)


def insured_dies(world: World, number: int) -> None:
    event = NewEvent("death", clock.today(), document="Acte 9")
    tell_life_event(insured_id=world.of(number).person_id, event=event, **world.who())


def what_was_told_is_taken_back(world: World, number: int) -> None:
    event = LifeEvent.objects.filter(state="told").order_by("pk").last()
    if event is not None:
        insured = event.dependant.insured_id if event.dependant else event.person_id
        take_back_life_event(
            insured_id=insured, event_id=event.pk, reason="An error.", **world.who()
        )


def lists_are_linked_again(world: World, number: int) -> None:
    tasks.relink_changed_rows(0)


def days_go_by(world: World, number: int) -> None:
    """Some days or two months; the nights in between bring everyone up to date."""
    world.at += dt.timedelta(days=(3, 10, 31, 62)[number % 4])
    with clock.stopped_at(world.at):
        bring_up_to_date(EVERYONE, actor=system_actor("nightly figures"), at=world.at)


def months_go_by_and_are_paid(world: World, number: int) -> None:
    """Three months, each called and, mostly, paid in full: relief is kept, arrears age."""
    from tests.contributions.histories.money_steps import command_books, job_calls_the_next_month

    for _ in range(3):
        days_go_by(world, 2)
        with clock.stopped_at(world.at):
            job_calls_the_next_month(world, number)
            if number % 4:
                command_books(replace(world), number)


PEOPLE_STEPS: tuple[Step, ...] = (
    category_changes, command_changes_category, tax_is_corrected, activity_ends,
    command_ends_activity, somebody_joins, command_merges, command_merges, command_undoes_a_merge,
    page_undoes_a_merge, somebody_is_declared, somebody_is_removed, page_tells_of_the_family,
    insured_dies, what_was_told_is_taken_back, lists_are_linked_again, days_go_by,
    months_go_by_and_are_paid,
)  # fmt: skip
