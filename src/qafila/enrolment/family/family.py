"""The insured person's family: declared, removed, or stated to be none."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import qafila_law
from qafila.enrolment import access, errors, journal, states
from qafila.enrolment.family import errors as family_errors
from qafila.enrolment.family.members import law_member, own_schemes_of
from qafila.enrolment.family.plausibility import ask_whose_card, person_with_card
from qafila.enrolment.family.whole_family import looked_at_as_a_whole
from qafila.enrolment.models import Dependant, Enrolment, LifeEvent
from qafila.foundation import journal as foundation_journal
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.idempotency import once
from qafila.foundation.trail import touch_persons
from qafila.linkage.names.name_keys import index_keys
from qafila.people.access import person_to_change
from qafila.people.households import live_together
from qafila.people.models import Person
from qafila_law.months import months_later
from qafila_law.parameter_tree import get_parameter


@dataclass(frozen=True)
class Relative:
    """A member of the family who has no file yet: a name in one script at least."""

    full_name_ar: str = ""
    full_name_latn: str = ""
    sex: str = ""
    birth_date: dt.date | None = None
    card_number: str = ""


@dataclass(frozen=True)
class FamilyFacts:
    """What the law asks about a spouse or child beyond the date of birth (law 65-00, art. 5, 6).

    `joined_on`: the day of the marriage or the kafala; `custody`: a `qafila_law.Custody`;
    `judges_leave`: the paper by which a judge allowed the marriage; `confirmed`: the codes of the
    questions that somebody answered; `lives_elsewhere`: the member lives in another home.
    """

    has_own_scheme: bool = False
    taken_in: bool = False
    married: bool = False
    disabled: bool = False
    schooling_until: dt.date | None = None
    other_parent_insured: bool = False
    joined_on: dt.date | None = None
    custody: str = ""
    judges_leave: str = ""
    confirmed: tuple[str, ...] = ()
    lives_elsewhere: bool = False


NO_FACTS = FamilyFacts()


@dataclass(frozen=True)
class DependantMoved:
    """A dependant after a verb; `state` is empty once a mere mention was removed."""

    dependant_id: int
    person_id: int | None
    state: str


def declare_dependant(
    *,
    insured_id: int,
    relation: str,
    relative: Relative | None = None,
    relative_id: int | None = None,
    facts: FamilyFacts = NO_FACTS,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> DependantMoved:
    """Declare a spouse or child: someone known (`relative_id`) or new (`relative`).

    A mere mention of a spouse or child becomes this declaration. Raises NotAllowed,
    NotFoundInScope, UnknownRelation, InsuredNotEnrolled, CoverAfterDeathOver, NameMissing,
    OwnDependant, AlreadyDeclared, JoinedInTheFuture, SchoolYearTooLong, CardBelongsElsewhere,
    CardOfAnother, DependantNotEntitled with the law's sentence, and what `whole_family` finds.
    """
    scope = access.require_declaring(actor)
    if relation not in Dependant.Relation.values:
        raise errors.UnknownRelation

    def do() -> dict[str, Any]:
        insured = person_to_change(insured_id, scope)
        on = day_of(at)
        _require_declarable(insured, on)
        _require_days(facts, on)
        member = _member(insured, relative, relative_id, facts, actor, at)
        concerned = (insured.pk, member.pk)
        with looked_at_as_a_whole(concerned, of=insured.pk, on=on, confirmed=facts.confirmed):
            dependant = _declared(insured, member, relation, facts, on)
            _keep_facts(member, facts, on, at)
        _require_entitled(insured, member, relation, facts, on)
        _share_home(insured, member, facts)
        touch_persons([member.pk])
        _write(journal.DEPENDANT_DECLARED, dependant, actor=actor, at=at, relation=relation)
        return _told(dependant.pk, member.pk, dependant.state)

    return _moved(once(command_id, "enrolment.declare_dependant", actor=actor, at=at, do=do))


def remove_dependant(
    *,
    dependant_id: int,
    reason: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> DependantMoved:
    """Take a member out of the family, saying why; a mere mention disappears.

    Raises NotAllowed, NotFoundInScope, DependantNotDeclared, ReasonNeeded.
    """
    scope = access.require_declaring(actor)
    reason = typed_text.note(reason)
    if not reason:
        raise errors.ReasonNeeded

    def do() -> dict[str, Any]:
        dependant = access.get_dependant(dependant_id, scope=scope, lock=True)
        after = states.dependant_after("remove_dependant", dependant.state)
        if after is None:
            raise errors.DependantNotDeclared
        held = Dependant.objects.filter(pk=dependant.pk, state=dependant.state)
        gone = after == states.NEW
        on = day_of(at)
        told = {"refusal_reason": reason, "removed_on": on}
        done = held.delete()[0] if gone else held.update(state=after, **told)
        if not done:
            raise SomeoneElseActed
        _write(
            journal.DEPENDANT_REMOVED,
            dependant,
            actor=actor,
            at=at,
            relation=dependant.relation,
            reason=reason,
        )
        return _told(dependant_id, dependant.person_id, "" if gone else after)

    return _moved(once(command_id, "enrolment.remove_dependant", actor=actor, at=at, do=do))


def state_no_family(
    *, insured_id: int, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> None:
    """Note that the insured person says there is no spouse or child to declare.

    Raises NotAllowed, NotFoundInScope, InsuredNotEnrolled, FamilyIsKnown.
    """
    scope = access.require_declaring(actor)

    def do() -> dict[str, Any]:
        insured = person_to_change(insured_id, scope)
        enrolment = _require_enrolled(insured)
        if Dependant.objects.filter(insured=insured).exclude(state="refused").exists():
            raise errors.FamilyIsKnown
        on = day_of(at)
        held = Enrolment.objects.filter(pk=enrolment.pk, state=enrolment.state)
        if not held.update(no_family_stated_on=on):
            raise SomeoneElseActed
        foundation_journal.write(
            journal.NO_FAMILY_STATED, enrolment, actor=actor, at=at, person_id=insured.pk
        )
        return {}

    once(command_id, "enrolment.state_no_family", actor=actor, at=at, do=do)


def take_back_no_family(
    *, insured_id: int, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> None:
    """Take back that there is nobody to declare. Raises as `state_no_family`, SomeoneElseActed."""
    scope = access.require_declaring(actor)

    def do() -> dict[str, Any]:
        insured = person_to_change(insured_id, scope)
        enrolment = _require_enrolled(insured)
        held = Enrolment.objects.filter(pk=enrolment.pk, no_family_stated_on__isnull=False)
        if not held.update(no_family_stated_on=None):
            raise SomeoneElseActed
        foundation_journal.write(
            journal.NO_FAMILY_TAKEN_BACK, enrolment, actor=actor, at=at, person_id=insured.pk
        )
        return {}

    once(command_id, "enrolment.take_back_no_family", actor=actor, at=at, do=do)


def _require_declarable(insured: Person, on: dt.date) -> None:
    """An open enrolment, or one that a death closed while the family's cover still runs."""
    died = LifeEvent.objects.filter(person=insured, kind="death", state="told").first()
    if died is None or died.closed_enrolment_id is None:
        _require_enrolled(insured)
    elif on >= months_later(died.since, months_after_death()):
        raise family_errors.CoverAfterDeathOver(died=died.since.isoformat())


