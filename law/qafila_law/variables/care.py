# ruff: noqa: N801, N805 - OpenFisca names variables in snake case and formulas take the person
"""Reimbursement of one act of care in a month."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import MONTH
from openfisca_core.variables import Variable

from qafila_law.care import Care, LongIllness, Place, rates
from qafila_law.entities import Person
from qafila_law.money import whole_number
from qafila_law.openfisca_source import OpenFiscaParameters, law_on

_SCALE = 10_000
_NEVER = date(1900, 1, 1)


class CareKind(Enum):
    """Kinds of care."""

    ambulatory = "Care without a stay in hospital"
    hospital = "Hospital care"
    medicine = "Medicines"


class CarePlace(Enum):
    """Where the care is given."""

    private = "Private establishment"
    public = "Public establishment"


class Illness(Enum):
    """Illnesses with a higher rate."""

    ordinary = "Ordinary illness"
    ald = "Long illness (ALD)"
    alc = "Long and costly illness (ALC)"


class care_kind(Variable):
    value_type = Enum
    possible_values = CareKind
    default_value = CareKind.ambulatory
    entity = Person
    definition_period = MONTH
    label = "Kind of care"


class care_place(Variable):
    value_type = Enum
    possible_values = CarePlace
    default_value = CarePlace.private
    entity = Person
    definition_period = MONTH
    label = "Place of care"


class illness(Variable):
    value_type = Enum
    possible_values = Illness
    default_value = Illness.ordinary
    entity = Person
    definition_period = MONTH
    label = "Long illness, if any"


class reference_tariff_centimes(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "National reference tariff of the act, in centimes"


class reimbursement_centimes(Variable):
    value_type = int
    entity = Person
    definition_period = MONTH
    label = "What the fund gives back for sure on the act, in centimes"
    reference = "Tarification nationale de référence"

    def formula_2021_12(person: Any, period: Any, parameters: Any) -> Any:
        table = _sure_rates(law_on(parameters, period))
        kinds = (person(name, period) for name in ("care_kind", "care_place", "illness"))
        rate = table[tuple(np.asarray(kind, np.int64) for kind in kinds)]
        exact = person("reference_tariff_centimes", period).astype(np.int64) * rate
        return (2 * exact + _SCALE) // (2 * _SCALE)


def _sure_rates(law: OpenFiscaParameters) -> Any:
    """The sure rate, in 1/10,000, by kind, place and illness."""
    return np.array(
        [
            [
                [
                    whole_number(law.number(rates(kind, place, ill, law)[0]), _SCALE)
                    for ill in (None, LongIllness.ALD, LongIllness.ALC)
                ]
                for place in Place
            ]
            for kind in Care
        ],
        np.int64,
    )


class care_on(Variable):
    value_type = date
    default_value = date(9999, 1, 1)
    entity = Person
    definition_period = MONTH
    label = "Day of the first act of care"


class care_ended_on(Variable):
    value_type = date
    default_value = _NEVER
    entity = Person
    definition_period = MONTH
    label = "Day continuous care ended (1900-01-01: the care was not continuous)"


class claim_until(Variable):
    value_type = date
    default_value = date(9999, 1, 1)
    entity = Person
    definition_period = MONTH
    label = "Last day to file the papers of the care"
    reference = "Dossier de soins (délai de dépôt)"

    def formula_2021_12(person: Any, period: Any, parameters: Any) -> Any:
        law = law_on(parameters, period)
        care, ended = (
            person(name, period).astype("datetime64[D]") for name in ("care_on", "care_ended_on")
        )
        days = np.timedelta64(int(law.number("care.claim_days_after_continuous_care")), "D")
        first = _months_later(care, int(law.number("care.claim_months")))
        if law.flag("care.claim_counted_in_days"):
            first = care + days
        last = np.where(ended == np.datetime64(_NEVER), first, ended + days)
        if law.flag("care.claim_last_day_moves"):
            last = np.busday_offset(last, 0, roll="forward")
        return last


def _months_later(days: Any, months: int) -> Any:
    """The same day so many months later, or the last one of a shorter month."""
    month = days.astype("datetime64[M]")
    into = days - month.astype("datetime64[D]")
    later = month + np.timedelta64(months, "M")
    end = (later + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    return np.minimum(later.astype("datetime64[D]") + into, end)
