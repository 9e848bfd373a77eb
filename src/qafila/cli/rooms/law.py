"""`qafila law …`: put a question to the law and print its answer; no rule lives here."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

law_app = typer.Typer(
    help="Ask the law: amounts, dependants, rights, reimbursement, relief.", no_args_is_help=True
)


@law_app.callback()
def law() -> None:
    """Ask the law: each answer comes with its steps, amounts and legal references."""


AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
On = Annotated[str, typer.Option("--on", help="The day asked about, as 2026-11-22.")]
FactsFile = Annotated[
    Path, typer.Option("--facts", exists=True, dir_okay=False, help="JSON file of the facts.")
]
Language = Annotated[
    str | None,
    typer.Option("--lang", help="Language of the explanation: ar, fr, zgh or en."),
]


def chosen_language(language: str | None) -> str:
    """The language asked for, else the terminal's when the law speaks it, else English."""
    from qafila_law import LANGUAGES, SOURCE_LANGUAGE

    if language is not None:
        return language.strip().lower()
    terminal = os.environ.get("QAFILA_LANGUAGE") or os.environ.get("LANG", "")
    code = terminal.split("_")[0].split(".")[0].lower()
    return code if code in LANGUAGES else SOURCE_LANGUAGE


@contextmanager
def told_errors(language: str) -> Iterator[None]:
    """Turn what the law refuses into one sentence on stderr and exit code 2."""
    from qafila_law import LANGUAGES, SOURCE_LANGUAGE, LawError
    from qafila_law.wording.sentences import error_sentence

    try:
        yield
    except LawError as error:
        spoken = language if language in LANGUAGES else SOURCE_LANGUAGE
        typer.echo(error_sentence(error, spoken), err=True)
        raise typer.Exit(2) from None


def print_answer(answer: Any, language: str, as_json: bool) -> None:
    """The answer as JSON, or as figures followed by the table of its steps."""
    from qafila_law import record

    print_told(record(answer, language), language, as_json)


def print_told(told: dict[str, Any], language: str, as_json: bool) -> None:
    """A record as JSON or as tables."""
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print_tables(told, language)


def _print_tables(told: dict[str, Any], language: str) -> None:
    from rich.console import Console

    from qafila_law import labels

    console, words, steps = Console(), labels(language), told.pop("steps", [])
    for name, value in told.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for item in value:
                _print_tables(item, language)
        elif value not in (None, [], "") and name != "reason":
            listed = value if isinstance(value, list) else [value]
            shown = ", ".join(_word(words, name, item) for item in listed)
            console.print(f"{words.get(name, name)}: [bold]{shown}[/bold]", highlight=False)
    if steps:
        console.print(_steps_table(steps, words))


def _word(words: Mapping[str, str], name: str, value: object) -> str:
    return words.get(f"{name}_{value}".lower(), words.get(str(value), str(value)))


def _steps_table(steps: list[dict[str, Any]], words: Mapping[str, str]) -> Any:
    from rich.table import Table

    headings = (words[name] for name in ("step", "amount", "explanation", "reference"))
    table = Table(*headings, show_lines=True)
    for number, step in enumerate(steps, start=1):
        source = " · ".join(part for part in (step["reference"], step["since"]) if part)
        table.add_row(str(number), step["amount_dh"] or "", step["text"], source)
    return table


def _typed(text: str | None) -> str | None:
    """An amount as people type it, with a point for decimals; what cannot be read is left as is."""
    from qafila.tables.numbers import NumberRefused, read_number

    try:
        return None if text is None else f"{read_number(text):f}"
    except NumberRefused:
        return text  # the law refuses it, in the reader's language


def _centimes(text: str) -> int:
    import qafila_law

    return qafila_law.centimes_of(_typed(text) or "", "fact_amount")


@law_app.command()
def amount(
    category: Annotated[str, typer.Option(help="craftworker, cpu, auto-entrepreneur or accounts.")],
    month: Annotated[str, typer.Option(help="Month, as 2026-01.")],
    annual_tax: Annotated[
        str | None, typer.Option(help="Yearly income tax in dirhams (cpu, auto-entrepreneur).")
    ] = None,
    regime: Annotated[str | None, typer.Option(help="Tax regime, rns or rnr (accounts).")] = None,
    profit: Annotated[
        str | None, typer.Option(help="Yearly profit in dirhams (accounts, rnr).")
    ] = None,
    months_active: Annotated[
        int | None, typer.Option(help="Months of activity in a part year (cpu, auto-entrepreneur).")
    ] = None,
    first_return: Annotated[
        str | None, typer.Option(help="Month of the first tax return, profit unknown (accounts).")
    ] = None,
    later_steps: Annotated[
        bool | None,
        typer.Option("--later-steps/--no-later-steps", help="Use the steps of BO 7147 (accounts)."),
    ] = None,
    lang: Language = None,
    as_json: AsJson = False,
) -> None:
    """What one person owes for one month, step by step."""
    from qafila_law import monthly_amount

    language = chosen_language(lang)
    with told_errors(language):
        answer = monthly_amount(
            category,
            month,
            annual_tax=_typed(annual_tax),
            regime=regime,
            profit=_typed(profit),
            months_active=months_active,
            first_return=first_return,
            later_steps=later_steps,
        )
        print_answer(answer, language, as_json)


