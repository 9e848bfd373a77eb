"""Rows of a statement that paid money out to a person, or brought such money back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from qafila.contributions.access import require_posting
from qafila.contributions.payments.problems import PaymentProblem
from qafila.contributions.payments.references import persons_numbered
from qafila.contributions.payments.refunds.refunds import (
    come_back_by_bank,
    credit_of,
    pay_out_by_bank,
)
from qafila.contributions.payments.rows import Kind, PaymentRow
from qafila.contributions.payments.taking_back import TakenBack
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila_law.money import dirhams


def pay_out(
    cursor: Any, one: PaymentRow, channel: str, *, actor: Actor, at: dt.datetime
) -> TakenBack:
    """Book a row of money paid out or come back; call it inside a transaction of `acting`."""
    centimes, day = one.centimes or 0, one.paid_on
    people = persons_numbered(one.numbers())
    if day is None or day > day_of(at):
        return _failed(one, "return_date", found=f"{day}")
    if len(people) != 1:
        return _failed(one, "several_persons" if people else "unknown_person")
    (person,) = people
    if one.kind == Kind.REFUND_RETURNED:
        done = come_back_by_bank(
            cursor,
            person,
            centimes,
            channel=channel,
            lines=one.references,
            on=day,
            actor=actor,
            at=at,
        )
        if done == "unknown":
            return _failed(one, "refund_returned", found=dirhams(centimes))
        return TakenBack(-centimes, now=done == "returned")
    done = pay_out_by_bank(
        person,
        centimes,
        channel=channel,
        lines=one.references,
        on=day,
        reason=one.reason or one.references[-1],
        unnamed=one.unnamed,
        actor=actor,
        at=at,
    )
    if done == "beyond_credit":
        credit = dirhams(credit_of(person, scope=require_posting(actor)))
        return _failed(one, "paid_out", found=dirhams(centimes), credit=credit)
    if done == "possible_repeat":
        return _failed(one, "possible_repeat", found=dirhams(centimes))
    return TakenBack(centimes, now=done == "paid")


def _failed(one: PaymentRow, code: str, **params: str) -> TakenBack:
    return TakenBack(one.centimes or 0, problem=PaymentProblem(one.row, code, params))
