"""What a function does decides what it owes: rules by behaviour, wherever a function stands.

Whatever opens `acting()` or `once()` is an action; whatever a shell calls and that reaches the
database is a query.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from architecture.code_map import SHELLS, CodeMap, Function, Key, opens, touches_database

SOURCES = Path(__file__).resolve().parents[2] / "src" / "qafila"
# Places and institutions are reference data; the foundation makes the rules it would be held to.
WITHOUT_SCOPE = ("foundation", "places", "institutions")


@pytest.fixture(scope="module")
def house() -> CodeMap:
    """The functions of the house as they stand."""
    return CodeMap.read(SOURCES)


def actions_of(house: CodeMap) -> dict[Key, Function]:
    """Every function of a room that writes as somebody."""
    return {
        key: function
        for key, function in house.functions.items()
        if function.room not in (*SHELLS, "foundation") and opens(function, "acting", "once")
    }


def queries_of(house: CodeMap) -> Iterator[Function]:
    """Every function of a room that a shell calls and that reads, but does not write."""
    reading = {key for key, one in house.functions.items() if touches_database(one)}
    writing = set(actions_of(house))
    for key in sorted(house.called_by_shells):
        function = house.functions[key]
        if function.room in SHELLS or not house.reaches(key, reading):
            continue
        if not house.reaches(key, writing):
            yield function


def _marked(function: Function, *marks: str) -> bool:
    marked = "".join(ast.dump(one) for one in function.node.decorator_list)
    return any(mark in marked for mark in marks)


def anonymous_actions(house: CodeMap) -> list[str]:
    """Actions that do not say who acts and when."""
    return [
        one.place
        for one in actions_of(house).values()
        if one.public and not {"actor", "at"} <= one.keywords and not _marked(one, "known_by")
    ]


def unscoped_queries(house: CodeMap) -> list[str]:
    """Queries that do not ask whose territory may be seen."""
    return [
        one.place
        for one in queries_of(house)
        if one.room not in WITHOUT_SCOPE
        and not {"scope", "actor"} & one.parameters
        and not _marked(one, "reference_data", "known_by")
    ]


def test_actions_name_their_actor_and_moment(house: CodeMap) -> None:
    offenders = anonymous_actions(house)
    assert not offenders, (
        f"{offenders} must take keyword-only `actor` and `at`, or be marked with "
        "foundation.scope.known_by when what they are given says who acts."
    )


def test_queries_ask_for_a_scope(house: CodeMap) -> None:
    offenders = unscoped_queries(house)
    assert not offenders, (
        f"{offenders} take no scope. Add `*, scope: Scope`, or mark them with "
        "foundation.scope.reference_data if they say nothing of any person."
    )


def test_what_shells_call_has_a_contract(house: CodeMap) -> None:
    called = [house.functions[key] for key in house.called_by_shells]
    owing = [*called, *actions_of(house).values()]
    bare = {one.place for one in owing if one.public and not ast.get_docstring(one.node)}
    assert not bare, f"{sorted(bare)}: say in a docstring what it takes, gives and refuses."


def test_the_rules_bite(tmp_path: Path, house: CodeMap) -> None:
    """An action and a query in files of any name are found by what they do."""
    files = {
        "care/oddments.py": "from qafila.foundation.trail import acting\n\n"
        "def pay_everyone():\n    with acting(None):\n        pass\n",
        "care/drawer.py": "def everyone():\n    return _all()\n\n"
        "def _all():\n    return Claim.objects.all()\n",
        "web/claims/pages.py": "from qafila.care import drawer\n\n"
        "def page(request):\n    return drawer.everyone()\n",
    }
    for name, source in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    broken = CodeMap.read(tmp_path)
    assert anonymous_actions(broken) == ["qafila.care.oddments:3 pay_everyone"]
    assert unscoped_queries(broken) == ["qafila.care.drawer:1 everyone"]
    assert len(actions_of(house)) > 50
