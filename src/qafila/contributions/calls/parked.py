"""Enrolments the law could not assess for want of a fact: put among the anomalies, once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from qafila.foundation.copying import copy_in


def park_missing_facts(cursor: Any, parked: pa.Table, month: dt.date, *, at: dt.datetime) -> int:
    """Put enrolments the law could not assess in the queue, once; returns how many were parked."""
    if not parked.num_rows:
        return 0
    rows = pa.table(
        {
            "person_id": parked["person_id"],
            "enrolment_id": parked["enrolment_id"],
            "region_code": parked["region_code"],
            "details": pc.binary_join_element_wise('{"refusal": "', parked["refusal"], '"}', ""),
        }
    )
    cursor.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS parked_now (person_id bigint, enrolment_id bigint,"
        " region_code text, details jsonb) ON COMMIT DELETE ROWS"
    )
    cursor.execute("TRUNCATE parked_now")
    copy_in(cursor, "parked_now", rows)
    cursor.execute(
        "INSERT INTO contributions_workitem (kind, person_id, enrolment_id, month, details, state,"
        " found_at, outcome, region_code)"
        " SELECT 'missing_fact', person_id, enrolment_id, %s, details, 'open', %s, '', region_code"
        " FROM parked_now ON CONFLICT DO NOTHING",
        [month, at],
    )
    return int(parked.num_rows)
