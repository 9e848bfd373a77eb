"""What must always hold of people in every room, and the faults held today."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.foundation.scope import reference_data
from qafila.people.merging.references import hanging_tables
from qafila.people.ports import Proof, proofs

MOST_IDS = 50


@dataclass(frozen=True)
class Finding:
    """The faults one proof found: how many, and (person, row) of the first ones."""

    code: str
    told: str | Promise
    remedy: str | Promise
    count: int
    ids: tuple[tuple[int, int], ...]


@reference_data
def prove_people() -> list[Finding]:
    """Hold every room's rows against the proofs; one finding for each proof, found or not."""
    return [_proved(code, proof) for code, proof in proofs.items()]


def _proved(code: str, proof: Proof) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, row_id, count(*) OVER () FROM "
            f"({proof.sql}) found (person_id, row_id) ORDER BY 1, 2 LIMIT {MOST_IDS}"
        )
        rows = cursor.fetchall()
    count = int(rows[0][2]) if rows else 0
    return Finding(code, proof.told, proof.remedy, count, tuple((p, r) for p, r, _ in rows))


def own_proofs() -> dict[str, Proof]:
    """The proofs of this room; those of the rooms above speak of their own rows."""
    return {
        "row_on_merged_file": Proof(
            _("Something hangs on a file that was merged into another, where nobody sees it."),
            _("Undo the merge and do it again, or have the row moved to the file that was kept."),
            _on_merged_files(),
        ),
        "card_held_twice": Proof(
            _("Two files hold one card number."),
            _("Compare the two files: merge them if they are one person, or correct the number."),
            _CARD_TWICE,
        ),
    }


def _on_merged_files() -> str:
    """Rows of every room on a merged file, told of the file that was kept in the end."""
    parts = [
        f'SELECT t."{column}" AS hidden, t."{table.key}"::bigint AS row_id '
        f'FROM "{table.name}" t JOIN people_person m ON m.id = t."{column}" '
        "WHERE m.state = 'merged'"
        for table in hanging_tables()
        for column in table.columns
    ]
    return f"""
WITH RECURSIVE hung AS ({" UNION ALL ".join(parts)}), led AS (
  SELECT h.hidden, h.row_id, p.merged_into_id AS at FROM hung h
    JOIN people_person p ON p.id = h.hidden
  UNION SELECT led.hidden, led.row_id, p.merged_into_id FROM led
    JOIN people_person p ON p.id = led.at WHERE p.merged_into_id IS NOT NULL
)
SELECT led.at, led.row_id FROM led JOIN people_person p ON p.id = led.at
WHERE p.state = 'active'
"""


_CARD_TWICE = """
SELECT p.id, p.id FROM people_person p
WHERE p.state = 'active' AND p.card_number <> '' AND EXISTS (
  SELECT FROM people_person o WHERE o.card_number = p.card_number AND o.state = 'active'
    AND o.id < p.id)
"""
