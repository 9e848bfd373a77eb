"""Who may do what in the register, and the one door to its objects."""

from __future__ import annotations

from qafila.foundation.actors import ANYWHERE, Actor, Role, Scope, Where
from qafila.foundation.errors import NotFoundInScope
from qafila.people.access import lock_persons_of
from qafila.register.models import Application, Entry

RECEIVING = (
    Role.COUNTER_AGENT,
    Role.FIELD_AGENT,
    Role.CHAMBER_STAFF,
    Role.DIRECTORATE,
    Role.ADMINISTRATOR,
    Role.SYSTEM,
)
"""Roles that open, complete and submit applications."""

DECIDING = (Role.CHAMBER_STAFF, Role.DIRECTORATE, Role.ADMINISTRATOR, Role.SYSTEM)
"""Roles that accept, refuse and strike off."""

WHOLE_LISTS = (Role.ADMINISTRATOR, Role.SYSTEM)
"""Roles that work on everyone at once."""


_FOLLOWING = (Role.FUND_LIAISON, Role.PROGRAMME_LEAD)


def require_receiving(actor: Actor) -> Scope:
    """Where the actor may open, complete and submit applications; NotAllowed where nowhere."""
    return actor.require(*RECEIVING)


def require_deciding(actor: Actor) -> Scope:
    """Where the actor may accept, refuse and strike off; NotAllowed where nowhere."""
    return actor.require(*DECIDING)


def require_whole_lists(actor: Actor) -> None:
    """Raise NotAllowed unless the actor works on the whole country's lists."""
    actor.require_everywhere(*WHOLE_LISTS)


def get_application(application_id: int, *, scope: Scope, lock: bool = False) -> Application:
    """The application with its person; NotFoundInScope when there is none to be seen."""
    rows = Application.objects.select_related("person", "trade")
    if lock:
        lock_persons_of(Application, application_id, scope, "person_id")
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=application_id).first()
    if found is None or not scope.covers(found.person.province_id):
        raise NotFoundInScope
    return found


def get_entry(entry_id: int, *, scope: Scope, lock: bool = False) -> Entry:
    """The entry with its person; NotFoundInScope when there is none to be seen."""
    rows = Entry.objects.select_related("person", "trade")
    if lock:
        lock_persons_of(Entry, entry_id, scope, "person_id")
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=entry_id).first()
    if found is None or not scope.covers(found.person.province_id):
        raise NotFoundInScope
    return found


def may_receive_applications(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Counters, field agents, chambers, directorates and administrators take applications."""
    return actor.has(*RECEIVING, province=province)


def may_decide_applications(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Chambers, directorates and administrators accept and refuse."""
    return actor.has(*DECIDING, province=province)


def may_see_applications(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Everybody on the staff: who takes them, who decides, who follows up, and the auditor."""
    return actor.has(*RECEIVING, *DECIDING, *_FOLLOWING, Role.AUDITOR, province=province)
