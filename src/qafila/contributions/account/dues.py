"""What is late, what falls due later, and what is left over: the one answer that everything tells.

The person's pages, papers and messages, the list of arrears and plans take their figures from the
same calls. Late is what has to be paid for rights to reopen; months that relief under way would
erase are asked for by nobody and are in neither sum.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qafila.contributions.account.queries import Statement
from qafila.contributions.ledger import facts as ledger
from qafila.foundation.actors import Scope
from qafila.people.access import PersonFile, checked_person

Tell = Callable[[int], str]
TellDay = Callable[[dt.date], str]


@dataclass(frozen=True)
class Dues:
    """On a day: what is late and since when, what falls due later and by when first, the credit."""

    late_centimes: int
    late_since: dt.date | None
    later_centimes: int
    later_by: dt.date | None
    credit_centimes: int

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to pay and nothing left over."""
        return not (self.late_centimes or self.later_centimes or self.credit_centimes)


def dues_of(statement: Statement, on: dt.date) -> Dues:
    """The dues of an account on the day `on`."""
    late = statement.overdue_on(on)
    later = [call for call in statement.unpaid if call.due_on >= on]
    return Dues(
        sum(call.rest_centimes for call in late),
        min((call.due_on for call in late), default=None),
        sum(call.rest_centimes for call in later),
        min((call.due_on for call in later), default=None),
        statement.unallocated_centimes,
    )


_DUES = f"""
SELECT coalesce(sum(c.rest_centimes) FILTER (WHERE c.due_on < %(on)s), 0)::bigint,
  min(c.due_on) FILTER (WHERE c.due_on < %(on)s),
  coalesce(sum(c.rest_centimes) FILTER (WHERE c.due_on >= %(on)s), 0)::bigint,
  min(c.due_on) FILTER (WHERE c.due_on >= %(on)s),
  (SELECT coalesce(sum(p.unallocated_centimes), 0)::bigint FROM {ledger.PAYMENTS} p
   WHERE p.person_id = %(person)s)
FROM {ledger.UNPAID} c WHERE c.person_id = %(person)s
"""


def dues_now(
    person_id: int, on: dt.date, *, scope: Scope, person: PersonFile | None = None
) -> Dues:
    """The dues as the books stand, without the account: one statement when `person` was loaded.

    The same as `dues_of`. NotFoundInScope outside the territory.
    """
    checked_person(person_id, scope=scope, person=person)
    with connection.cursor() as cursor:
        cursor.execute(_DUES, {"person": person_id, **ledger.overdue_on(on)})
        return Dues(*cursor.fetchone())


@dataclass(frozen=True)
class DueLine:
    """One of the sums in words; `kind`: late, later, credit or nothing."""

    kind: str
    label: str
    value: str
    note: str


def due_lines(dues: Dues, *, money: Tell, day: TellDay, reopens: bool = False) -> list[DueLine]:
    """The sums that there are, late first, in the language in force; one line says when none is.

    `reopens`: rights are suspended, and paying what is late opens them again.
    """
    lines = []
    if dues.late_since:
        note = _("due since %(day)s") % {"day": day(dues.late_since)}
        if reopens:
            note = _("to pay for rights to reopen; %(note)s") % {"note": note}
        lines.append(DueLine("late", late_label(), money(dues.late_centimes), note))
    if dues.later_by:
        note = _("the next part by %(day)s") % {"day": day(dues.later_by)}
        lines.append(DueLine("later", later_label(), money(dues.later_centimes), note))
    if dues.credit_centimes:
        note = _("pays the months to come")
        lines.append(DueLine("credit", credit_label(), money(dues.credit_centimes), note))
    return lines or [DueLine("nothing", pgettext("dues", "To pay"), money(0), _("Nothing is owed"))]


def late_label() -> str:
    """The word for what is late."""
    return pgettext("dues", "Late")


def later_label() -> str:
    """The word for what falls due later."""
    return pgettext("dues", "Due later")


def credit_label() -> str:
    """The word for what is left over."""
    return pgettext("dues", "Credit")
