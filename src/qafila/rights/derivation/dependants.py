"""Rights of dependants, beside those of the insured person they follow, from the same facts.

The law gives the periods (`qafila_law.dependants_batch`); rows that differ are exchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from qafila.enrolment import facts as enrolment
from qafila.foundation.copying import copy_in, read_table
from qafila.people import facts as people_facts
from qafila.rights.derivation.custody import periods_by_change

_NEXT = "dependants_periods_now"
_DAY = pa.date32()
_DAYS = (
    "birth_date",
    "joined_on",
    "divorced_on",
    "married_on",
    "disabled_since",
    "deceased_on",
    "insured_deceased_on",
)
_MEMBER_COLUMNS = {
    "dependant": pa.int64(),
    "insured": pa.int64(),
    "link": pa.string(),
    **dict.fromkeys(_DAYS, _DAY),
    "insured_is_father": pa.bool_(),
    "other_parent_insured": pa.bool_(),
    "custody": pa.string(),
}
_SPELL_COLUMNS = {"dependant": pa.int64(), "kind": pa.string(), "since": _DAY, "until": _DAY}
_CHANGE_COLUMNS = {
    "dependant": pa.int64(),
    "since": _DAY,
    "custody": pa.string(),
    "disabled_since": _DAY,
}
_PERIOD_COLUMNS = {
    "insured": pa.int64(),
    "since": _DAY,
    "until": _DAY,
    "status": pa.string(),
    "reason": pa.string(),
}


@dataclass(frozen=True)
class DependantsExchanged:
    """Dependants with rights, and the rows added and removed."""

    dependants: int
    added: int
    removed: int


def prepare(cursor: Any) -> None:
    """Make the table of this transaction the new periods are put beside the old ones in."""
    cursor.execute(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {_NEXT} (dependant_id bigint, status text,"
        " reason text, since date, until date) ON COMMIT DELETE ROWS"
    )


def insured_of(cursor: Any, person_ids: list[int]) -> list[int]:
    """The persons and whoever they are or were a dependant of: their rights go together."""
    cursor.execute(
        f"SELECT insured_id FROM {enrolment.DEPENDANTS} d WHERE person_id = ANY(%s)", [person_ids]
    )
    return sorted({*person_ids, *(insured for (insured,) in cursor.fetchall())})


@dataclass(frozen=True)
class FamilyTables:
    """The dependants of a range of insured persons, their spells, and what changes of them."""

    members: pa.Table
    spells: pa.Table
    changes: pa.Table


def family_tables(cursor: Any, people: str, params: dict[str, Any]) -> FamilyTables:
    """The facts of the dependants of the insured persons matching `people`."""
    declared = _DECLARED.format(people=people)
    members = read_table(cursor, _MEMBERS.format(declared=declared), params, _MEMBER_COLUMNS)
    if not members.num_rows:
        return FamilyTables(
            members,
            pa.schema(_SPELL_COLUMNS).empty_table(),
            pa.schema(_CHANGE_COLUMNS).empty_table(),
        )
    return FamilyTables(
        members,
        read_table(cursor, _SPELLS.format(declared=declared), params, _SPELL_COLUMNS),
        read_table(cursor, _CHANGES.format(declared=declared), params, _CHANGE_COLUMNS),
    )


def rebuild_dependants(
    cursor: Any, people: str, params: dict[str, Any], insured_periods: str
) -> DependantsExchanged:
    """Derive the periods of the dependants of the insured persons matching `people`.

    `insured_periods` names the table with the insured persons' own periods as they are now.
    """
    names = {"declared": _DECLARED.format(people=people), "periods": insured_periods}
    family = family_tables(cursor, people, params)
    cursor.execute(f"DELETE FROM {_NEXT}")
    if family.members.num_rows:
        periods = read_table(cursor, _PERIODS.format(**names), params, _PERIOD_COLUMNS)
        found = periods_by_change(family.members, family.spells, periods, family.changes)
        copy_in(cursor, _NEXT, found)
        cursor.execute(f"ANALYZE {_NEXT}")
    of_insured = people.replace("person_id", "insured_id")
    cursor.execute(_REMOVE.format(insured=of_insured), params)
    removed = cursor.rowcount
    if not family.members.num_rows:
        return DependantsExchanged(0, 0, removed)
    cursor.execute(_ADD)
    added = cursor.rowcount
    cursor.execute(f"SELECT count(DISTINCT dependant_id) FROM {_NEXT}")
    return DependantsExchanged(cursor.fetchone()[0], added, removed)


# `people` is a condition on person_id: here the insured person.
_DECLARED = f"""(
  SELECT * FROM (
    SELECT id, insured_id AS person_id, person_id AS member_id, relation, taken_in, joined_on,
           other_parent_insured, custody
    FROM {enrolment.DECLARED_FAMILY} declared
  ) family WHERE {{people}}
) d"""

_MEMBERS = f"""
SELECT d.id, d.person_id,
  CASE WHEN d.relation = 'child' AND d.taken_in THEN 'taken_in' ELSE d.relation END,
  p.birth_date, d.joined_on, told.divorced_on, told.married_on, told.disabled_since,
  told.deceased_on, dead.died_on, (insured.sex <> 'F')::text, d.other_parent_insured::text,
  d.custody