def _require_days(facts: FamilyFacts, on: dt.date) -> None:
    """Refuse a marriage or kafala still to come, and schooling told for more than a year."""
    if facts.joined_on and facts.joined_on > on:
        raise errors.JoinedInTheFuture(day=facts.joined_on.isoformat())
    if facts.schooling_until is not None and facts.schooling_until > months_later(on, 12):
        raise errors.SchoolYearTooLong


def _share_home(insured: Person, member: Person, facts: FamilyFacts) -> None:
    """A member lives with the insured person unless somebody says, or another place shows."""
    apart = member.commune_id and insured.commune_id and member.commune_id != insured.commune_id
    if not facts.lives_elsewhere and not apart and member.household_id is None:
        live_together(insured, member)


def months_after_death() -> int:
    """How long a family's cover goes on by itself after the insured person's death, by the law."""
    return int(str(get_parameter("dependants.continued_after_death_months").values[0].value))


def _require_enrolled(insured: Person) -> Enrolment:
    open_ones = Enrolment.objects.filter(person=insured).exclude(state="closed")
    enrolment = open_ones.order_by("pk").first()
    if enrolment is None:
        raise errors.InsuredNotEnrolled
    return enrolment


def _member(
    insured: Person,
    relative: Relative | None,
    relative_id: int | None,
    facts: FamilyFacts,
    actor: Actor,
    at: dt.datetime,
) -> Person:
    scope = access.require_declaring(actor)
    if relative_id is not None:
        if relative_id == insured.pk:
            raise errors.OwnDependant
        return person_to_change(relative_id, scope)
    if relative is None:
        raise errors.NameMissing
    name_ar, name_latn = map(typed_text.name, (relative.full_name_ar, relative.full_name_latn))
    if not (name_ar or name_latn):
        raise errors.NameMissing
    typed = Person(
        full_name_ar=name_ar,
        full_name_latn=name_latn,
        name_keys=[*index_keys(f"{name_ar} {name_latn}")],
        sex=relative.sex,
        birth_date=relative.birth_date,
        birth_precision="day" if relative.birth_date else "",
        card_number=relative.card_number,
        commune_id=insured.commune_id,
        province_id=insured.province_id,
        region_code=insured.region_code,
        created_at=at,
        created_by_id=actor.id,
    )
    known = person_with_card(relative.card_number, scope)
    if known is not None:
        if known.pk == insured.pk:
            raise errors.OwnDependant
        ask_whose_card(known, typed, facts.confirmed)
        return known
    typed.save(force_insert=True)
    return typed


