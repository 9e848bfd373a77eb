"""One person's enrolment: declared, confirmed, closed, moved to another category."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from qafila.enrolment import access, errors, journal, states
from qafila.enrolment.category_choice import LOWEST_TAX_BAND, PROFIT_UNKNOWN
from qafila.enrolment.family.after_death import require_alive
from qafila.enrolment.models import Enrolment
from qafila.foundation import journal as foundation_journal
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.clock import day_of
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.idempotency import once
from qafila.people.access import person_to_change
from qafila.people.models import Person
from qafila_law import Category, LawError, monthly_amount
from qafila_law.months import months_later

_FUND_NUMBER = re.compile(r"\d{9}")
_TAXED = ("cpu", "auto_entrepreneur")


@dataclass(frozen=True)
class EnrolmentMoved:
    """An enrolment after a verb. After a change of category it is the new one."""

    enrolment_id: int
    state: str
    category: str
    fund_number: str


@dataclass(frozen=True)
class Facts:
    """What the amount of a category turns on. `annual_tax_dh` None: the lowest band is assumed."""

    annual_tax_dh: int | None = None
    regime: str = ""
    annual_profit_dh: int | None = None


NO_FACTS = Facts()
MOST_MONTHS_AHEAD = 12


def declare_enrolment(
    *,
    person_id: int,
    category: str,
    month: dt.date,
    facts: Facts = NO_FACTS,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> EnrolmentMoved:
    """Declare a person of the register to the fund, from the first day of `month`.

    Raises NotAllowed, NotFoundInScope, NotOnRegister, NoCardNumber, AlreadyEnrolled,
    PersonDied, UnknownCategory, MissingFact, MonthTooLate.
    """
    scope = access.require_declaring(actor)
    wanted = _facts_kept(category, month, facts)

    def do() -> dict[str, Any]:
        person = person_to_change(person_id, scope)
        _require_declarable(person)
        enrolment = Enrolment.objects.create(
            person=person,
            state=states.ENROLMENT_MOVES["declare_enrolment"][states.NEW],
            category=category,
            effective_from=_near(month, at),
            region_code=person.region_code,
            created_at=at,
            **wanted,
        )
        _write(
            journal.ENROLMENT_DECLARED,
            enrolment,
            actor=actor,
            at=at,
            category=category,
            month=f"{month:%Y-%m}",
        )
        return _told(enrolment)

    return _moved(once(command_id, "enrolment.declare", actor=actor, at=at, do=do))


def confirm_enrolment(
    *,
    enrolment_id: int,
    fund_number: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> EnrolmentMoved:
    """Write the number the fund gave.

    Raises NotAllowed, NotFoundInScope, EnrolmentNotDeclared, BadFundNumber, FundNumberTaken.
    """
    scope = access.require_confirming(actor)
    number = fund_number.strip().replace(" ", "")
    if not (_FUND_NUMBER.fullmatch(number) and number.isascii()):
        raise errors.BadFundNumber(number=fund_number[:30])

    def do() -> dict[str, Any]:
        enrolment = _held(enrolment_id, "confirm_enrolment", scope)
        try:
            with transaction.atomic():
                _move(enrolment, "confirm_enrolment", fund_number=number)
        except IntegrityError as taken:
            raise errors.FundNumberTaken(number=number) from taken
        _write(journal.ENROLMENT_CONFIRMED, enrolment, actor=actor, at=at, fund_number=number)
        return _told(enrolment)

    return _moved(once(command_id, "enrolment.confirm", actor=actor, at=at, do=do))


def close_enrolment(
    *,
    enrolment_id: int,
    from_month: dt.date,
    reason: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> EnrolmentMoved:
    """Close an enrolment: nothing is owed from the first day of `from_month`.

    Raises NotAllowed, NotFoundInScope, EnrolmentNotOpen, MonthTooEarly, MonthTooLate,
    ReasonNeeded.
    """
    scope = access.require_confirming(actor)
    why = _reason(reason)

    def do() -> dict[str, Any]:
        enrolment = _held(enrolment_id, "close_enrolment", scope)
        closed_on = _near(from_month, at)
        if closed_on < enrolment.effective_from:
            raise errors.MonthTooEarly(month=f"{enrolment.effective_from:%Y-%m}")
        _move(enrolment, "close_enrolment", closed_on=closed_on)
        _write(
            journal.ENROLMENT_CLOSED,
            enrolment,
            actor=actor,
            at=at,
            closed_on=closed_on.isoformat(),
            reason=why,
        )
        return _told(enrolment)

    return _moved(once(command_id, "enrolment.close", actor=actor, at=at, do=do))


def change_category(
    *,
    enrolment_id: int,
    category: str,
    from_month: dt.date,
    facts: Facts = NO_FACTS,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> EnrolmentMoved:
    """Close the enrolment at the month's first day and open another in `category` from that day.

    Months before stay in the old category. Raises NotAllowed, NotFoundInScope, EnrolmentNotOpen,
    SameCategory, MonthTooEarly, MonthTooLate, UnknownCategory, MissingFact.
    """
    scope = access.require_confirming(actor)
    wanted = _facts_kept(category, from_month, facts)

    def do() -> dict[str, Any]:
        before = _held(enrolment_id, "change_category", scope)
        first = _near(from_month, at)
        if before.category == category:
            raise errors.SameCategory
        if first <= before.effective_from:
            raise errors.MonthTooEarly(month=f"{before.effective_from:%Y-%m}")
        after = _reopened(before, category, first, wanted, at)
        _write(
            journal.CATEGORY_CHANGED,
            after,
            actor=actor,
            at=at,
            before=before.category,
            after=category,
            month=f"{first:%Y-%m}",
        )
        return _told(after)

    return _moved(once(command_id, "enrolment.change_category", actor=actor, at=at, do=do))


def _near(month: dt.date, at: dt.datetime) -> dt.date:
    """The first day of `month`; MonthTooLate when it lies more than a year ahead."""
    last = months_later(day_of(at).replace(day=1), MOST_MONTHS_AHEAD)
    if month > last:
        raise errors.MonthTooLate(month=f"{month:%Y-%m}", last=f"{last:%Y-%m}")
    return month.replace(day=1)


def decide_enrolment(
    *,
    enrolment_id: int,
    others_end: dt.date,
    reason: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> EnrolmentMoved:
    """Of enrolments that met in a merge, let this one go on and close the others.

    The others are closed at the first day of the month `others_end`: what they owe before it
    counts again. Raises NotAllowed, NotFoundInScope, EnrolmentNotOpen, NothingToDecide,
    MonthTooEarly, ReasonNeeded.
    """
    scope = access.require_confirming(actor)
    why, closed_on = _reason(reason), others_end.replace(day=1)

    def do() -> dict[str, Any]:
        chosen = _held(enrolment_id, "decide_enrolment", scope)
        open_ones = Enrolment.objects.select_for_update().filter(person_id=chosen.person_id)
        others = list(open_ones.exclude(state="closed").exclude(pk=chosen.pk).order_by("pk"))
        if not any(one.undecided_since for one in [chosen, *others]):
            raise errors.NothingToDecide
        for one in others:
            if closed_on < one.effective_from:
                raise errors.MonthTooEarly(month=f"{one.effective_from:%Y-%m}")
            _move(one, "close_enrolment", closed_on=closed_on, undecided_since=None)
        _move(chosen, "decide_enrolment", undecided_since=None)
        _write(
            journal.ENROLMENT_DECIDED,
            chosen,
            actor=actor,
            at=at,
            closed_on=closed_on.isoformat(),
            reason=why,
        )
        return _told(chosen)

    return _moved(once(command_id, "enrolment.decide", actor=actor, at=at, do=do))


def correct_facts(
    *,
    enrolment_id: int,
    facts: Facts,
    document: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> EnrolmentMoved:
    """Correct the tax, regime or profit of an open enrolment, with the paper that shows it.

    The months called so far follow with the next corrections (`contributions.corrections`).
    Raises NotAllowed, NotFoundInScope, EnrolmentNotOpen, ProofNeeded, FactsNotNew, MissingFact.
    """
    scope = access.require_confirming(actor)
    paper = typed_text.line(document, most=120)
    if not paper:
        raise errors.ProofNeeded

    def do() -> dict[str, Any]:
        enrolment = _held(enrolment_id, "correct_facts", scope)
        wanted = _facts_kept(enrolment.category, enrolment.effective_from, facts)
        if all(getattr(enrolment, name) == value for name, value in wanted.items()):
            raise errors.FactsNotNew
        _move(enrolment, "correct_facts", **wanted)
        _write(journal.FACTS_CORRECTED, enrolment, actor=actor, at=at, document=paper)
        return _told(enrolment)

    return _moved(once(command_id, "enrolment.correct_facts", actor=actor, at=at, do=do))


def _reopened(
    before: Enrolment, category: str, first: dt.date, facts: dict[str, Any], at: dt.datetime
) -> Enrolment:
    state = before.state
    _move(before, "change_category", closed_on=first)
    return Enrolment.objects.create(
        person=before.person,
        category=category,
        state=state,
        fund_number=before.fund_number,
        effective_from=first,
        region_code=before.region_code,
        no_family_stated_on=before.no_family_stated_on,
        created_at=at,
        **facts,
    )


def _facts_kept(category: str, month: dt.date, facts: Facts) -> dict[str, Any]:
    """The columns of the facts, once the law can say an amount by them."""
    if category not in Enrolment.Category.values:
        raise errors.UnknownCategory(category=category[:30])
    tax = facts.annual_tax_dh
    assumption = ""
    if category in _TAXED and tax is None:
        tax, assumption = 0, LOWEST_TAX_BAND
    regime = facts.regime
    if category == "accounts" and not regime:
        regime, assumption = "rnr", PROFIT_UNKNOWN
    profit = facts.annual_profit_dh
    try:
        monthly_amount(
            Category(category.replace("_", "-")),
            month.replace(day=1),
            annual_tax=tax,
            regime=regime or None,
            profit=profit,
        )
    except LawError as refusal:
        raise errors.MissingFact(why=errors.law_sentence(refusal)) from refusal
    kept = {"annual_tax_dh": tax if category in _TAXED else None, "regime": regime}
    return {**kept, "annual_profit_dh": profit, "assumption": assumption}


def _require_declarable(person: Person) -> None:
    """Refuse the dead, and who is not on the register, has no card, or is declared already."""
    if Enrolment.objects.filter(person=person).exclude(state="closed").exists():
        raise errors.AlreadyEnrolled
    require_alive(person.pk)
    if not person.register_entries.filter(state="active").exists():
        raise errors.NotOnRegister
    if not person.card_number:
        raise errors.NoCardNumber


_BY_CODE = {
    error.code: error
    for error in (errors.EnrolmentNotDeclared, errors.EnrolmentNotOpen, errors.AlreadyEnrolled)
}


def _held(enrolment_id: int, verb: str, scope: Scope) -> Enrolment:
    """The enrolment, locked, when `verb` is allowed in its state."""
    enrolment = access.get_enrolment(enrolment_id, scope=scope, lock=True)
    if states.enrolment_after(verb, enrolment.state) is None:
        raise _BY_CODE[states.ENROLMENT_REFUSALS[verb]]
    return enrolment


def _move(enrolment: Enrolment, verb: str, **changes: Any) -> None:
    """Compare-and-swap to the state the verb leads to, with `changes`."""
    after = states.enrolment_after(verb, enrolment.state)
    held = Enrolment.objects.filter(pk=enrolment.pk, state=enrolment.state)
    if not held.update(state=after, **changes):
        raise SomeoneElseActed
    enrolment.refresh_from_db()


def _reason(reason: str) -> str:
    told = typed_text.note(reason)
    if not told:
        raise errors.ReasonNeeded
    return told


def _write(
    entry: foundation_journal.EntryType,
    enrolment: Enrolment,
    *,
    actor: Actor,
    at: dt.datetime,
    **data: Any,
) -> None:
    foundation_journal.write(
        entry, enrolment, actor=actor, at=at, person_id=enrolment.person_id, **data
    )


def _told(enrolment: Enrolment) -> dict[str, Any]:
    return {
        "enrolment_id": enrolment.pk,
        "state": enrolment.state,
        "category": enrolment.category,
        "fund_number": enrolment.fund_number,
    }


def _moved(answer: dict[str, Any]) -> EnrolmentMoved:
    return EnrolmentMoved(**answer)
