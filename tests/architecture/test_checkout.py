"""A clone stands alone: nothing in the project reads what lies beside it."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
READ_AS_TEXT = (".toml", ".sh", ".ts", ".md", ".yaml", ".yml", ".html", ".css", ".json")
# `../` is fine in a link from one document to another; it must arrive inside the checkout.
LINK = re.compile(r"(?<![\w.])((?:\.\./)+[\w./-]*)")


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [PROJECT / name for name in listed.stdout.splitlines() if (PROJECT / name).is_file()]


def outside_in_python(source: str, depth: int) -> Iterator[str]:
    """Paths in Python that climb out of the checkout; `depth` folders lie above the file in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
            number = node.slice.value if isinstance(node.slice, ast.Constant) else 0
            if node.value.attr == "parents" and isinstance(number, int) and number > depth:
                yield f"line {node.lineno}: parents[{number}] is above the checkout"
        if isinstance(node, ast.Attribute) and node.attr == "parent":
            inner = node.value
            if isinstance(inner, ast.Name | ast.Attribute):
                name = inner.id if isinstance(inner, ast.Name) else inner.attr
                if name in ("PROJECT", "ROOT"):
                    yield f"line {node.lineno}: {name}.parent is outside the checkout"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for link in LINK.findall(node.value):
                if link.count("../") > depth or link.startswith("../beside"):
                    yield f"line {node.lineno}: {link}"


def outside_in_text(text: str, depth: int) -> Iterator[str]:
    """Relative paths in a text file that climb out of the checkout."""
    for link in LINK.findall(text):
        if link.count("../") > depth:
            yield link


def test_no_path_leaves_the_checkout() -> None:
    found: list[str] = []
    for path in _tracked():
        inside = path.relative_to(PROJECT)
        depth = len(inside.parts) - 1
        if inside.name == Path(__file__).name or "lock" in inside.name:
            continue
        if path.suffix == ".py":
            outside = outside_in_python(path.read_text(encoding="utf-8"), depth)
        elif path.suffix in READ_AS_TEXT or path.name in ("Makefile", "run"):
            outside = outside_in_text(path.read_text(encoding="utf-8"), depth)
        else:
            continue
        found += [f"{inside}: {what}" for what in outside]
    assert not found, f"{found}: copy what is needed into the project (demo/, tests/)."


@pytest.mark.parametrize(
    "source",
    [
        'LISTS = Path(__file__).resolve().parents[4] / "lists"',
        'LISTS = PROJECT.parent / "lists"',
        'LISTS = settings.PROJECT.parent / "lists"',
        'LISTS = Path("../../../../lists")',
        'LISTS = Path("../beside/lists")',
    ],
)
def test_a_path_that_leaves_is_refused(source: str) -> None:
    assert list(outside_in_python(source, 3))
    assert list(outside_in_text('LISTS="../../../../lists"', 3))


def test_a_path_that_stays_is_not() -> None:
    assert not list(outside_in_python('A = Path(__file__).parents[3] / "../b"', 3))
    assert not list(outside_in_text("[the house](../why/the-house.md)", 2))
