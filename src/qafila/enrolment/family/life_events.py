"""What happens in a family: schooling, disability, own insurance, marriage, divorce, death."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import qafila_law
from qafila.enrolment import access, errors, journal, states
from qafila.enrolment.family import errors as family_errors
from qafila.enrolment.family.after_death import close_life, open_life_again
from qafila.enrolment.family.members import Told, custody_on, family_told
from qafila.enrolment.family.whole_family import looked_at_as_a_whole
from qafila.enrolment.models import Dependant, LifeEvent
from qafila.foundation import journal as foundation_journal
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.errors import NotFoundInScope, SomeoneElseActed
from qafila.foundation.idempotency import once
from qafila.foundation.trail import touch_persons
from qafila.foundation.wording.births import birth_in_figures
from qafila.people.access import person_to_change
from qafila.people.households import live_apart, live_together
from qafila.people.models import Person
from qafila.tables.folding import tidied
from qafila_law.months import months_later

TOLD_OF: dict[str, tuple[str, ...]] = {
    "spouse": ("divorce", "own_scheme", "death"),
    "child": ("schooling", "disability", "own_scheme", "marriage", "custody", "death"),
    "insured": ("death",),
}
"""What can be told of whom."""

MOST_LETTERS = 120
_ONCE = ("disability", "marriage", "divorce", "death")
ENDING = ("schooling", "disability", "own_scheme", "custody")
"""Events that can end on a day; the others are ended by another event."""
_OPENS = ("schooling", "disability")
OF_DECLARATION = ("divorce", "custody")
"""Events of one declaration, not of the person wherever they are declared."""


@dataclass(frozen=True)
class LifeEventMoved:
    """An event after a verb; `person_id` is whom it is about."""

    event_id: int
    person_id: int
    state: str


@dataclass(frozen=True)
class NewEvent:
    """What is told: of the member `dependant_id`, or of the insured when there is none.

    `custody`: for a change of custody, a `qafila_law.Custody`: who has the child from then on.
    `confirmed`: the codes of the questions about the family that somebody answered.
    """

    kind: str
    since: dt.date
    until: dt.date | None = None
    document: str = ""
    dependant_id: int | None = None
    custody: str = ""
    confirmed: tuple[str, ...] = ()


def tell_life_event(
    *,
    insured_id: int,
    event: NewEvent,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> LifeEventMoved:
    """Write down what happened in the family and which paper shows it; rights follow at once.

    A death closes the person's own enrolment from the month after, and the entry in the register.
    Who divorced, and a child who is no more with the insured person, lives elsewhere from then on.
    Raises NotAllowed, NotFoundInScope, UnknownEvent, EventInTheFuture, EventBeforeBirth,
    EventBeforeMarriage, EventEndsTooEarly, SchoolYearTooLong, ProofNeeded, ProofTooLong,
    EventAlreadyTold, CustodyNotSaid, CustodyNotNew, EventChangesNothing with the law's sentence,
    and what `whole_family` finds.
    """
    scope = access.require_declaring(actor)

    def do() -> dict[str, Any]:
        insured = person_to_change(insured_id, scope)
        about, member = subject_of(insured, event)
        on = day_of(at)
        require_possible(insured, event, about, member, on=on)
        with looked_at_as_a_whole([about.pk], of=insured_id, on=on, confirmed=event.confirmed):
            row = _row(event, about, member, at)
        if event.kind == "death":
            close_life(row, actor=actor, at=at)
        _settle_home(row, insured)
        _write(
            journal.LIFE_EVENT_TOLD,
            row,
            insured_id,
            actor=actor,
            at=at,
            document=row.document,
        )
        return _told(row)

    return _moved(once(command_id, "enrolment.tell_life_event", actor=actor, at=at, do=do))


def take_back_life_event(
    *,
    insured_id: int,
    event_id: int,
    reason: str,
    confirmed: Collection[str] = (),
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> LifeEventMoved:
    """Take back what was written down in error; what a death closed is open again.

    Raises NotAllowed, NotFoundInScope, ReasonNeeded, EventTakenBack, and what `whole_family` finds,
    such as a second husband whom the divorce made possible.
    """
    scope = access.require_declaring(actor)
    reason = typed_text.note(reason)
    if not reason:
        raise errors.ReasonNeeded

    def do() -> dict[str, Any]:
        insured = person_to_change(insured_id, scope)
        row = access.get_life_event(event_id, scope=scope, lock=True)
        _require_of_family(row, insured)
        after = states.life_event_after("take_back_life_event", row.state)
        if after is None:
            raise errors.EventTakenBack
        looked = looked_at_as_a_whole(
            [row.person_id], of=insured_id, on=day_of(at), confirmed=confirmed
        )
        with looked:
            held = LifeEvent.objects.filter(pk=row.pk, state=row.state)
            if not held.update(state=after, taken_back_at=at):
                raise SomeoneElseActed
        row.refresh_from_db()
        open_life_again(row, actor=actor, at=at)
        _settle_home(row, insured)
        _write(
            journal.LIFE_EVENT_TAKEN_BACK,
            row,
            insured_id,
            actor=actor,
            at=at,
            reason=reason,
        )
        return _told(row)

    return _moved(once(command_id, "enrolment.take_back_life_event", actor=actor, at=at, do=do))


def end_life_event(
    *,
    insured_id: int,
    event_id: int,
    until: dt.date,
    document: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> LifeEventMoved:
    """Write down that what was told has ended: own insurance, a disability, a school year left.

    `until` is the first day it holds no more. Raises NotAllowed, NotFoundInScope, ProofNeeded,
    ProofTooLong, EventTakenBack, EventHasNoEnd, EventInTheFuture and EventEndsTooEarly.
    """
    scope = access.require_declaring(actor)
    _refuse_bad_paper(document)
    if until > day_of(at):
        raise errors.EventInTheFuture(day=until.isoformat())

    def do() -> dict[str, Any]:
        insured = person_to_change(insured_id, scope)
        row = access.get_life_event(event_id, scope=scope, lock=True)
        _require_of_family(row, insured)
        if row.state != LifeEvent.State.TOLD:
            raise errors.EventTakenBack
        if row.kind not in ENDING:
            raise family_errors.EventHasNoEnd
        if until <= row.since:
            raise errors.EventEndsTooEarly(day=row.since.isoformat())
        if not LifeEvent.objects.filter(pk=row.pk, until=row.until).update(until=until):
            raise SomeoneElseActed
        row.refresh_from_db()
        _write(
            journal.LIFE_EVENT_ENDED,
            row,
            insured_id,
            actor=actor,
            at=at,
            until=until.isoformat(),
            document=typed_text.line(document),
        )
        return _told(row)

    return _moved(once(command_id, "enrolment.end_life_event", actor=actor, at=at, do=do))


def subject_of(insured: Person, event: NewEvent) -> tuple[Person, Dependant | None]:
    """Whom the event is about. Raises NotFoundInScope and UnknownEvent."""
    if event.dependant_id is None:
        if event.kind not in TOLD_OF["insured"]:
            raise errors.UnknownEvent
        return insured, None
    rows = Dependant.objects.filter(pk=event.dependant_id, insured=insured, state="declared")
    member = rows.select_related("person").first()
    if member is None or member.person is None:
        raise NotFoundInScope(dependant=event.dependant_id)
    if event.kind not in TOLD_OF[member.relation]:
        raise errors.UnknownEvent
    return member.person, member


def require_possible(
    insured: Person, event: NewEvent, about: Person, member: Dependant | None, *, on: dt.date
) -> None:
    """Refuse what cannot be, or what the law makes nothing of, on the day `on`."""
    _require_days(event, about, member, on)
    _require_paper(event)
    _require_new(event, about, member)
    _require_custody(event, member)
    if member is not None and event.kind in _OPENS:
        _require_useful(insured, event, about, member)


def _require_days(event: NewEvent, about: Person, member: Dependant | None, on: dt.date) -> None:
    day = event.since.isoformat()
    if event.since > on:
        raise errors.EventInTheFuture(day=day)
    died = LifeEvent.objects.filter(person=about, kind="death", state="told").first()
    if died is not None and event.kind != "death" and event.since > died.since:
        raise family_errors.EventAfterDeath(day=day, died=died.since.isoformat())
    if about.birth_date and event.since < about.birth_date:
        raise errors.EventBeforeBirth(
            day=day, born=birth_in_figures(about.birth_date, about.birth_precision)
        )
    joined = member.joined_on if member else None
    if event.kind == "divorce" and joined and event.since < joined:
        raise errors.EventBeforeMarriage(day=day, married=joined.isoformat())
    if event.kind == "schooling" and event.until is None:
        raise errors.EventEndsTooEarly(day=day)
    if event.until is not None and event.until <= event.since:
        raise errors.EventEndsTooEarly(day=day)
    if event.kind == "schooling" and event.until and event.until > months_later(event.since, 12):
        raise errors.SchoolYearTooLong


def _require_paper(event: NewEvent) -> None:
    _refuse_bad_paper(event.document)


def _refuse_bad_paper(document: str) -> None:
    document = tidied(document)
    if not document:
        raise errors.ProofNeeded
    if len(document) > MOST_LETTERS:
        raise errors.ProofTooLong(most=MOST_LETTERS)


def _require_new(event: NewEvent, about: Person, member: Dependant | None) -> None:
    """Refuse what was told already: once for a death, the same days for a school year."""
    told = LifeEvent.objects.filter(person=about, kind=event.kind, state="told")
    if event.kind in OF_DECLARATION:
        told = told.filter(dependant=member)
    if event.kind == "custody":
        told = told.filter(since=event.since)
    if event.kind not in _ONCE:
        told = told.exclude(until__lte=event.since)
        if event.until is not None:
            told = told.filter(since__lt=event.until)
    known = told.order_by("since").first()
    if known is not None:
        raise errors.EventAlreadyTold(day=known.since.isoformat())


def _require_custody(event: NewEvent, member: Dependant | None) -> None:
    """Custody has to be said for a change of custody alone, and to be another than before."""
    if event.kind != "custody":
        return
    if event.custody not in [*qafila_law.Custody]:
        raise errors.CustodyNotSaid
    if member is not None and custody_on(member, event.since) == event.custody:
        raise errors.CustodyNotNew


def _require_useful(insured: Person, event: NewEvent, about: Person, member: Dependant) -> None:
    """Refuse a paper by which the law covers nobody, such as schooling at thirty-five."""
    told = Told(about.pk, event.kind, event.since, event.until)
    found = family_told(insured, besides=[told])
    on = max(event.since, member.joined_on or event.since)
    answers = qafila_law.dependants(found.family_on(on), on)
    place = [one.pk for one in found.members].index(member.pk)
    if not answers[place].covered:
        why = " ".join(errors.law_step_sentence(step) for step in answers[place].steps)
        raise errors.EventChangesNothing(why=why)


def _row(event: NewEvent, about: Person, member: Dependant | None, at: dt.datetime) -> LifeEvent:
    return LifeEvent.objects.create(
        person=about,
        dependant=member if event.kind in OF_DECLARATION else None,
        custody=event.custody,
        kind=event.kind,
        state=states.LIFE_EVENT_MOVES["tell_life_event"][states.NEW],
        since=event.since,
        until=event.until,
        document=typed_text.line(event.document),
        told_at=at,
    )


def _settle_home(row: LifeEvent, insured: Person) -> None:
    """Who divorced, or is not with the insured person, lives elsewhere; taken back, here again."""
    if row.kind not in OF_DECLARATION:
        return
    member = row.person
    told = row.state == LifeEvent.State.TOLD
    apart = told and (row.kind == "divorce" or row.custody != qafila_law.Custody.INSURED)
    if apart and member.household_id is not None and member.household_id == insured.household_id:
        live_apart([member.pk])
    elif not apart and member.household_id is None:
        live_together(insured, member)


def _require_of_family(row: LifeEvent, insured: Person) -> None:
    of_family = Dependant.objects.filter(insured=insured, person_id=row.person_id)
    if row.person_id != insured.pk and not of_family.exists():
        raise NotFoundInScope(event=row.pk)


def _write(
    entry: foundation_journal.EntryType,
    row: LifeEvent,
    insured_id: int,
    *,
    actor: Actor,
    at: dt.datetime,
    **data: Any,
) -> None:
    touch_persons([row.person_id])
    foundation_journal.write(
        entry,
        row,
        actor=actor,
        at=at,
        person_id=insured_id,
        kind=row.kind,
        since=row.since.isoformat(),
        **data,
    )


def _told(row: LifeEvent) -> dict[str, Any]:
    return {"event_id": row.pk, "person_id": row.person_id, "state": row.state}


def _moved(answer: dict[str, Any]) -> LifeEventMoved:
    return LifeEventMoved(**answer)
