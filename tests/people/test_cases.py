"""Merging, families, claims, late facts: what people do that went wrong once, and where it is held.

Each line is something that somebody does; the right answer is shown by the tests beside it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
_ROOMS, _WHOLE = "people/test_merged_rooms.py", "enrolment/test_whole_family.py"
_DOORS, _CLAIMS = "enrolment/test_family_by_every_door.py", "care/test_claims_in_doubt.py"

CASES: dict[str, tuple[str, ...]] = {
    "two files claim one act of one day, are merged and parted":
        (f"{_ROOMS}::test_claims_of_one_act_by_both_files_stay_both_and_go_back",),
    "a payment after a merge of one who is paid up and one who owes, then the undoing":
        (f"{_ROOMS}::test_a_payment_since_is_refused_by_name_until_it_is_reversed",
         f"{_ROOMS}::test_a_payment_since_stays_with_the_only_one_who_was_insured"),
    "a month is run between a merge and its undoing":
        (f"{_ROOMS}::test_months_run_since_go_with_their_enrolment",
         "people/test_proofs.py::test_a_fault_is_found_with_its_person_and_filed"),
    "merges while a run posts the month, payments, claims and children beside a merge":
        ("people/test_merge_races.py::test_a_race_leaves_nothing_on_a_hidden_file",),
    "a payment, a claim, a death with the number of a merged file":
        (f"{_ROOMS}::test_no_verb_writes_on_a_merged_file",
         f"{_ROOMS}::test_the_database_itself_refuses_rows_on_a_merged_file",
         "architecture/test_doors.py::test_every_verb_looks_whether_the_file_was_merged"),
    "one wife declared by both files of a merge":
        (f"{_ROOMS}::test_a_wife_declared_by_both_is_one_member_with_both_days_kept",
         "web/test_declaring_family.py::test_a_family_that_a_merge_told_twice_is_still_shown"),
    "one file paid up, the other in arrears since 2024, merged":
        (f"{_ROOMS}::test_paid_cover_stands_until_somebody_decides",
         f"{_ROOMS}::test_the_owing_file_kept_does_not_lose_the_cover_of_the_other",
         "web/test_merging_pages.py::test_the_preview_says_who_decides_and_what_each_file_holds"),
    "one care paid to both files of a merge":
        ("people/test_proofs.py::test_a_fault_is_found_with_its_person_and_filed",
         "web/test_merging_pages.py::"
         "test_a_merge_is_shown_before_it_is_done_and_changes_nothing_until_then"),
    "a stale tab of the absorbed file is sent":
        ("web/test_merging_pages.py::"
         "test_a_stale_tab_leads_to_the_kept_file_with_what_was_typed",),
    "the same child twice by one insured person, or by both parents in two spellings":
        (f"{_WHOLE}::test_the_same_child_in_two_scripts_is_asked_about",
         f"{_WHOLE}::test_the_same_child_by_two_insured_parents_under_two_spellings"),
    "the insured person's sex is unknown and the other parent is insured":
        (f"{_WHOLE}::test_whether_father_or_mother_is_asked_before_the_law_is",),
    "a wife of two men, five wives, a spouse of nine, the child of a third":
        (f"{_WHOLE}::test_marriages_by_the_family_code",
         f"{_WHOLE}::test_a_wife_of_two_men_by_one_card_is_refused",
         f"{_DOORS}::test_a_wife_is_not_the_unmarried_child_of_a_third"),
    "a student until 2099":
        (f"{_WHOLE}::test_a_student_is_covered_for_a_school_year_at_most",
         "web/test_declaring_family.py::test_a_day_that_cannot_be_is_refused"),
    "divorced, then married again": (f"{_WHOLE}::test_divorced_and_married_again",),
    "the end of a spouse's own cover":
        (f"{_WHOLE}::test_an_own_scheme_has_an_end",
         "web/test_family_pages.py::test_own_insurance_ends_on_a_day_with_its_paper"),
    "a child declared after the insured person's death":
        (f"{_WHOLE}::test_a_child_is_declared_while_the_familys_cover_runs_after_a_death",),
    "a card corrected to somebody else's, or written anew by two at once":
        (f"{_WHOLE}::test_a_card_is_not_corrected_to_somebody_elses",
         "people/test_merge_races.py::test_two_who_write_one_new_card_at_once_make_one_file"),
    "notes that say not married, divorced, married: no":
        ("enrolment/test_married_notes.py::test_a_note_that_says_no_such_thing",),
    "an insured person with a family moves to another province":
        ("people/test_households.py::"
         "test_who_moves_is_asked_whether_the_household_comes_along",),
    "one act, one patient, one day, seven sums":
        (f"{_CLAIMS}::test_one_act_of_one_day_is_asked_about_whatever_the_sum",),
    "two boxes of one medicine on one day":
        (f"{_CLAIMS}::test_two_boxes_are_one_claim_with_a_quantity",),
    "a delivery claimed for a man, two births ten days apart":
        (f"{_CLAIMS}::test_what_cannot_be_waits_for_a_doctor",
         f"{_CLAIMS}::test_two_births_ten_days_apart_wait_for_a_doctor"),
    "a member removed by mistake after the care":
        (f"{_CLAIMS}::test_a_member_removed_after_the_care_is_assessed_by_that_day",),
    "1e3 or 1.500 as an amount":
        ("web/test_claims_pages.py::test_an_amount_that_may_be_two_is_asked_about",),
    "a payment of a closed month arrives":
        ("exchange/test_relay_files.py::test_a_payment_of_a_closed_month_stands_in_the_open_one",),
    "a month that is not over is closed":
        ("web/test_books_pages.py::test_a_month_that_cannot_be_closed_says_why",),
    "tax, regime or profit of a running enrolment is wrong":
        ("web/test_person_fund.py::test_tax_facts_are_corrected_with_their_paper_only",),
    "what somebody in suspension pays by the quarter":
        ("web/test_money_mine.py::test_what_opens_rights_again_comes_before_what_is_larger",),
    "a dead person is enrolled": (f"{_WHOLE}::test_the_dead_are_not_enrolled",),
    "struck off the register, still enrolled":
        ("people/test_proofs.py::test_a_fault_is_found_with_its_person_and_filed",
         "web/test_anomalies_pages.py::"
         "test_what_the_proofs_find_is_a_queue_for_who_mends_it"),
    "verbs without a door":
        ("architecture/test_doors.py::test_every_verb_has_a_door",
         "people/histories/test_lives_by_commands.py::test_a_whole_life_by_commands"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_case_is_held_by_a_test(case: str) -> None:
    for named in CASES[case]:
        path, _colons, name = named.partition("::")
        assert f"\ndef {name}(" in (TESTS / path).read_text(), named
