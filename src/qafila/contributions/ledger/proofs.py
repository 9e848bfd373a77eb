"""The nightly proof that the books are balanced and agree with each other."""

from __future__ import annotations

from qafila.contributions.ledger.queries import (
    ledger_imbalance,
    settlement_disagreements,
)


class BooksOutOfBalance(RuntimeError):
    """A fault of ours, not of a person: the job fails, is seen, and nothing is paid out on it."""


def require_balanced_books() -> None:
    """Raise BooksOutOfBalance, naming up to ten faults, unless every posting adds up to zero."""
    unbalanced = [f"{posting} is off by {total} centimes" for posting, total in ledger_imbalance()]
    faults = [*unbalanced, *settlement_disagreements()]
    if faults:
        raise BooksOutOfBalance("; ".join(faults[:10]))
