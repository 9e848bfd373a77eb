"""After any action, what is derived is what the law derives: at once, by every door.

Each story prepares a situation, has everyone brought up to date, and then does one thing; what is
materialised afterwards is held against a derivation of everyone. Every function that opens a
transaction of an actor (`acting`, `once`) has a story here or a reason why it needs none.
"""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.accompaniment.factories import applying
from tests.contributions.factories import craftworker, in_arrears, pay, payments_file, run
from tests.enrolment.factories import enrolled, member, registered
from tests.register.factories import AT, agent, person, places, system

from qafila.accompaniment.contacts import record_contact
from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
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
from qafila.enrolment.family.family import remove_dependant, state_no_family
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
from qafila.foundation import trail
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
from qafila.rights.models import RightsPeriod

pytestmark = pytest.mark.django_db
SOURCES = Path(__file__).resolve().parents[2] / "src" / "qafila"
NOVEMBER, DECEMBER = dt.date(2026, 11, 1), dt.date(2026, 12, 1)
DERIVED = {
    "accompaniment_standing": "computed_at",
    "contributions_personarrears": "",
    "rights_rightsperiod": "id",
    "rights_dependantperiod": "id",
}
Story = Callable[[Path], Iterator[None]]


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def _who() -> dict[str, Any]:
    return {"actor": system(), "at": AT}


def _owing(months: int = 4) -> Enrolment:
    """Fatima, whose unpaid months suspend her rights."""
    fatima = in_arrears(months)
    open_reported_arrears(NOVEMBER, **_who())
    return fatima


def paid_at_a_counter(folder: Path) -> Iterator[None]:
    fatima = _owing()
    yield
    pay(fatima, 4 * 16352)


def payment_taken_back(folder: Path) -> Iterator[None]:
    done = pay(_owing(), 4 * 16352)
    yield
    reverse_payment(done.payment_id, reason="Bounced.", on=AT.date(), **_who())


def file_booked(folder: Path) -> Iterator[None]:
    fatima = _owing()
    file = payments_file(
        folder, {"fund_number": fatima.fund_number, "amount_dh": f"{4 * 163.52:.2f}"}
    )
    yield
    book_bank_file(file.read_bytes(), file.name, channel="fund", **_who())


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
    open_reported_arrears(NOVEMBER, **_who())


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
    post_corrections(**_who())


def month_counter_posted(folder: Path) -> Iterator[None]:
    in_arrears(0, effective_from=dt.date(2025, 1, 1), reported_on=None)
    run(dt.date(2026, 3, 1))
    ask_counter_posting(dt.date(2026, 3, 1), reason="Wrong month.", **_liaison())
    yield
    confirm_counter_posting(dt.date(2026, 3, 1), **_liaison())
    carry_out_counter_posting(dt.date(2026, 3, 1), **_who())


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
    declare_enrolment(person_id=fatima.pk, category="craftworker", month=DECEMBER, **_who())


def confirmed(folder: Path) -> Iterator[None]:
    fatima = enrolled(registered(), only_declared=True)
    yield
    confirm_enrolment(enrolment_id=fatima.pk, fund_number="123456789", **_who())


def closed(folder: Path) -> Iterator[None]:
    fatima = craftworker()
    run()
    yield
    close_enrolment(enrolment_id=fatima.pk, from_month=DECEMBER, reason="Stopped.", **_who())


def reopened(folder: Path) -> Iterator[None]:
    fatima = craftworker()
    run()
    close_enrolment(enrolment_id=fatima.pk, from_month=DECEMBER, reason="Stopped.", **_who())
    yield
    reopen_enrolment(enrolment_id=fatima.pk, reason="She never stopped.", **_who())


def category_changed(folder: Path) -> Iterator[None]:
    fatima = craftworker()
    yield
    change_category(
        enrolment_id=fatima.pk, category="auto_entrepreneur", from_month=DECEMBER, **_who()
    )


def family_stated(folder: Path) -> Iterator[None]:
    fatima = craftworker()
    yield
    state_no_family(insured_id=fatima.person_id, **_who())


def member_removed(folder: Path) -> Iterator[None]:
    spouse = member(craftworker().person)
    yield
    remove_dependant(dependant_id=spouse.pk, reason="Divorced.", **_who())


def died(folder: Path) -> Iterator[None]:
    spouse = member(_owing().person)
    yield
    event = NewEvent("death", dt.date(2026, 11, 2), document="Certificate 5/2026")
    tell_life_event(insured_id=spouse.insured_id, event=event, **_who())


def lives_after_all(folder: Path) -> Iterator[None]:
    spouse = member(_owing().person)
    event = NewEvent("death", dt.date(2026, 11, 2), document="Certificate 5/2026")
    told = tell_life_event(insured_id=spouse.insured_id, event=event, **_who())
    yield
    take_back_life_event(
        insured_id=spouse.insured_id, event_id=told.event_id, reason="Not she.", **_who()
    )


