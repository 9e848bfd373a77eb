"""Time and memory of linking two lists in two scripts, beside bare Splink on cleaned columns.

    uv run python benchmarks/linkage_speed.py --rows 1000000 [--scale] [--only ours|bare]

Ours starts from the rows as read (names in two scripts) and ends with explained persons and a
review queue. Bare Splink starts from our cleaned columns and the names of each row's blocks, both
ready made: pairs, library comparisons, training and clustering are its own. Each runs in its own
process, so that memory is its own.
"""

import argparse
import json
import logging
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import splink.comparison_library as cl

from bare_splink import run_splink
from generator.lists import TWO_LARGE_LISTS, make_lists
from generator.people import make_people
from qafila.linkage.blocking import blocks_of_rows
from qafila.linkage.engines import compared_part, open_duckdb
from qafila.linkage.features import comparison_columns
from qafila.linkage.linking import link_rows

_SHARE = TWO_LARGE_LISTS[0].share
TARGET = 1.5


def ours(folder: Path) -> dict[str, float]:
    """Seconds of link_rows on the rows of a folder."""
    rows = pl.read_parquet(folder / "rows.parquet")
    started = time.perf_counter()
    result = link_rows(rows, explain="review")
    spent = time.perf_counter() - started
    return {"seconds": spent, "persons": float(result.assignments["person"].n_unique())}


def bare(folder: Path) -> dict[str, float]:
    """Seconds of Splink with library comparisons on the cleaned columns of a folder."""
    frame = pl.read_parquet(folder / "columns.parquet")
    comparisons = [
        cl.ExactMatch("card_number"),
        *(
            cl.JaroWinklerAtThresholds(name, [0.92, 0.8]).configure(term_frequency_adjustments=True)
            for name in ("family_sound", "given_sound")
        ),
        cl.LevenshteinAtThresholds("birth_day", [1]),
        *(cl.ExactMatch(name) for name in ("phone", "place", "craft", "sex")),
    ]
    training = [("card_number",), ("birth_day", "given_sound")]
    started = time.perf_counter()
    with open_duckdb() as connection:
        found = run_splink(connection, frame, comparisons, [], training, "blocks")
    return {
        "seconds": time.perf_counter() - started,
        "persons": float(found["person"].n_unique()),
    }


def measured(folder: Path, which: str) -> dict[str, float]:
    """Run one of the two in a process of its own; adds its peak memory in GB."""
    command = [sys.executable, "-W", "ignore", __file__, "--inside", which, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{which} failed:\n{done.stderr[-3000:]}")
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def print_figures(rows_per_list: int, only: str | None) -> None:
    """Make two lists of the size and print both figures and their ratio."""
    people = make_people(round(rows_per_list / _SHARE))
    rows = make_lists(people, TWO_LARGE_LISTS).drop("person")
    with TemporaryDirectory() as name:
        folder = Path(name)
        rows.write_parquet(folder / "rows.parquet")
        if only != "ours":
            columns = comparison_columns(rows)
            blocks = blocks_of_rows(columns).group_by("uid").agg(blocks="block")
            cleaned = compared_part(columns).join(blocks, on="uid", how="left")
            cleaned.write_parquet(folder / "columns.parquet")
            del columns
        size = rows.height
        del people, rows
        print(f"\n{rows_per_list:,} × {rows_per_list:,} ({size:,} rows)", flush=True)
        found = {}
        for which in ("ours", "bare"):
            if only in (None, which):
                found[which] = measured(folder, which)
                _print_line(which, found[which], size)
    if len(found) == 2:
        ratio = found["ours"]["seconds"] / found["bare"]["seconds"]
        work = found["ours"]["cpu"] / found["bare"]["cpu"]
        print(f"  ours / bare Splink: {ratio:.2f}, in CPU {work:.2f} (target at most {TARGET})")


def _print_line(which: str, figures: dict[str, float], size: int) -> None:
    each = figures["seconds"] / size * 1e6
    print(
        f"  {which:5} {figures['seconds']:8.1f} s  {figures['cpu']:8.1f} s of CPU  "
        f"{each:6.0f} µs per row  "
        f"{figures['memory']:5.1f} GB  {figures['persons']:,.0f} persons",
        flush=True,
    )


def main() -> None:
    """Print the figures, or run one measurement inside its own process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of each of the two lists")
    parser.add_argument("--scale", action="store_true", help="also 4 and 16 times the rows")
    parser.add_argument("--only", choices=["ours", "bare"])
    parser.add_argument("--inside", nargs=2, metavar=("WHICH", "FOLDER"))
    chosen = parser.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    if chosen.inside:
        which, folder = chosen.inside
        figures = {"ours": ours, "bare": bare}[which](Path(folder))
        figures["cpu"] = time.process_time()
        figures["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(json.dumps(figures))
        return
    for times in (1, 4, 16) if chosen.scale else (1,):
        print_figures(chosen.rows * times, chosen.only)


if __name__ == "__main__":
    main()
