"""What comes back on an act of care, what is left to pay, and until when to claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from qafila_law.contributions.categories import choice_of
from qafila_law.errors import MissingFactError, NegativeAmountError
from qafila_law.money import Money, Term, dirhams, rounded_half_up, whole_number
from qafila_law.parameter_tree import DatedValue, ParametersOn, ParameterSource, value_at
from qafila_law.steps import Percent, Step, step, step_on

_SCALE = 10_000


class Care(StrEnum):
    """Kinds of care, by how they are reimbursed."""

    AMBULATORY = "ambulatory"
    HOSPITAL = "hospital"
    MEDICINE = "medicine"


class Place(StrEnum):
    """Where the care is given."""

    PRIVATE = "private"
    PUBLIC = "public"


class LongIllness(StrEnum):
    """Illnesses with a higher rate: long (ALD), long and costly (ALC)."""

    ALD = "ald"
    ALC = "alc"


@dataclass(frozen=True, slots=True)
class Reimbursement:
    """What the fund gives back for sure, what it may give at most, and what is left to pay."""

    reimbursed_centimes: int
    highest_reimbursed_centimes: int
    left_to_pay_centimes: int
    claim_until: date
    refund_by: date | None
    steps: tuple[Step, ...]


def rates(
    care: Care, place: Place, illness: LongIllness | None, law: ParameterSource
) -> tuple[str, str]:
    """The parameters of the sure rate and of the highest possible rate."""
    ordinary = f"care.{care.value}_rate"
    if care is Care.HOSPITAL:
        ordinary = f"care.hospital_{place.value}_rate"
    if illness is None:
        return ordinary, ordinary
    longer = "care.long_illness_lowest_rate"
    sure = max((ordinary, longer), key=law.number)
    kind = "long" if illness is LongIllness.ALD else "costly"
    return sure, f"care.{kind}_illness_highest_rate"


def reimbursement(
    care: Care | str,
    on: date,
    *,
    tariff_centimes: int,
    paid_centimes: int | None = None,
    place: Place | str | None = None,
    illness: LongIllness | str | None = None,
    filed_on: date | None = None,
) -> Reimbursement:
    """The estimate for one act given on `on`.

    `tariff_centimes` is the act's national reference tariff (for a medicine, the price of the
    nearest generic); `paid_centimes` what the person pays (None: the tariff). `place` is needed for
    hospital care. Whether rights were open on `on` is asked of `rights`. Raises
    UnknownChoiceError, MissingFactError and NegativeAmountError.
    """
    care = choice_of(Care, "care", care)
    place = choice_of(Place, "place", place) if place is not None else None
    illness = choice_of(LongIllness, "illness", illness) if illness is not None else None
    if care is Care.HOSPITAL and place is None:
        raise MissingFactError(category=Term("care_hospital"), fact=Term("fact_place"))
    paid = tariff_centimes if paid_centimes is None else paid_centimes
    for centimes in (tariff_centimes, paid):
        if centimes < 0:
            raise NegativeAmountError(fact=Term("fact_amount"), amount=dirhams(centimes))
    sure, highest = (
        value_at(path, on)
        for path in rates(care, place or Place.PRIVATE, illness, ParametersOn(on))
    )
    back, most = (_share(tariff_centimes, rate, paid) for rate in (sure, highest))
    days = int(value_at("care.refund_days", on).number)
    return Reimbursement(
        reimbursed_centimes=back,
        highest_reimbursed_centimes=most,
        left_to_pay_centimes=paid - back,
        claim_until=claim_deadline(on),
        refund_by=None if filed_on is None else filed_on + timedelta(days=days),
        steps=_steps(care, on, tariff_centimes, paid, back, most, sure, highest),
    )


def _share(tariff: int, rate: DatedValue, paid: int) -> int:
    return min(paid, rounded_half_up(tariff * whole_number(rate.number, _SCALE), _SCALE))


def _steps(
    care: Care,
    on: date,
    tariff: int,
    paid: int,
    back: int,
    most: int,
    sure: DatedValue,
    highest: DatedValue,
) -> tuple[Step, ...]:
    base = "reference_price" if care is Care.MEDICINE else "reference_tariff"
    told = [
        step(base, amount=tariff, tariff=Money(tariff)),
        step("reimbursed", amount=back, rests_on=sure, back=Money(back), rate=Percent(sure.number)),
    ]
    if most > back:
        told.append(
            step("reimbursed_at_most", amount=most, rests_on=highest, most=Money(most),
                 rate=Percent(highest.number))
        )  # fmt: skip
    left = paid - back
    told.append(step("left_to_pay", amount=left, left=Money(left), paid=Money(paid)))
    days = int(value_at("care.claim_days", on).number)
    told.append(step_on("care.claim_days", on, "claim_until", until=claim_deadline(on), days=days))
    if care is Care.HOSPITAL:
        hours = int(value_at("care.prior_agreement_hours", on).number)
        told.append(step_on("care.prior_agreement_hours", on, "prior_agreement", hours=hours))
    return tuple(told)


def claim_deadline(care_on: date) -> date:
    """The last day to file a claim for care given on `care_on`."""
    return care_on + timedelta(days=int(value_at("care.claim_days", care_on).number))


def claim_in_time(care_on: date, filed_on: date) -> bool:
    """Whether a claim filed on `filed_on` is in time."""
    return filed_on <= claim_deadline(care_on)
