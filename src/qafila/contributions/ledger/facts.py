"""The SQL relations of the ledger (how to read them: `foundation/facts.py`).

What is left of a call, what of it stands, whether it is asked for and overdue is written here and
nowhere else. The conditions take the name under which the statement has its calls.
"""

from __future__ import annotations

import datetime as dt

from qafila.enrolment import facts as enrolment
from qafila_law.contributions.relief import last_month_erased

TABLES = ("contributions_call", "contributions_payment", "contributions_allocation")
"""The tables behind the relations: a step that reads many rows asks for their statistics first."""


def rest_of(call: str) -> str:
    """What is left to pay of `call`, in centimes (numeric)."""
    return (
        f"({call}.amount_centimes - coalesce((SELECT sum(part.amount_centimes)"
        " FROM contributions_allocation part"
        f" WHERE part.call_id = {call}.id AND part.call_month = {call}.month), 0))"
    )


def standing_of(call: str) -> str:
    """What of `call` stands called, in centimes: without what corrections took back."""
    return f"({call}.amount_centimes - {call}.corrected_centimes)"


def stands(call: str) -> str:
    """Whether anything of `call` stands; one taken back whole was never owed."""
    return f"({call}.corrected_centimes < {call}.amount_centimes)"


def is_decided(call: str) -> str:
    """Whether the enrolment of `call` does not wait for a decision after a merge."""
    return (
        f"NOT EXISTS (SELECT FROM {enrolment.UNDECIDED} undecided"
        f" WHERE undecided.id = {call}.enrolment_id)"
    )


def asked_for(call: str, *, last_erased: str = "%(last_erased)s") -> str:
    """Whether `call` is asked for.

    While relief under law 41-23 runs, months it erases are not; nor are those of an enrolment that
    waits for a decision after a merge.
    """
    return (
        f"({is_decided(call)} AND NOT ({call}.month <= {last_erased} AND EXISTS ("
        "SELECT FROM contributions_reliefapplication relief"
        f" WHERE relief.person_id = {call}.person_id AND relief.state = 'running')))"
    )


def is_overdue(call: str) -> str:
    """Whether `call` is overdue: asked for, unpaid, its last day past. Needs `overdue_on`."""
    return f"({call}.settled_on IS NULL AND {call}.due_on < %(on)s AND {asked_for(call)})"


def overdue_on(day: dt.date) -> dict[str, dt.date]:
    """The parameters that `is_overdue` and `OVERDUE` ask for, for the day `day`."""
    return {"on": day, "last_erased": last_month_erased()}


_CALL_COLUMNS = (
    "call.id, call.month, call.sequence, call.person_id, call.enrolment_id, call.category,"
    " call.amount_centimes, call.corrected_centimes, call.due_on, call.settled_on"
)

CALLS = f"(SELECT {_CALL_COLUMNS} FROM contributions_call call)"
"""What was ever called. id, with month the key; sequence; person_id; enrolment_id; category;
amount_centimes; corrected_centimes: taken back of it; due_on: last day to pay; settled_on: when
nothing was left (NULL: something is)."""

STANDING_CALLS = f"""(
  SELECT {_CALL_COLUMNS}, {standing_of("call")} AS standing_centimes
  FROM contributions_call call WHERE {stands("call")} AND {is_decided("call")}
)"""
"""What stands called: calls of which something is owed or was paid, but for those of an enrolment
that waits for a decision after a merge. Columns as `CALLS`, with
standing_centimes: what is left of the amount after corrections."""

OVERDUE = f"""(
  SELECT {_CALL_COLUMNS}, {rest_of("call")} AS rest_centimes
  FROM contributions_call call WHERE {is_overdue("call")}
)"""
"""What is overdue on a day (parameters: `overdue_on`). Columns as `CALLS`, with rest_centimes: what
is left to pay. The calls of those who died are among them: who asks for money leaves them out."""

UNPAID = f"""(
  SELECT {_CALL_COLUMNS}, {rest_of("call")} AS rest_centimes
  FROM contributions_call call WHERE call.settled_on IS NULL AND {asked_for("call")}
)"""
"""What is unpaid and asked for, overdue or not (parameters: `overdue_on`). Columns as `OVERDUE`."""

UNSETTLED = f"""(
  SELECT {_CALL_COLUMNS}, {rest_of("call")} AS rest_centimes
  FROM contributions_call call WHERE call.settled_on IS NULL
)"""
"""Calls of which something is left, asked for or not. Columns as `OVERDUE`."""

PAYMENTS = """(
  SELECT id, person_id, reference, channel, amount_centimes, unallocated_centimes, paid_on,
    reversed_on, recorded_at, payment_file_id IS NOT NULL AS from_file
  FROM contributions_payment
)"""
"""Money received. id; person_id; reference and channel, together the key; amount_centimes;
unallocated_centimes: what no call has taken yet; paid_on; reversed_on (NULL: it holds);
recorded_at; from_file: it came in a file of payments."""

GOOD_PAYMENTS = f"(SELECT * FROM {PAYMENTS} every_payment WHERE reversed_on IS NULL)"
"""Payments that were not taken back. Columns as `PAYMENTS`."""

RELIEF = "(SELECT person_id, state, first_payment_on, lost_on FROM contributions_reliefapplication)"
"""Requests for relief under law 41-23. person_id; state: running, erased or lost;
first_payment_on; lost_on."""

ALLOCATIONS = """(
  SELECT id, source, payment_id, call_id, call_month, amount_centimes, allocated_on
  FROM contributions_allocation
)"""
"""What settles calls, with the rows that undo it (negative). id; source: payment, relief,
correction or balance; payment_id (NULL: no payment); call_id with call_month; amount_centimes;
allocated_on."""
