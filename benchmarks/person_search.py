"""The search box over N persons, beside a plain lookup of one person by primary key.

    uv run python benchmarks/person_search.py [--persons 2500000] [--queries 200] [--scale 1]

Persons are made by the generator's name tables and filled by COPY, three in four in a Latin list,
half in an Arabic one. Target: p95 at most 60 ms for every kind of query.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from own_database import AT, prepare, without_inverted_indexes

BATCH = 250_000
SEED = 20261122


def names() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Given and family names (Latin, Arabic), the frequent ones first."""
    import yaml

    from qafila.lists.reading import cells

    text = (Path(cells.__file__).parent / "given_names.yaml").read_text(encoding="utf-8")
    table = yaml.safe_load(text)
    given = list(zip(table["latin"], table["arabic"], strict=False))
    syllables = [("al", "عل"), ("ben", "بن"), ("aou", "او"), ("ri", "ري"), ("ssi", "سي"),
                 ("dou", "دو"), ("mra", "مرا"), ("khal", "خال"), ("zer", "زر"), ("oui", "وي"),
                 ("ta", "تا"), ("gh", "غ"), ("fa", "فا"), ("jdi", "جدي")]  # fmt: skip
    draw = random.Random(SEED)
    family = []
    for _ in range(4_000):
        parts = draw.choices(syllables, k=draw.choice((2, 3, 3, 4)))
        family.append(("".join(p[0] for p in parts).capitalize(), "".join(p[1] for p in parts)))
    return given, family


def fill(persons: int, actor: Any) -> None:
    """Empty the table and COPY `persons` people into it, names as skewed as in life."""
    from django.db import connection

    from qafila.foundation.trail import acting
    from qafila.linkage.names.name_keys import index_keys
    from qafila.people.add_from_lists import add_identifiers, add_persons, add_phones

    given, family = names()
    keys_of_given = [[*index_keys(latin), *index_keys(arabic)] for latin, arabic in given]
    keys_of_family = [[*index_keys(latin), *index_keys(arabic)] for latin, arabic in family]
    draw = np.random.default_rng(SEED)
    with acting(actor, at=AT), connection.cursor() as cursor:
        cursor.execute("TRUNCATE people_person CASCADE")
    with without_inverted_indexes():
        for start in range(0, persons, BATCH):
            count = min(BATCH, persons - start)
            g = (draw.pareto(0.9, count).astype(int)) % len(given)
            f = (draw.pareto(0.5, count).astype(int)) % len(family)
            numbers = np.arange(start, start + count)
            frame = _frame(given, family, keys_of_given, keys_of_family, g, f, numbers)
            with acting(actor, at=AT):
                ids = add_persons(frame, actor=actor, at=AT)
                owner = pl.Series("person_id", ids, dtype=pl.Int64)
                phones = pl.DataFrame(
                    {"person_id": owner, "number": [f"+2126{n:08}" for n in numbers]}
                )
                cards = pl.DataFrame(
                    {
                        "person_id": owner,
                        "kind": "fund",
                        "value": [f"{100_000_000 + n}" for n in numbers],
                    }
                )
                add_phones(phones, actor=actor, at=AT)
                add_identifiers(cards, actor=actor, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE people_person, people_phone, people_identifier")


def _frame(
    given: list[tuple[str, str]], family: list[tuple[str, str]], keys_of_given: list[list[str]],
    keys_of_family: list[list[str]], g: Any, f: Any, numbers: Any,
) -> pl.DataFrame:  # fmt: skip
    from qafila.people.add_from_lists import PERSON_SCHEMA

    latin = [f"{given[a][0]} {family[b][0]}" for a, b in zip(g, f, strict=True)]
    arabic = [f"{given[a][1]} {family[b][1]}" for a, b in zip(g, f, strict=True)]
    written = {
        "full_name_latn": [name if n % 4 else None for name, n in zip(latin, numbers, strict=True)],
        "full_name_ar": [
            None if n % 4 and n % 2 else name for name, n in zip(arabic, numbers, strict=True)
        ],
        "name_keys": [
            sorted({*keys_of_given[a], *keys_of_family[b]}) for a, b in zip(g, f, strict=True)
        ],
        "card_number": [f"AB{n:07}" for n in numbers],
        "birth_date": [dt.date(1950 + int(n) % 55, 1 + int(n) % 12, 1 + int(n) % 28)
                       for n in numbers],
    }  # fmt: skip
    empty = {name: [None] * len(numbers) for name in PERSON_SCHEMA.names() if name not in written}
    return pl.DataFrame(written | empty, schema_overrides=dict(PERSON_SCHEMA))


def timed(work: Callable[[int], object], times: int) -> list[float]:
    """Milliseconds of each of `times` calls, after a few to warm up."""
    for number in range(3):
        work(number)
    taken = []
    for number in range(times):
        start = time.perf_counter()
        work(number)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def report(name: str, taken: list[float], limit: float) -> None:
    """One line: median, 95th percentile, worst, and how many primary-key lookups that is."""
    p95 = statistics.quantiles(taken, n=20)[-1]
    median = statistics.median(taken)
    print(f"{name:<34}{median:9.2f}{p95:9.2f}{max(taken):9.2f}{median / limit:9.1f} ×")


def measure(persons: int, queries: int) -> None:
    """Time every kind of query at this size."""
    from django.db import connection

    from qafila.foundation.actors import WHOLE_COUNTRY
    from qafila.people.queries import search_people

    given, family = names()
    draw = random.Random(7)
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM people_person")
        (first,) = cursor.fetchone()
    chosen = [draw.randrange(persons) for _ in range(queries + 3)]
    rare = [family[draw.randrange(400, 4_000)] for _ in chosen]
    common = [given[n % 12] for n in range(len(chosen))]

    def lookup(n: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, full_name_ar, full_name_latn, card_number FROM people_person "
                "WHERE id = %s", [first + chosen[n]],
            )  # fmt: skip
            cursor.fetchone()

    asked: dict[str, Callable[[int], str]] = {
        "card number": lambda n: f"ab {chosen[n]:07}",
        "phone": lambda n: f"06{chosen[n]:08}",
        "fund number": lambda n: str(100_000_000 + chosen[n]),
        "given + family, Arabic": lambda n: f"{common[n][1]} {rare[n][1]}",
        "given + family, Latin": lambda n: f"{common[n][0]} {rare[n][0]}",
        "frequent given + frequent family": lambda n: f"{common[n][0]} {family[n % 6][0]}",
        "one frequent given name": lambda n: common[n][0],
        "beginning of a family name": lambda n: rare[n][0][:4],
        "nobody": lambda n: f"{common[n][0]} xwqzkv",
    }
    print(f"\n{persons:,} persons; milliseconds{'median':>25}{'p95':>9}{'worst':>9}{'lookups':>10}")
    lookups = timed(lookup, queries)
    limit = statistics.median(lookups)
    report("primary key (the limit)", lookups, limit)
    for name, text in asked.items():
        report(
            name, timed(lambda n, t=text: search_people(t(n), scope=WHOLE_COUNTRY), queries), limit
        )


def main() -> None:
    """Fill and measure at each scale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=2_500_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--scale", type=int, nargs="*", default=[1])
    arguments = parser.parse_args()
    actor = prepare()
    for scale in arguments.scale:
        start = time.perf_counter()
        fill(arguments.persons * scale, actor)
        print(f"filled in {time.perf_counter() - start:.0f} s")
        measure(arguments.persons * scale, arguments.queries)


if __name__ == "__main__":
    main()
