"""What is owed, paid and still open; every figure through the scope that asks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection
from django.db.models import Count, QuerySet, Sum

import qafila_law
from qafila.contributions.access import require_posting
from qafila.contributions.models import Allocation, Call, LedgerLine, Payment, WorkItem
from qafila.contributions.previewing import MonthPreview, preview_of
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.scope import reference_data
from qafila.people.queries import PersonFile, checked_person

# Months overdue, by which arrears are told: up to one, three, six, twelve months, and more.
AGES = (1, 3, 6, 12)


@reference_data
def ledger_imbalance() -> list[tuple[str, int]]:
    """Postings whose lines do not add up to zero, with what they are off by. Always empty."""
    sums = LedgerLine.objects.values("posting").annotate(total=Sum("amount_centimes"))
    return list(sums.exclude(total=0).order_by("posting").values_list("posting", "total"))


@reference_data
def settlement_disagreements() -> list[str]:
    """Where derived columns differ from the rows they come from, as sentences. Always empty.

    Checked: what is left on each payment, which calls are settled, and both against the ledger.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DISAGREEMENTS)
        return [f"{what} {key}: {found} instead of {wanted}" for what, key, found, wanted in cursor]


_DISAGREEMENTS = """
WITH placed AS (
    SELECT payment_id, sum(amount_centimes) AS total FROM contributions_allocation
    WHERE payment_id IS NOT NULL GROUP BY payment_id
), credited AS (
    SELECT call_id, sum(amount_centimes) AS total FROM contributions_allocation GROUP BY call_id
), books AS (
    SELECT person_id,
           sum(amount_centimes) FILTER (WHERE book = 'receivable') AS receivable,
           -sum(amount_centimes) FILTER (WHERE book = 'unallocated') AS unallocated
    FROM contributions_ledgerline GROUP BY person_id
), owed AS (
    SELECT c.person_id, sum(c.amount_centimes - coalesce(a.total, 0)) AS total
    FROM contributions_call c LEFT JOIN credited a ON a.call_id = c.id GROUP BY c.person_id
), resting AS (
    SELECT person_id, sum(unallocated_centimes) AS total FROM contributions_payment
    GROUP BY person_id
)
SELECT 'rest of payment', p.id, p.unallocated_centimes,
       CASE WHEN p.reversed_on IS NULL THEN p.amount_centimes - coalesce(a.total, 0) ELSE 0 END
FROM contributions_payment p LEFT JOIN placed a ON a.payment_id = p.id
WHERE p.unallocated_centimes <>
      CASE WHEN p.reversed_on IS NULL THEN p.amount_centimes - coalesce(a.total, 0) ELSE 0 END
UNION ALL
SELECT 'settled call', c.id, (c.settled_on IS NOT NULL)::int,
       (coalesce(a.total, 0) >= c.amount_centimes)::int
FROM contributions_call c LEFT JOIN credited a ON a.call_id = c.id
WHERE (c.settled_on IS NOT NULL) <> (coalesce(a.total, 0) >= c.amount_centimes)
   OR coalesce(a.total, 0) NOT BETWEEN 0 AND c.amount_centimes
UNION ALL
SELECT 'corrected of call', c.id, c.corrected_centimes, coalesce(a.total, 0)
FROM contributions_call c LEFT JOIN (
    SELECT call_id, sum(amount_centimes) AS total FROM contributions_allocation
    WHERE source = 'correction' GROUP BY call_id) a ON a.call_id = c.id
WHERE c.corrected_centimes <> coalesce(a.total, 0)
UNION ALL
SELECT 'receivable of person', person_id, coalesce(b.receivable, 0), coalesce(o.total, 0)
FROM books b FULL JOIN owed o USING (person_id)
WHERE coalesce(b.receivable, 0) <> coalesce(o.total, 0)
UNION ALL
SELECT 'unallocated of person', person_id, coalesce(b.unallocated, 0), coalesce(r.total, 0)
FROM books b FULL JOIN resting r USING (person_id)
WHERE coalesce(b.unallocated, 0) <> coalesce(r.total, 0)
"""


