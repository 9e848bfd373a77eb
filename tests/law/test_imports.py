"""No module of the law imports another that imports it, at whatever distance."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import qafila_law

SOURCE = Path(qafila_law.__file__).parent


def imports() -> dict[str, set[str]]:
    """Each module and the modules of the package it imports, late imports too."""
    files = {_name(file): file for file in SOURCE.rglob("*.py")}
    found: dict[str, set[str]] = {}
    for name, file in files.items():
        told: set[str] = set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                told |= {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                told |= {f"{node.module}.{one.name}" for one in node.names} | {node.module}
        found[name] = {one for one in told if one in files and one != name}
    return found


def _name(file: Path) -> str:
    parts = file.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_no_module_imports_itself_through_others() -> None:
    try:
        TopologicalSorter(imports()).prepare()
    except CycleError as circle:
        raise AssertionError(" → ".join(circle.args[1])) from None
