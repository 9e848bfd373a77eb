"""A file of another territory asked for by a number in hand: known, never shown before it is
granted. Each number looked for is counted and leaves a trace of its own."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from qafila.foundation import journal, typed_text
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.clock import day_of
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.idempotency import once
from qafila.people.access import (
    lock_persons_of,
    persons_visible,
    require_may_answer,
    require_may_correct,
    seen_by,
)
from qafila.people.asking.probes import count_probe, trace_probe
from qafila.people.errors import (
    AccessAskedBefore,
    AccessReasonNeeded,
    NobodyElsewhere,
    RequestAnswered,
)
from qafila.people.journal import (
    ACCESS_ANSWER_UNDONE,
    ACCESS_ASKED,
    ACCESS_GRANTED,
    ACCESS_REFUSED,
    ACCESS_WITHDRAWN,
)
from qafila.people.models import AccessRequest, Person
from qafila.people.search import understood

LASTS = dt.timedelta(days=30)
"""So long a request waits for its answer, and so long a file stays open once it was granted."""
_MOST_HOLDERS = 3
_SHORTEST_CARD = 6
_State = AccessRequest.State


def is_full_number(text: str) -> bool:
    """Whether one whole card or phone number was typed: nothing else is looked for elsewhere."""
    return any(_full(text))


def _full(text: str) -> tuple[list[str], list[str]]:
    """The whole card and phone that were typed; a few digits would be a way to guess.

    Of several cards or phones none: each would be a probe that is not counted.
    """
    asked = understood(text)
    if len(asked.cards) > 1 or len(asked.phones) > 1:
        return [], []
    return [one for one in asked.cards if len(one) >= _SHORTEST_CARD], list(asked.phones)


def known_elsewhere(text: str, *, actor: Actor, at: dt.datetime) -> bool:
    """Whether somebody outside the territory has the card or phone; counted and traced.

    Raises NotAllowed, TooManyProbes.
    """
    require_may_correct(actor)
    count_probe(actor)
    found = bool(_holders(text, seen_by(actor)))
    trace_probe(found=found, actor=actor, at=at)
    return found


def _holders(text: str, seen: Scope) -> list[Person]:
    cards, phones = _full(text)
    held = Person.objects.filter(state=Person.State.ACTIVE).exclude(
        pk__in=persons_visible(seen).values("pk")
    )
    by_card = held.filter(card_number__in=cards)
    found = list(by_card.order_by("pk")[:_MOST_HOLDERS])
    if not found and phones:
        by_phone = held.filter(phones__number__in=phones).distinct()
        found = list(by_phone.order_by("pk")[:_MOST_HOLDERS])
    return found


def ask_access(
    text: str, *, reason: str, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> tuple[int, ...]:
    """Ask for the file that holds a card or phone number; returns the numbers of the requests.

    A phone that a family shares asks for each of its files that was not asked for yet. Raises
    NotAllowed, TooManyProbes, AccessReasonNeeded, NobodyElsewhere, AccessAskedBefore (of all).
    """
    require_may_correct(actor)
    if not typed_text.note(reason):
        raise AccessReasonNeeded
    if not known_elsewhere(text, actor=actor, at=at):
        raise NobodyElsewhere

    def do() -> dict[str, Any]:
        holders = _holders(text, seen_by(actor))
        made = [_asked(one, typed_text.note(reason), actor, at) for one in holders]
        if not any(made):
            raise AccessAskedBefore
        return {"requests": [one for one in made if one]}

    answer = once(command_id, "people.ask_access", actor=actor, at=at, do=do)
    return tuple(answer["requests"])


def _asked(person: Person, reason: str, actor: Actor, at: dt.datetime) -> int | None:
    """The number of the new request; None where one of the actor's still waits."""
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    mine = AccessRequest.objects.filter(person=person, asked_by_id=actor.id)
    if mine.filter(state=_State.WAITING, asked_at__gt=at - LASTS).exists():
        return None
    mine.filter(state=_State.WAITING).update(state=_State.WITHDRAWN)
    made = AccessRequest.objects.create(
        person=person, asked_by_id=actor.id, asked_at=at, reason=reason
    )
    journal.write(ACCESS_ASKED, made, actor=actor, at=at, person_id=person.pk, reason=reason)
    return int(made.pk)