@reference_data
def month_preview(month: dt.date, *, actor: Actor) -> MonthPreview:
    """A dry run of `month` with its differences from the month before; for those who may run it.

    Errors: NotAllowed, MonthOutsideScheme.
    """
    require_posting(actor)
    return preview_of(month)


@dataclass(frozen=True)
class StatementLine:
    """One thing that changed what a person owes; `balance_centimes` is what is owed after it.

    `kind`: call, opening, adjustment, payment, reversal, correction or relief. `amount_centimes`
    is positive when it adds to what is owed. `steps` are the law's for a call, empty otherwise.
    """

    day: dt.date
    kind: str
    month: dt.date | None
    amount_centimes: int
    balance_centimes: int
    reference: str = ""
    due_on: dt.date | None = None
    settled_on: dt.date | None = None
    steps: tuple[qafila_law.Step, ...] = ()


@dataclass(frozen=True)
class Statement:
    """A person's account: lines from oldest to newest, what is owed and what is left over."""

    person_id: int
    lines: tuple[StatementLine, ...]
    owed_centimes: int
    overdue_from: dt.date | None
    unallocated_centimes: int
    open_calls: int = 0

    @property
    def owed_dh(self) -> Decimal:
        """What is owed, less what is left over on payments, in dirhams."""
        return Decimal(self.owed_centimes) / 100


@dataclass
class _Movement:
    day: dt.date
    order: int
    kind: str
    amount: int
    month: dt.date | None = None
    reference: str = ""
    call: Call | None = field(default=None)


def statement_of(person_id: int, *, scope: Scope, person: PersonFile | None = None) -> Statement:
    """Everything called from and paid by a person, with the running balance and the law's steps.

    Three statements when `person` was loaded already. NotFoundInScope outside the territory.
    """
    checked_person(person_id, scope=scope, person=person)
    calls = list(
        Call.objects.filter(person_id=person_id)
        .select_related("enrolment")
        .order_by("month", "sequence", "pk")
    )
    payments = list(Payment.objects.filter(person_id=person_id).order_by("paid_on", "pk"))
    movements = [*_called(calls), *_paid(payments), *_credited(person_id)]
    movements.sort(key=lambda movement: (movement.day, movement.order))
    lines, balance = [], 0
    for movement in movements:
        balance += movement.amount
        lines.append(_line(movement, balance))
    still_open = [call for call in calls if call.settled_on is None]
    return Statement(
        person_id=person_id,
        lines=tuple(lines),
        owed_centimes=balance,
        overdue_from=min((call.due_on for call in still_open), default=None),
        unallocated_centimes=sum(payment.unallocated_centimes for payment in payments),
        open_calls=len(still_open),
    )


def _called(calls: list[Call]) -> list[_Movement]:
    kinds = {Call.Origin.RUN: "call", Call.Origin.OPENING: "opening"}
    return [
        _Movement(call.month, 0, kinds.get(Call.Origin(call.origin), "adjustment"),
                  call.amount_centimes, call.month, call=call)
        for call in calls
    ]  # fmt: skip


def _paid(payments: list[Payment]) -> list[_Movement]:
    paid = [
        _Movement(payment.paid_on, 1, "payment", -payment.amount_centimes,
                  reference=payment.reference)
        for payment in payments
    ]  # fmt: skip
    reversed_ = [
        _Movement(payment.reversed_on, 2, "reversal", payment.amount_centimes,
                  reference=payment.reference)
        for payment in payments
        if payment.reversed_on
    ]  # fmt: skip
    return paid + reversed_


def _credited(person_id: int) -> list[_Movement]:
    credits = (
        Allocation.objects.filter(call__person_id=person_id)
        .exclude(source=Allocation.Source.PAYMENT)
        .order_by("pk")
        .values_list("call_month", "source", "amount_centimes", "allocated_on")
    )
    return [_Movement(day, 2, source, -amount, month) for month, source, amount, day in credits]


def _line(movement: _Movement, balance: int) -> StatementLine:
    call = movement.call
    return StatementLine(
        day=movement.day,
        kind=movement.kind,
        month=movement.month,
        amount_centimes=movement.amount,
        balance_centimes=balance,
        reference=movement.reference,
        due_on=call.due_on if call else None,
        settled_on=call.settled_on if call else None,
        steps=_steps_of(call) if call else (),
    )


