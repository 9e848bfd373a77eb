"""Under which of its references a payment is booked, and which payments bear a reference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl
from django.db import connection

from qafila.contributions.models.calls_and_ledger import Payment
from qafila.contributions.payments.rows import Kind, PaymentRow, rows_of
from qafila.enrolment.facts import NUMBERS_OF_PERSONS

_SEVERAL = 5_000

_NUMBERS_OF = f"""
SELECT n.person_id, n.value FROM {NUMBERS_OF_PERSONS} n
WHERE n.person_id = ANY(%(people)s) AND n.kind IN ('card', 'fund', 'register')
"""


def with_references(rows: pl.DataFrame, channel: str) -> pl.DataFrame:
    """The rows with `reference`: the one under which each payment is booked.

    Payers choose their references, and two may choose alike: then the bank's own is taken. The
    same reference, person, amount and day as a payment booked before is that payment again. Where
    no reference is left the row gets its problem.
    """
    rows = rows.with_columns(reference=pl.col("references").list.first().fill_null(""))
    several = rows.filter(
        pl.col("problem").is_null()
        & (pl.col("kind") == Kind.PAYMENT)
        & (pl.col("references").list.len() > 1)
    )
    if several.is_empty():
        return rows
    chosen = _chosen(rows_of(several), channel)
    frame = pl.DataFrame(
        {"row": list(chosen), "chosen": list(chosen.values())},
        schema={"row": pl.Int64, "chosen": pl.String},
    )
    rows = rows.join(frame, on="row", how="left", maintain_order="left")
    none_left = pl.col("chosen") == ""
    return rows.with_columns(
        problem=pl.when(none_left).then(pl.lit("reference_reused")).otherwise(pl.col("problem")),
        found=pl.when(none_left).then(pl.col("reference")).otherwise(pl.col("found")),
        reference=pl.coalesce("chosen", "reference"),
    ).drop("chosen")


def _chosen(several: Sequence[PaymentRow], channel: str) -> dict[int, str]:
    """By row, its reference; empty where none is left."""
    known = payments_under({ref for one in several for ref in one.references}, channel)
    numbers = numbers_of({payment.person_id for under in known.values() for payment in under})
    taken: dict[str, PaymentRow] = {}
    chosen: dict[int, str] = {}
    for one in several:
        free = (ref for ref in one.references if _is_free(one, ref, known, numbers, taken))
        reference = next(free, "")
        chosen[one.row] = reference
        if reference:
            taken[reference] = one
    return chosen


def _is_free(
    one: PaymentRow,
    reference: str,
    known: Mapping[str, Sequence[Payment]],
    numbers: Mapping[int, set[str]],
    taken: Mapping[str, PaymentRow],
) -> bool:
    """Whether nothing else bears the reference: neither in the books nor in this file."""
    twin, earlier = taken.get(reference), known.get(reference, ())
    if twin is not None and replace(twin, row=one.row) != one:
        return False
    live = [payment for payment in earlier if payment.reversed_on is None]
    return not live or any(_is_the_same(one, payment, numbers) for payment in earlier)


def _is_the_same(one: PaymentRow, earlier: Payment, numbers: Mapping[int, set[str]]) -> bool:
    facts = (earlier.amount_centimes, earlier.paid_on) == (one.centimes, one.paid_on)
    return facts and not numbers[earlier.person_id].isdisjoint(one.numbers())


def payments_under(references: Iterable[str], channel: str) -> dict[str, list[Payment]]:
    """The payments of each reference: the one that holds, if any, before those taken back."""
    wanted = sorted(references)
    found: dict[str, list[Payment]] = defaultdict(list)
    for first in range(0, len(wanted), _SEVERAL):
        rows = Payment.objects.filter(
            channel=channel, reference__in=wanted[first : first + _SEVERAL]
        )
        for payment in (
            *rows.filter(reversed_on=None),
            *rows.filter(reversed_on__isnull=False).order_by("-pk"),
        ):
            found[payment.reference].append(payment)
    return found


def numbers_of(people: Iterable[int]) -> dict[int, set[str]]:
    """Every fund, register and card number of these persons."""
    found: dict[int, set[str]] = {person: set() for person in people}
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS_OF, {"people": list(found)})
        for person, number in cursor.fetchall():
            found[person].add(number)
    return found


def persons_numbered(numbers: Iterable[str]) -> set[int]:
    """The persons who bear one of these fund, register or card numbers."""
    with connection.cursor() as cursor:
        cursor.execute(_PERSONS_NUMBERED, {"numbers": sorted(numbers)})
        return {person for (person,) in cursor.fetchall()}


_PERSONS_NUMBERED = f"""
SELECT DISTINCT n.person_id FROM {NUMBERS_OF_PERSONS} n
WHERE n.value = ANY(%(numbers)s) AND n.kind IN ('card', 'fund', 'register')
"""
