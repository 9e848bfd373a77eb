"""A csv list from file to validated, stored rows, beside a bare COPY of the same rows.

    uv run python benchmarks/list_storing.py [--rows 62500] [--scale 1 4 16]

The limit copies the very rows the import stored into a table with the same columns and indexes.
Target: the whole import at 40 % of its rate or more, flat per row from scale to scale.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from list_reading import write_csv
from person_search import AT, prepare


def empty(cursor: Any) -> None:
    """No imports, no persons."""
    cursor.execute("TRUNCATE lists_listimport, people_person CASCADE")


def imported(path: Path, actor: Any) -> tuple[int, float]:
    """Rows read and seconds of the whole import of `path`."""
    from qafila.lists.actions import import_file

    start = time.perf_counter()
    outcome = import_file(path, actor=actor, at=AT)
    assert outcome.state == "read"
    return outcome.rows_read, time.perf_counter() - start


def copied(cursor: Any, folder: Path) -> float:
    """Seconds of a bare COPY of the stored rows into an empty table of the same make."""
    kept = folder / "rows.csv"
    with kept.open("wb") as file, cursor.copy("COPY lists_row TO STDOUT (FORMAT csv)") as out:
        for block in out:
            file.write(block)
    cursor.execute("DROP TABLE IF EXISTS bare")
    cursor.execute("CREATE TABLE bare (LIKE lists_row INCLUDING ALL)")
    start = time.perf_counter()
    statement = "COPY bare FROM STDIN (FORMAT csv)"
    with kept.open("rb") as file, cursor.copy(statement) as into:
        while block := file.read(1 << 20):
            into.write(block)
    taken = time.perf_counter() - start
    cursor.execute("DROP TABLE bare")
    return taken


def main() -> None:
    """Import and copy at each scale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=62_500)
    parser.add_argument("--scale", type=int, nargs="*", default=[1])
    arguments = parser.parse_args()
    actor = prepare()
    from django.db import connection

    print(f"{'rows':>10}{'import':>10}{'rows/s':>10}{'COPY':>10}{'rows/s':>10}{'share':>8}")
    for scale in arguments.scale:
        with tempfile.TemporaryDirectory() as name, connection.cursor() as cursor:
            path = Path(name) / "registre.csv"
            write_csv(path, arguments.rows * scale)
            empty(cursor)
            rows, ours = imported(path, actor)
            limit = copied(cursor, Path(name))
            print(
                f"{rows:>10,}{ours:>9.2f}s{rows / ours:>10,.0f}{limit:>9.2f}s"
                f"{rows / limit:>10,.0f}{limit / ours:>8.0%}"
            )


if __name__ == "__main__":
    main()
