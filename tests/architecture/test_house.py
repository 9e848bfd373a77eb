"""The rules of the house, held against the code: each failure names the remedy."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models import ForeignKey, OneToOneField

from qafila.foundation.trail import guarded_tables

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = PROJECT / "src" / "qafila"
# From the highest room to the lowest, as in pyproject's import contract.
LAYERS = [
    {"config"},
    {"cli"},
    {"demonstration"},
    {"web", "api", "jobs"},
    {"field_sync", "indicators", "exchange", "audit"},
    {"programme", "outreach", "counters"},
    {"accompaniment"},
    {"care"},
    {"rights"},
    {"contributions"},
    {"enrolment"},
    {"register"},
    {"lists"},
    {"people"},
    {"institutions"},
    {"places"},
    {"documents", "messages"},
    {"foundation"},
    {"linkage", "tables"},
]
SHELLS = ("web", "api", "cli", "jobs")
# Fills a database of its own, which is nobody's: it looks at whatever it has just made.
MADE_UP = ("demonstration",)
REFERENCE_ROOMS = ("places", "institutions")
LONGEST_FILE = 400
MOST_MODULES = 16


def _level(room: str) -> int:
    return next(i for i, rooms in enumerate(LAYERS) if room in rooms)


def _python_files(*rooms: str) -> list[Path]:
    folders = [SOURCES / room for room in rooms] if rooms else [SOURCES]
    found = [path for folder in folders for path in folder.rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def _rooms() -> list[str]:
    return sorted(p.name for p in SOURCES.iterdir() if (p / "__init__.py").exists())


def _our_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model.__module__.startswith("qafila.") and "Event" not in model.__name__:
            yield model


def _place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(PROJECT)}:{getattr(node, 'lineno', 0)}"


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


BROKEN = {
    "places/models.py": (
        "from qafila.people import models as _broken",
        "qafila.places is not allowed to import qafila.people",
    ),
    "contributions/ledger/months.py": (
        "from qafila.contributions.account import dues as _broken",
        "qafila.contributions.ledger is not allowed to import qafila.contributions.account",
    ),
    "linkage/typing_errors.py": (
        "from qafila.linkage import clustering as _broken",
        "No circles anywhere BROKEN",
    ),
    "tables/limits.py": (
        "from django.db import models as _broken",
        "qafila.tables is not allowed to import django",
    ),
}


def test_import_contracts_fail_when_a_room_breaks_them(tmp_path: Path) -> None:
    """A copy of the house with a forbidden import in each of these files is refused for each."""
    import shutil

    copy = tmp_path / "house"
    shutil.copytree(SOURCES, copy / "src" / "qafila", ignore=shutil.ignore_patterns("static"))
    shutil.copytree(PROJECT / "law" / "qafila_law", copy / "src" / "qafila_law")
    shutil.copy(PROJECT / "pyproject.toml", copy)
    for name, (line, _) in BROKEN.items():
        offender = copy / "src" / "qafila" / name
        offender.write_text(f"{offender.read_text()}\n{line}\n")
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=copy,
        env={"PYTHONPATH": str(copy / "src"), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    missed = [told for _, told in BROKEN.values() if told not in done.stdout]
    assert not missed, done.stdout


def test_folders_hold_no_more_than_can_be_pictured() -> None:
    held: dict[str, int] = {}
    for path in [*_python_files(), *sorted((PROJECT / "law").rglob("*.py"))]:
        if path.name != "__init__.py" and "tests" not in path.parts:
            folder = str(path.parent.relative_to(PROJECT))
            held[folder] = held.get(folder, 0) + 1
    crowded = {folder: count for folder, count in held.items() if count > MOST_MODULES}
    assert not crowded, f"{crowded}: a room that wants sub-rooms by subject."


def test_every_room_has_its_layer() -> None:
    unknown = set(_rooms()) - set().union(*LAYERS)
    assert not unknown, f"Give {unknown} a layer here and in pyproject's import contract."


@pytest.mark.django_db
def test_foreign_keys_point_downwards() -> None:
    for model in _our_models():
        room = model._meta.app_label if model._meta.app_label != "wiring" else "config"
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | OneToOneField):
                target = field.remote_field.model
                if target.__module__.startswith("qafila."):
                    assert _level(target._meta.app_label) >= _level(room), (
                        f"{model.__name__}.{field.name} points up to {target.__name__}. "
                        "Let the lower room expose a port that config wires."
                    )


def test_accountability_keys_are_protected() -> None:
    for model in _our_models():
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | OneToOneField):
                on_delete = field.remote_field.on_delete
                assert on_delete in (models.PROTECT, models.RESTRICT), (
                    f"{model.__name__}.{field.name} must be PROTECT or RESTRICT: "
                    "nothing of a person's history disappears by itself."
                )


@pytest.mark.django_db
def test_every_table_refuses_anonymous_writes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger "
            "WHERE tgname = 'actor_required'"
        )
        guarded = {row[0].strip('"') for row in cursor.fetchall()}
    missing = set(guarded_tables()) - guarded
    assert not missing, f"{missing} can be written by nobody in particular; see foundation.trail."


def test_only_the_clock_asks_the_time() -> None:
    pattern = re.compile(
        r"\b(timezone\.now|datetime\.now|datetime\.utcnow|date\.today|time\.time\()"
    )
    for path in _python_files():
        if path.name == "clock.py":
            continue
        found = pattern.search(path.read_text())
        assert not found, f"{path.relative_to(PROJECT)}: ask qafila.foundation.clock for the time."


def test_moments_have_their_day_in_morocco() -> None:
    pattern = re.compile(r"(?<![\w.])\w[\w.]*(\([^()]*\))?\.date\(\)")
    # Cells of workbooks and dates of lists are no moments: they have no time zone.
    cells = ("clock.py", "raw_sheet.py", "dates.py")
    for path in _python_files():
        if path.name in cells:
            continue
        found = pattern.search(path.read_text())
        assert not found, (
            f"{path.relative_to(PROJECT)}: the day of a moment is foundation.clock.day_of(at)."
        )


def test_one_door_per_object() -> None:
    """`Person.objects` and its like are used inside their own room only."""
    owners = {model.__name__: model._meta.app_label for model in _our_models()}
    pattern = re.compile(r"\b(" + "|".join(owners) + r")\.objects\b")
    offenders = []
    for path in _python_files():
        room = path.relative_to(SOURCES).parts[0]
        if room in MADE_UP:
            continue
        for name in pattern.findall(path.read_text()):
            if room != owners[name] and owners[name] not in (*REFERENCE_ROOMS, "foundation"):
                offenders.append(f"{path.relative_to(PROJECT)}: {name}.objects")
    assert not offenders, (
        f"{offenders}: ask the owning room's queries or access, which know the scope."
    )


def test_no_floats_for_money() -> None:
    for model in _our_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.FloatField):
                assert not re.search(r"amount|centimes|dh|total", field.name), (
                    f"{model.__name__}.{field.name}: money is integer centimes."
                )


def test_files_stay_short() -> None:
    files = [*_python_files(), *sorted((PROJECT / "law").rglob("*.py"))]
    lengths = {str(p.relative_to(PROJECT)): len(p.read_text().splitlines()) for p in files}
    long = {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE}
    assert not long, f"{long}: rooms that want splitting."


def test_functions_stay_short() -> None:
    lengths = []
    for path in [*_python_files(), *sorted((PROJECT / "law").rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                lengths.append(((node.end_lineno or 0) - node.lineno + 1, _place(path, node)))
    lengths.sort(reverse=True)
    longest = lengths[len(lengths) // 100]
    assert longest[0] <= 60, f"One function in a hundred is longer than 60 lines, as {longest[1]}."


def test_no_unfinished_marks() -> None:
    pattern = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")
    for path in [*_python_files(), *sorted((PROJECT / "tests").rglob("*.py"))]:
        if path.name != "test_house.py" and (found := pattern.search(path.read_text())):
            pytest.fail(f"{path.relative_to(PROJECT)} is unfinished: {found[0]}.")


def test_no_vague_names() -> None:
    vague = {"core", "common", "utils", "helpers", "manager", "misc"}
    found = [p for p in _python_files() if vague & {part.removesuffix(".py") for part in p.parts}]
    assert not found, f"{found}: name a file for what a counter clerk would call it."
