"""The cast of people, and for every address who finds it and what a look leaves behind."""

from __future__ import annotations

from qafila.foundation.actors import Role

HERE, ELSEWHERE = "06.181", "09.001"

# Letter, name, role, province (None: the whole country). Fatima, the craftworker, lives in HERE.
CAST = {
    "Y": ("Youssef", Role.COUNTER_AGENT, HERE),
    "S": ("Salma", Role.COUNTER_AGENT, ELSEWHERE),
    "N": ("Naima", Role.FIELD_AGENT, HERE),
    "H": ("Hassan", Role.CHAMBER_STAFF, HERE),
    "C": ("Chaimae", Role.CHAMBER_STAFF, ELSEWHERE),
    "D": ("Khadija", Role.DIRECTORATE, ELSEWHERE),
    "K": ("Karim", Role.FUND_LIAISON, None),
    "A": ("Amal", Role.PROGRAMME_LEAD, None),
    "U": ("Nadia", Role.AUDITOR, None),
    "B": ("Brahim", Role.ADMINISTRATOR, None),
}
# With the posts of two of them: they find, and change, what either finds and changes, no more.
TWO_POSTS = {
    "W": ("Widad", "UH"),  # audits the country, decides HERE
    "M": ("Mounir", "UC"),  # audits the country, decides ELSEWHERE: Fatima is only read
    "L": ("Laila", "ND"),  # field agent HERE, directorate ELSEWHERE
    "Z": ("Zineb", "BS"),  # administrator of the country, counter ELSEWHERE
}
EVERYONE = frozenset(CAST)
NEAR = EVERYONE - set("SDC")  # those whose territory holds Fatima

# What a look leaves in the access log.
A_FILE, A_LIST, NOTHING = "one file", "a list of people", ""

