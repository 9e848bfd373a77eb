"""The tables of the room, by subject. Django finds them by these imports."""

from qafila.contributions.models import (
    arrears,
    calls_and_ledger,
    counter_postings,
    notes,
    plans,
    refunds,
    reopenings,
    years,
)

__all__ = [
    "arrears",
    "calls_and_ledger",
    "counter_postings",
    "notes",
    "plans",
    "refunds",
    "reopenings",
    "years",
]
