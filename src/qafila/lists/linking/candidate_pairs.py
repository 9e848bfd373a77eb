"""Pairs found by linkage, kept with their evidence."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from django.db import connection
from django.db.models import Q

from qafila.foundation.copying import copy_frame
from qafila.lists.models import CandidatePair, Row

_KEEP = """
INSERT INTO lists_candidatepair (left_id, right_id, probability, evidence, state, effect)
SELECT f.left_id, f.right_id, f.probability, f.evidence::jsonb,
  CASE WHEN a.person_id = b.person_id THEN 'automatic' ELSE 'waiting' END, '{}'
FROM found_pairs f JOIN lists_row a ON a.id = f.left_id JOIN lists_row b ON b.id = f.right_id
ORDER BY f.left_id, f.right_id
ON CONFLICT (left_id, right_id) DO UPDATE SET probability = excluded.probability,
  evidence = excluded.evidence, state = excluded.state
WHERE lists_candidatepair.state IN ('waiting', 'automatic')
  AND (lists_candidatepair.evidence, lists_candidatepair.state)
    IS DISTINCT FROM (excluded.evidence, excluded.state)
"""


def store_pairs(linked: pl.DataFrame, pairs: pl.DataFrame) -> int:
    """Keep the pairs that concern a new row; returns how many wait for a decision.

    A pair inside one person is automatic, one between two persons waits. A pair that people
    decided stays as it is.
    """
    found = _with_row_ids(linked, pairs)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE found_pairs (left_id bigint, right_id bigint, probability float8, "
            "evidence text) ON COMMIT DROP"
        )
        copy_frame("found_pairs", found)
        cursor.execute("ANALYZE found_pairs")
        cursor.execute(_KEEP)
        cursor.execute(
            "SELECT count(*) FROM found_pairs JOIN lists_candidatepair p USING (left_id, right_id) "
            "WHERE p.state = 'waiting'"
        )
        waiting = int(cursor.fetchone()[0])
        cursor.execute("DROP TABLE found_pairs")
    return waiting


def _with_row_ids(linked: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    known = linked.select("file", "sheet", "row", "row_id", pl.col("person").is_null().alias("new"))
    for side in ("left", "right"):
        renamed = known.rename({name: f"{side}_{name}" for name in known.columns})
        pairs = pairs.join(renamed, on=[f"{side}_{n}" for n in ("file", "sheet", "row")])
    pairs = pairs.filter(pl.col("left_new") | pl.col("right_new"))
    evidence = pl.struct("evidence").struct.json_encode()
    return pairs.select(
        pl.min_horizontal("left_row_id", "right_row_id").alias("left_id"),
        pl.max_horizontal("left_row_id", "right_row_id").alias("right_id"),
        "probability",
        evidence.str.strip_prefix('{"evidence":').str.strip_suffix("}").alias("evidence"),
    ).unique(["left_id", "right_id"], keep="first", maintain_order=True)


def ask_about_refused(refused: Iterable[tuple[int, int, str]]) -> int:
    """Put persons on the queue that linking holds for one and may not merge, with the reason.

    `refused`: two persons and the code of the reason. The likeliest pair of their rows is asked
    about; one is made where linkage saw none. What people decided stays. Returns how many are new.
    """
    asked = 0
    for one, other, code in refused:
        pair = _likeliest_pair(one, other)
        if pair is None or pair.state in (CandidatePair.State.SAME, CandidatePair.State.DIFFERENT):
            continue
        told = [piece for piece in pair.evidence if piece["code"] != code]
        pair.evidence = [{"code": code, "params": {}, "weight": None}, *told]
        asked += pair.state != CandidatePair.State.WAITING
        pair.state = CandidatePair.State.WAITING
        pair.save(update_fields=["evidence", "state"])
    return asked


def _likeliest_pair(one: int, other: int) -> CandidatePair | None:
    """The decided pair of two persons, else the likeliest; made when there is none."""
    between = Q(left__person_id=one, right__person_id=other) | Q(
        left__person_id=other, right__person_id=one
    )
    pairs = list(CandidatePair.objects.filter(between).order_by("-probability", "pk"))
    decided = (CandidatePair.State.SAME, CandidatePair.State.DIFFERENT)
    known = next((pair for pair in pairs if pair.state in decided), None)
    if known or pairs:
        return known or pairs[0]
    rows = [Row.objects.filter(person_id=p).order_by("pk").first() for p in (one, other)]
    if None in rows:
        return None
    left, right = sorted(row.pk for row in rows if row)
    return CandidatePair.objects.create(
        left_id=left, right_id=right, probability=0.5, state=CandidatePair.State.AUTOMATIC
    )
