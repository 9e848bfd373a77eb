"""Rows linked into persons, by sets: the whole register at first, then what the new rows concern.

One transaction: a linkage that is killed leaves nothing, and the next one does the same again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Sum

from qafila.foundation import journal
from qafila.foundation.actors import WHOLE_COUNTRY, Actor
from qafila.foundation.copying import copy_frame
from qafila.foundation.trail import acting
from qafila.linkage.engines import Engine
from qafila.linkage.linking import LinkageResult, link_rows
from qafila.lists.access import require_linking
from qafila.lists.importing.progress import Report
from qafila.lists.journal import ROWS_LINKED
from qafila.lists.linking import link_plan, linkage_input
from qafila.lists.linking.candidate_pairs import ask_about_refused, store_pairs
from qafila.lists.linking.golden_records import numbers_of, phones_of, portraits
from qafila.lists.models import LinkModel, ListImport, Row
from qafila.people.add_from_lists import add_identifiers, add_persons, add_phones
from qafila.people.errors import BothHave, FamilyForbidsMerge, OneOfTheFamily
from qafila.people.merging.merging import merge_persons
from qafila.people.queries import active_persons_number
from qafila.people.update_from_lists import complete_persons, revise_persons

LINK_LOCK = 0x4C494E4B  # one linkage at a time: "LINK"
_BACKGROUND_PERSONS = 5_000
_LARGEST_PRIOR = 0.2
_LEARN_AGAIN_FROM = 2  # times as many rows as the model was learned on
_STORED = (ListImport.State.READ, ListImport.State.LINKED)
_CANONICAL = [name for name in linkage_input.SCHEMA if name not in ("row_id", "person")]


@dataclass(frozen=True)
class LinkOutcome:
    """What a linkage did; `persons` is how many active persons there are now."""

    rows_linked: int
    persons_opened: int
    rows_joined: int
    persons_merged: int
    pairs_waiting: int
    persons: int


def link_new_rows(
    *, actor: Actor, at: dt.datetime, engine: Engine = "duckdb", on_progress: Report | None = None
) -> LinkOutcome:
    """Give every accepted row that speaks of nobody yet a person, old or new.

    Rows that have a person keep it. Two persons found to be one by a new row are merged, which can
    be undone. Pairs that people should decide are put on the queue. `on_progress(done, rows)`.
    The cost follows the new rows once persons exist. Safe to repeat: without new rows, nothing.
    """
    require_linking(actor)
    with acting(actor, at=at), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LINK_LOCK])
        report = on_progress or (lambda done, rows: None)
        new = linkage_input.note_new_rows()
        report(0, new)
        _follow_corrections(actor, at)
        rows = _rows_concerned(new)
        if rows.is_empty():
            _mark_linked()
            return LinkOutcome(0, 0, 0, 0, 0, active_persons_number(scope=WHOLE_COUNTRY))
        result = _linked(rows, engine, at)
        report(new // 2, new)
        outcome = _carry_out(rows, result, actor, at)
        _mark_linked()
        report(new, new)
    return outcome


def _linked(rows: pl.DataFrame, engine: Engine, at: dt.datetime) -> LinkageResult:
    """Link with the model learned last, unless it was learned on far fewer rows than there are."""
    model = LinkModel.objects.order_by("-pk").first()
    known = model is not None and rows.height < _LEARN_AGAIN_FROM * model.rows
    result = link_rows(
        rows.select(_CANONICAL),
        engine=engine,
        decisions=linkage_input.decisions_among_current(),
        chances=model.chances if model and known else None,
        prior=_prior_now(model) if model and known else None,
    )
    if not known:
        LinkModel.objects.create(
            learned_at=at, rows=rows.height, chances=result.chances, prior=result.prior
        )
    return result


def _prior_now(model: LinkModel) -> float:
    """The chance that two random rows are one person, which falls as rows come in."""
    current = ListImport.objects.filter(state__in=_STORED, corrected_by=None)
    stored = current.aggregate(rows=Sum("rows_accepted"))["rows"] or 0
    return min(_LARGEST_PRIOR, model.prior * model.rows / max(1, stored))


def _rows_concerned(new: int) -> pl.DataFrame:
    if not new:
        return pl.DataFrame(schema=linkage_input.SCHEMA)
    if linkage_input.most_rows_are_new(new):
        return linkage_input.all_current_rows()
    linkage_input.note_candidates()
    return linkage_input.new_and_candidate_rows(_BACKGROUND_PERSONS)


def _carry_out(
    rows: pl.DataFrame, result: LinkageResult, actor: Actor, at: dt.datetime
) -> LinkOutcome:
    linked = link_plan.with_clusters(rows, result.assignments)
    plan = link_plan.plan_persons(linked, link_plan.kept_apart())
    opened = _open_persons(linked, plan, actor, at)
    _attach(opened)
    merged, refused = _merge(plan, actor, at)
    joined = opened.filter(~pl.col("opened"))
    _complete(linked, joined, actor, at)
    waiting = store_pairs(linked, result.pairs) + ask_about_refused(refused)
    record = ListImport.objects.order_by("-pk").first()
    assert record is not None
    outcome = LinkOutcome(
        rows_linked=opened.height,
        persons_opened=opened.filter("opened")["to"].n_unique(),
        rows_joined=joined.height,
        persons_merged=merged,
        pairs_waiting=waiting,
        persons=active_persons_number(scope=WHOLE_COUNTRY),
    )
    journal.write(
        ROWS_LINKED,
        record,
        actor=actor,
        at=at,
        rows=outcome.rows_linked,
        opened=outcome.persons_opened,
        joined=outcome.rows_joined,
        merged=merged,
        waiting=waiting,
    )
    return outcome


def _open_persons(
    linked: pl.DataFrame, plan: link_plan.Plan, actor: Actor, at: dt.datetime
) -> pl.DataFrame:
    """New rows with the person they go `to`; persons are opened for clusters without one."""
    fresh = linked.join(plan.new_clusters, on="cluster", how="semi")
    drawn = portraits(fresh.with_columns(pl.col("cluster").alias("person")))
    numbers = add_persons(drawn, actor=actor, at=at)
    to_new = drawn.select(
        pl.col("person").alias("cluster"),
        pl.Series("to", numbers, dtype=pl.Int64),
        pl.lit(value=True).alias("opened"),
    )
    to_old = plan.joined_clusters.with_columns(pl.lit(value=False).alias("opened"))
    targets = pl.concat([to_new, to_old.select("cluster", "to", "opened")])
    attached = linked.filter(pl.col("person").is_null()).join(targets, on="cluster", how="inner")
    named = attached.with_columns(pl.col("to").alias("person"))
    add_identifiers(numbers_of(named).rename({"person": "person_id"}), actor=actor, at=at)
    add_phones(phones_of(named).rename({"person": "person_id"}), actor=actor, at=at)
    return attached


def _attach(attached: pl.DataFrame) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE attached (row_id bigint, person bigint, probability float8, "
            "decision text) ON COMMIT DROP"
        )
        copy_frame(
            "attached",
            attached.select("row_id", pl.col("to").alias("person"), "probability", "decision"),
        )
        cursor.execute("ANALYZE attached")
        cursor.execute(
            "UPDATE lists_row r SET person_id = a.person, link_probability = a.probability, "
            "link_decision = coalesce(a.decision, 'linked') FROM attached a WHERE r.id = a.row_id"
        )
        cursor.execute("DROP TABLE attached")


def _merge(
    plan: link_plan.Plan, actor: Actor, at: dt.datetime
) -> tuple[int, list[tuple[int, int, str]]]:
    """Merge what the plan joins; how many, and which stay two until people part or end something.

    A refusal takes back only its own merge: one family must not stop a whole list.
    """
    merged = 0
    refused: list[tuple[int, int, str]] = []
    for kept, absorbed in plan.merges:
        try:
            with transaction.atomic():
                merge_persons(kept, absorbed, evidence={"by": "linkage"}, actor=actor, at=at)
            merged += 1
        except (BothHave, FamilyForbidsMerge, OneOfTheFamily) as refusal:
            refused.append((kept, absorbed, refusal.code))
    return merged, refused


def _complete(linked: pl.DataFrame, joined: pl.DataFrame, actor: Actor, at: dt.datetime) -> None:
    if joined.is_empty():
        return
    named = linked.join(joined.select("row_id", "to"), on="row_id").with_columns(
        pl.col("to").alias("person")
    )
    complete_persons(portraits(named), actor=actor, at=at)


def _follow_corrections(actor: Actor, at: dt.datetime) -> None:
    """Persons of a corrected list follow what it says now, but for corrections by hand."""
    corrected = ListImport.objects.filter(state=ListImport.State.READ, corrects__isnull=False)
    for record in corrected.order_by("pk"):
        persons = list(
            record.rows.filter(person__isnull=False)
            .order_by("person_id")
            .values_list("person_id", flat=True)
            .distinct()
        )
        before = linkage_input.rows_before_correction(record.pk, persons)
        after = linkage_input.rows_of_persons(persons)
        revise_persons(portraits(before), portraits(after), actor=actor, at=at)
        numbers = numbers_of(after).rename({"person": "person_id"})
        add_identifiers(numbers, actor=actor, at=at)
        phones = phones_of(after).rename({"person": "person_id"})
        add_phones(phones, actor=actor, at=at)


def _mark_linked() -> None:
    """Imports all of whose rows speak of someone; one read meanwhile waits for the next linkage."""
    left = Row.objects.filter(
        list_import=OuterRef("pk"), outcome=Row.Outcome.ACCEPTED, person=None, link_decision=""
    )
    read = ListImport.objects.filter(state=ListImport.State.READ)
    read.exclude(Exists(left)).update(state=ListImport.State.LINKED)