def withdraw_request(
    request_id: int, *, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> None:
    """Take back one's own request while it waits. Raises NotFoundInScope, RequestAnswered."""

    def do() -> dict[str, Any]:
        own = AccessRequest.objects.filter(pk=request_id, asked_by_id=actor.id)
        one = own.select_for_update().first()
        if one is None:
            raise NotFoundInScope(request=request_id)
        _swap(one, _State.WAITING, state=_State.WITHDRAWN)
        journal.write(ACCESS_WITHDRAWN, one, actor=actor, at=at, person_id=one.person_id)
        return {}

    once(command_id, "people.withdraw_request", actor=actor, at=at, do=do)


def answer_request(
    request_id: int,
    *,
    granted: bool,
    reason: str = "",
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> None:
    """Open the file to who asked, for `LASTS`, or refuse with a reason.

    Raises NotAllowed, NotFoundInScope outside the territory, AccessReasonNeeded, RequestAnswered.
    """
    scope = require_may_answer(actor)
    reason = typed_text.note(reason)
    if not granted and not reason:
        raise AccessReasonNeeded

    def do() -> dict[str, Any]:
        one = _to_answer(request_id, scope)
        if one.asked_at <= at - LASTS:
            raise RequestAnswered
        told: dict[str, Any] = {"decided_by_id": actor.id, "decided_at": at, "answer": reason}
        if granted:
            until = day_of(at + LASTS)
            _swap(one, _State.WAITING, state=_State.GRANTED, until=until, **told)
            written = {"until": until.isoformat()}
        else:
            _swap(one, _State.WAITING, state=_State.REFUSED, **told)
            written = {"reason": reason}
        entry = ACCESS_GRANTED if granted else ACCESS_REFUSED
        journal.write(entry, one, actor=actor, at=at, person_id=one.person_id, **written)
        return {}

    once(command_id, "people.answer_request", actor=actor, at=at, do=do)


def undo_answer(
    request_id: int, *, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> None:
    """Take an answer back: the request waits again, unless a later one does or its time is over.

    Raises as `answer_request`; RequestAnswered for a refusal whose request has ended meanwhile.
    """
    scope = require_may_answer(actor)

    def do() -> dict[str, Any]:
        lock_persons_of(AccessRequest, request_id, scope, "person_id")
        one = _to_answer(request_id, scope)
        over = one.asked_at <= at - LASTS
        if one.state != _State.GRANTED and (over or one.state != _State.REFUSED):
            raise RequestAnswered
        state = _State.WITHDRAWN if over or _asked_anew(one) else _State.WAITING
        nothing: dict[str, Any] = {"decided_by": None, "decided_at": None, "answer": ""}
        _swap(one, one.state, state=state, until=None, **nothing)
        journal.write(ACCESS_ANSWER_UNDONE, one, actor=actor, at=at, person_id=one.person_id)
        return {}

    once(command_id, "people.undo_answer", actor=actor, at=at, do=do)


def _asked_anew(one: AccessRequest) -> bool:
    """Whether the same asker has a later request for the file that waits."""
    same = AccessRequest.objects.filter(person=one.person_id, asked_by=one.asked_by_id)
    return same.filter(state=_State.WAITING).exists()


def _to_answer(request_id: int, scope: Scope) -> AccessRequest:
    found = AccessRequest.objects.filter(pk=request_id, person__in=persons_visible(scope))
    one = found.select_for_update(of=("self",)).first()
    if one is None:
        raise NotFoundInScope(request=request_id)
    return one


def _swap(one: AccessRequest, seen: str, **changes: Any) -> None:
    """Compare-and-swap of the request's state."""
    if not AccessRequest.objects.filter(pk=one.pk, state=seen).update(**changes):
        raise RequestAnswered