def _require_entitled(
    insured: Person, member: Person, relation: str, facts: FamilyFacts, on: dt.date
) -> None:
    """Raise DependantNotEntitled, with the law's own sentence, unless the law covers the member."""
    link = "taken_in" if relation == "child" and facts.taken_in else relation
    told = law_member(
        member,
        link,
        own_schemes=own_schemes_of(member.pk),
        has_own_scheme=facts.has_own_scheme,
        married=facts.married,
        disabled=facts.disabled,
        schooling=_schooling(facts, on),
        other_parent_insured=facts.other_parent_insured,
        custody=qafila_law.Custody(facts.custody) if facts.custody else None,
    )
    family = qafila_law.Family((told,), insured_is_father=insured.sex != "F")
    [answer] = qafila_law.dependants(family, on)
    if not answer.covered:
        why = " ".join(errors.law_step_sentence(step) for step in answer.steps)
        raise errors.DependantNotEntitled(why=why)


def _schooling(facts: FamilyFacts, on: dt.date) -> tuple[qafila_law.Proof, ...]:
    until = facts.schooling_until
    return (qafila_law.Proof(on, until),) if until and until > on else ()


def _keep_facts(member: Person, facts: FamilyFacts, on: dt.date, at: dt.datetime) -> None:
    """What was told at the declaration and holds from that day, as events of the member."""
    told = {
        "schooling": facts.schooling_until is not None and facts.schooling_until > on,
        "disability": facts.disabled,
        "marriage": facts.married,
    }
    for kind in (kind for kind, holds in told.items() if holds):
        held = LifeEvent.objects.filter(person=member, kind=kind, state="told")
        if not held.exclude(until__lte=on).exists():
            until = facts.schooling_until if kind == "schooling" else None
            LifeEvent.objects.create(
                person=member, kind=kind, state="told", since=on, until=until, told_at=at
            )


def _declared(
    insured: Person, member: Person, relation: str, facts: FamilyFacts, on: dt.date
) -> Dependant:
    """The new declaration, or the mention or former refusal that becomes it."""
    of_member = Dependant.objects.filter(insured=insured, person=member)
    known = of_member.order_by("state", "pk").first()  # declared before doubled and refused
    if known is None:
        mentions = Dependant.objects.filter(insured=insured, relation=relation, person=None)
        known = mentions.order_by("pk").first()
    changes: dict[str, Any] = {
        "relation": relation,
        "since": on,
        "taken_in": relation == "child" and facts.taken_in,
        "joined_on": facts.joined_on,
        "other_parent_insured": facts.other_parent_insured,
        "custody": facts.custody,
        "judges_leave": typed_text.line(facts.judges_leave, most=120),
    }
    if known is None:
        state = states.DEPENDANT_MOVES["declare_dependant"][states.NEW]
        return Dependant.objects.create(insured=insured, person=member, state=state, **changes)
    if _married_again(known, facts):
        return Dependant.objects.create(insured=insured, person=member, state="declared", **changes)
    after = states.dependant_after("declare_dependant", known.state)
    if after is None:
        raise errors.AlreadyDeclared
    held = Dependant.objects.filter(pk=known.pk, state=known.state)
    if not held.update(state=after, person=member, refusal_reason="", removed_on=None, **changes):
        raise SomeoneElseActed
    known.refresh_from_db()
    return known


def _married_again(known: Dependant, facts: FamilyFacts) -> bool:
    """Whether a new marriage follows the divorce that ended a declared one."""
    if known.relation != "spouse" or known.state != "declared" or facts.joined_on is None:
        return False
    divorces = LifeEvent.objects.filter(dependant=known, kind="divorce", state="told")
    return divorces.filter(since__lt=facts.joined_on).exists()


def _write(
    entry: foundation_journal.EntryType,
    dependant: Dependant,
    *,
    actor: Actor,
    at: dt.datetime,
    **data: Any,
) -> None:
    foundation_journal.write(
        entry, dependant, actor=actor, at=at, person_id=dependant.insured_id, **data
    )
    if dependant.person_id is not None:
        # A member may be somebody new, of whom nothing was derived yet.
        touch_persons([dependant.person_id])


def _told(dependant_id: int, person_id: int | None, state: str) -> dict[str, Any]:
    return {"dependant_id": dependant_id, "person_id": person_id, "state": state}


def _moved(answer: dict[str, Any]) -> DependantMoved:
    return DependantMoved(**answer)
