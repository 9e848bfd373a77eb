"""The terms of plans: the programme's choices, since no text read so far sets any."""

from __future__ import annotations

import datetime as dt

from qafila_law.months import months_later

FEWEST, MOST = 2, 24
LONGEST_WAIT_DAYS = 62
"""The first instalment is due within two months of the agreement."""
DAYS_PAYMENTS_TRAVEL = 5
"""Files of banks and relay points come some days late: until then nothing counts as missed."""


def parts_of(total: int, count: int, first_due_on: dt.date) -> list[tuple[dt.date, int]]:
    """The days and amounts of `count` monthly parts of `total` centimes; the last takes the rest.

    The day of the month stays that of the first, or the last day of a shorter month.
    """
    part = total // count
    amounts = [part] * (count - 1) + [total - part * (count - 1)]
    return [(months_later(first_due_on, step), amount) for step, amount in enumerate(amounts)]
