"""What the insured person sees of their own money: account, payments, lateness, where to pay."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from qafila.contributions.account.queries import Statement, account_from, payments_by
from qafila.contributions.account.ways_to_pay import ways_to_pay
from qafila.contributions.arrears.lateness import Lateness, lateness
from qafila.contributions.ledger.fund_numbers import fund_number_of
from qafila.contributions.payments.queries import PaymentTold, payments_told
from qafila.foundation.actors import Scope
from qafila.people.access import PersonFile, checked_person


@dataclass(frozen=True)
class OwnAccount:
    """The account as it stands on a day; `ways` are sentences in the language in force."""

    statement: Statement
    payments: tuple[PaymentTold, ...]
    late: Lateness
    ways: tuple[str, ...]


def own_account(on: dt.date, *, scope: Scope, person: PersonFile) -> OwnAccount:
    """Everything about the person's money on `on`. NotFoundInScope outside the territory."""
    checked_person(person.id, scope=scope, person=person)
    payments = payments_by(person.id)
    statement = account_from(person.id, payments)
    with connection.cursor() as cursor:
        fund_number, categories = fund_number_of(cursor, person.id)
    ways = ways_to_pay(categories, fund_number)
    told = tuple(payments_told(payments[::-1]))
    return OwnAccount(statement, told, lateness(statement.overdue_on(on), on), tuple(ways))
