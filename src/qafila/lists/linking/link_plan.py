"""From clusters of rows to persons: who is new, who is joined, who is merged."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from django.db import connection

from qafila.people.facts import SEPARATED

Pair = tuple[int, int]


@dataclass(frozen=True)
class Plan:
    """`new_clusters`: cluster. `joined_clusters`: cluster, to (a person). `merges`: two persons."""

    new_clusters: pl.DataFrame
    joined_clusters: pl.DataFrame
    merges: tuple[Pair, ...]


def with_clusters(rows: pl.DataFrame, assignments: pl.DataFrame) -> pl.DataFrame:
    """The rows with `cluster` (0, 1, … in the order of their first rows), probability, decision."""
    key = ["file", "sheet", "row"]
    found = assignments.select(*key, pl.col("person").alias("label"), "probability", "decision")
    joined = rows.join(found, on=key, how="left", maintain_order="left")
    labels = joined.select("label").unique(maintain_order=True).with_row_index("cluster")
    clusters = labels.cast({"cluster": pl.Int64})
    return joined.join(clusters, on="label", how="left", maintain_order="left").drop("label")


def plan_persons(linked: pl.DataFrame, apart: frozenset[Pair]) -> Plan:
    """What to do with each cluster that holds a new row.

    A person whose rows lie in several clusters belongs to the one with most of them. A cluster
    with several persons makes them one, the oldest kept, unless people decided some of them
    `apart`: those stay, and the cluster's new rows go to the oldest.
    """
    new = linked.filter(pl.col("person").is_null()).select("cluster").unique().sort("cluster")
    known = linked.filter(pl.col("person").is_not_null())
    counted = known.group_by("person", "cluster").len("times")
    ranked = counted.sort("person", "times", "cluster", descending=[False, True, False])
    homes = ranked.unique("person", keep="first", maintain_order=True)
    strangers = ranked.join(homes, on="cluster", how="anti")  # only persons at home elsewhere
    present = pl.concat([homes, strangers]).join(new, on="cluster", how="semi")
    grouped = present.group_by("cluster").agg(pl.col("person").sort()).sort("cluster")
    joined = grouped.select("cluster", pl.col("person").list.first().alias("to"))
    merges = [
        (persons[0], other)
        for persons in grouped.join(homes, on="cluster", how="semi")["person"].to_list()
        for other in _joinable(persons, apart)
    ]
    return Plan(new.join(joined, on="cluster", how="anti"), joined, tuple(merges))


def _joinable(persons: list[int], apart: frozenset[Pair]) -> list[int]:
    """The persons that may be merged into the first, none of them apart from another."""
    one = [persons[0]]
    for person in persons[1:]:
        if not any((min(person, p), max(person, p)) in apart for p in one):
            one.append(person)
    return one[1:]


def kept_apart() -> frozenset[Pair]:
    """Pairs of persons that people decided to be two, lower number first."""
    query = f"""
    SELECT DISTINCT least(a.person_id, b.person_id), greatest(a.person_id, b.person_id)
    FROM lists_candidatepair p JOIN lists_row a ON a.id = p.left_id
    JOIN lists_row b ON b.id = p.right_id
    WHERE p.state = 'different' AND a.person_id <> b.person_id
    UNION
    SELECT one, other FROM {SEPARATED} two
    """
    with connection.cursor() as cursor:
        cursor.execute(query)
        return frozenset((int(one), int(other)) for one, other in cursor.fetchall())