# Address → who finds it, and what a look leaves behind.
# `import_id` is an import of nobody's institution: national roles only.
TABLE: dict[str, tuple[frozenset[str], str]] = {
    "home": (EVERYONE, NOTHING),
    "people": (EVERYONE, A_LIST),
    "person": (NEAR, A_FILE),
    "person_money": (NEAR, A_FILE),
    "person_identity": (NEAR, A_FILE),
    "begin_file": (EVERYONE - set("KU"), NOTHING),
    "access_requests": (EVERYONE - set("KU"), A_LIST),
    "person_lists": (NEAR, A_FILE),
    "person_journal": (NEAR, A_FILE),
    "lists": (frozenset("HCDKAB"), NOTHING),
    "list_headings": (frozenset("HCDKAB"), NOTHING),
    "list_import": (frozenset("KAB"), A_LIST),
    "rejected_rows": (frozenset("KAB"), A_LIST),
    "list_remarks": (frozenset("KAB"), A_LIST),
    "list_rows": (frozenset("KAB"), A_LIST),
    "review": (frozenset("HCDKAB"), A_LIST),
    "review_file": (frozenset("HCDKAB"), A_LIST),
    "merged_by_machine": (frozenset("HCDKAB"), NOTHING),
    "applications": (EVERYONE, A_LIST),
    "funnel": (EVERYONE, NOTHING),
    "funnel_file": (EVERYONE, NOTHING),
    "people_behind": (EVERYONE, A_LIST),
    "my_decisions": (frozenset("HCDKAB"), A_LIST),
    "stalled": (EVERYONE, NOTHING),
    "runs": (frozenset("KAU"), NOTHING),
    "run_ahead": (frozenset("KA"), NOTHING),
    "run": (frozenset("KAU"), A_LIST),
    "run_parked": (frozenset("KAU"), A_LIST),
    "run_differences": (frozenset("KAU"), A_LIST),
    "arrears": (EVERYONE - set("B"), A_LIST),
    "anomalies": (EVERYONE - set("NB"), A_LIST),
    "payments": (frozenset("KAU"), NOTHING),
    "payment_check": (
        frozenset(),
        NOTHING,
    ),  # only who handed the file in, and it was none of these
    "payment_file": (frozenset("KAU"), NOTHING),
    "payment_problems": (frozenset("KAU"), NOTHING),
    "payment": (NEAR, A_FILE),
    "receipt": (NEAR, A_FILE),
    "statement_pdf": (NEAR, A_FILE),
    "person_years": (NEAR, A_FILE),
    "person_fund": (NEAR, A_FILE),
    "person_register": (NEAR, A_FILE),
    "books": (frozenset("KAU"), NOTHING),
    "payment_notes": (frozenset("YSHCKAU"), A_LIST),
    "credits": (frozenset("KAU"), A_LIST),
    "family_rights": (NEAR, A_FILE),
    "person_family": (NEAR - set("AU"), A_FILE),
    "attestations": (NEAR, A_FILE),
    "attestation_sheet": (NEAR, A_FILE),
    "estimate": (EVERYONE, NOTHING),
    "claims": (EVERYONE - set("DA"), A_LIST),  # care is private
    "claim": (NEAR - set("A"), A_FILE),
    "person_claims": (NEAR - set("A"), A_FILE),
    "claims_statement": (NEAR - set("A"), A_FILE),
    "person_estimate": (NEAR - set("A"), A_FILE),
    "staff": (frozenset("B"), NOTHING),
    "staff_member": (frozenset("B"), NOTHING),
    "clients": (frozenset("B"), NOTHING),
    "jobs": (frozenset("AB"), NOTHING),
    "new_account": (frozenset("B"), NOTHING),
    "person_privacy": (frozenset("YNHAB"), A_FILE),
    "person_data": (frozenset("YNHAB"), A_FILE),
    "audit": (frozenset("UB"), NOTHING),
    "audit_cases_file": (frozenset("UB"), NOTHING),
    "audit_search": (frozenset("UB"), A_LIST),
    "audit_person": (frozenset("UB"), A_FILE),
    "audit_person_file": (frozenset("UB"), A_FILE),
    "audit_agents": (frozenset("UB"), NOTHING),
    "audit_agent": (frozenset("UB"), A_LIST),
    "audit_agent_file": (frozenset("UB"), A_LIST),
    "audit_sign_ins": (frozenset("UB"), NOTHING),
}
PUBLIC = frozenset(
    {
        "front_page",
        "pay",
        "gallery",
        "health",
        "verify",
        "mine_code",
        "menu",
        "accessibility",
        "personal_data",
    }
)
# Changed by POST only, with what opening it leaves behind (what is decided is in the journal):
# whoever is outside the territory finds nothing there either.
CHANGES: dict[str, str] = {
    "accept_application": NOTHING,
    "people_elsewhere": NOTHING,
    "answer_access": NOTHING,
    "close_begun": A_FILE,
    "undo_correction": A_FILE,
    "undo_contact": A_FILE,
    "undo_no_family": A_FILE,
    "refuse_application": A_LIST,
    "undo_merge": A_FILE,
    "merge_files": A_FILE,
    "part_pair": A_FILE,
    "separate_row": A_FILE,
    "person_correct": A_FILE,
    "person_contact": A_FILE,
    "person_application": A_FILE,
    "declare_member": A_FILE,
    "no_family": A_FILE,
    "remove_member": A_FILE,
    "tell_event": A_FILE,
    "tell_member_event": A_FILE,
    "take_back_event": A_FILE,
    "end_event": A_FILE,
    "withdraw_attestation": A_FILE,
    "decide_pair": NOTHING,
    "undo_decision": NOTHING,
    "import_again": NOTHING,
    "put_away_list": NOTHING,
    "bring_back_list": NOTHING,
    "ask_run_ahead": NOTHING,
    "run_ahead_again": NOTHING,
    "run_start": NOTHING,
    "run_counter_post": NOTHING,
    "person_refund": A_FILE,
    "decide_refund": NOTHING,
    "declare_claim": A_FILE,
    "move_claim": NOTHING,
    "end_anomaly": NOTHING,
    "payment_book": NOTHING,
    "payment_check_again": NOTHING,
    "payment_discard": NOTHING,
    "payment_reverse": A_FILE,
    "person_payment": A_FILE,
    "person_plan": A_FILE,
    "end_plan": A_FILE,
    "person_link": A_FILE,
    "withdraw_link": A_FILE,
    "choose_year_payment": A_FILE,
    "final_tax": A_FILE,
    "take_back_tax": A_FILE,
    "person_note": A_FILE,
    "take_back_note": A_FILE,
    "declare_enrolment": A_FILE,
    "enrolment_act": A_FILE,
    "strike_off_entry": A_FILE,
    "application_act": A_FILE,
    "close_month": NOTHING,
    "prepare_months": NOTHING,
    "person_relief": A_FILE,
    "reopen_month": NOTHING,
    "decide_reopening": NOTHING,
    "join_household": A_FILE,
    "leave_household": A_FILE,
    "correct_declaration": A_FILE,
    "staff_act": NOTHING,
    "hand_over": NOTHING,
    "refuse_act": NOTHING,
    "withdraw_client": NOTHING,
    "job_again": NOTHING,
    "person_consent": A_FILE,
    "ask_erase": A_FILE,
    "decide_erase": A_FILE,
    "new_post": NOTHING,
    "take_post": NOTHING,
    "confirm_act": NOTHING,
    "audit_case": NOTHING,
    "save_view": NOTHING,
    "end_anomalies": NOTHING,
    "reopen_anomalies": NOTHING,
    "drop_view": NOTHING,
}
# These show a form or ask for confirmation when looked at.
ASKED_FIRST = frozenset(
    {
        "person_refund",
        "person_correct",
        "person_contact",
        "person_application",
        "declare_member",
        "undo_merge",
        "merge_files",
        "separate_row",
        "person_payment",
        "person_plan",
        "person_link",
        "person_note",
        "declare_claim",
        "take_back_event",
        "end_event",
        "declare_enrolment",
        "enrolment_act",
        "strike_off_entry",
        "application_act",
        "close_month",
        "prepare_months",
        "person_relief",
        "reopen_month",
        "decide_reopening",
        "join_household",
        "leave_household",
        "correct_declaration",
        "audit_case",
        "ask_erase",
        "new_post",
        "take_post",
    }
)
# Behind a personal link, without any account: a wrong token finds nothing.
BY_LINK = frozenset(
    {
        "mine",
        "mine_close",
        "mine_data",
        "mine_data_file",
        "mine_consent",
        "mine_statement",
        "mine_receipt",
    }
)
# What the forms ask for, so that nothing but the territory refuses.
ASKED = "?q=fatima"  # a search that nobody typed shows nobody
FILLED = {"answer": "same", "reason": "A reason.", "confirm": "yes"}
PREFERENCES = frozenset({"language", "theme", "density"})
# Anyone may ask what a code is worth; a wrong one is told so on the same page.
BY_CODE = frozenset({"verify_code"})
