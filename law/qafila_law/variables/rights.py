# ruff: noqa: N801, N805 - OpenFisca names variables in snake case and formulas take the person
"""The state of rights on the first day of a month, for a person in activity, and late payment."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.variables import Variable

from qafila_law.entities import Person
from qafila_law.money import whole_number
from qafila_law.openfisca_source import law_on
from qafila_law.parameter_tree import get_parameter
from qafila_law.rights.standings import Situation, standing

_RATE_SCALE = 100_000


class RightsStatus(Enum):
    """The states of rights."""

    none = "Not enrolled"
    waiting = "In the waiting period, or first payment awaited"
    suspended = "Suspended, months are unpaid"
    open = "Open"
    closed = "Closed"


class first_month(Variable):
    value_type = date
    default_value = date(9999, 1, 1)
    entity = Person
    definition_period = ETERNITY
    label = "First day of the first month owed"


class overdue_months(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Months unpaid after their last day to pay"


class has_ever_paid(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "At least one month has been paid in full"


class waiting_months_unpaid(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Months of the waiting period that are not paid yet"


class long_interruption_paid_on(Variable):
    value_type = date
    default_value = date(1900, 1, 1)
    entity = Person
    definition_period = ETERNITY
    label = "Day of payment of months unpaid for too long (1900-01-01: never)"


class is_waiting_after_interruption(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "Waits for rights to open again after a long time without payment"
    reference = "Loi 98-15 modifiée"

    def formula_2021_12(person: Any, period: Any, parameters: Any) -> Any:
        wait = int(law_on(parameters, period).number("rights.interruption.waiting_months"))
        paid_on = person("long_interruption_paid_on", period)
        first_open = paid_on.astype("datetime64[M]") + np.timedelta64(1 + wait, "M")
        now = np.datetime64(period.start.date, "D")
        return (wait > 0) & (paid_on <= now) & (now < first_open.astype("datetime64[D]"))


class waiting_months(Variable):
    value_type = int
    entity = Person
    definition_period = ETERNITY
    label = "Months of waiting of a person, by the first month owed"
    reference = "Loi 98-15, loi 30-21"

    def formula(person: Any, period: Any, parameters: Any) -> Any:
        values = get_parameter("rights.waiting_months").values
        days = [value.since.isoformat() for value in values]
        starts = np.array(days, "datetime64[D]")
        place = np.searchsorted(starts, person("first_month", period), side="right") - 1
        dated = [int(law_on(parameters, day).number("rights.waiting_months")) for day in days]
        return np.array(dated)[np.maximum(place, 0)]


class rights_status(Variable):
    value_type = Enum
    possible_values = RightsStatus
    default_value = RightsStatus.none
    entity = Person
    definition_period = MONTH
    label = "State of rights on the first day of the month, for a person in activity"
    reference = "Loi 98-15, article 14"

    def formula_2017_07(person: Any, period: Any, parameters: Any) -> Any:
        entered = person("first_month", period).astype("datetime64[M]")
        now = np.datetime64(period.start.date, "M")
        opening = entered + person("waiting_months", period).astype("timedelta64[M]")
        law = law_on(parameters, period)
        limit = int(law.number("rights.unpaid_months_that_suspend"))
        must_be_paid = law.flag("rights.waiting_months_must_be_paid")
        flags = (
            entered <= now,
            now < opening,
            person("overdue_months", period) >= limit,
            person("has_ever_paid", period),
            must_be_paid & (person("waiting_months_unpaid", period) > 0),
            person("is_waiting_after_interruption", period),
        )
        return RightsStatus.encode(_statuses(*flags))


def _statuses(*flags: Any) -> Any:
    """The status by: active, waiting, unpaid, ever paid, waiting months unpaid, interrupted."""
    place = sum(flag * (1 << bit) for bit, flag in enumerate(flags))
    table = [_status(bits, len(flags)) for bits in range(1 << len(flags))]
    return np.array(table)[place]


def _status(bits: int, count: int) -> str:
    active, waiting, unpaid, paid, wait_unpaid, interrupted = (
        bool(bits & (1 << bit)) for bit in range(count)
    )
    now = Situation(
        deceased=False,
        ever_enrolled=active,
        active=active,
        waiting=waiting,
        wait_unpaid=wait_unpaid,
        continued=False,
        unpaid=unpaid,
        ever_paid=paid,
        relief_waiting=False,
        interrupted=interrupted,
    )
    return standing(now).status.value


class late_amount_centimes(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Amount paid late, in centimes"


class months_late(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Months of delay, a month begun counting as one"


class fund_penalty_centimes(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "Penalty for late payment, fund's side, in centimes"
    reference = "Loi 98-15"

    def formula_2018_10(person: Any, period: Any, parameters: Any) -> Any:
        law = law_on(parameters, period)
        rate = whole_number(law.number("payment.fund_late_rate"), _RATE_SCALE)
        amount = person("late_amount_centimes", period).astype(np.int64)
        exact = amount * person("months_late", period) * rate
        return (2 * exact + _RATE_SCALE) // (2 * _RATE_SCALE)
