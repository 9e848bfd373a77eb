"""A file imported: every data row kept with its cells, or nothing of it.

The rows are stored and the import finished in one transaction, so that a process killed at any
moment leaves an import without rows, which the next attempt takes up. Attempts on one file wait
for each other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from django.db import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)

from qafila.foundation import journal
from qafila.foundation.actors import Actor
from qafila.foundation.copying import array_text, copy_frame, text_columns
from qafila.foundation.errors import DomainError
from qafila.foundation.trail import acting
from qafila.lists.access import imports_visible, require_may_import
from qafila.lists.errors import OtherKindOfList
from qafila.lists.importing.correcting import check_correction, replace_rows
from qafila.lists.importing.progress import ProgressWriter, Report
from qafila.lists.importing.stored_rows import slices_to_store
from qafila.lists.journal import LIST_FAILED, LIST_READ
from qafila.lists.models import HandedInAgain, ListImport, Row
from qafila.lists.reading.columns.mapping import MappingError, check_mapping
from qafila.lists.reading.reading import read_file, unexpected_error
from qafila.lists.reading.results import FileReading, Reading
from qafila.lists.reading.written_mapping import write_mapping
from qafila.tables.notices import Notice

IMPORT_LOCK = 0x4C495354  # one advisory lock per import: "LIST"
CHUNK_ROWS = 50_000
_DONE = (ListImport.State.READ, ListImport.State.LINKED)
_SKIPPED_SHOWN = 200


@dataclass(frozen=True)
class ImportOutcome:
    """How an import came out. `repeats_import`: the same file had been imported before."""

    import_id: int
    state: str
    source: str
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_repeated: int
    rows_skipped: int
    rows_remarked: int
    repeats_import: bool
    problems: tuple[Notice, ...]

    @property
    def unforeseen(self) -> bool:
        """Whether an error in Qafila, not the file, ended the import."""
        return any(problem.code == "unexpected_error" for problem in self.problems)

    @property
    def sentences(self) -> list[str]:
        """What a person should know about the file, in the language in force."""
        from qafila.lists.reading.sentences import problem_sentence

        return [problem_sentence(problem) for problem in self.problems]


def import_file(
    path: Path | str,
    *,
    actor: Actor,
    at: dt.datetime,
    institution: int | None = None,
    mapping: Mapping[str, Any] | None = None,
    corrects: int | None = None,
    province_code: str = "",
    on_progress: Report | None = None,
) -> ImportOutcome:
    """Import the list in `path`; the same bytes again give the earlier import, nothing twice.

    `corrects` is the import this file replaces: its rows hand their persons on to the same rows of
    this file. Rows without a place are in `province_code`.
    `mapping` as `lists.reading.parse_mapping` gives it. `on_progress(done, expected)`.
    A file that cannot be read, or an error nobody foresaw, gives an outcome in state "failed" with
    its problems. Raises
    NotACorrection, OtherKindOfList and, for a wrong mapping, MappingError.
    """
    require_may_import(actor)
    check_mapping(mapping)
    path = Path(path)
    digest, size = _digest(path)
    found = claim_import(
        sha256=digest,
        size=size,
        file_name=path.name,
        institution=institution,
        corrects=corrects,
        province_code=province_code,
        actor=actor,
        at=at,
    )
    return read_into(found, path, actor=actor, at=at, mapping=mapping, on_progress=on_progress)


def _digest(path: Path) -> tuple[str, int]:
    """The SHA-256 and the size of a file; those of nothing for one that is not there."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size
    except OSError:
        return hashlib.sha256(str(path).encode()).hexdigest(), 0


def claim_import(
    *,
    sha256: str,
    size: int,
    file_name: str,
    institution: int | None,
    corrects: int | None,
    actor: Actor,
    at: dt.datetime,
    upload: str = "",
    province_code: str = "",
) -> ListImport:
    """The one import of these bytes: found, or made in state waiting.

    One that the actor may not see is found too, and that it was handed in again is written down.
    """
    known = ListImport.objects.filter(sha256=sha256).exclude(state=ListImport.State.FAILED)
    with acting(actor, at=at):
        earlier = known.first()
        if earlier is not None:
            _note_handed_in(earlier, file_name, actor, at)
            return earlier
        if corrects is not None:
            check_correction(corrects, institution=institution, file_name=file_name, actor=actor)
        try:
            with transaction.atomic():
                return ListImport.objects.create(
                    sha256=sha256,
                    size_bytes=size,
                    file_name=file_name[:255],
                    institution_id=institution,
                    corrects_id=corrects,
                    upload=upload,
                    province_code=province_code,
                    imported_by_id=actor.id,
                    imported_at=at,
                )
        except IntegrityError:
            return known.get()


def _note_handed_in(earlier: ListImport, file_name: str, actor: Actor, at: dt.datetime) -> None:
    if imports_visible(require_may_import(actor), actor=actor).filter(pk=earlier.pk).exists():
        return
    HandedInAgain.objects.get_or_create(
        list_import=earlier,
        handed_in_by_id=actor.id,
        defaults={"handed_in_at": at, "file_name": file_name[:255]},
    )


def read_into(
    record: ListImport,
    path: Path,
    *,
    actor: Actor,
    at: dt.datetime,
    mapping: Mapping[str, Any] | None = None,
    on_progress: Report | None = None,
) -> ImportOutcome:
    """Read the file into its import, unless that was done; whoever comes second waits.

    A correction that turns out to be another kind of list fails, so that the file can be imported
    again by itself.
    """
    try:
        return _read_into(record, path, actor, at, mapping, on_progress)
    except OtherKindOfList:
        fail(record, (), actor=actor, at=at)
        raise
    except (DomainError, MappingError, OperationalError, InterfaceError):
        raise  # said by its own sentence, or the database went away: the next attempt takes it up
    except Exception as error:  # one file ends, with a sentence and a reference
        problem = unexpected_error(error)
        located = Notice(problem.code, {**problem.params, "file": record.file_name})
        fail(record, (located,), actor=actor, at=at)
        record.refresh_from_db()
        return outcome_of(record, repeats=False)


