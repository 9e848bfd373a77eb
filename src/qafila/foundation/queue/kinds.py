"""Which worker does which jobs: short ones never wait behind long ones, nor payments behind lists.

Each kind is a process of its own. A queue belongs to one kind.
"""

from __future__ import annotations

HOUSE = "house"
PAYMENTS = "payments"

KINDS: dict[str, tuple[str, ...]] = {
    "short": (PAYMENTS, HOUSE, "default"),
    "lists": ("lists",),
    "contributions": ("contributions",),
}
"""The queues of each kind of worker."""
