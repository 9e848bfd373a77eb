"""From which day rights would be open if all were paid today, for a page of people."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db import connection

import qafila_law
from qafila.foundation.actors import Scope
from qafila.people.access import persons_visible
from qafila.rights.derivation.law_input import facts_tables


def reopening_days(
    person_ids: Sequence[int], on: dt.date, *, scope: Scope
) -> dict[int, dt.date | None]:
    """Per person of the scope the first day from `on` with open rights, had all been paid on `on`.

    None where paying alone opens nothing. As `queries.rights_if_paid`, for many at once: four
    statements, whatever their number.
    """
    seen = list(persons_visible(scope).filter(pk__in=person_ids).values_list("pk", flat=True))
    if not seen:
        return {}
    with connection.cursor() as cursor:
        tables = facts_tables(cursor, "person_id = ANY(%(people)s)", {"people": seen})
    enrolments: dict[int, list[qafila_law.Enrolment]] = defaultdict(list)
    calls: dict[int, list[qafila_law.Call]] = defaultdict(list)
    for row in tables.enrolments.to_pylist():
        enrolments[row["insured"]].append(qafila_law.Enrolment(row["first_month"], row["ended_on"]))
    for row in tables.calls.to_pylist():
        calls[row["insured"]].append(_call(row["month"], row["due_on"], row["settled_on"]))
    relief = {
        row["insured"]: qafila_law.ReliefCourse(row["first_payment_on"], row["lost_on"])
        for row in tables.relief.to_pylist()
    }
    return {
        person: qafila_law.opening_day(
            qafila_law.if_all_paid(
                qafila_law.RightsFacts(
                    tuple(enrolments[person]), tuple(calls[person]), relief.get(person)
                ),
                on,
            ),
            on,
        )
        for person in seen
    }


def _call(month: dt.date, due_on: dt.date, settled_on: dt.date | None) -> qafila_law.Call:
    """Only whether and when a call was paid whole matters to rights, not its amount."""
    return qafila_law.Call(month, due_on, 1, 1 if settled_on else 0, settled_on)