def fail(
    record: ListImport, problems: tuple[Notice, ...], *, actor: Actor, at: dt.datetime
) -> None:
    """End an import that cannot be finished; the file can then be imported again."""
    with acting(actor, at=at):
        ListImport.objects.filter(pk=record.pk).update(
            state=ListImport.State.FAILED,
            finished_at=at,
            rows_expected=0,
            rows_read=0,
            rows_accepted=0,
            rows_rejected=0,
            rows_repeated=0,
            rows_skipped=0,
            rows_remarked=0,
            problems=[_problem_as_json(problem) for problem in problems],
        )
        journal.write(LIST_FAILED, record, actor=actor, at=at)


def _read_into(
    record: ListImport,
    path: Path,
    actor: Actor,
    at: dt.datetime,
    mapping: Mapping[str, Any] | None,
    on_progress: Report | None,
) -> ImportOutcome:
    with acting(actor, at=at), ProgressWriter(record.pk, actor, on_progress) as progress:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [IMPORT_LOCK, record.pk])
        record.refresh_from_db()
        if record.state not in (ListImport.State.WAITING, ListImport.State.READING):
            return outcome_of(record, repeats=True)
        progress.write(expected=0)
        reading = read_file(path, mapping=mapping, keep_opened=True)
        if reading.usable:
            _store(record, reading, progress)
            _finish(record, reading, actor, at)
        else:
            _fail(record, reading, actor, at)
    return outcome_of(record, repeats=False)


def _store(record: ListImport, reading: FileReading, progress: ProgressWriter) -> None:
    not_null = text_columns(Row)
    counts = dict.fromkeys(("accepted", "rejected", "repeated", "skipped"), 0)
    progress.write(expected=reading.read)
    for rows in slices_to_store(reading, CHUNK_ROWS, province_code=record.province_code):
        stored = rows.with_columns(
            pl.lit(record.pk).alias("list_import_id"),
            array_text("name_keys"),
            pl.lit("").alias("link_decision"),
        )
        copy_frame(Row._meta.db_table, stored, not_null=not_null)
        for outcome, number in rows.group_by("outcome").len().iter_rows():
            counts[outcome] += number
        progress.write(reading.read, **counts)


def _finish(record: ListImport, reading: FileReading, actor: Actor, at: dt.datetime) -> None:
    record.source = _main_source(reading)
    record.state = ListImport.State.READ
    record.finished_at = at
    record.rows_expected = record.rows_read = reading.read
    record.rows_accepted = reading.accepted
    record.rows_rejected = reading.rejected.height
    record.rows_repeated = reading.repeated.height
    record.rows_skipped = reading.left_out.height
    record.rows_remarked = reading.remarked
    record.mapping = yaml.safe_load(write_mapping(Reading((reading,))))
    record.sheets = _sheets_as_json(reading)
    record.problems = [_problem_as_json(problem) for problem in reading.problems]
    record.save()
    journal.write(
        LIST_READ,
        record,
        actor=actor,
        at=at,
        read=reading.read,
        accepted=reading.accepted,
        rejected=reading.rejected.height,
        repeated=reading.repeated.height,
        skipped=reading.left_out.height,
    )
    if record.corrects_id is not None:
        replace_rows(record, actor=actor, at=at)


def _fail(record: ListImport, reading: FileReading, actor: Actor, at: dt.datetime) -> None:
    record.state = ListImport.State.FAILED
    record.finished_at = at
    record.problems = [_problem_as_json(problem) for problem in reading.problems]
    record.save()
    journal.write(LIST_FAILED, record, actor=actor, at=at)


def _main_source(reading: FileReading) -> str:
    """The kind of list most of the rows are of."""
    by_rows = sorted(reading.sheets, key=lambda sheet: -sheet.read)
    return by_rows[0].source if by_rows else ""


def _sheets_as_json(reading: FileReading) -> list[dict[str, Any]]:
    skipped = reading.skipped.group_by("sheet", maintain_order=True).agg("row", "last_row", "why")
    left_out = {
        sheet: [list(item) for item in zip(rows, lasts, why, strict=True)][:_SKIPPED_SHOWN]
        for sheet, rows, lasts, why in skipped.iter_rows()
    }
    return [
        {
            "name": sheet.name,
            "source": sheet.source,
            "header_rows": list(sheet.header_rows),
            "columns": dict(sheet.columns),
            "unknown_columns": list(sheet.unknown_columns),
            "province": sheet.province,
            "read": sheet.read,
            "accepted": sheet.accepted,
            "rejected": sheet.rejected,
            "repeated": sheet.repeated,
            "skipped": left_out.get(sheet.name, []),
            "skipped_rows": sheet.skipped,
            "remarked": sheet.remarked,
            "date_orders": dict(sheet.date_orders),
        }
        for sheet in reading.sheets
    ]


def _problem_as_json(problem: Notice) -> dict[str, Any]:
    return {"code": problem.code, "params": dict(problem.params)}


def outcome_of(record: ListImport, *, repeats: bool) -> ImportOutcome:
    """The outcome an import has now."""
    return ImportOutcome(
        record.pk,
        record.state,
        record.source,
        record.rows_read,
        record.rows_accepted,
        record.rows_rejected,
        record.rows_repeated,
        record.rows_skipped,
        record.rows_remarked,
        repeats,
        tuple(Notice(p["code"], p["params"]) for p in record.problems),
    )
