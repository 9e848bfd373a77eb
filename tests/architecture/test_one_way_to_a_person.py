"""Shells get at a person through `people.access.open_file`, which leaves a trace, and no other way.

Two rules, read from the code:
- a shell imports no function of a room that loads a person, but `open_file`;
- a query about one person is asked with the number of a file that was opened: `found.id`, where
  `found` is a `PersonFile`, which only `open_file` gives.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = PROJECT / "src" / "qafila"
SHELLS = ("web", "api", "cli", "jobs")
THE_WAY = "open_file"
OF_ONE_PERSON = ("person_id", "insured_id")
# A check of cover notes itself, with the partner who asked: `care.coverage_check`.
NOTES_ITSELF = ("qafila.api.coverage_check.coverage",)
LOADED = {"Person": "qafila.people.models", "PersonFile": "qafila.people.access"}


def _modules(shells: bool) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCES.rglob("*.py")):
        parts = path.relative_to(SOURCES).with_suffix("").parts
        if (parts[0] in SHELLS) is shells and "migrations" not in parts:
            yield "qafila." + ".".join(parts), ast.parse(path.read_text())


def _imported(tree: ast.AST) -> dict[str, str]:
    """The dotted name behind each name a module imports, at any depth."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def _called_so(tree: ast.Module, module: str) -> set[str]:
    """How a module calls the types of a loaded person."""
    names = {name for name, home in LOADED.items() if home == module}
    homes = {f"{home}.{name}" for name, home in LOADED.items()}
    return names | {name for name, dotted in _imported(tree).items() if dotted in homes}


def _mentions(annotation: ast.expr | None, names: set[str]) -> bool:
    return annotation is not None and any(
        isinstance(node, ast.Name) and node.id in names for node in ast.walk(annotation)
    )


@cache
def _rooms() -> tuple[frozenset[str], dict[str, list[str]]]:
    """Functions of rooms that load a person; queries about one person with their parameters."""
    loaders, queries = set(), {}
    for module, tree in _modules(shells=False):
        types = _called_so(tree, module)
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef):
                continue
            names = [one.arg for one in (*node.args.args, *node.args.kwonlyargs)]
            given = any(_mentions(one.annotation, types) for one in node.args.args)
            if _mentions(node.returns, types) and not given and node.name != THE_WAY:
                loaders.add(f"{module}.{node.name}")
            if set(OF_ONE_PERSON) & set(names) and "actor" not in names:
                queries[f"{module}.{node.name}"] = names
    return frozenset(loaders), queries


def _offences(module: str, tree: ast.Module) -> Iterator[str]:
    loaders, queries = _rooms()
    imported = _imported(tree)
    for name, dotted in imported.items():
        if dotted in loaders:
            yield f"{module} imports {name}"
    types = _called_so(tree, module)
    opening = {THE_WAY, "opened"} | {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and _mentions(node.returns, types)
    }
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            opened = _opened(function, types, opening)
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and (asked := _dotted(call.func, imported)):
                    if asked in loaders:
                        yield f"{module}:{call.lineno} calls {asked}"
                    elif asked in queries and not _asked_of(call, queries[asked], opened):
                        yield f"{module}:{call.lineno} asks {asked} about a file not opened"


def _dotted(function: ast.expr, imported: dict[str, str]) -> str | None:
    if isinstance(function, ast.Name):
        return imported.get(function.id)
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        home = imported.get(function.value.id)
        return f"{home}.{function.attr}" if home else None
    return None


def _opened(function: ast.FunctionDef, types: set[str], opening: set[str]) -> set[str]:
    """The names in a function that hold an opened file."""
    arguments = (*function.args.args, *function.args.kwonlyargs)
    names = {one.arg for one in arguments if _mentions(one.annotation, types)}
    for node in ast.walk(function):
        if isinstance(node, ast.AnnAssign) and _mentions(node.annotation, types):
            names |= {one.id for one in ast.walk(node.target) if isinstance(one, ast.Name)}
        if isinstance(node, ast.Assign):
            for target, value in _pairs(node):
                by = value.func if isinstance(value, ast.Call) else None
                if isinstance(by, ast.Name) and by.id in opening and isinstance(target, ast.Name):
                    names.add(target.id)
    return names


def _pairs(node: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return list(zip(target.elts, value.elts, strict=True))
    return [(target, value)]


def _asked_of(call: ast.Call, parameters: list[str], opened: set[str]) -> bool:
    """Whether the person asked about is `found.id` of an opened `found`."""
    wanted = next(name for name in OF_ONE_PERSON if name in parameters)
    by_name = {one.arg: one.value for one in call.keywords}
    place = parameters.index(wanted)
    given = by_name.get(wanted) or (call.args[place] if place < len(call.args) else None)
    return (
        isinstance(given, ast.Attribute)
        and given.attr == "id"
        and isinstance(given.value, ast.Name)
        and given.value.id in opened
    )


def test_shells_open_the_file_before_they_ask_about_a_person() -> None:
    found = [
        told
        for module, tree in _modules(shells=True)
        if module not in NOTES_ITSELF
        for told in _offences(module, tree)
    ]
    assert not found, (
        f"{found}: open the file with qafila.people.access.open_file (pages: web.site.traces."
        "opened), which checks the territory and logs the look, and ask with its `id`."
    )


def test_another_way_to_a_person_is_refused() -> None:
    for offence in (
        "from qafila.people.access import get_person\n",
        "from qafila.people import access\n"
        "def page(number, scope):\n    return access.get_person(number, scope=scope)",
        "from qafila.rights.queries import rights_of\n"
        "def page(person_id, day, scope):\n    return rights_of(person_id, day, scope=scope)",
        "from qafila.rights.queries import rights_of\n"
        "def page(one, day, scope):\n    return rights_of(one.id, day, scope=scope)",
    ):
        assert list(_offences("qafila.web.new.pages", ast.parse(offence))), offence


def test_an_opened_file_may_be_asked_about() -> None:
    page = (
        "from qafila.people.access import open_file\n"
        "from qafila.rights.queries import rights_of\n"
        "def page(number, day, who, at):\n"
        "    found = open_file(number, actor=who, at=at, place='new')\n"
        "    return rights_of(found.id, day, scope=who.scope, person=found)"
    )
    assert not list(_offences("qafila.web.new.pages", ast.parse(page)))
