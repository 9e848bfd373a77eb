"""A table's name stands only in its own room: others compose the relations of its `facts`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = PROJECT / "src" / "qafila"
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# The rows of one month, or of months nobody prepared, lie in tables named after their parent.
_PARTITION = re.compile(r"_(?:\d{4}_\d{2}|default)$")


def _rooms_of_tables() -> dict[str, str]:
    """Every table of ours, those of the trail and of many-to-many fields too, with its room."""
    models = apps.get_models(include_auto_created=True)
    ours = [model for model in models if model.__module__.startswith("qafila.")]
    return {m._meta.db_table: m.__module__.split(".")[1] for m in ours}


TABLES = _rooms_of_tables()


def _texts(source: str) -> Iterator[tuple[int, str]]:
    """Every text of a module that may be SQL, parts of f-strings too; docstrings are not."""
    tree = ast.parse(source)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def _foreign_tables(room: str, source: str) -> list[tuple[int, str]]:
    """Line and name of each table of another room that the module writes."""
    words = ((line, word) for line, text in _texts(source) for word in _WORD.findall(text))
    names = ((line, _PARTITION.sub("", word)) for line, word in words)
    return [(line, name) for line, name in names if TABLES.get(name, room) != room]


def _modules() -> list[Path]:
    return sorted(p for p in SOURCES.rglob("*.py") if "migrations" not in p.parts)


def _facts_of(table: str) -> str:
    """The module that promises relations of the table, else where its room should promise one."""
    room = SOURCES / TABLES[table]
    facts = [path for path in sorted(room.rglob("facts.py")) if table in path.read_text()]
    path = facts[0] if facts else room / "facts.py"
    return ".".join(path.relative_to(SOURCES.parent).with_suffix("").parts)


def test_no_room_writes_the_name_of_another_rooms_table() -> None:
    offenders = [
        f"{path.relative_to(PROJECT)}:{line} writes {table}; use {_facts_of(table)}"
        for path in _modules()
        for line, table in _foreign_tables(path.relative_to(SOURCES).parts[0], path.read_text())
    ]
    assert not offenders, "\n".join(
        [*offenders, "Compose the relation its room promises, or have the room promise one."]
    )


# The parts of contributions that only read the others; what each of them owns.
READING_PARTS = {"account": set[str](), "anomalies": {"contributions_workitem"}}


def test_parts_that_only_read_name_no_table_of_another_part() -> None:
    offenders = [
        f"{path.relative_to(PROJECT)}:{line} writes {table}; use {_facts_of(table)}"
        for part, own in READING_PARTS.items()
        for path in sorted((SOURCES / "contributions" / part).glob("*.py"))
        for line, table in _foreign_tables("", path.read_text())
        if table not in own
    ]
    assert not offenders, "\n".join(offenders)


LEDGERS = {f"contributions_{name}" for name in ("call", "ledgerline", "allocation", "payment")}


def test_questions_name_no_table_of_the_ledger() -> None:
    """Outside the ledger, what only asks composes the ledger's relations; what posts may write."""
    contributions = SOURCES / "contributions"
    asking = [
        path
        for path in sorted(contributions.rglob("*queries.py"))
        if path.parent != contributions / "ledger"
    ]
    offenders = [
        f"{path.relative_to(PROJECT)}:{line} writes {table}; use {_facts_of(table)}"
        for path in asking
        for line, table in _foreign_tables("", path.read_text())
        if table in LEDGERS
    ]
    assert len(asking) > 8
    assert not offenders, "\n".join(offenders)


def test_tables_of_the_trail_are_known() -> None:
    assert TABLES["people_personevent"] == "people"
    assert TABLES["foundation_actor"] == "foundation"
    assert len(TABLES) > 60


def test_a_foreign_name_is_found_wherever_it_is_written() -> None:
    sources = {
        "plain": 'QUERY = "SELECT count(*) FROM people_person"',
        "in an f-string": 'def q(x: str) -> str:\n    return f"SELECT {x} FROM people_person p"',
        "quoted": """QUERY = 'DELETE FROM "people_person"'""",
        "of the trail": 'QUERY = "TABLE people_personevent"',
        "of a month": 'QUERY = "SELECT FROM contributions_call_2026_11"',
        "as a value": 'TABLES = {"people_person"}',
    }
    for where, source in sources.items():
        assert len(_foreign_tables("care", source)) == 1, where
    assert _foreign_tables("people", sources["plain"]) == []


def test_a_docstring_and_a_longer_name_are_no_sql() -> None:
    source = '"""Reads people_person."""\nINDEX = "people_person_by_card"\nKEY = "people.person"'
    assert _foreign_tables("care", source) == []


def test_the_message_names_the_module_to_use() -> None:
    assert _facts_of("people_person") == "qafila.people.facts"
    assert _facts_of("contributions_allocation") == "qafila.contributions.ledger.facts"
    assert _facts_of("care_claim") == "qafila.care.facts"  # not promised to anybody so far


def test_a_copy_of_a_module_that_breaks_the_rule_is_refused() -> None:
    """As a helper in a hurry would write it: the relation of another room, spelled out."""
    source = (SOURCES / "care" / "coverage_check" / "coverage.py").read_text()
    assert _foreign_tables("care", source) == []
    broken = source.replace("{NUMBERS_OF_PERSONS}", "enrolment_enrolment")
    assert broken != source
    assert {table for _, table in _foreign_tables("care", broken)} == {"enrolment_enrolment"}


def test_every_relation_says_what_it_holds() -> None:
    """In a `facts` module each public constant is followed by a text that says its columns."""
    bare = [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for path in _modules()
        if path.name == "facts.py"
        for node, after in _with_next(ast.parse(path.read_text()).body)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and not node.targets[0].id.startswith("_")
        and not (isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant))
    ]
    assert not bare, f"{bare}: say under the relation what it holds and its columns."


def _with_next(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, ast.stmt | None]]:
    return zip(body, [*body[1:], None], strict=True)
