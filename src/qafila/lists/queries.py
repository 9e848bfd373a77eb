"""Reading imports, their rows, and the pairs that wait for a decision."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from qafila.foundation.actors import Actor, Scope
from qafila.lists.access import (
    import_in_scope,
    imports_visible,
    pair_in_scope,
    pairs_visible,
)
from qafila.lists.models import CandidatePair, ListImport, Row
from qafila.lists.reading.sentences import (
    problem_sentence,
    reason_sentence,
    skip_sentence,
    warning_sentence,
)
from qafila.lists.upload_jobs import GIVEN_UP, NO_FAULT_OF_THE_FILE, reading_given_up
from qafila.people.access import PersonFile, checked_person, get_person
from qafila.tables.notices import Notice

_ALSO_LEFT_OUT = [Row.Outcome.REPEATED, Row.Outcome.SKIPPED]
_READ_BY_A_JOB = (ListImport.State.WAITING, ListImport.State.READING)
_ENDED = (ListImport.State.READ, ListImport.State.LINKED, ListImport.State.FAILED)


@dataclass(frozen=True)
class ImportProgress:
    """How far an import is. `ended` when nothing more comes; `share` from 0 to 1."""

    id: int
    file_name: str
    source: str
    state: str
    rows_expected: int
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_repeated: int
    rows_skipped: int
    rows_remarked: int
    ended: bool
    sentences: tuple[str, ...]
    persons_new: int | None
    rows_known: int | None
    may_again: bool
    began_at: dt.datetime

    @property
    def share(self) -> float:
        """The part of the expected rows that is stored; 0 while the number is not known."""
        if self.ended:
            return 1.0
        return self.rows_read / self.rows_expected if self.rows_expected else 0.0


@dataclass(frozen=True)
class RowShown:
    """A row as it stands in its file, and what became of it, in sentences."""

    id: int
    sheet: str
    row_number: int
    outcome: str
    sentences: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True)
class SheetFound:
    """What was recognised in one sheet: heading → field, headings nobody knows, rows left out."""

    name: str
    source: str
    header_rows: tuple[int, ...]
    columns: dict[str, str]
    unknown_columns: tuple[str, ...]
    province: str | None
    read: int
    skipped: tuple[tuple[int, int, str], ...]
    date_orders: dict[str, str]


@dataclass(frozen=True)
class RowOfPerson:
    """A list row that speaks of a person, with the list it stands in."""

    row: Row
    import_id: int
    file_name: str
    source: str
    imported_at: dt.datetime


@dataclass(frozen=True)
class PairShown:
    """Two rows side by side, with the evidence (code, params, weight in bits), strongest first."""

    id: int
    state: str
    probability: float
    evidence: tuple[dict[str, Any], ...]
    left: RowOfPerson
    right: RowOfPerson


def imports_of(
    *,
    scope: Scope,
    actor: Actor | None = None,
    limit: int = 50,
    before: int | None = None,
    put_away: bool = False,
) -> list[ListImport]:
    """The imports of the territory's institutions and the actor's own, latest first.

    Those that were put away come alone, with `put_away`.
    """
    found = imports_visible(scope, actor=actor).select_related("institution", "imported_by")
    found = found.filter(put_away_at__isnull=not put_away)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:limit])


def get_import(import_id: int, *, scope: Scope, actor: Actor | None = None) -> ListImport:
    """One import; NotFoundInScope when it is not the territory's or the actor's."""
    return import_in_scope(import_id, scope, actor=actor)


def import_progress(import_id: int, *, scope: Scope, actor: Actor | None = None) -> ImportProgress:
    """How far an import is, also while it is being read."""
    found = import_in_scope(import_id, scope, actor=actor)
    given_up = found.state in _READ_BY_A_JOB and reading_given_up(import_id)
    problems = [GIVEN_UP] if given_up else found.problems
    return ImportProgress(
        found.pk,
        found.file_name,
        found.source,
        str(ListImport.State.FAILED) if given_up else found.state,
        found.rows_expected,
        found.rows_read,
        found.rows_accepted,
        found.rows_rejected,
        found.rows_repeated,
        found.rows_skipped,
        found.rows_remarked,
        given_up or found.state in _ENDED,
        tuple(problem_sentence(Notice(p["code"], p["params"])) for p in problems),
        found.persons_new,
        found.rows_known,
        given_up or _may_again(found),
        found.imported_at,
    )


def _may_again(found: ListImport) -> bool:
    """Whether an upload failed for no fault of its file; its bytes are kept for another try."""
    unforeseen = any(problem["code"] in NO_FAULT_OF_THE_FILE for problem in found.problems)
    return found.state == ListImport.State.FAILED and unforeseen and bool(found.upload)


def columns_found(
    import_id: int, *, scope: Scope, actor: Actor | None = None
) -> tuple[SheetFound, ...]:
    """Per sheet: which heading was taken for which field, and which rows are no data rows."""
    found = import_in_scope(import_id, scope, actor=actor)
    return tuple(
        SheetFound(
            s["name"],
            s["source"],
            tuple(s["header_rows"]),
            s["columns"],
            tuple(s["unknown_columns"]),
            s["province"],
            s["read"],
            tuple((first, last, skip_sentence(why)) for first, last, why in s["skipped"]),
            s.get("date_orders", {}),
        )
        for s in found.sheets
    )


def rejected_rows(
    import_id: int,
    *,
    scope: Scope,
    actor: Actor | None = None,
    repeated: bool = False,
    limit: int | None = 100,
    start: int = 0,
) -> list[RowShown]:
    """The rows that speak of nobody, with the reason and the cells as they came.

    With `repeated`, the rows that repeat an earlier one and the skipped ones (totals, titles,
    signatures) as well. `limit` None gives all.
    """
    found = import_in_scope(import_id, scope, actor=actor)
    outcomes = [Row.Outcome.REJECTED, *(_ALSO_LEFT_OUT if repeated else [])]
    rows = Row.objects.filter(list_import=found, outcome__in=outcomes).order_by("pk")
    rows = rows[start:] if limit is None else rows[start : start + limit]
    return [_row_shown(row) for row in rows.iterator(chunk_size=2000)]


def accepted_rows(
    import_id: int,
    *,
    scope: Scope,
    actor: Actor | None = None,
    limit: int = 20,
    start: int = 0,
) -> list[Row]:
    """The rows that speak of a person, in the order of the file: the preview of an import."""
    found = import_in_scope(import_id, scope, actor=actor)
    rows = Row.objects.filter(list_import=found, outcome=Row.Outcome.ACCEPTED).order_by("pk")
    return list(rows[start : start + limit])


def remarked_rows(
    import_id: int,
    *,
    scope: Scope,
    actor: Actor | None = None,
    limit: int | None = 100,
) -> list[RowShown]:
    """The accepted rows of which something was not understood: what, and what was done."""
    found = import_in_scope(import_id, scope, actor=actor)
    rows = Row.objects.filter(list_import=found, outcome=Row.Outcome.ACCEPTED)
    rows = rows.exclude(reasons=[]).order_by("pk")[:limit]
    return [_row_shown(row) for row in rows.iterator(chunk_size=2000)]


def pairs_to_check(
    import_id: int, *, scope: Scope, actor: Actor | None = None, most: int = 1000
) -> int:
    """How many pairs with a row of this import wait for a decision; counted up to `most`."""
    found = import_in_scope(import_id, scope, actor=actor)
    of_it = Q(left__list_import=found) | Q(right__list_import=found)
    return _waiting(scope).filter(of_it)[:most].count()


def _row_shown(row: Row) -> RowShown:
    """The row with its reasons or remarks as sentences."""
    cells = sorted(row.cells.items(), key=lambda item: int(item[0]))
    return RowShown(
        row.pk,
        row.sheet,
        row.row_number,
        row.outcome,
        row_sentences(row),
        tuple(value or "" for _, value in cells),
    )


def row_sentences(row: Row) -> tuple[str, ...]:
    """Why a row was left out, or what was not understood of it."""
    said = [(reason["code"], reason.get("params")) for reason in row.reasons]
    if row.outcome == Row.Outcome.ACCEPTED:
        return tuple(warning_sentence(code, params) for code, params in said)
    if row.outcome == Row.Outcome.SKIPPED:
        return tuple(skip_sentence(code) for code, _params in said)
    return tuple(reason_sentence(code, params) for code, params in said)


def rows_of_person(
    person_id: int, *, scope: Scope, person: PersonFile | None = None
) -> list[RowOfPerson]:
    """Every current list row that speaks of the person, latest list first."""
    kept = _living(person_id, scope, person)
    rows = Row.objects.filter(person_id=kept).select_related("list_import")
    return [_of_person(row) for row in rows.order_by("-list_import_id", "pk")]


def _living(person_id: int, scope: Scope, person: PersonFile | None) -> int:
    """The number of the person, of the one it was merged into when it was; in the scope."""
    if person is not None and person.id == person_id:
        return checked_person(person_id, scope=scope, person=person).pk
    return get_person(person_id, scope=scope).id


def pairs_waiting(*, scope: Scope, limit: int = 50, after: int | None = None) -> list[PairShown]:
    """The pairs a person of this territory should decide, the likeliest first.

    `after` is the last pair seen: those behind it follow.
    """
    pairs = _waiting(scope).select_related("left__list_import", "right__list_import")
    if after is not None:
        last = pair_in_scope(after, scope)
        pairs = pairs.filter(
            Q(probability__lt=last.probability) | Q(probability=last.probability, pk__gt=last.pk)
        )
    return [pair_shown(pair) for pair in pairs.order_by("-probability", "pk")[:limit]]


def doubtful_merges(*, scope: Scope, limit: int = 50, after: int | None = None) -> list[PairShown]:
    """Persons made by machine that it would not make today: of each the first pair, oldest first.

    `after` is the last pair seen: those behind it follow.
    """
    pairs = _doubtful(scope).filter(pk__in=_first_of_each_person(scope))
    related = pairs.select_related("left__list_import", "right__list_import")
    if after is not None:
        pair_in_scope(after, scope)
        related = related.filter(pk__gt=after)
    return [pair_shown(pair) for pair in related.order_by("pk")[:limit]]


def doubtful_merges_number(*, scope: Scope) -> int:
    """How many persons of this territory the machine made and would not make today."""
    return _doubtful(scope).aggregate(n=Count("left__person_id", distinct=True))["n"] or 0


def _first_of_each_person(scope: Scope) -> QuerySet[CandidatePair, Any]:
    grouped = _doubtful(scope).order_by().values("left__person_id")
    return grouped.annotate(first=Min("pk")).values("first")


def _doubtful(scope: Scope) -> QuerySet[CandidatePair]:
    doubtful = pairs_visible(scope).filter(state=CandidatePair.State.DOUBTFUL)
    return doubtful.filter(left__person_id=F("right__person_id"))


def pairs_waiting_number(*, scope: Scope) -> int:
    """How many pairs wait for a decision in this territory."""
    return _waiting(scope).count()


def get_pair(pair_id: int, *, scope: Scope, actor: Actor | None = None) -> PairShown:
    """One pair, waiting or decided; NotFoundInScope outside the territory and own decisions."""
    pair_in_scope(pair_id, scope, actor=actor)
    pairs = CandidatePair.objects.select_related("left__list_import", "right__list_import")
    return pair_shown(pairs.get(pk=pair_id))


def pairs_of_person(
    person_id: int, *, scope: Scope, person: PersonFile | None = None
) -> list[PairShown]:
    """The pairs that made these rows one person, strongest first: why they were linked.

    Behind them those that somebody said are two people, one of whom is this person.
    """
    kept = _living(person_id, scope, person)
    joined = Q(left__person_id=kept, right__person_id=kept)
    one_end = Q(left__person_id=kept) | Q(right__person_id=kept)
    parted = one_end & Q(state=CandidatePair.State.DIFFERENT)
    pairs = CandidatePair.objects.filter(joined | parted)
    related = pairs.select_related("left__list_import", "right__list_import")
    found = [pair_shown(pair) for pair in related.order_by("-probability", "pk")]
    return sorted(found, key=lambda pair: pair.state == CandidatePair.State.DIFFERENT)


def _waiting(scope: Scope) -> QuerySet[CandidatePair]:
    waiting = pairs_visible(scope).filter(state=CandidatePair.State.WAITING)
    asked = waiting.filter(left__person__isnull=False, right__person__isnull=False)
    return asked.exclude(left__person_id=F("right__person_id"))


def pair_shown(pair: CandidatePair) -> PairShown:
    """The pair as pages show it."""
    left, right = _of_person(pair.left), _of_person(pair.right)
    return PairShown(pair.pk, pair.state, pair.probability, tuple(pair.evidence), left, right)


def _of_person(row: Row) -> RowOfPerson:
    held_by = row.list_import
    return RowOfPerson(row, held_by.pk, held_by.file_name, held_by.source, held_by.imported_at)
