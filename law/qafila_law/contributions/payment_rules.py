"""How money received settles what is owed, and what an agreement to pay in parts changes."""

from __future__ import annotations

from datetime import date

from qafila_law.parameter_tree import value_at

OLDEST_DUE_FIRST = "oldest_due_first"


def allocation_order(on: date) -> str:
    """The order in which money settles open calls on `on`; today always `oldest_due_first`.

    Among calls due on one day the earlier month comes first, and earlier payments before later
    ones. No text read says it (`payment.allocation_order`).
    """
    return str(value_at("payment.allocation_order", on).value)


def instalments_reopen_rights(on: date) -> bool:
    """Whether an agreement to pay in instalments, made on `on`, reopens rights by itself."""
    return value_at("payment.instalments_reopen_rights", on).value is True
