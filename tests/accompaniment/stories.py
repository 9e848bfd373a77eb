"""Stories of each action: a situation, a pause for everyone to be brought up to date, the act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.accompaniment.factories import applying
from tests.contributions.factories import craftworker, in_arrears, pay, payments_file, run
from tests.enrolment.factories import enrolled, member, registered
from tests.register.factories import AT, agent, person, system

from qafila.accompaniment.contacts import record_contact, take_back_contact
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.arrears.plans import agree_plan, end_plan
from qafila.contributions.corrections.corrections import post_corrections
from qafila.contributions.corrections.counter_posting import (
    ask_counter_posting,
    carry_out_counter_posting,
    confirm_counter_posting,
)
from qafila.contributions.payments.recording import reverse_payment
from qafila.enrolment.changes import (
    change_category,
    close_enrolment,
    confirm_enrolment,
    declare_enrolment,
)
from qafila.enrolment.family.family import (
    remove_dependant,
    state_no_family,
    take_back_no_family,
)
from qafila.enrolment.family.life_events import (
    NewEvent,
    take_back_life_event,
    tell_life_event,
)
from qafila.enrolment.models import Enrolment
from qafila.enrolment.taking_back import reopen_enrolment
from qafila.exchange.payments.files import book_bank_file
from qafila.exchange.payments.operators import (
    Operator,
    SentPayment,
    book_sent_payments,
    reverse_sent_payment,
)
from qafila.foundation.actors import Role
from qafila.foundation.trail import acting
from qafila.people.corrections import Correction, correct_person
from qafila.people.merging.merging import merge_persons
from qafila.people.merging.undoing import undo_merge
from qafila.people.privacy.erasing import ask_erasure, erase_person
from qafila.register.actions import (
    accept_application,
    open_application,
    refuse_application,
    strike_off_entry,
)
from qafila.register.models import Application, Entry

NOVEMBER, DECEMBER = dt.date(2026, 11, 1), dt.date(2026, 12, 1)
Story = Callable[[Path], Iterator[None]]


def by_the_system() -> dict[str, Any]:
    return {"actor": system(), "at": AT}


def _owing(months: int = 4) -> Enrolment:
    """Fatima, whose unpaid months suspend her rights."""
    fatima = in_arrears(months)
    open_reported_arrears(NOVEMBER, **by_the_system())
    return fatima


def paid_at_a_counter(folder: Path) -> Iterator[None]:
    fatima = _owing()
    yield
    pay(fatima, 4 * 16352)


def payment_taken_back(folder: Path) -> Iterator[None]:
    done = pay(_owing(), 4 * 16352)
    yield
    reverse_payment(done.payment_id, reason="Bounced.", on=AT.date(), **by_the_system())


def file_booked(folder: Path) -> Iterator[None]:
    fatima = _owing()
    file = payments_file(
        folder, {"fund_number": fatima.fund_number, "amount_dh": f"{4 * 163.52:.2f}"}
    )
    yield
    book_bank_file(file.read_bytes(), file.name, channel="fund", **by_the_system())


def sent_by_an_operator(folder: Path) -> Iterator[None]:
    fatima, operator = _owing(), Operator(1, system().id, "Barid Cash")
    sent = SentPayment("B-1", "fund", fatima.fund_number, 4 * 16352, "2026-11-10")
    yield
    book_sent_payments([sent], operator, at=AT)


def taken_back_by_an_operator(folder: Path) -> Iterator[None]:
    fatima, operator = _owing(), Operator(1, system().id, "Barid Cash")
    sent = SentPayment("B-1", "fund", fatima.fund_number, 4 * 16352, "2026-11-10")
    book_sent_payments([sent], operator, at=AT)
    yield
    reverse_sent_payment("B-1", operator, reason="Bounced.", on=AT.date(), at=AT)


def arrears_opened(folder: Path) -> Iterator[None]:
    in_arrears(4)
    yield
    open_reported_arrears(NOVEMBER, **by_the_system())


def month_called(folder: Path) -> Iterator[None]:
    craftworker()
    yield
    run()


def months_corrected(folder: Path) -> Iterator[None]:
    fatima = craftworker()
    run()
    with acting(system()):
        Enrolment.objects.filter(pk=fatima.pk).update(state="closed", closed_on=dt.date(2026, 2, 1))
    yield
    post_corrections(**by_the_system())


def month_counter_posted(folder: Path) -> Iterator[None]:
    in_arrears(0, effective_from=dt.date(2025, 1, 1), reported_on=None)
    run(dt.date(2026, 3, 1))
    ask_counter_posting(dt.date(2026, 3, 1), reason="Wrong month.", **_liaison())
    yield
    confirm_counter_posting(dt.date(2026, 3, 1), **_liaison())
    carry_out_counter_posting(dt.date(2026, 3, 1), **by_the_system())


def plan_agreed(folder: Path) -> Iterator[None]:
    fatima = _owing()
    yield
    agree_plan(fatima.person_id, instalments=2, first_due_on=AT.date(), **_liaison())


def plan_ended(folder: Path) -> Iterator[None]:
    fatima = _owing()
    plan = agree_plan(fatima.person_id, instalments=2, first_due_on=AT.date(), **_liaison())
    yield
    end_plan(plan.plan_id, reason="Paid by the family.", **_liaison())


def _liaison() -> dict[str, Any]:
    from tests.register.factories import agent

    from qafila.foundation.actors import Role

    return {"actor": agent(Role.FUND_LIAISON, national=True), "at": AT}


def declared(folder: Path) -> Iterator[None]:
    fatima = registered()
    yield
    declare_enrolment(
        person_id=fatima.pk, category="craftworker", month=DECEMBER, **by_the_system()
    )


def confirmed(folder: Path) -> Iterator[None]:
    fatima = enrolled(registered(), only_declared=True)
    yield
    confirm_enrolment(enrolment_id=fatima.pk, fund_number="123456789", **by_the_system())


def closed(folder: Path) -> Iterator[None]:
    fatima = craftworker()
    run()
    yield
    close_enrolment(
        enrolment_id=fatima.pk, from_month=DECEMBER, reason="Stopped.", **by_the_system()
    )


def reopened(folder: Path) -> Iterator[None]:
    fatima = craftworker()
    run()
    close_enrolment(
        enrolment_id=fatima.pk, from_month=DECEMBER, reason="Stopped.", **by_the_system()
    )
    yield
    reopen_enrolment(enrolment_id=fatima.pk, reason="She never stopped.", **by_the_system())


def category_changed(folder: Path) -> Iterator[None]:
    fatima = craftworker()
    yield
    change_category(
        enrolment_id=fatima.pk, category="auto_entrepreneur", from_month=DECEMBER, **by_the_system()
    )


def family_stated(folder: Path) -> Iterator[None]:
    fatima = craftworker()
    yield
    state_no_family(insured_id=fatima.person_id, **by_the_system())


def member_removed(folder: Path) -> Iterator[None]:
    spouse = member(craftworker().person)
    yield
    remove_dependant(dependant_id=spouse.pk, reason="Divorced.", **by_the_system())


def died(folder: Path) -> Iterator[None]:
    spouse = member(_owing().person)
    yield
    event = NewEvent("death", dt.date(2026, 11, 2), document="Certificate 5/2026")
    tell_life_event(insured_id=spouse.insured_id, event=event, **by_the_system())


def lives_after_all(folder: Path) -> Iterator[None]:
    spouse = member(_owing().person)
    event = NewEvent("death", dt.date(2026, 11, 2), document="Certificate 5/2026")
    told = tell_life_event(insured_id=spouse.insured_id, event=event, **by_the_system())
    yield
    take_back_life_event(
        insured_id=spouse.insured_id, event_id=told.event_id, reason="Not she.", **by_the_system()
    )


def application_opened(folder: Path) -> Iterator[None]:
    fatima = person()
    yield
    open_application(person_id=fatima.pk, **by_the_system())


def application_accepted(folder: Path) -> Iterator[None]:
    fatima = applying("submitted")
    yield
    accept_application(application_id=Application.objects.get(person=fatima).pk, **by_the_system())


def application_refused(folder: Path) -> Iterator[None]:
    fatima = applying("submitted")
    yield
    refuse_application(
        application_id=Application.objects.get(person=fatima).pk,
        reason="No workshop.",
        **by_the_system(),
    )


def struck_off(folder: Path) -> Iterator[None]:
    fatima = registered()
    yield
    strike_off_entry(
        entry_id=Entry.objects.get(person=fatima).pk, reason="Closed.", **by_the_system()
    )


def corrected(folder: Path) -> Iterator[None]:
    fatima = applying("incomplete", ("card_number",), without_card=True)
    yield
    correct_person(
        fatima.pk, changes={"card_number": Correction("", "AB123456")}, **by_the_system()
    )


def merged(folder: Path) -> Iterator[None]:
    fatima, twin = _owing(), registered()
    yield
    merge_persons(fatima.person_id, twin.pk, evidence={}, **by_the_system())


def unmerged(folder: Path) -> Iterator[None]:
    fatima, twin = _owing(), registered()
    done = merge_persons(fatima.person_id, twin.pk, evidence={}, **by_the_system())
    yield
    undo_merge(done.merge, **by_the_system())


def contacted(folder: Path) -> Iterator[None]:
    fatima = person()
    yield
    who = _liaison() | {"channel": "phone", "note": "Called."}
    record_contact(person_id=fatima.pk, **who)


def contact_undone(folder: Path) -> Iterator[None]:
    fatima = person()
    who = _liaison()
    contact = record_contact(person_id=fatima.pk, channel="phone", note="Called.", **who)
    yield
    take_back_contact(contact, person_id=fatima.pk, **who)


def family_asked_again(folder: Path) -> Iterator[None]:
    fatima = craftworker()
    state_no_family(insured_id=fatima.person_id, **by_the_system())
    yield
    take_back_no_family(insured_id=fatima.person_id, **by_the_system())


def erased(folder: Path) -> Iterator[None]:
    fatima = applying()
    who = {"actor": agent(Role.CHAMBER_STAFF, national=True), "at": AT}
    ask_erasure(fatima.pk, reason="Letter.", **who)
    yield
    erase_person(fatima.pk, **by_the_system())


STORIES: dict[Story, str] = {
    erased: "people.privacy.erasing.erase_person",
    paid_at_a_counter: "contributions.payments.recording.record_payment",
    payment_taken_back: "contributions.payments.recording.reverse_payment",
    file_booked: "contributions.payments.booking.book_rows",
    sent_by_an_operator: "contributions.payments.booking.book_rows",
    taken_back_by_an_operator: "contributions.payments.taking_back.reverse_by_reference",
    arrears_opened: "contributions.arrears.opening.open_reported_arrears",
    month_called: "contributions.calls.month_runs.runs.post_part",
    months_corrected: "contributions.corrections.corrections._correct",
    month_counter_posted: "contributions.corrections.counter_posting._reverse_part",
    plan_agreed: "contributions.arrears.plans.agree_plan",
    plan_ended: "contributions.arrears.plans.end_plan",
    declared: "enrolment.changes.declare_enrolment",
    confirmed: "enrolment.changes.confirm_enrolment",
    closed: "enrolment.changes.close_enrolment",
    reopened: "enrolment.taking_back.reopen_enrolment",
    category_changed: "enrolment.changes.change_category",
    family_stated: "enrolment.family.family.state_no_family",
    member_removed: "enrolment.family.family.remove_dependant",
    died: "enrolment.family.life_events.tell_life_event",
    lives_after_all: "enrolment.family.life_events.take_back_life_event",
    application_opened: "register.actions.open_application",
    application_accepted: "register.actions.accept_application",
    application_refused: "register.actions.refuse_application",
    struck_off: "register.actions.strike_off_entry",
    corrected: "people.corrections.correct_person",
    merged: "people.merging.merging.merge_persons",
    unmerged: "people.merging.undoing.undo_merge",
    contacted: "accompaniment.contacts.record_contact",
    contact_undone: "accompaniment.contacts.take_back_contact",
    family_asked_again: "enrolment.family.family.take_back_no_family",
}