@law_app.command()
def rights(facts: FactsFile, on: On, lang: Language = None, as_json: AsJson = False) -> None:
    """Whether rights are open on a day, since when, until when and why."""
    import qafila_law
    from qafila.foundation import clock

    language = chosen_language(lang)
    with told_errors(language):
        known = qafila_law.read_rights_facts(qafila_law.read_json_file(facts))
        answer = qafila_law.rights(known, qafila_law.day_of(on), today=clock.today())
        print_answer(answer, language, as_json)


@law_app.command()
def dependants(facts: FactsFile, on: On, lang: Language = None, as_json: AsJson = False) -> None:
    """Who is covered through an insured person on a day, and until when."""
    import qafila_law

    language = chosen_language(lang)
    with told_errors(language):
        family = qafila_law.read_family(qafila_law.read_json_file(facts))
        answers = qafila_law.dependants(family, qafila_law.day_of(on))
        told = [qafila_law.record(answer, language) for answer in answers]
        print_told({"on": on, "dependants": told}, language, as_json)


@law_app.command()
def relief(facts: FactsFile, on: On, lang: Language = None, as_json: AsJson = False) -> None:
    """How a person stands towards the cancellation of arrears (law 41-23)."""
    import qafila_law

    language = chosen_language(lang)
    with told_errors(language):
        calls = qafila_law.read_calls(qafila_law.read_json_file(facts))
        answer = qafila_law.relief(calls, qafila_law.day_of(on))
        print_answer(answer, language, as_json)


@law_app.command()
def reimbursement(
    care: Annotated[str, typer.Option(help="ambulatory, hospital or medicine.")],
    on: On,
    tariff: Annotated[str, typer.Option(help="Reference tariff of the act, in dirhams.")],
    paid: Annotated[str | None, typer.Option(help="What the person pays, in dirhams.")] = None,
    place: Annotated[str | None, typer.Option(help="private or public.")] = None,
    illness: Annotated[str | None, typer.Option(help="Long illness: ald or alc.")] = None,
    lang: Language = None,
    as_json: AsJson = False,
) -> None:
    """What comes back on an act of care and what is left to pay."""
    import qafila_law

    language = chosen_language(lang)
    with told_errors(language):
        answer = qafila_law.reimbursement(
            care,
            qafila_law.day_of(on),
            tariff_centimes=_centimes(tariff),
            paid_centimes=None if paid is None else _centimes(paid),
            place=place,
            illness=illness,
        )
        print_answer(answer, language, as_json)


@law_app.command()
def penalty(
    owed: Annotated[str, typer.Option(help="Amount paid late, in dirhams.")],
    due_on: Annotated[str, typer.Option(help="Its last day to pay, as 2026-02-28.")],
    on: On,
    side: Annotated[str, typer.Option(help="fund or tax.")] = "fund",
    lang: Language = None,
    as_json: AsJson = False,
) -> None:
    """What lateness adds to an amount."""
    import qafila_law

    language = chosen_language(lang)
    with told_errors(language):
        centimes = _centimes(owed)
        due, paid = qafila_law.day_of(due_on), qafila_law.day_of(on)
        print_answer(qafila_law.penalty(centimes, due, paid, side), language, as_json)


@law_app.command()
def compare(
    reform: Annotated[str, typer.Option(help="Name of the other reading; see the doubts.")],
    on: On,
    lang: Language = None,
    as_json: AsJson = False,
) -> None:
    """How many people of the register another reading of the law would change, by how much."""
    import qafila_law
    from qafila.cli.django_setup import prepare_django
    from qafila_law.reforms.readings import reading_named

    language = chosen_language(lang)
    with told_errors(language):
        day, says = qafila_law.day_of(on), reading_named(reform).says
    prepare_django()
    from qafila.care.claims.comparison import claims_under
    from qafila.foundation.trail import system_actor
    from qafila.rights.derivation.comparison import difference_under

    asking = system_actor("command line")
    found = difference_under(reform, on=day, actor=asking)
    claims = claims_under(reform, on=day, actor=asking)
    told = {
        "reform": reform,
        "says": says,
        "on": day.isoformat(),
        "insured": found.people,
        "insured_changed": _moves(found.insured),
        "dependants": found.families,
        "dependants_changed": _moves(found.dependants),
        "contributions": found.owing,
        "contributions_changed": found.owing_otherwise,
        "month_dh": qafila_law.dirhams(found.centimes_now),
        "month_dh_then": qafila_law.dirhams(found.centimes_then),
        "late": found.late,
        "late_changed": found.late_otherwise,
        "penalties_dh": qafila_law.dirhams(found.penalties_now),
        "penalties_dh_then": qafila_law.dirhams(found.penalties_then),
        "claims": claims.claims,
        "claims_changed": _moves(claims.moves),
        "claims_dh_lost": qafila_law.dirhams(claims.centimes_lost),
    }
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for name, value in told.items():
            typer.echo(f"{name}: {value if value != {} else 0}")


def _moves(moves: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """'open → waiting' and how many, the most first."""
    ordered = sorted(moves.items(), key=lambda move: -move[1])
    return {f"{before} → {after}": count for (before, after), count in ordered}


@law_app.command("tests")
def run_law_tests(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="YAML tests; those of the package by default.")
    ] = None,
) -> None:
    """Run the law's own YAML tests."""
    from qafila_law.system import run_yaml_tests

    raise typer.Exit(run_yaml_tests(paths))
