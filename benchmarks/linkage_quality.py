"""Quality of the linkage beside exact card numbers and bare Splink, in one run.

    uv run python benchmarks/linkage_quality.py [LISTS_FOLDER] [--people 4000] [--siblings 0.3]
        [--scale]

Prints, for lists with their truth.csv (`demo/lists` unless another folder is named) and for
generated people whose names were kept out of all tuning (as they are, and with a share of siblings
whose cards follow one another): pairwise precision and recall of automatic links, recall once the
review queue is answered, the size of the queue, and how many persons hold two complete card numbers
of one list.
"""

import argparse
import logging
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from bare_splink import bare_clusters
from generator.lists import make_lists
from generator.people import make_people
from qafila.linkage.features import ROW_ID
from qafila.linkage.linking import SIDES, LinkageResult, link_rows

SAMPLE_LISTS = Path(__file__).resolve().parents[1] / "demo" / "lists"
_SIBLINGS = (0.1, 0.3)
_SKIPPED = {"README.md", "truth.csv"}


def read_lists(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of the lists in a folder, and the truth: file, sheet, row, person."""
    from qafila.lists.reading.reading import read_files

    reading = read_files(sorted(path for path in folder.iterdir() if path.name not in _SKIPPED))
    truth = pl.read_csv(folder / "truth.csv", schema_overrides={"person_id": pl.String})
    truth = truth.with_columns(pl.col("sheet").fill_null("")).rename({"person_id": "truth"})
    return reading.rows, truth.cast({"row": pl.Int64})


def pairs_within(frame: pl.DataFrame, *columns: str) -> int:
    """How many pairs of rows agree in the columns."""
    sizes = frame.drop_nulls(columns).group_by(columns).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


def precision_and_recall(frame: pl.DataFrame, column: str) -> tuple[float, float]:
    """Pairwise precision and recall of the clusters in a column against `truth`."""
    right = pairs_within(frame, column, "truth")
    found, true = pairs_within(frame, column), pairs_within(frame, "truth")
    return right / max(1, found), right / max(1, true)


def answered(result: LinkageResult, truth: pl.DataFrame) -> pl.DataFrame:
    """The review queue answered by the truth, as decisions."""
    queue = result.pairs.filter(pl.col("band") == "review").select(SIDES)
    for side in ("left", "right"):
        known = truth.rename({name: f"{side}_{name}" for name in truth.columns})
        queue = queue.join(known, on=[f"{side}_{name}" for name in ROW_ID], how="left")
    return queue.select(*SIDES, same=pl.col("left_truth") == pl.col("right_truth"))


def by_card(rows: pl.DataFrame) -> pl.DataFrame:
    """Clusters of equal card numbers; rows without one stand alone."""
    return rows.select(*ROW_ID, person="card_number")


def by_splink(rows: pl.DataFrame) -> pl.DataFrame:
    """Clusters of Splink as it comes, on the names as written."""
    return bare_clusters(rows)


def print_figures(title: str, rows: pl.DataFrame, truth: pl.DataFrame) -> None:
    """Print one block: ours beside the peers."""
    print(f"\n{title}: {rows.height} rows, {pairs_within(truth, 'truth')} true pairs")
    peers: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
        "exact card number": by_card,
        "bare Splink": by_splink,
    }
    for name, clusters in peers.items():
        started = time.perf_counter()
        found = truth.join(clusters(rows), on=ROW_ID, how="left")
        _print_line(name, *precision_and_recall(found, "person"), time.perf_counter() - started)
    started = time.perf_counter()
    result = link_rows(rows)
    spent = time.perf_counter() - started
    found = truth.join(result.assignments, on=ROW_ID, how="left")
    _print_line("Qafila, automatic", *precision_and_recall(found, "person"), spent)
    decisions = answered(result, truth)
    after = truth.join(link_rows(rows, decisions=decisions).assignments, on=ROW_ID, how="left")
    _print_line("Qafila, queue answered", *precision_and_recall(after, "person"), None)
    share = decisions.height / rows.height
    print(f"  review queue: {decisions.height} pairs, {share:.2%} of rows")
    print(f"  persons with two card numbers of one list: {_contradictory(rows, result)}")


def _contradictory(rows: pl.DataFrame, result: LinkageResult) -> int:
    """Persons made by machine whose rows of one list hold two complete numbers: must be none."""
    cards = result.assignments.join(rows.select(*ROW_ID, "card_number"), on=ROW_ID)
    held = cards.drop_nulls("card_number").group_by("person", "file")
    numbers = held.agg(pl.col("card_number").n_unique().alias("numbers"))
    return numbers.filter(pl.col("numbers") > 1)["person"].n_unique()


def _print_line(name: str, precision: float, recall: float, seconds: float | None) -> None:
    spent = "" if seconds is None else f"  {seconds:6.1f} s"
    print(f"  {name:24} precision {precision:.4f}  recall {recall:.4f}{spent}")


def main() -> None:
    """Print the figures for the sample lists and for held-out people."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SAMPLE_LISTS)
    parser.add_argument("--people", type=int, default=4_000)
    parser.add_argument("--split", default="held-out", choices=["tuning", "held-out", "all"])
    parser.add_argument("--siblings", type=float, help="share whose card follows a sibling's")
    parser.add_argument("--scale", action="store_true", help="also 4 and 16 times the people")
    chosen = parser.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    if chosen.folder.is_dir():
        print_figures(f"lists in {chosen.folder}", *read_lists(chosen.folder))
    shares = (chosen.siblings,) if chosen.siblings is not None else _SIBLINGS
    for times in (1, 4, 16) if chosen.scale else (1,):
        for share in shares:
            people = make_people(chosen.people * times, split=chosen.split, siblings=share)
            rows = make_lists(people)
            truth = rows.select(*ROW_ID, truth="person")
            title = f"generated people, {chosen.split} names, {share:.0%} siblings of next cards"
            print_figures(title, rows.drop("person"), truth)


if __name__ == "__main__":
    main()
