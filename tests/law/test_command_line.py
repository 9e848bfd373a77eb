"""`qafila law …`: answers on stdout, one sentence on stderr and exit code 2 when refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from qafila.cli.rooms.law import law_app

RIGHTS = {
    "enrolments": [{"first_month": "2026-01"}],
    "calls": [
        {"month": "2026-01", "due_on": "2026-02-28", "amount_centimes": 16352,
         "paid_centimes": 16352, "paid_on": "2026-02-10"},
        {"month": "2026-03", "due_on": "2026-04-30", "amount_centimes": 16352},
    ],
}  # fmt: skip
FAMILY = {
    "insured_is_father": False,
    "dependants": [
        {"id": "spouse", "link": "spouse"},
        {"id": "daughter", "link": "child", "birth_date": "2004-05-05",
         "schooling": [{"since": "2026-09-01", "until": "2027-09-01"}]},
    ],
}  # fmt: skip


def ask(*words: str) -> Any:
    return CliRunner().invoke(law_app, list(words), env={"LANG": "C", "QAFILA_LANGUAGE": ""})


def facts_file(tmp_path: Path, facts: object) -> str:
    file = tmp_path / "facts.json"
    file.write_text(facts if isinstance(facts, str) else json.dumps(facts), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("month", "dh"),
    [
        ("2022-05", "135.14"),
        ("2022-10", "141.89"),
        ("2023-10", "148.65"),
        ("2025-02", "156.04"),
        ("2026-02", "163.52"),
    ],
)
def test_amount_of_a_craftworker(month: str, dh: str) -> None:
    answer = ask("amount", "--category", "craftworker", "--month", month, "--json")
    assert answer.exit_code == 0
    told = json.loads(answer.stdout)
    assert (told["monthly_dh"], told["month"]) == (dh, month)
    assert [step["code"] for step in told["steps"]][-1] == "contribution"
    assert all(step["reference"] and step["text"] for step in told["steps"])


def test_amount_of_a_cpu_payer() -> None:
    answer = ask("amount", "--category", "cpu", "--month", "2026-01", "--annual-tax", "640",
                 "--json", "--lang", "fr")  # fmt: skip
    told = json.loads(answer.stdout)
    assert (told["quarterly_dh"], told["monthly_dh"]) == ("390.00", "130.00")
    assert told["steps"][2]["text"].startswith("390\u00a0DH par trimestre")


def test_amount_of_someone_who_keeps_accounts() -> None:
    words = ("amount", "--category", "accounts", "--month", "2026-01", "--regime", "rnr", "--json")
    assert json.loads(ask(*words, "--profit", "90000").stdout)["monthly_dh"] == "697.69"
    later = ask(*words, "--profit", "90000", "--later-steps")
    assert json.loads(later.stdout)["monthly_dh"] == "654.08"


def test_the_table_tells_amount_text_and_reference() -> None:
    answer = ask("amount", "--category", "craftworker", "--month", "2026-01", "--lang", "fr")
    assert answer.exit_code == 0
    for told in ("163.52", "Décret 2-25-983", "Étape"):
        assert told in answer.stdout


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (["--category", "craftworker", "--month", "2021-12"], "January 2022"),
        (["--category", "craftworker", "--month", "2026-13"], "2026-13"),
        (["--category", "farmer", "--month", "2026-01"], "farmer"),
        (["--category", "cpu", "--month", "2026-01"], "yearly tax"),
        (["--category", "cpu", "--month", "2026-01", "--annual-tax", "-5"], "-5"),
        (["--category", "cpu", "--month", "2026-01", "--annual-tax", "abc"], "abc"),
        (["--category", "accounts", "--month", "2026-01"], "regime"),
        (["--category", "accounts", "--month", "2026-01", "--regime", "xyz"], "xyz"),
    ],
)
@pytest.mark.parametrize("as_json", [True, False])
def test_refusals_are_one_sentence_on_stderr(words: list[str], place: str, as_json: bool) -> None:
    answer = ask("amount", *words, *(["--json"] if as_json else []))
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert place in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert answer.stderr.endswith(".\n")


def test_refusals_speak_the_language_asked_for() -> None:
    words = ("amount", "--category", "cpu", "--month", "2026-01")
    assert "أدخلوا" in ask(*words, "--lang", "ar").stderr
    assert "Saisissez" in ask(*words, "--lang", "fr").stderr
    assert "“de” is not available" in ask(*words[:-1], "2026-01", "--annual-tax", "1",
                                          "--lang", "de").stderr  # fmt: skip


def test_rights_from_a_file(tmp_path: Path) -> None:
    file = facts_file(tmp_path, RIGHTS)
    told = json.loads(ask("rights", "--facts", file, "--on", "2026-11-22", "--json").stdout)
    assert (told["status"], told["reason"], told["since"], told["overdue_dh"]) == (
        "suspended", "unpaid_months", "2026-05-01", "163.52",
    )  # fmt: skip
    table = ask("rights", "--facts", file, "--on", "2026-11-22", "--lang", "fr").stdout
    assert "suspendus" in table


def test_dependants_from_a_file(tmp_path: Path) -> None:
    file = facts_file(tmp_path, FAMILY)
    told = json.loads(ask("dependants", "--facts", file, "--on", "2026-11-22", "--json").stdout)
    assert [(one["id"], one["covered"], one["reason"]) for one in told["dependants"]] == [
        ("spouse", True, "spouse"),
        ("daughter", True, "student"),
    ]
    assert "certificat de scolarité" in ask(
        "dependants", "--facts", file, "--on", "2026-11-22", "--lang", "fr"
    ).stdout.replace("\n", " ")


def test_relief_from_a_file(tmp_path: Path) -> None:
    calls = [
        {"month": f"2023-{month:02d}", "due_on": "2023-12-31", "amount_centimes": 14865}
        for month in range(1, 11)
    ]
    told = json.loads(
        ask("relief", "--facts", facts_file(tmp_path, calls), "--on", "2024-02-01", "--json").stdout
    )
    assert (told["status"], told["unpaid_months"], told["arrears_dh"]) == (
        "possible",
        10,
        "1486.50",
    )


def test_reimbursement_and_penalty() -> None:
    care = json.loads(
        ask("reimbursement", "--care", "hospital", "--place", "public", "--tariff", "1000",
            "--on", "2026-11-22", "--json").stdout
    )  # fmt: skip
    assert (care["reimbursed_dh"], care["left_to_pay_dh"]) == ("900.00", "100.00")
    late = json.loads(
        ask("penalty", "--owed", "163.52", "--due-on", "2026-02-28", "--on", "2026-04-01",
            "--json").stdout
    )  # fmt: skip
    assert (late["penalty_dh"], late["months_late"]) == ("3.27", 2)


@pytest.mark.parametrize(
    ("command", "facts", "place"),
    [
        ("rights", FAMILY, "insured_is_father"),
        ("rights", "{not json", "facts.json:1"),
        ("rights", {"calls": [{"month": "2026-01"}]}, "calls[0].due_on"),
        ("rights", {"calls": [{"month": "2026-01", "due_on": "soon", "amount_centimes": 1}]},
         "calls[0].due_on"),
        ("rights", {"calls": [{"month": "2026-01", "due_on": "2026-02-28",
                               "amount_centimes": -1}]}, "calls[0].amount_centimes"),
        ("rights", {"enrolments": {}}, "enrolments"),
        ("rights", [], "enrolments"),
        ("dependants", {"dependants": [{"id": "a", "link": "cousin"}]}, "dependants[0].link"),
        ("dependants", {"dependants": [{"id": 3, "link": "child"}]}, "dependants[0].id"),
        ("dependants", {"dependants": [], "insured_is_father": "no"}, "insured_is_father"),
        ("relief", {}, "calls"),
    ],
)  # fmt: skip
def test_bad_facts_name_their_place(
    tmp_path: Path, command: str, facts: object, place: str
) -> None:
    answer = ask(command, "--facts", facts_file(tmp_path, facts), "--on", "2026-11-22", "--json")
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert place in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_the_command_loads_neither_django_nor_openfisca() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from qafila.cli.rooms.law import law_app;"
        "words = ['amount', '--category', 'craftworker', '--month', '2026-01'];"
        "CliRunner().invoke(law_app, words);"
        "print([name for name in ('django', 'openfisca_core') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def call_of(month: str, due_on: str, paid_on: str | None, amount: int = 16352) -> dict[str, Any]:
    return {"month": month, "due_on": due_on, "amount_centimes": amount,
            "paid_centimes": amount if paid_on else 0, "paid_on": paid_on}  # fmt: skip


LEFT_WHILE_WAITING = {
    "enrolments": [{"first_month": "2026-01", "ended_on": "2026-02-15"}],
    "calls": [call_of("2026-01", "2026-02-28", "2026-02-01")],
}
# Months were not called one after the other; the oldest stayed unpaid for more than a year.
PAID_AFTER_A_YEAR = {
    "enrolments": [{"first_month": "2025-01"}],
    "calls": [
        call_of("2025-01", "2025-02-28", "2025-02-01"),
        call_of("2025-02", "2025-03-31", "2026-06-10"),
        call_of("2025-03", "2025-04-30", "2026-06-10"),
        call_of("2025-09", "2025-10-31", "2026-06-10"),
    ],
}
TWO_OF_THREE_PAID = {
    "enrolments": [{"first_month": "2026-01"}],
    "calls": [
        call_of("2026-01", "2026-02-28", "2026-02-01"),
        call_of("2026-02", "2026-03-31", "2026-03-31"),
        call_of("2026-03", "2026-04-30", None),
    ],
}


@pytest.mark.parametrize(
    ("facts", "on", "status", "until"),
    [
        (LEFT_WHILE_WAITING, "2026-04-02", "closed", None),
        (PAID_AFTER_A_YEAR, "2026-06-10", "waiting", "2026-10-01"),
        (PAID_AFTER_A_YEAR, "2026-10-01", "open", None),
        (TWO_OF_THREE_PAID, "2026-04-01", "waiting", "2026-05-01"),
    ],
)
def test_rights_begin_and_go_on_only_with_their_ground(
    tmp_path: Path, facts: object, on: str, status: str, until: str | None
) -> None:
    told = json.loads(
        ask("rights", "--facts", facts_file(tmp_path, facts), "--on", on, "--json").stdout
    )
    assert (told["status"], told["until"]) == (status, until)


def test_the_doubt_of_the_waiting_period_names_both_readings(tmp_path: Path) -> None:
    facts = {
        "enrolments": [{"first_month": "2023-06"}],
        "calls": [call_of("2023-06", "2023-07-31", "2023-06-20", 14189)],
    }
    told = json.loads(
        ask("rights", "--facts", facts_file(tmp_path, facts), "--on", "2023-07-01", "--json").stdout
    )
    [step] = told["steps"]
    assert (told["status"], step["since"]) == ("waiting", "2022-03-01")
    for words in ("(a) One month", "(b) Three months", "The choice made", "The border"):
        assert words in step["doubt"]


@pytest.mark.parametrize(
    ("words", "dh", "months"),
    [
        (("163.52", "2026-04-30", "2026-05-31", "fund"), "1.64", 1),
        (("163.52", "2026-02-28", "2026-03-31", "fund"), "1.64", 1),
        (("390", "2026-06-30", "2026-07-31", "tax"), "58.50", 1),
    ],
)
def test_delay_is_counted_from_end_of_month_to_end_of_month(
    words: tuple[str, str, str, str], dh: str, months: int
) -> None:
    owed, due_on, on, side = words
    told = json.loads(
        ask("penalty", "--owed", owed, "--due-on", due_on, "--on", on, "--side", side,
            "--json").stdout
    )  # fmt: skip
    assert (told["penalty_dh"], told["months_late"]) == (dh, months)


def test_a_penalty_says_that_its_ceiling_is_not_known() -> None:
    told = json.loads(
        ask("penalty", "--owed", "163.52", "--due-on", "2026-02-28", "--on", "2026-03-31",
            "--json").stdout
    )  # fmt: skip
    assert told["steps"][-1]["code"] == "fund_penalty_ceiling_unknown"
    assert "ceiling" in told["steps"][-1]["doubt"]


def test_legal_references_are_in_the_language_asked_for(tmp_path: Path) -> None:
    facts = {**TWO_OF_THREE_PAID}
    words = ("rights", "--facts", facts_file(tmp_path, facts), "--on", "2026-05-02", "--json")
    told = {lang: json.loads(ask(*words, "--lang", lang).stdout) for lang in ("ar", "fr", "en")}
    assert {lang: one["steps"][0]["reference"] for lang, one in told.items()} == {
        "ar": "القانون رقم 98.15، المادة 14",
        "fr": "Loi 98-15, article 14",
        "en": "Law 98-15, article 14",
    }
