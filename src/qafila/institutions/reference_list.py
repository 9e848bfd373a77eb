"""The list of institutions in `data/`, as rows ready to load."""

from __future__ import annotations

import csv
from importlib import resources
from typing import Any

from qafila.institutions.models import Institution

Row = dict[str, Any]
Kind = Institution.Kind
_FUND = "Caisse Nationale de Sécurité Sociale (CNSS) - siège"
_PARENT_KIND = {
    Kind.CHAMBER_CRAFTS_ANNEX: Kind.CHAMBER_CRAFTS,
    Kind.CHAMBER_COMMERCE_ANNEX: Kind.CHAMBER_COMMERCE,
}


def listed_institutions() -> list[Row]:
    """One row per institution; `parent_kind` and `parent_name` name the one it belongs to."""
    text = resources.files("qafila.institutions").joinpath("data/institutions.csv")
    rows = [_row(row) for row in csv.DictReader(text.read_text(encoding="utf-8").splitlines())]
    chambers = {
        (row["kind"], row["region_id"]): row["name_fr"]
        for row in rows
        if row["kind"] in _PARENT_KIND.values()
    }
    return [row | _parent(row, chambers) for row in rows]


def _row(row: dict[str, str]) -> Row:
    return {
        "kind": Kind(row["kind"]).value,
        "name_fr": row["name_fr"],
        "name_ar": row["name_ar"],
        "region_id": row["region_code"] or None,
        "province_id": row["province_code"] or None,
        "city": row["city"],
        "valid_from": int(row["valid_from"]) if row["valid_from"] else None,
        "valid_to": int(row["valid_to"]) if row["valid_to"] else None,
        "confidence": row["confidence"],
        "source": row["source"],
    }


def _parent(row: Row, chambers: dict[tuple[str, str], str]) -> Row:
    if row["kind"] == Kind.FUND_AGENCY:
        return {"parent_kind": Kind.AGENCY.value, "parent_name": _FUND}
    kind = _PARENT_KIND.get(row["kind"])
    if kind is None:
        return {"parent_kind": None, "parent_name": None}
    return {"parent_kind": kind.value, "parent_name": chambers[kind, row["region_id"]]}
