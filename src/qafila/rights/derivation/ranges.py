"""Ranges of person numbers in which rights are derived, one transaction each."""

from __future__ import annotations

from django.db import connection

from qafila.enrolment import facts as enrolment


def ranges_of_persons(size: int) -> list[tuple[int, int]]:
    """Ranges of person numbers with everyone who has facts or periods; they begin with a bucket."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(person_id), max(person_id) FROM ("
            f" SELECT min(person_id) AS person_id FROM {enrolment.ENROLMENTS} first"
            f" UNION ALL SELECT max(person_id) FROM {enrolment.ENROLMENTS} last"
            " UNION ALL SELECT min(person_id) FROM rights_rightsperiod"
            " UNION ALL SELECT max(person_id) FROM rights_rightsperiod"
            " UNION ALL SELECT min(insured_id) FROM rights_dependantperiod"
            " UNION ALL SELECT max(insured_id) FROM rights_dependantperiod) known"
        )
        first, last = cursor.fetchone()
    if first is None:
        return []
    start = first - first % size
    return [(low, low + size - 1) for low in range(start, last + 1, size)]
