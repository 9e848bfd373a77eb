"""What the proofs of all rooms find, filed as matters of the work queue."""

from __future__ import annotations

from collections.abc import Mapping

from qafila.contributions.anomalies.kinds import KINDS, Kind
from qafila.contributions.anomalies.searches import SEARCHES
from qafila.people.ports import Proof


def file_proofs(proofs: Mapping[str, Proof]) -> None:
    """Let the nightly search look for what each proof finds; one matter for each person."""
    for code, proof in proofs.items():
        KINDS[code] = Kind(code, proof.told, proof.remedy)
        SEARCHES[code] = (
            "SELECT person_id, NULL::bigint, NULL::date, jsonb_build_object('rows', "
            "(array_agg(row_id ORDER BY row_id))[1:20]) "
            f"FROM ({proof.sql}) proven (person_id, row_id) GROUP BY person_id"
        )