def _steps_of(call: Call) -> tuple[qafila_law.Step, ...]:
    """How the law reaches the amount of a call, from the facts of its enrolment today.

    Empty when the facts have changed so that they no longer give the amount that was called, or
    for an adjustment, which is a difference and not an amount of the law.
    """
    enrolment = call.enrolment
    try:
        amount = qafila_law.monthly_amount(
            call.category,
            call.month,
            annual_tax=enrolment.annual_tax_dh,
            regime=enrolment.regime or None,
            profit=enrolment.annual_profit_dh,
        )
    except qafila_law.LawError:
        return ()
    return amount.steps if amount.monthly_centimes == call.amount_centimes else ()


@dataclass(frozen=True)
class ArrearsBand:
    """Overdue calls of one age: more than `from_months` and at most `to_months` (None: no end)."""

    from_months: int
    to_months: int | None
    persons: int
    calls: int
    centimes: int


def arrears_ageing(on: dt.date, *, scope: Scope) -> list[ArrearsBand]:
    """What is overdue on `on` in the scope, by how many months ago it was due."""
    with connection.cursor() as cursor:
        cursor.execute(
            _AGEING,
            {
                "on": on,
                "ages": list(AGES),
                "national": scope.national,
                "provinces": sorted(scope.province_codes),
            },
        )
        found = {band: rest for band, *rest in cursor.fetchall()}
    bounds = [0, *AGES, None]
    return [
        ArrearsBand(bounds[place] or 0, bounds[place + 1], *found.get(place, (0, 0, 0)))
        for place in range(len(AGES) + 1)
    ]


_AGEING = """
SELECT cardinality(array(SELECT a FROM unnest(%(ages)s::int[]) a
                         WHERE due_on + make_interval(months => a) < %(on)s)) AS band,
       count(DISTINCT person_id), count(*), sum(rest)
FROM (
    SELECT c.person_id, c.due_on, c.amount_centimes - coalesce((
               SELECT sum(a.amount_centimes) FROM contributions_allocation a
               WHERE a.call_id = c.id AND a.call_month = c.month), 0) AS rest
    FROM contributions_call c JOIN people_person p ON p.id = c.person_id
    WHERE c.settled_on IS NULL AND c.due_on < %(on)s
      AND (%(national)s OR p.province_id = ANY(%(provinces)s))
) overdue GROUP BY band
"""


@dataclass(frozen=True)
class MonthFigures:
    """What was called for a month and what of it is settled, in a scope."""

    calls: int
    called_centimes: int
    settled_calls: int


def month_figures(month: dt.date, *, scope: Scope) -> MonthFigures:
    """Calls of `month` in the scope and how many of them are settled."""
    calls = Call.objects.filter(month=month)
    if not scope.national:
        calls = calls.filter(person__province_id__in=sorted(scope.province_codes))
    sums = calls.aggregate(total=Sum("amount_centimes", default=0))
    settled = calls.filter(settled_on__isnull=False).count()
    return MonthFigures(calls.count(), sums["total"], settled)


def work_queue(
    *, scope: Scope, kind: str | None = None, first: int = 0, count: int = 50
) -> list[WorkItem]:
    """Open matters of the scope, oldest first, `count` from number `first` on.

    What a kind means and its remedy: `work_queue.KINDS`.
    """
    items = _open_items(scope)
    if kind is not None:
        items = items.filter(kind=kind)
    return list(items.order_by("found_at", "pk")[first : first + count])


def work_queue_counts(*, scope: Scope) -> dict[str, int]:
    """How many matters of each kind are open in the scope."""
    found = _open_items(scope).values_list("kind").annotate(items=Count("pk"))
    return dict(found.order_by("kind"))


def _open_items(scope: Scope) -> QuerySet[WorkItem]:
    items = WorkItem.objects.filter(state=WorkItem.State.OPEN)
    if scope.national:
        return items
    return items.filter(person__province_id__in=sorted(scope.province_codes))
