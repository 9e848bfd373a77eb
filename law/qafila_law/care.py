"""What comes back on an act of care, what is left to pay, and until when to claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from qafila_law.contributions.categories import choice_of
from qafila_law.errors import (
    ClaimBeforeCareError,
    ContradictoryFactsError,
    MissingFactError,
    NegativeAmountError,
)
from qafila_law.money import Money, Term, dirhams, rounded_half_up, whole_number
from qafila_law.months import months_later
from qafila_law.parameter_tree import DatedValue, ParametersOn, ParameterSource, value_at
from qafila_law.steps import Count, Percent, Step, Told, step, step_on

_SCALE = 10_000
_SATURDAY, _WEEK = 5, 7


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
    UnknownChoiceError, MissingFactError, NegativeAmountError and, for papers filed before the care,
    ClaimBeforeCareError.
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
    if filed_on is not None and filed_on < on:
        raise ClaimBeforeCareError(filed_on=filed_on, care_on=on)
    back, most = (_share(tariff_centimes, rate, paid) for rate in (sure, highest))
    days = int(value_at("care.refund_days", on).number)
    return Reimbursement(
        reimbursed_centimes=back.given,
        highest_reimbursed_centimes=most.given,
        left_to_pay_centimes=paid - back.given,
        claim_until=claim_deadline(on),
        refund_by=None if filed_on is None else filed_on + timedelta(days=days),
        steps=_steps(care, on, tariff_centimes, paid, back, most),
    )


@dataclass(frozen=True, slots=True)
class _Share:
    """A rate of the tariff, and what is given of it: never more than was paid."""

    rate: DatedValue
    whole: int
    given: int


def _share(tariff: int, rate: DatedValue, paid: int) -> _Share:
    whole = rounded_half_up(tariff * whole_number(rate.number, _SCALE), _SCALE)
    return _Share(rate, whole, min(paid, whole))


def _steps(
    care: Care, on: date, tariff: int, paid: int, back: _Share, most: _Share
) -> tuple[Step, ...]:
    base = "reference_price" if care is Care.MEDICINE else "reference_tariff"
    told = [
        step(base, amount=tariff, tariff=Money(tariff)),
        _share_step(back, tariff, "reimbursed", "reimbursed_limited"),
    ]
    if most.given > back.given:
        told.append(_share_step(most, tariff, "reimbursed_at_most", "reimbursed_at_most_limited"))
    left = paid - back.given
    told.append(step("left_to_pay", amount=left, left=Money(left), paid=Money(paid)))
    told.append(
        step_on(
            "care.claim_months",
            on,
            "claim_until",
            until=claim_deadline(on),
            months=Count(int(value_at("care.claim_months", on).number)),
        )
    )
    if care is Care.HOSPITAL:
        hours = int(value_at("care.prior_agreement_hours", on).number)
        told.append(step_on("care.prior_agreement_hours", on, "prior_agreement", hours=hours))
    return tuple(told)


def _share_step(share: _Share, tariff: int, whole: str, limited: str) -> Step:
    """The multiplication as it was made, and the limit where less was paid."""
    told: dict[str, Told] = {"rate": Percent(share.rate.number), "tariff": Money(tariff)}
    told["whole"] = Money(share.whole)
    if share.given == share.whole:
        return step(whole, amount=share.given, rests_on=share.rate, **told)
    told["paid"] = Money(share.given)
    return step(limited, amount=share.given, rests_on=share.rate, **told)


def claim_deadline(care_on: date, *, ended_on: date | None = None) -> date:
    """The last day to file a claim for care given on `care_on`.

    Two months after the first act; for continuous care that ended on `ended_on`, 60 days after its
    end. ContradictoryFactsError for care that ends before it begins.
    """
    if ended_on is None and value_at("care.claim_counted_in_days", care_on).value is True:
        days = value_at("care.claim_days_after_continuous_care", care_on)
        last = care_on + timedelta(days=int(days.number))
    elif ended_on is None:
        last = months_later(care_on, int(value_at("care.claim_months", care_on).number))
    else:
        if ended_on < care_on:
            raise ContradictoryFactsError(detail="ended_on < care_on")
        days = value_at("care.claim_days_after_continuous_care", ended_on)
        last = ended_on + timedelta(days=int(days.number))
    if value_at("care.claim_last_day_moves", care_on).value is True and last.weekday() >= _SATURDAY:
        last += timedelta(days=_WEEK - last.weekday())
    return last


def appeal_deadline(refused_on: date) -> date:
    """The last day to appeal against a refusal of `refused_on`."""
    return refused_on + timedelta(days=int(value_at("care.appeal_days", refused_on).number))


def claim_in_time(care_on: date, filed_on: date, *, ended_on: date | None = None) -> bool:
    """Whether a claim filed on `filed_on` is in time, and not before the care."""
    return care_on <= filed_on <= claim_deadline(care_on, ended_on=ended_on)