def application_opened(folder: Path) -> Iterator[None]:
    fatima = person()
    yield
    open_application(person_id=fatima.pk, **_who())


def application_accepted(folder: Path) -> Iterator[None]:
    fatima = applying("submitted")
    yield
    accept_application(application_id=Application.objects.get(person=fatima).pk, **_who())


def application_refused(folder: Path) -> Iterator[None]:
    fatima = applying("submitted")
    yield
    refuse_application(
        application_id=Application.objects.get(person=fatima).pk, reason="No workshop.", **_who()
    )


def struck_off(folder: Path) -> Iterator[None]:
    fatima = registered()
    yield
    strike_off_entry(entry_id=Entry.objects.get(person=fatima).pk, reason="Closed.", **_who())


def corrected(folder: Path) -> Iterator[None]:
    fatima = applying("incomplete", ("card_number",), without_card=True)
    yield
    correct_person(fatima.pk, changes={"card_number": Correction("", "AB123456")}, **_who())


def merged(folder: Path) -> Iterator[None]:
    fatima, twin = _owing(), registered()
    yield
    merge_persons(fatima.person_id, twin.pk, evidence={}, **_who())


def unmerged(folder: Path) -> Iterator[None]:
    fatima, twin = _owing(), registered()
    done = merge_persons(fatima.person_id, twin.pk, evidence={}, **_who())
    yield
    undo_merge(done.merge, **_who())


def contacted(folder: Path) -> Iterator[None]:
    fatima = person()
    yield
    who = _liaison() | {"channel": "phone", "note": "Called."}
    record_contact(person_id=fatima.pk, **who)


def erased(folder: Path) -> Iterator[None]:
    fatima = applying()
    who = {"actor": agent(Role.CHAMBER_STAFF, national=True), "at": AT}
    ask_erasure(fatima.pk, reason="Letter.", **who)
    yield
    erase_person(fatima.pk, **_who())


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
}


def _derived() -> dict[str, list[str]]:
    """Every derived row as text, without what says when it was written."""
    found = {}
    with connection.cursor() as cursor:
        for table, unsaid in DERIVED.items():
            cursor.execute(f"SELECT (to_jsonb(t) - '{unsaid}')::text FROM {table} t ORDER BY 1")
            found[table] = [text for (text,) in cursor.fetchall()]
    return found


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_what_is_derived_follows_in_the_same_transaction(story: Story, tmp_path: Path) -> None:
    told = story(tmp_path)
    next(told)
    bring_up_to_date(EVERYONE, **_who())
    with pytest.raises(StopIteration):
        next(told)
    at_once = _derived()
    bring_up_to_date(EVERYONE, **_who())
    assert at_once == _derived()


def test_a_suspended_person_s_file_opens_the_rights_at_once(tmp_path: Path) -> None:
    told = file_booked(tmp_path)
    next(told)
    bring_up_to_date(EVERYONE, **_who())
    assert _rights() == "suspended"
    next(told, None)
    assert _rights() == "open"


def test_a_mass_change_is_followed_in_ranges_before_the_action_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "PERSONS_TOGETHER", 2)
    people = [in_arrears(4) for _ in range(5)]
    open_reported_arrears(NOVEMBER, **_who())
    rows = [{"fund_number": one.fund_number, "amount_dh": "654.08"} for one in people]
    file = payments_file(tmp_path, *rows)
    book_bank_file(file.read_bytes(), file.name, channel="fund", **_who())
    at_once = _derived()
    bring_up_to_date(EVERYONE, **_who())
    assert at_once == _derived()
    assert RightsPeriod.objects.filter(until=None, status="open").count() == 5


def _rights() -> str:
    return RightsPeriod.objects.get(until=None).status


