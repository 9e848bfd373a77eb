"""After any action, what is derived is what the law derives: at once, by every door.

Each story prepares a situation, has everyone brought up to date, and then does one thing; what is
materialised afterwards is held against a derivation of everyone. Every function that opens a
transaction of an actor (`acting`, `once`) has a story here or a reason why it needs none.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.db import connection
from tests.accompaniment.stories import (
    NOVEMBER,
    STORIES,
    Story,
    by_the_system,
    file_booked,
)
from tests.contributions.factories import in_arrears, payments_file
from tests.register.factories import places

from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.exchange.payments.files import book_bank_file
from qafila.foundation import trail
from qafila.rights.models import RightsPeriod

pytestmark = pytest.mark.django_db
SOURCES = Path(__file__).resolve().parents[2] / "src" / "qafila"
DERIVED = {
    "accompaniment_standing": "computed_at",
    "contributions_personarrears": "",
    "rights_rightsperiod": "id",
    "rights_dependantperiod": "id",
}


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


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
    bring_up_to_date(EVERYONE, **by_the_system())
    with pytest.raises(StopIteration):
        next(told)
    at_once = _derived()
    bring_up_to_date(EVERYONE, **by_the_system())
    assert at_once == _derived()


def test_a_suspended_person_s_file_opens_the_rights_at_once(tmp_path: Path) -> None:
    told = file_booked(tmp_path)
    next(told)
    bring_up_to_date(EVERYONE, **by_the_system())
    assert _rights() == "suspended"
    next(told, None)
    assert _rights() == "open"


def test_a_mass_change_is_followed_in_ranges_before_the_action_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "PERSONS_TOGETHER", 2)
    people = [in_arrears(4) for _ in range(5)]
    open_reported_arrears(NOVEMBER, **by_the_system())
    rows = [{"fund_number": one.fund_number, "amount_dh": "654.08"} for one in people]
    file = payments_file(tmp_path, *rows)
    book_bank_file(file.read_bytes(), file.name, channel="fund", **by_the_system())
    at_once = _derived()
    bring_up_to_date(EVERYONE, **by_the_system())
    assert at_once == _derived()
    assert RightsPeriod.objects.filter(until=None, status="open").count() == 5


def _rights() -> str:
    return RightsPeriod.objects.get(until=None).status


# Why an action needs no story of its own here.
NOTHING_DERIVED = "it changes no fact that anything is derived from"
TAKEN_BACK = "it tries what another action does, and takes it back whole"
THE_DERIVATION = "it is a part of the derivation itself"
A_STAGE = "a stage of the chain, which ends by bringing everyone up to date"
GONE = "the person goes, and with them what is derived"
JOURNALLED = "it journals the person, as the stories of its sisters show"
WITHOUT_A_STORY = {
    "accompaniment.standings.refresh_standings": THE_DERIVATION,
    "contributions.arrears.refreshing.refresh_arrears": THE_DERIVATION,
    "people.opening.begin_file.close_begun_file": GONE,
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
            "people.opening.begin_file.begin_file",
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
            "contributions.anomalies.actions.end_work_items",
            "contributions.anomalies.actions.reopen_work_items",
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
            "lists.importing.putting_away.bring_back",
            "lists.importing.putting_away.put_away",
            "lists.importing.uploads.read_again",
            "lists.importing.uploads.receive_upload",
            "people.name_keys.replace_name_keys",
            "people.asking.asking.answer_request",
            "people.asking.asking.ask_access",
            "people.asking.asking.undo_answer",
            "people.asking.asking.withdraw_request",
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
