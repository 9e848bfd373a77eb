"""The functions of the house and what they call, read from the source without running it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

SHELLS = ("web", "api", "cli", "jobs", "config")
Key = tuple[str, str]


@dataclass(frozen=True)
class Function:
    """A public or private function at the top of a module."""

    module: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    path: Path

    @property
    def room(self) -> str:
        """The room of the module: the folder below `qafila`."""
        return self.module.split(".")[1]

    @property
    def public(self) -> bool:
        """Whether other modules may call it."""
        return not self.node.name.startswith("_")

    @cached_property
    def parameters(self) -> set[str]:
        """The names of its parameters."""
        given = self.node.args
        return {one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)}

    @cached_property
    def keywords(self) -> set[str]:
        """The names of its keyword-only parameters."""
        return {one.arg for one in self.node.args.kwonlyargs}

    @property
    def place(self) -> str:
        """Where it stands, for a failure's message."""
        return f"{self.module}:{self.node.lineno} {self.node.name}"


@dataclass
class CodeMap:
    """Every function below `sources`, with the names each module imports."""

    sources: Path
    functions: dict[Key, Function] = field(default_factory=dict)
    names: dict[str, dict[str, Key]] = field(default_factory=dict)
    called_by_shells: set[Key] = field(default_factory=set)

    @classmethod
    def read(cls, sources: Path) -> CodeMap:
        """The map of the package `qafila` in `sources`."""
        made = cls(sources)
        trees: dict[str, ast.Module] = {}
        for path in sorted(sources.rglob("*.py")):
            if "migrations" in path.parts:
                continue
            parts = path.relative_to(sources).with_suffix("").parts
            module = ".".join(("qafila", *(part for part in parts if part != "__init__")))
            trees[module] = ast.parse(path.read_text(encoding="utf-8"))
            for node in trees[module].body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    made.functions[module, node.name] = Function(module, node, path)
        for module, tree in trees.items():
            made.names[module] = _imported(tree)
        for module, tree in trees.items():
            room = module.split(".")[1] if "." in module else ""
            if room in SHELLS:
                made.called_by_shells |= made._used(module, tree)
        return made

    def calls(self, key: Key) -> set[Key]:
        """The functions of the house that one names, at any place in its body."""
        return self._used(key[0], self.functions[key].node)

    def reaches(self, key: Key, found: set[Key], seen: set[Key] | None = None) -> bool:
        """Whether a function is one of `found` or leads to one of them."""
        seen = set() if seen is None else seen
        if key in found:
            return True
        seen.add(key)
        onward = (one for one in self.calls(key) if one not in seen)
        return any(self.reaches(one, found, seen) for one in onward)

    def _used(self, module: str, tree: ast.AST) -> set[Key]:
        names, used = self.names[module], set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                used.add(names.get(node.id, (module, node.id)))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                package, name = names.get(node.value.id, ("", ""))
                used.add((f"{package}.{name}", node.attr))
        return {key for key in used if key in self.functions}


def _imported(tree: ast.Module) -> dict[str, Key]:
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def opens(function: Function, *names: str) -> bool:
    """Whether a function itself calls one of `names`, as `acting(…)` or `module.acting(…)`."""
    for node in ast.walk(function.node):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            if name in names:
                return True
    return False


def touches_database(function: Function) -> bool:
    """Whether a function itself asks the database: through a manager, a cursor or raw SQL."""
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("objects", "cursor", "raw")
        for node in ast.walk(function.node)
    )
