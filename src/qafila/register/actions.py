"""What is done to the register: loading trades, and every verb of `states.py`."""

from __future__ import annotations

import csv
import datetime as dt
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection

from qafila.foundation import journal as foundation_journal
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.idempotency import once
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting
from qafila.people.access import person_to_change
from qafila.people.models import Person
from qafila.people.ports import require_alive
from qafila.register import access, errors, journal, recognition, states
from qafila.register.models import Application, Entry, Trade


@dataclass(frozen=True)
class TradesLoaded:
    """How many trades the list holds, and how many were new."""

    trades: int
    new: int


@dataclass(frozen=True)
class ApplicationMoved:
    """An application after a verb: its state, what it lacks, and the number issued if any."""

    application_id: int
    state: str
    missing: tuple[str, ...] = ()
    register_number: str = ""


@dataclass(frozen=True)
class EntryMoved:
    """An entry after a verb."""

    entry_id: int
    state: str
    register_number: str


def load_trades(*, actor: Actor, at: dt.datetime) -> TradesLoaded:
    """Load the draft list of trades; safe to repeat. The decree's list will replace it."""
    access.require_whole_lists(actor)
    with (recognition.DATA / "trades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = ("name_ar", "branch", "family_fr", "family_ar", "status", "name_keys")
    trades = [_trade(row) for row in rows]
    with acting(actor, at=at):
        before = Trade.objects.count()
        Trade.objects.bulk_create(
            trades, update_conflicts=True, unique_fields=["name_fr"], update_fields=columns
        )
        new = Trade.objects.count() - before
        if new:
            subject = ActorRecord.objects.get(pk=actor.id)
            foundation_journal.write(
                journal.TRADES_LOADED, subject, actor=actor, at=at, trades=len(trades)
            )
    return TradesLoaded(len(trades), new)


def _trade(row: dict[str, str]) -> Trade:
    kept = {name: row[name] for name in ("branch", "name_fr", "name_ar", "family_fr", "family_ar")}
    keys = recognition.trade_name_keys(row["name_fr"], row["name_ar"])
    return Trade(**kept, status=row["status"], name_keys=keys)


def open_application(
    *,
    person_id: int,
    trade_text: str = "",
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> ApplicationMoved:
    """Open a person's application. It tells what is still missing.

    Raises NotAllowed, NotFoundInScope, AlreadyEntered, ApplicationAlreadyOpen; PersonDied of the
    room above.
    """
    scope = access.require_receiving(actor)

    def do() -> dict[str, Any]:
        person = person_to_change(person_id, scope)
        require_alive(person.pk)
        _refuse_second(person)
        trade = recognition.find_trade_of(trade_text)
        application = Application.objects.create(
            person=person,
            trade=trade,
            trade_text=trade_text,
            state=states.APPLICATION_MOVES["open_application"][states.NEW],
            missing=_lacking(person, trade),
            opened_at=at,
        )
        _write(journal.APPLICATION_OPENED, application, actor=actor, at=at)
        return _told(application)

    return _moved(once(command_id, "register.open_application", actor=actor, at=at, do=do))


def complete_application(
    *,
    application_id: int,
    trade_text: str | None = None,
    trade_id: int | None = None,
    number_conflict_settled: bool = False,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> ApplicationMoved:
    """Add the trade (by id or as text), settle a number conflict, and look again at what lacks.

    Card number, birth date and place belong to the person's file and are read from there.
    Raises NotAllowed, NotFoundInScope, ApplicationNotOpen, TradeNotFound.
    """
    scope = access.require_receiving(actor)

    def do() -> dict[str, Any]:
        application = access.get_application(application_id, scope=scope, lock=True)
        _require_move(application, "complete_application")
        text = application.trade_text if trade_text is None else trade_text
        trade = _chosen_trade(application, text, trade_id)
        conflict = "register_number_conflict" in application.missing
        missing = _lacking(application.person, trade, conflict and not number_conflict_settled)
        _move(application, "complete_application", trade=trade, trade_text=text, missing=missing)
        _write(journal.APPLICATION_COMPLETED, application, actor=actor, at=at)
        return _told(application)

    return _moved(once(command_id, "register.complete_application", actor=actor, at=at, do=do))


def submit_application(
    *, application_id: int, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> ApplicationMoved:
    """Hand a complete application to the chamber for decision.

    Raises NotAllowed, NotFoundInScope, ApplicationNotOpen, ApplicationStillIncomplete.
    """
    scope = access.require_receiving(actor)

    def do() -> dict[str, Any]:
        application = access.get_application(application_id, scope=scope, lock=True)
        _require_move(application, "submit_application")
        conflict = "register_number_conflict" in application.missing
        missing = _lacking(application.person, application.trade, conflict)
        if missing:
            raise errors.ApplicationStillIncomplete(missing=errors.names_of(missing))
        _move(application, "submit_application", missing=[])
        _write(journal.APPLICATION_SUBMITTED, application, actor=actor, at=at)
        return _told(application)

    return _moved(once(command_id, "register.submit_application", actor=actor, at=at, do=do))


def accept_application(
    *, application_id: int, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> ApplicationMoved:
    """Accept a submitted application and enter the person under a new number.

    Raises NotAllowed, NotFoundInScope, ApplicationNotSubmitted, AlreadyEntered; PersonDied of the
    room above.
    """
    scope = access.require_deciding(actor)

    def do() -> dict[str, Any]:
        application = access.get_application(application_id, scope=scope, lock=True)
        _require_move(application, "accept_application")
        require_alive(application.person_id)
        _refuse_entered(application.person)
        _move(application, "accept_application", decided_at=at, decided_by_id=actor.id)
        entry = Entry.objects.create(
            person=application.person,
            register_number=_next_number(),
            trade=application.trade,
            trade_text=application.trade_text,
            state=states.ENTRY_MOVES["accept_application"][states.NEW],
            application=application,
            entered_on=day_of(at),
            region_code=application.person.region_code,
        )
        number = entry.register_number
        _write(
            journal.APPLICATION_ACCEPTED, application, actor=actor, at=at, register_number=number
        )
        return {**_told(application), "register_number": number}

    return _moved(once(command_id, "register.accept_application", actor=actor, at=at, do=do))


def refuse_application(
    *,
    application_id: int,
    reason: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> ApplicationMoved:
    """Refuse a submitted application, saying why.

    Raises NotAllowed, NotFoundInScope, ApplicationNotSubmitted, RefusalNeedsReason.
    """
    scope = access.require_deciding(actor)
    why = _reason(reason)

    def do() -> dict[str, Any]:
        application = access.get_application(application_id, scope=scope, lock=True)
        _require_move(application, "refuse_application")
        decision = {"refusal_reason": why, "decided_at": at, "decided_by_id": actor.id}
        _move(application, "refuse_application", **decision)
        _write(journal.APPLICATION_REFUSED, application, actor=actor, at=at, reason=why)
        return _told(application)

    return _moved(once(command_id, "register.refuse_application", actor=actor, at=at, do=do))


def strike_off_entry(
    *,
    entry_id: int,
    reason: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> EntryMoved:
    """Strike an entry off, saying why; its number is never given again.

    Raises NotAllowed, NotFoundInScope, EntryAlreadyStruckOff, RefusalNeedsReason.
    """
    scope = access.require_deciding(actor)
    why = _reason(reason)

    def do() -> dict[str, Any]:
        entry = access.get_entry(entry_id, scope=scope, lock=True)
        after = states.entry_after("strike_off_entry", entry.state)
        if after is None:
            raise errors.EntryAlreadyStruckOff
        on = day_of(at)
        held = Entry.objects.filter(pk=entry.pk, state=entry.state)
        if not held.update(state=after, struck_off_on=on):
            raise SomeoneElseActed
        number = entry.register_number
        foundation_journal.write(
            journal.ENTRY_STRUCK_OFF,
            entry,
            actor=actor,
            at=at,
            person_id=entry.person_id,
            register_number=number,
            reason=why,
        )
        return {"entry_id": entry.pk, "state": after, "register_number": number}

    answer = once(command_id, "register.strike_off_entry", actor=actor, at=at, do=do)
    return EntryMoved(**answer)


def _refuse_second(person: Person) -> None:
    """Refuse an application of someone who is entered or already applies."""
    _refuse_entered(person)
    if Application.objects.filter(person=person, state__in=["incomplete", "submitted"]).exists():
        raise errors.ApplicationAlreadyOpen


def _refuse_entered(person: Person) -> None:
    entered = Entry.objects.filter(person=person, state=Entry.State.ACTIVE).order_by("pk").first()
    if entered:
        raise errors.AlreadyEntered(register_number=entered.register_number)


def _lacking(person: Person, trade: Trade | None, conflict: bool = False) -> list[str]:
    """What an application of `person` lacks: the rule of `listed.MISSING`, for one person."""
    lacks = {
        "card_number": not person.card_number,
        "birth_date": person.birth_date is None,
        "place": person.province_id is None,
        "trade": trade is None,
        "register_number_conflict": conflict,
    }
    return [code for code, missing in lacks.items() if missing]


def _chosen_trade(application: Application, text: str, trade_id: int | None) -> Trade | None:
    if trade_id is not None:
        chosen = Trade.objects.filter(pk=trade_id).first()
        if chosen is None:
            raise errors.TradeNotFound
        return chosen
    if text == application.trade_text and application.trade:
        return application.trade
    return recognition.find_trade_of(text)


def _require_move(application: Application, verb: str) -> None:
    if states.application_after(verb, application.state) is None:
        raise errors.BY_CODE[states.APPLICATION_REFUSALS[verb]]


def _move(application: Application, verb: str, **changes: Any) -> None:
    """Compare-and-swap to the state the verb leads to, with `changes`."""
    after = states.application_after(verb, application.state)
    held = Application.objects.filter(pk=application.pk, state=application.state)
    if not held.update(state=after, **changes):
        raise SomeoneElseActed
    application.refresh_from_db()


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT register_next_number()")
        return str(cursor.fetchone()[0])


def _reason(reason: str) -> str:
    told = typed_text.note(reason)
    if not told:
        raise errors.RefusalNeedsReason
    return told


def _write(
    entry: foundation_journal.EntryType,
    application: Application,
    *,
    actor: Actor,
    at: dt.datetime,
    **data: Any,
) -> None:
    foundation_journal.write(
        entry, application, actor=actor, at=at, person_id=application.person_id, **data
    )


def _told(application: Application) -> dict[str, Any]:
    moved = ApplicationMoved(application.pk, application.state, tuple(application.missing))
    return asdict(moved)


def _moved(answer: dict[str, Any]) -> ApplicationMoved:
    return ApplicationMoved(**{**answer, "missing": tuple(answer["missing"])})