FROM {{declared}}
JOIN {people_facts.PERSONS} p ON p.id = d.member_id
JOIN {people_facts.PERSONS} insured ON insured.id = d.person_id
LEFT JOIN LATERAL (
  SELECT min(since) FILTER (WHERE kind = 'divorce' AND dependant_id = d.id) AS divorced_on,
         min(since) FILTER (WHERE kind = 'marriage') AS married_on,
         min(since) FILTER (WHERE kind = 'disability') AS disabled_since,
         min(since) FILTER (WHERE kind = 'death') AS deceased_on
  FROM {enrolment.LIFE_EVENTS} event WHERE person_id = d.member_id
) told ON true
LEFT JOIN LATERAL (
  SELECT min(died_on) AS died_on FROM {enrolment.DEATHS} died WHERE died.person_id = d.person_id
) dead ON true
ORDER BY d.id
"""

_SPELLS = f"""
SELECT d.id, e.kind, e.since, e.until FROM {{declared}}
JOIN {enrolment.LIFE_EVENTS} e ON e.person_id = d.member_id
  AND e.kind IN ('schooling', 'own_scheme')
UNION ALL
SELECT d.id, 'own_scheme', own.effective_from, own.closed_on FROM {{declared}}
JOIN {enrolment.AT_FUND} own ON own.person_id = d.member_id
  AND (own.closed_on IS NULL OR own.closed_on > own.effective_from)
"""

# The days on which custody changes, or a disability that has an end; and what holds from then on.
_CHANGES = f"""
WITH event AS (
  SELECT d.id AS dependant, d.custody AS told_custody, e.id, e.kind, e.since, e.until, e.custody
  FROM {{declared}} JOIN {enrolment.LIFE_EVENTS} e
    ON e.kind = 'custody' AND e.dependant_id = d.id
    OR e.kind = 'disability' AND e.person_id = d.member_id
), changing AS (
  SELECT * FROM event c WHERE EXISTS (SELECT FROM event o
    WHERE o.dependant = c.dependant AND (o.kind = 'custody' OR o.until IS NOT NULL))
)
SELECT day.dependant, day.since,
  coalesce((SELECT c.custody FROM event c WHERE c.dependant = day.dependant AND c.kind = 'custody'
      AND c.since <= day.since AND (c.until IS NULL OR c.until > day.since)
    ORDER BY c.since DESC, c.id DESC LIMIT 1), day.told_custody),
  (SELECT min(c.since) FROM event c WHERE c.dependant = day.dependant AND c.kind = 'disability'
      AND c.since <= day.since AND (c.until IS NULL OR c.until > day.since))
FROM (SELECT dependant, told_custody, since FROM changing
      UNION SELECT dependant, told_custody, until FROM changing WHERE until IS NOT NULL) day
ORDER BY 1, 2
"""

_PERIODS = """
SELECT n.person_id, n.since, n.until, n.status, n.reason FROM {periods} n
WHERE n.person_id IN (SELECT d.person_id FROM {declared})
"""

_REMOVE = f"""
DELETE FROM rights_dependantperiod r WHERE {{insured}} AND NOT EXISTS (
    SELECT FROM {_NEXT} n JOIN {enrolment.DEPENDANTS} d ON d.id = n.dependant_id
    JOIN {people_facts.PERSONS} p ON p.id = d.insured_id
    WHERE n.dependant_id = r.dependant_id AND n.since = r.since AND n.status = r.status
      AND n.reason = r.reason AND n.until IS NOT DISTINCT FROM r.until
      AND d.insured_id = r.insured_id AND d.person_id = r.member_id
      AND p.region_code = r.region_code)
"""

_ADD = f"""
INSERT INTO rights_dependantperiod
  (dependant_id, insured_id, member_id, status, reason, since, until, region_code)
SELECT n.dependant_id, d.insured_id, d.person_id, n.status, n.reason, n.since, n.until,
       p.region_code
FROM {_NEXT} n JOIN {enrolment.DEPENDANTS} d ON d.id = n.dependant_id
JOIN {people_facts.PERSONS} p ON p.id = d.insured_id
WHERE NOT EXISTS (SELECT FROM rights_dependantperiod r
                  WHERE r.dependant_id = n.dependant_id AND r.since = n.since)
ORDER BY n.dependant_id, n.since
"""
