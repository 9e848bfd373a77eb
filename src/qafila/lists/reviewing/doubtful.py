"""Persons that linkage made in an earlier version and would not make today, put up for review."""

from __future__ import annotations

import datetime as dt

import polars as pl
from django.db import connection

from qafila.foundation import journal
from qafila.foundation.actors import Actor, Role
from qafila.foundation.copying import copy_frame
from qafila.foundation.trail import acting
from qafila.linkage.doubtful import doubtful_pairs
from qafila.lists.importing.progress import Report
from qafila.lists.journal import DOUBTS_FOUND
from qafila.lists.linking import linkage_input
from qafila.lists.models import LinkModel, ListImport

SLICE_PERSONS = 5_000
# Only rows that say two things can be two people's; what all rows of a person say alike is passed
# over without being read.
_SUSPECTS = """
SELECT r.person_id FROM lists_row r
WHERE r.person_id > %s AND r.outcome = 'accepted'
GROUP BY r.person_id
HAVING count(*) > 1 AND (count(DISTINCT nullif(r.card_number, '')) > 1
  OR count(DISTINCT r.name_key) > 1
  OR count(DISTINCT (r.given_name, r.full_name)) > 1)
ORDER BY r.person_id LIMIT %s
"""
# What people decided stays decided, also where their decision was about rows like these.
_KEEP = """
INSERT INTO lists_candidatepair (left_id, right_id, probability, evidence, state, effect)
SELECT f.left_id, f.right_id, 0.5, f.evidence::jsonb, 'doubtful', '{}' FROM found_doubts f
ORDER BY f.left_id, f.right_id
ON CONFLICT (left_id, right_id) DO UPDATE SET evidence = excluded.evidence,
  probability = excluded.probability, state = 'doubtful'
WHERE lists_candidatepair.state IN ('waiting', 'automatic')
"""


def find_doubtful_merges(
    *, actor: Actor, at: dt.datetime, on_progress: Report | None = None
) -> int:
    """Put every pair of rows in one file that would not be joined today up for review.

    Returns how many pairs were found that were not up already. Nothing is taken apart: each pair is
    decided by `deciding.decide_pair`, which undoes the merge exactly. Goes through the country in
    slices of persons, each its own transaction, so that it can be interrupted and begun again.
    `on_progress(done, persons)` counts persons looked at. For the system and administrators.
    """
    actor.require_everywhere(Role.SYSTEM, Role.ADMINISTRATOR)
    model = LinkModel.objects.order_by("-pk").first()
    report = on_progress or (lambda done, persons: None)
    last, looked_at, found = 0, 0, 0
    while suspects := _suspects_after(last):
        rows = linkage_input.rows_of_persons(suspects)
        pairs = doubtful_pairs(rows, model.chances if model else None)
        found += _put_up(pairs, actor, at)
        last, looked_at = suspects[-1], looked_at + len(suspects)
        report(looked_at, looked_at)
    return found


def _suspects_after(person: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_SUSPECTS, [person, SLICE_PERSONS])
        return [int(row[0]) for row in cursor.fetchall()]


def _put_up(pairs: pl.DataFrame, actor: Actor, at: dt.datetime) -> int:
    if pairs.is_empty():
        return 0
    evidence = pl.struct("evidence").struct.json_encode()
    found = pairs.select(
        left_id=pl.min_horizontal("left_id", "right_id"),
        right_id=pl.max_horizontal("left_id", "right_id"),
        evidence=evidence.str.strip_prefix('{"evidence":').str.strip_suffix("}"),
    )
    with acting(actor, at=at), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE found_doubts (left_id bigint, right_id bigint, evidence text) "
            "ON COMMIT DROP"
        )
        copy_frame("found_doubts", found)
        cursor.execute(_KEEP)
        put_up = int(cursor.rowcount)
        cursor.execute("DROP TABLE found_doubts")
        record = ListImport.objects.order_by("-pk").first()
        if put_up and record is not None:
            journal.write(DOUBTS_FOUND, record, actor=actor, at=at, pairs=put_up)
    return put_up
