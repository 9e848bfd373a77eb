"""Who may do what about enrolment, and the one door to its objects."""

from __future__ import annotations

from qafila.enrolment.models import Dependant, Enrolment, LifeEvent
from qafila.foundation.actors import ANYWHERE, Actor, Role, Scope, Where
from qafila.foundation.errors import NotFoundInScope
from qafila.people.access import lock_persons_of

DECLARING = (
    Role.COUNTER_AGENT,
    Role.FIELD_AGENT,
    Role.CHAMBER_STAFF,
    Role.DIRECTORATE,
    Role.FUND_LIAISON,
    Role.ADMINISTRATOR,
    Role.SYSTEM,
)
"""Roles that declare people and their families."""

CONFIRMING = (Role.FUND_LIAISON, Role.ADMINISTRATOR, Role.SYSTEM)
"""Roles that speak for the fund: confirm a number, close, change the category."""

WHOLE_LISTS = (Role.ADMINISTRATOR, Role.SYSTEM)
"""Roles that work on everyone at once."""


def require_declaring(actor: Actor) -> Scope:
    """Where the actor may declare people and their families; NotAllowed where nowhere."""
    return actor.require(*DECLARING)


def require_confirming(actor: Actor) -> Scope:
    """Where the actor may confirm, close and change enrolments; NotAllowed where nowhere."""
    return actor.require(*CONFIRMING)


def require_whole_lists(actor: Actor) -> None:
    """Raise NotAllowed unless the actor works on the whole country's lists."""
    actor.require_everywhere(*WHOLE_LISTS)


def get_enrolment(enrolment_id: int, *, scope: Scope, lock: bool = False) -> Enrolment:
    """The enrolment with its person; NotFoundInScope when there is none to be seen."""
    rows = Enrolment.objects.select_related("person")
    if lock:
        lock_persons_of(Enrolment, enrolment_id, scope, "person_id")
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=enrolment_id).first()
    if found is None or not scope.covers(found.person.province_id):
        raise NotFoundInScope
    return found


def get_dependant(dependant_id: int, *, scope: Scope, lock: bool = False) -> Dependant:
    """The dependant with the insured; NotFoundInScope when there is none to be seen."""
    rows = Dependant.objects.select_related("insured", "person")
    if lock:
        lock_persons_of(Dependant, dependant_id, scope, "insured_id", "person_id")
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=dependant_id).first()
    if found is None or not scope.covers(found.insured.province_id):
        raise NotFoundInScope
    return found


def get_life_event(event_id: int, *, scope: Scope, lock: bool = False) -> LifeEvent:
    """The event with its person; NotFoundInScope when there is none to be seen."""
    rows = LifeEvent.objects.select_related("person", "dependant")
    if lock:
        lock_persons_of(LifeEvent, event_id, scope, "person_id", "dependant__insured_id")
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=event_id).first()
    if found is None or not scope.covers(found.person.province_id):
        raise NotFoundInScope
    return found


def may_declare(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Counters, field agents, chambers, directorates, the fund and administrators declare."""
    return actor.has(*DECLARING, province=province)


def may_confirm(actor: Actor, province: Where = ANYWHERE) -> bool:
    """The fund's liaison and administrators confirm, close and change enrolments."""
    return actor.has(*CONFIRMING, province=province)
