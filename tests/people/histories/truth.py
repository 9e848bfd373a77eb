"""What has to hold after anything that happens to people: proofs, books, and what is derived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import connection
from tests.books import require_agreement
from tests.register.factories import system

from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
from qafila.people.proofs import prove_people

DERIVED = {
    "accompaniment_standing": "computed_at",
    "contributions_personarrears": "as_of",
    "rights_rightsperiod": "id",
    "rights_dependantperiod": "id",
}
# What random lives may well bring about, each with its own queue: not a fault of merging.
OF_LIFE = {
    "dead_but_enrolled",
    "dead_but_registered",
    "enrolments_undecided",
    "struck_off_but_enrolled",
    "enrolled_without_entry",
    "care_paid_twice",
    "care_claimed_under_two_files",
    "same_child_twice",
    "care_of_the_dead",
}


def require_same(before: dict[str, str], after: dict[str, str]) -> None:
    """No table has changed."""
    assert [table for table, figure in after.items() if figure != before[table]] == []


def _derived() -> dict[str, list[str]]:
    found = {}
    with connection.cursor() as cursor:
        for table, unsaid in DERIVED.items():
            cursor.execute(f"SELECT (to_jsonb(t) - '{unsaid}')::text FROM {table} t ORDER BY 1")
            found[table] = [text for (text,) in cursor.fetchall()]
    return found


def require_sound(at: dt.datetime, *, allowed: Collection[str] = OF_LIFE) -> None:
    """The proofs but for those `allowed` hold, the books agree, what is derived is as derived."""
    faults = {one.code: one.ids for one in prove_people() if one.count}
    assert not {code: ids for code, ids in faults.items() if code not in allowed}
    require_agreement()
    at_once = _derived()
    bring_up_to_date(EVERYONE, actor=system(), at=at)
    for table, rows in _derived().items():
        assert [one for one in rows if one not in at_once[table]] == []
        assert rows == at_once[table]
