"""`qafila contributions credits | refund`: money left over, and giving it back."""

from __future__ import annotations

import datetime as dt
import json
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from qafila.cli.django_setup import prepare_django
from qafila.cli.refusals import UnusableRequest
from qafila.cli.rooms.acting import centimes_of
from qafila.cli.rooms.money.figures import AsJson, print_figures


class RefundStep(StrEnum):
    """What is done about a refund: two persons are needed, and the bank."""

    ASK = "ask"
    APPROVE = "approve"
    REFUSE = "refuse"
    CANCEL = "cancel"
    PAID = "paid"
    RETURNED = "returned"


def credits(
    count: Annotated[int, typer.Option(help="How many people.", min=1)] = 50,
    as_json: AsJson = False,
) -> None:
    """People with money left over, the largest sum first, and the refunds that wait."""
    prepare_django()
    from qafila.contributions.payments.refunds.queries import (
        credits_waiting,
        refunds_waiting,
    )
    from qafila.foundation import clock
    from qafila.foundation.access_log import record_list_read
    from qafila.foundation.actors import WHOLE_COUNTRY
    from qafila.foundation.trail import system_actor
    from qafila_law.money import dirhams

    found = credits_waiting(scope=WHOLE_COUNTRY, count=count)
    waiting = refunds_waiting(scope=WHOLE_COUNTRY)
    record_list_read(
        len(found) + len(waiting),
        actor=system_actor("command line"),
        at=clock.now(),
        place="credits",
        asked="",
    )
    told = {
        "credits": [
            {
                "file": one.person_id,
                "credit_dh": dirhams(one.credit_centimes),
                "since": one.since.isoformat(),
            }
            for one in found
        ],
        "refunds": [
            {
                "refund": one.refund_id,
                "file": one.person_id,
                "state": one.state,
                "amount_dh": dirhams(one.amount_centimes),
            }
            for one in waiting
        ],
    }
    if as_json:
        json.dump(told, sys.stdout, indent=2)
        sys.stdout.write("\n")
        return
    for title, rows in told.items():
        table = Table(*(rows[0] if rows else ("file",)), title=title)
        for row in rows:
            table.add_row(*(str(value) for value in row.values()))
        Console().print(table)


def refund(
    number: Annotated[int, typer.Argument(help="The person's file to ask; else the refund.")],
    step: Annotated[RefundStep, typer.Option(help="What is done.")] = RefundStep.ASK,
    amount: Annotated[str, typer.Option(help="With ask: dirhams, as 163.52.")] = "",
    reason: Annotated[str, typer.Option(help="Why, in a few words.")] = "",
    line: Annotated[str, typer.Option(help="The reference of the bank's line.")] = "",
    on: Annotated[str, typer.Option(help="The day of the bank's line; else today.")] = "",
    heir: Annotated[str, typer.Option(help="With ask, after a death: who receives it.")] = "",
    deed: Annotated[str, typer.Option(help="The deed of heirs that shows it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Give credit back: one asks, another approves, the bank pays; what returns is credit again."""
    prepare_django()
    from qafila.contributions.payments.refunds import refunds as acts
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor
    from qafila_law.money import dirhams

    who: dict[str, Any] = {"actor": system_actor("command line"), "at": clock.now()}
    day = _day(on) if on else clock.today()
    if step is RefundStep.ASK:
        done = acts.ask_refund(
            number,
            amount_centimes=centimes_of(amount),
            reason=reason,
            heir=heir,
            heir_document=deed,
            **who,
        )
    elif step is RefundStep.APPROVE:
        done = acts.approve_refund(number, **who)
    elif step is RefundStep.PAID:
        done = acts.pay_refund(number, channel="bank", bank_line=line, paid_on=day, **who)
    elif step is RefundStep.RETURNED:
        done = acts.return_refund(number, return_line=line, on=day, **who)
    else:
        move = acts.refuse_refund if step is RefundStep.REFUSE else acts.cancel_refund
        done = move(number, reason=reason, **who)
    figures = {
        "refund": done.refund_id,
        "state": done.state,
        "amount_dh": dirhams(done.amount_centimes),
    }
    print_figures(figures, as_json, str(number))


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        told = _("“%(text)s” is not a day. Write it as 2026-11-30.")
        raise UnusableRequest(told % {"text": text}) from None
