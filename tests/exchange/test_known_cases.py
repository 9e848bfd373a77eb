"""Each small input that once went wrong, by the doors people use; and where each is held.

`HELD_BY` names, for each input, the test that holds it: one that goes away is missed here.
"""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.contributions.factories import craftworker
from tests.exchange.test_bank_cases import CASES, DATA
from tests.register.factories import AT, places
from tests.web.staff import signed_in

from qafila.cli.rooms.money import contributions as commands
from qafila.contributions.models.calls_and_ledger import Payment, PaymentFile
from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.jobs import tasks

TESTS = Path(__file__).parents[1]
BANK, LAW = "exchange/test_bank_cases.py", "law/test_relief_and_lateness.py"
_DOORS = "exchange/test_known_cases.py::test_each_file_by_"

HELD_BY = {
    "comma that separates and marks decimals": f"{BANK}::test_each_kind_of_file",
    "total off by a centime": f"{BANK}::test_a_total_that_disagrees_refuses_the_file"
    "_in_the_reader_s_language",
    "year of two digits": f"{BANK}::test_each_kind_of_file",
    "Arabic digits; a blank last line": f"{_DOORS}the_command",
    "text about the statement names a stranger": f"{_DOORS}the_command",
    "bounced refund": f"{BANK}::test_a_refund_that_bounced_is_credit_again",
    "no reference, another statement": f"{BANK}::test_an_entry_without_references"
    "_under_another_statement_is_asked_about",
    "currency inside a batch": f"{_DOORS}the_page",
    "money paid out to a payer": f"{BANK}::test_money_paid_out_to_a_named_payer"
    "_is_a_refund_of_the_credit",
    "blank lines above; the ultimate debtor; a telephone": f"{_DOORS}the_page",
    "one language in a refusal": f"{BANK}::test_a_total_that_disagrees_refuses_the_file"
    "_in_the_reader_s_language",
    "booking leaves no rights behind": f"{BANK}::test_rights_open_in_the_transaction_that_books",
    "API payment, cover at once": "api/test_payments.py::test_cover_opens_in_the_answer"
    "_that_takes_all_arrears",
    "a month before the fund's report": "contributions/test_months_in_turn.py::"
    "test_a_month_the_fund_reported_is_never_called",
    "a month out of turn": "contributions/test_months_in_turn.py::"
    "test_a_month_out_of_turn_is_called_only_by_its_name",
    "due day of a month run ahead": "contributions/test_corrections.py::"
    "test_an_adjustment_of_a_month_run_ahead_is_due_with_that_month",
    "a reference taken back": f"{BANK}::test_a_reference_taken_back_is_free_for_another_payment"
    "_by_file_page_and_api",
    "Morocco's day": "contributions/test_days.py::"
    "test_a_payment_of_the_first_of_december_late_in_the_evening",
    "150.000 and 1.560": "web/test_pay.py::test_an_amount_of_two_senses_or_none_is_asked_about",
    "one month of delay, not two": "law/test_command_line.py::"
    "test_delay_is_counted_from_end_of_month_to_end_of_month",
    "delay on the side of the tax": f"{LAW}::test_the_tax_side_has_its_own_rule",
    "two months to claim": "law/test_dependants_and_care.py::test_time_limits_of_claims",
    "papers before the care": "law/test_dependants_and_care.py::"
    "test_papers_dated_before_the_care_are_refused",
    "one figure while relief runs": "contributions/histories/test_histories.py::"
    "test_after_each_step_of_any_history_everything_agrees",
    "a payment and its return": f"{BANK}::test_a_payment_and_its_return_are_journalled_as_booked",
    "cessation in the waiting period": "law/test_rights.py::"
    "test_leaving_during_the_waiting_period_gives_no_continued_cover",
    "more than six months unpaid": "law/test_rights.py::"
    "test_more_than_six_months_unpaid_costs_three_months_of_waiting",
    "two of three months paid": "law/test_rights.py::"
    "test_the_months_of_the_waiting_period_must_be_paid",
    "entry between 2022 and 2023": "law/test_command_line.py::"
    "test_the_doubt_of_the_waiting_period_names_both_readings",
}


@cache
def _tests_of(module: str) -> set[str]:
    tree = ast.parse((TESTS / module).read_text())
    return {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}


@pytest.mark.parametrize("case", HELD_BY)
def test_each_case_is_held_by_a_test(case: str) -> None:
    module, name = HELD_BY[case].split("::")
    assert name in _tests_of(module)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "number", "accepted", "wrong"), CASES)
def test_each_file_by_the_command(
    name: str, number: str, accepted: int, wrong: dict[int, str],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    craftworker(fund_number=number)
    with clock.stopped_at(AT):
        commands.book(DATA / name, channel="bank", as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["rows_accepted"], told["rows_rejected"]) == (accepted, len(wrong))
    assert told["rows_read"] == accepted + len(wrong)
    assert len(told["problems"]) == len(wrong)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "number", "accepted", "wrong"), CASES)
def test_each_file_by_the_page(
    name: str, number: str, accepted: int, wrong: dict[int, str]
) -> None:
    places()
    craftworker(fund_number=number)
    page = signed_in(Role.FUND_LIAISON, province=None)
    sent = SimpleUploadedFile(name, (DATA / name).read_bytes())
    with clock.stopped_at(AT):
        address = page.post("/payments/", {"channel": "bank", "file": sent})["Location"]
        tasks.check_payment_file(address.split("/")[3])
        assert not Payment.objects.exists()
        page.post(f"{address}book/")
        tasks.book_payment_file(address.split("/")[3])
        shown = page.get(address, follow=True)
    kept = PaymentFile.objects.get()
    assert (kept.rows_accepted, kept.rows_rejected) == (accepted, len(wrong))
    assert Payment.objects.count() == accepted
    assert shown.status_code == 200
    assert f"/payments/files/{kept.pk}/" in shown.redirect_chain[-1][0]
