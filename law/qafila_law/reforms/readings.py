"""Other readings of what public sources leave open, and choices made before, by name.

Inside `under(name)` every answer of the package follows the reading, for one person, in batches and
in OpenFisca (`OtherReading`); nothing of the package changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from qafila_law.errors import UnknownReformError
from qafila_law.parameter_tree import Change, reading

_FIRST_LAW, _LAW_30_21 = date(2017, 6, 23), date(2021, 12, 1)
_FUND_RATE = date(2018, 9, 13)
_COVER, _CARE = date(2005, 8, 18), date(2021, 12, 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading: what it says in one sentence, and the parameters it changes."""

    name: str
    says: str
    changes: tuple[Change, ...]


_ONE_MONTH_UNTIL_2024 = Change(
    "rights.waiting_months",
    ((_FIRST_LAW, 6), (_LAW_30_21, 1), (date(2024, 1, 1), 3)),
)
_MONTHS_NEED_NOT_BE_PAID = Change("rights.waiting_months_must_be_paid", ((_FIRST_LAW, False),))
_NO_WAIT = Change("rights.interruption.waiting_months", ((_LAW_30_21, 0),))
_CONTINUED_ANYHOW = Change("rights.continued_needs_cover_the_day_before", ((_FIRST_LAW, False),))

_CLAIM_IN_DAYS = Change("care.claim_counted_in_days", ((_CARE, True),))
_DELAY_BY_DAY = Change("payment.delay_follows_month_ends", ((_FUND_RATE, False),))

_ALL = (
    Reading(
        "one_month_until_2024",
        "One month of waiting for first months owed up to December 2023, three after.",
        (_ONE_MONTH_UNTIL_2024,),
    ),
    Reading(
        "waiting_months_need_not_be_paid",
        "Rights open after the waiting period once anything is paid and nothing is overdue.",
        (_MONTHS_NEED_NOT_BE_PAID,),
    ),
    Reading(
        "no_wait_after_interruption",
        "Rights open again on the day of payment, however long nothing was paid.",
        (_NO_WAIT,),
    ),
    Reading(
        "continued_after_any_activity",
        "Cover goes on after the end of activity even if rights were not open the day before.",
        (_CONTINUED_ANYHOW,),
    ),
    Reading(
        "choices_of_november_2026",
        "The choices on rights, claims and delay made before the sources of 29 November 2026 were"
        " read.",
        (
            _ONE_MONTH_UNTIL_2024,
            _MONTHS_NEED_NOT_BE_PAID,
            _NO_WAIT,
            _CONTINUED_ANYHOW,
            _CLAIM_IN_DAYS,
            _DELAY_BY_DAY,
        ),
    ),
    Reading(
        "age_itself_covered",
        "Children are covered until the day before their 22nd (27th, 31st) birthday.",
        (Change("dependants.age_itself_covered", ((_COVER, True),)),),
    ),
    Reading(
        "claim_last_day_moves",
        "The last day of a claim on a weekend moves to the Monday after it.",
        (Change("care.claim_last_day_moves", ((_CARE, True),)),),
    ),
    Reading(
        "claim_within_sixty_days",
        "A claim is filed within 60 days of the care, not within two months.",
        (_CLAIM_IN_DAYS,),
    ),
    Reading(
        "delay_by_day_of_month",
        "Months of delay are counted by the day of the month, also from the end of a month.",
        (_DELAY_BY_DAY,),
    ),
    Reading(
        "later_steps",
        "The steps of Bulletin Officiel 7147 replace the coefficients of decree 2-21-751.",
        (
            Change(
                "contribution.accounts.later_steps.in_force",
                ((date(2021, 12, 1), False), (date(2022, 12, 1), True)),
            ),
        ),
    ),
)
READINGS: Mapping[str, Reading] = {one.name: one for one in _ALL}


def reading_named(name: str) -> Reading:
    """The reading of this name; UnknownReformError names those there are."""
    try:
        return READINGS[name]
    except KeyError:
        raise UnknownReformError(name=name, known=", ".join(READINGS)) from None


def under(name: str) -> AbstractContextManager[None]:
    """Inside, the package answers by the reading `name`; UnknownReformError when there is none."""
    return reading(reading_named(name).changes)
