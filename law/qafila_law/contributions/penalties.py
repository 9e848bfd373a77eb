"""What lateness costs: on the fund's side, and on the tax side for the duty paid with the tax."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qafila_law.errors import NegativeAmountError, UnknownChoiceError
from qafila_law.money import Money, Term, dirhams, rounded_half_up, whole_number
from qafila_law.months import last_day, months_between, months_later
from qafila_law.parameter_tree import earliest_or_at, value_at
from qafila_law.steps import Count, Percent, Step, step, step_on

FUND, TAX = "fund", "tax"
UNKNOWN = "unknown"
_SCALE = 100_000


@dataclass(frozen=True, slots=True)
class Penalty:
    """The amount added for lateness, and how it was reached."""

    penalty_centimes: int
    months_late: int
    steps: tuple[Step, ...]


def penalty(amount_centimes: int, due_on: date, on: date, side: str = FUND) -> Penalty:
    """The penalty on an amount due on `due_on` and still unpaid, or paid, on `on`.

    `side` is 'fund' (1 % a month) or 'tax' (10 or 5 %, then 5 % and 0.5 % a month). The rates are
    those in force on the due day. Nothing is added when `on` is not later than `due_on`.
    """
    if side not in (FUND, TAX):
        raise UnknownChoiceError(name="side", value=side, known=f"{FUND}, {TAX}")
    _refuse_negative(amount_centimes)
    if on <= due_on or amount_centimes == 0:
        return Penalty(0, 0, (step("not_late", due_on=due_on),))
    if side == FUND:
        return _fund_penalty(amount_centimes, due_on, on)
    return _tax_penalty(amount_centimes, due_on, on)


def _refuse_negative(centimes: int) -> None:
    if centimes < 0:
        raise NegativeAmountError(fact=Term("fact_amount"), amount=dirhams(centimes))


def months_of_delay(due_on: date, on: date, *, part_counts: bool) -> int:
    """Months from `due_on` to `on`; a month begun counts as one when `part_counts`.

    From the end of a month, months are counted from end of month to end of month where the
    parameter of delays says so.
    """
    if on <= due_on:
        return 0
    whole = months_between(due_on, on)
    if _after_months(due_on, whole) > on:
        whole -= 1
    return whole + 1 if part_counts and _after_months(due_on, whole) < on else whole


def _after_months(due_on: date, months: int) -> date:
    later = months_later(due_on, months)
    to_month_end = due_on == last_day(due_on) and _follows_month_ends(due_on)
    return last_day(later) if to_month_end else later


def _follows_month_ends(due_on: date) -> bool:
    return earliest_or_at("payment.delay_follows_month_ends", due_on).value is True


def _share(path: str, on: date) -> int:
    return whole_number(value_at(path, on).number, _SCALE)


def _fund_penalty(amount: int, due_on: date, on: date) -> Penalty:
    part_counts = value_at("payment.fund_part_month_counts", due_on).value is True
    months = months_of_delay(due_on, on, part_counts=part_counts)
    rate = value_at("payment.fund_late_rate", due_on)
    added = rounded_half_up(amount * whole_number(rate.number, _SCALE) * months, _SCALE)
    told = step(
        "fund_penalty",
        amount=added,
        rests_on=rate,
        penalty=Money(added),
        owed=Money(amount),
        rate=Percent(rate.number),
        months=Count(months),
    )
    return Penalty(added, months, (told, *_ceiling(due_on)))


def _ceiling(due_on: date) -> tuple[Step, ...]:
    """That a ceiling exists and its figure is not known, as long as it is not."""
    if value_at("payment.fund_late_ceiling", due_on).value != UNKNOWN:
        return ()
    return (step_on("payment.fund_late_ceiling", due_on, "fund_penalty_ceiling_unknown"),)


def _tax_penalty(amount: int, due_on: date, on: date) -> Penalty:
    late = "payment.tax_late"
    short = (on - due_on).days <= value_at(f"{late}.short_delay_days", due_on).number
    surcharge_path = f"{late}.short_delay_rate" if short else f"{late}.rate"
    months = months_of_delay(due_on, on, part_counts=True)
    surcharge = rounded_half_up(amount * _share(surcharge_path, due_on), _SCALE)
    first = rounded_half_up(amount * _share(f"{late}.first_month_rate", due_on), _SCALE)
    further = rounded_half_up(
        amount * _share(f"{late}.further_month_rate", due_on) * (months - 1), _SCALE
    )
    steps = (
        _tax_step("tax_surcharge", surcharge, surcharge_path, due_on),
        _tax_step("tax_first_month", first, f"{late}.first_month_rate", due_on),
        _tax_step("tax_further_months", further, f"{late}.further_month_rate", due_on, months - 1),
    )
    kept = steps if months > 1 else steps[:2]
    return Penalty(surcharge + first + further, months, kept)


def _tax_step(code: str, amount: int, path: str, on: date, months: int = 1) -> Step:
    rate = Percent(value_at(path, on).number)
    return step_on(
        path, on, code, amount=amount, penalty=Money(amount), rate=rate, months=Count(months)
    )


def late_filing_penalty(
    tax_centimes: int, due_on: date, filed_on: date, *, assessed: bool = False
) -> Penalty:
    """The surcharge for a tax return filed late, or assessed by the tax office (CGI 184)."""
    _refuse_negative(tax_centimes)
    if filed_on <= due_on and not assessed:
        return Penalty(0, 0, (step("not_late", due_on=due_on),))
    late = "payment.tax_late_filing"
    short = (filed_on - due_on).days <= value_at(f"{late}.short_delay_days", due_on).number
    name = "assessed_rate" if assessed else "short_delay_rate" if short else "rate"
    share = rounded_half_up(tax_centimes * _share(f"{late}.{name}", due_on), _SCALE)
    least = whole_number(value_at(f"{late}.minimum", due_on).number, 100)
    steps: tuple[Step, ...] = (_tax_step("late_filing", share, f"{late}.{name}", due_on),)
    if share < least:
        told = step_on(
            f"{late}.minimum", due_on, "late_filing_minimum", amount=least, penalty=Money(least)
        )
        steps = (*steps, told)
    months = months_of_delay(due_on, filed_on, part_counts=True)
    return Penalty(max(share, least), months, steps)
