"""Months, payers and payment files: each trait is a situation."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from pathlib import Path
from typing import Any

from tests.enrolment.factories import enrolled
from tests.register.factories import AT, person, system

from qafila.contributions.calls.month_runs.runs import RunOutcome, run_month
from qafila.contributions.payments.booking import PaymentFileOutcome
from qafila.contributions.payments.recording import PaymentOutcome, record_payment
from qafila.enrolment.models import Enrolment
from qafila.exchange.payments.files import book_bank_file

NOVEMBER = dt.date(2026, 11, 1)
_serial = itertools.count(1)


def craftworker(**fields: Any) -> Enrolment:
    """Fatima, craftworker without accounts, at the fund since January 2026."""
    return enrolled(person(), **fields)


def in_arrears(months: int, **fields: Any) -> Enrolment:
    """Fatima, of whom the fund reports unpaid months."""
    facts = {"effective_from": dt.date(2024, 1, 1), "reported_on": dt.date(2026, 11, 1)}
    return craftworker(**{**facts, "months_unpaid_reported": months, **fields})


def run(month: dt.date = NOVEMBER, at: dt.datetime = AT, **options: Any) -> RunOutcome:
    """The month called by the system, asked for by its name."""
    options.setdefault("named", f"{month:%Y-%m}")
    return run_month(month, actor=system(), at=at, **options)


def pay(
    enrolment: Enrolment, centimes: int, on: dt.date = dt.date(2026, 11, 10), **fields: Any
) -> PaymentOutcome:
    """One payment under a reference of its own."""
    facts = {"reference": f"R{next(_serial)}", "channel": "bank", "at": AT, **fields}
    return record_payment(
        person_id=enrolment.person_id, amount_centimes=centimes, paid_on=on,
        actor=system(), **facts,
    )  # fmt: skip


def payments_file(folder: Path, *rows: dict[str, str], name: str = "payments.csv") -> Path:
    """A csv file of payments; each row says only what differs from a good one."""
    path = folder / name
    columns = ("reference", "fund_number", "register_number", "card_number", "amount_dh", "paid_on")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for row in rows:
            good = {"reference": f"F{next(_serial)}", "amount_dh": "163.52"}
            writer.writerow({"paid_on": "2026-11-10", **good, **row})
    return path


def book_file(path: Path, channel: str = "bank", *, at: dt.datetime = AT) -> PaymentFileOutcome:
    """Book a file of payments as the page does."""
    return book_bank_file(path.read_bytes(), path.name, channel=channel, actor=system(), at=at)