# Why an action needs no story of its own here.
NOTHING_DERIVED = "it changes no fact that anything is derived from"
TAKEN_BACK = "it tries what another action does, and takes it back whole"
THE_DERIVATION = "it is a part of the derivation itself"
A_STAGE = "a stage of the chain, which ends by bringing everyone up to date"
JOURNALLED = "it journals the person, as the stories of its sisters show"
WITHOUT_A_STORY = {
    "accompaniment.standings.refresh_standings": THE_DERIVATION,
    "contributions.arrears.refreshing.refresh_arrears": THE_DERIVATION,
    **dict.fromkeys(
        (
            "enrolment.from_lists.enrol_listed_at_fund",
            "enrolment.from_lists.declare_registered",
            "enrolment.from_lists.note_dependants",
            "lists.linking.link_rows.link_new_rows",
            "people.add_from_lists.add_persons",
            "people.update_from_lists.complete_persons",
            "people.update_from_lists.revise_persons",
            "register.from_lists.enter_listed",
            "register.from_lists.open_applications",
            "register.from_lists.decide_complete_applications",
            "contributions.calls.month_runs.runs.open_run",
        ),
        A_STAGE,
    ),
    **dict.fromkeys(
        (
            "contributions.arrears.relief.apply_for_relief",
            "contributions.arrears.relief.review_relief",
            "contributions.payments.refunds.refunds.ask_refund",
            "contributions.payments.refunds.refunds.refuse_refund",
            "contributions.payments.refunds.refunds.approve_refund",
            "contributions.payments.refunds.refunds.cancel_refund",
            "contributions.payments.refunds.refunds.pay_refund",
            "contributions.payments.refunds.refunds.return_refund",
            "contributions.corrections.year_facts.choose_year_payment",
            "contributions.corrections.year_facts.settle_final_tax",
            "contributions.corrections.year_facts.unsettle_final_tax",
            "enrolment.changes.correct_facts",
            "enrolment.changes.decide_enrolment",
            "enrolment.family.declarations.correct_declaration",
            "enrolment.family.family.declare_dependant",
            "enrolment.family.life_events.end_life_event",
            "enrolment.tax_years.choose_periodicity",
            "enrolment.tax_years.tell_final_tax",
            "enrolment.tax_years.take_back_final_tax",
            "lists.reviewing.deciding.decide_pair",
            "lists.reviewing.deciding.separate_row",
            "lists.reviewing.deciding.undo_decision",
            "people.households.join_household",
            "people.households.leave_household",
            "people.merging.splitting.split_person",
            "people.merging.splitting.undo_split",
            "register.actions.complete_application",
            "register.actions.submit_application",
        ),
        JOURNALLED,
    ),
    **dict.fromkeys(
        (
            "audit.closing.close_case",
            "audit.unusual.find_unusual_reading",
            "people.privacy.erasing.ask_erasure",
            "people.privacy.erasing.refuse_erasure",
            "care.claims.actions.assess_claim",
            "care.claims.actions.declare_claim",
            "care.claims.actions.pay_claim",
            "care.coverage_check.partners.register_partner",
            "care.coverage_check.registering.register_client",
            "care.coverage_check.registering.withdraw_client",
            "care.coverage_check.partners.withdraw_partner",
            "care.tariffs.tariffs.import_tariffs",
            "contributions.anomalies.actions.end_work_item",
            "contributions.anomalies.actions.find_anomalies",
            "contributions.arrears.plans.review_plans",
            "contributions.calls.dry_runs.ask_dry_run",
            "contributions.corrections.counter_posting.ask_counter_posting",
            "contributions.corrections.counter_posting.confirm_counter_posting",
            "contributions.corrections.counter_posting.refuse_counter_posting",
            "contributions.corrections.counter_posting.resume_counter_posting",
            "contributions.calls.month_runs.starting.start_month",
            "contributions.ledger.closing.close_month",
            "contributions.ledger.reopening.ask_reopening",
            "contributions.ledger.reopening.confirm_reopening",
            "contributions.ledger.reopening.refuse_reopening",
            "contributions.ledger.closing.prepare_months",
            "contributions.ledger.proving.prove_books",
            "contributions.payments.notes.note_payment",
            "contributions.payments.notes.take_back_note",
            "lists.importing.coming_of.note_what_came",
            "lists.importing.import_file.claim_import",
            "lists.importing.import_file.fail",
            "lists.importing.uploads.read_again",
            "lists.importing.uploads.receive_upload",
            "people.name_keys.replace_name_keys",
            "people.personal_links.issue_personal_link",
            "people.personal_links.open_personal_link",
            "people.personal_links.withdraw_personal_link",
            "register.actions.load_trades",
            "rights.attestations.attest",
            "rights.attestations.withdraw_attestation",
        ),
        NOTHING_DERIVED,
    ),
    **dict.fromkeys(
        (
            "care.claims.claim_trial.claim_if_declared",
            "care.trial.what_would_change",
            "contributions.arrears.relief_queries.relief_if_asked",
        ),
        TAKEN_BACK,
    ),
}
OTHER_ROOMS = ("config", "demonstration", "exchange", "foundation", "institutions", "places")
SHELLS = ("api", "cli", "jobs", "web")


def test_every_action_has_a_story_or_a_reason() -> None:
    found = set()
    for path in sorted(SOURCES.rglob("*.py")):
        parts = path.relative_to(SOURCES).with_suffix("").parts
        if parts[0] in (*OTHER_ROOMS, *SHELLS):
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name[0] != "_" and _acts(node):
                found.add(".".join((*parts, node.name)))
    told = set(STORIES.values()) | set(WITHOUT_A_STORY)
    assert not found - told, f"Tell a story of {found - told}, or say why it needs none."
    gone = {name for name in WITHOUT_A_STORY if name not in found}
    assert not gone, f"{gone} are actions no longer."


def _acts(node: ast.FunctionDef) -> bool:
    return any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("acting", "once")
        for call in ast.walk(node)
    )
