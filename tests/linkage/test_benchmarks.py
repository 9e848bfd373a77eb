"""The generator is repeatable, its held-out names are read well, and the benchmarks run."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

_BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(autouse=True)
def _benchmarks_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(_BENCHMARKS))


def test_people_and_lists_are_repeatable() -> None:
    from generator.lists import make_lists
    from generator.people import make_people

    one, other = (make_lists(make_people(300, seed=5)) for _ in range(2))
    assert one.equals(other)
    assert one["file"].n_unique() == 6
    assert one["person"].n_unique() > 250


def test_splits_share_no_name() -> None:
    from generator.name_tables import tables

    tuning, held_out = ({n for table in tables(s) for n in table} for s in ("tuning", "held-out"))
    assert not tuning & held_out
    assert min(len(tuning), len(held_out)) > 150


def test_tail_of_family_names_is_long_and_split() -> None:
    from generator.family_tail import family_tail

    tuning, held_out = (
        {name.arabic[0] for name in family_tail(split)} for split in ("tuning", "held-out")
    )
    assert min(len(tuning), len(held_out)) > 15_000
    assert not tuning & held_out


def test_different_family_names_grow_with_the_people() -> None:
    from generator.people import make_people

    few, many = (make_people(count).frame["family"].n_unique() for count in (2_000, 32_000))
    assert many > 4 * few


@pytest.mark.parametrize("split", ["tuning", "held-out"])
def test_spellings_of_table_names_are_one_name(split: str) -> None:
    from generator.name_tables import tables
    from qafila.linkage.names.name_comparison import compare_names
    from qafila.linkage.names.name_keys import name_keys

    names = [name for table in tables(split) for name in table]
    keys = [{name_keys(spelling) for spelling in name.arabic + name.latin} for name in names]
    assert sum(len(found) == 1 for found in keys) / len(keys) > 0.92
    pairs = [pair for name in names for pair in itertools.combinations(name.arabic + name.latin, 2)]
    assert sum(compare_names(*pair).same for pair in pairs) / len(pairs) > 0.96


def test_different_table_names_are_not_the_same() -> None:
    from generator.name_tables import tables
    from qafila.linkage.names.name_comparison import compare_names

    for table in tables("held-out"):
        pairs = list(itertools.combinations([name.latin[0] for name in table], 2))
        assert sum(compare_names(*pair).same for pair in pairs) / len(pairs) < 0.005


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "arguments", "said"),
    [
        ("linkage_quality.py", ["/nowhere", "--people", "400"], "queue answered"),
        ("linkage_speed.py", ["--rows", "600"], "ours / bare Splink"),
    ],
)
def test_benchmark_prints_its_figures(script: str, arguments: list[str], said: str) -> None:
    command = [sys.executable, "-W", "ignore", str(_BENCHMARKS / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=500)
    assert done.returncode == 0, done.stderr[-2000:]
    assert said in done.stdout


def test_generated_lists_are_linked_well() -> None:
    from generator.lists import make_lists
    from generator.people import make_people
    from qafila.linkage.features import ROW_ID
    from qafila.linkage.linking import link_rows

    rows = make_lists(make_people(600, split="held-out"))
    found = link_rows(rows.drop("person")).assignments.rename({"person": "cluster"})
    joined = found.join(rows.select(*ROW_ID, "person"), on=ROW_ID)
    right = _pairs(joined, "cluster", "person")
    assert right / _pairs(joined, "cluster") >= 0.99
    assert right / _pairs(joined, "person") >= 0.93


def test_order_of_generated_rows_changes_nothing() -> None:
    from generator.lists import make_lists
    from generator.people import make_people
    from qafila.linkage.linking import link_rows
    from qafila.linkage.model import published_chances

    rows = make_lists(make_people(400, siblings=0.3)).drop("person")
    straight, mixed = link_rows(rows), link_rows(rows.sample(fraction=1.0, shuffle=True, seed=8))
    assert straight.chances != published_chances()
    assert (straight.chances, straight.prior) == (mixed.chances, mixed.prior)
    assert straight.assignments.equals(mixed.assignments)
    assert straight.pairs.equals(mixed.pairs)


def _pairs(frame: pl.DataFrame, *columns: str) -> int:
    sizes = frame.group_by(columns).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())
