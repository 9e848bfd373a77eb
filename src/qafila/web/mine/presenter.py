"""A person's own contributions in plain words: amounts first, then why, then what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import qafila_law
from qafila.audit.queries import LookTold
from qafila.contributions.account.dues import DueLine, due_lines, dues_of
from qafila.contributions.account.own_account import OwnAccount
from qafila.contributions.account.receipts import receipt_number
from qafila.contributions.arrears.lateness import Lateness
from qafila.contributions.payments.queries import PaymentTold
from qafila.foundation.actors import Role
from qafila.institutions.role_names import ROLE_NAMES
from qafila.rights.after_death import CoverAfterDeath
from qafila.rights.queries import IfPaidToday
from qafila.web.design.components import Explained
from qafila.web.design.figures import day_text, money_text
from qafila.web.person_money.presenter import explained
from qafila.web.site.territory import named

_ANSWERS = {
    "open": gettext_lazy("You are covered today"),
    "waiting": gettext_lazy("You are not covered yet"),
    "suspended": gettext_lazy("You are not covered today"),
    "closed": gettext_lazy("You are no longer covered"),
    "none": gettext_lazy("You are not covered yet"),
}
_TONES = {"open": "ok", "suspended": "bad", "closed": "bad"}


def answer_of(status: str, died: CoverAfterDeath | None = None) -> str:
    """Whether the person is covered, in a few words; after a death, the family reads it."""
    if died:
        return _("Died on %(day)s") % {"day": day_text(died.died_on)}
    return str(_ANSWERS[status])


def tone_of(status: str) -> str:
    """The colour of the answer."""
    return _TONES.get(status, "warn")


def reasons_of(answer: qafila_law.RightsAnswer) -> list[Explained]:
    """The law's steps."""
    return explained(answer.steps)


@dataclass(frozen=True)
class Owed:
    """What is late, due later and left over; what lateness may add and paying today would bring."""

    dues: tuple[DueLine, ...]
    lines: tuple[str, ...]


def owed_of(account: OwnAccount, if_paid: IfPaidToday, today: dt.date, *, covered: bool) -> Owed:
    """What the person has to pay, in figures and sentences.

    What paying would bring is told only where it changes something.
    """
    dues = dues_of(account.statement, today)
    reopens = not covered and if_paid.open_from is not None
    shown = due_lines(dues, money=money_text, day=day_text, reopens=reopens)
    lines = list(_lateness_told(account.late))
    if dues.late_centimes and not covered:
        lines.append(_if_paid(if_paid, today))
    return Owed(tuple(shown), tuple(lines))


def _lateness_told(late: Lateness) -> Iterable[str]:
    """What being late may add on either side, each with who decides."""
    if late.fund_centimes:
        told = _("Being late may add %(sum)s. This is an estimate; the fund decides.")
        yield told % {"sum": money_text(late.fund_centimes)}
    if late.tax_centimes:
        told = _("Being late may add %(sum)s. This is an estimate; the tax office decides.")
        yield told % {"sum": money_text(late.tax_centimes)}


def _if_paid(if_paid: IfPaidToday, today: dt.date) -> str:
    if if_paid.open_from is None:
        return _(
            "If you pay what is late today, cover still waits for something else: ask a contact "
            "point."
        )
    if if_paid.open_from <= today:
        return _("If you pay what is late today, you are covered today.")
    return _("If you pay what is late today, you are covered from %(day)s.") % {
        "day": day_text(if_paid.open_from)
    }


@dataclass(frozen=True)
class OwnPayment:
    """One payment with the number of its receipt."""

    payment_id: int
    number: str
    sum: str
    day: str
    taken_back: bool


def payments_of(payments: Iterable[PaymentTold]) -> list[OwnPayment]:
    """The person's payments, the latest first."""
    return [
        OwnPayment(
            one.payment_id,
            receipt_number(one.payment_id),
            money_text(one.amount_centimes),
            day_text(one.paid_on),
            one.reversed_on is not None,
        )
        for one in payments
    ]


_WHY = {
    "serving": gettext_lazy("to serve you"),
    "reviewing": gettext_lazy("to check that your file is yours alone"),
    "following_up": gettext_lazy("to follow up your file"),
    "auditing": gettext_lazy("to watch over those who read files"),
}


@dataclass(frozen=True)
class OwnLook:
    """Who looked on a day, by institution and role, and why."""

    day: str
    who: str
    why: str


def looks_of(looks: Iterable[LookTold]) -> list[OwnLook]:
    """Looks at the person's file in plain words, the latest first."""
    return [OwnLook(day_text(one.day), _looked(one), _why(one)) for one in looks]


def _looked(one: LookTold) -> str:
    institution = named(one.institution_ar, one.institution_fr)
    role = str(ROLE_NAMES[Role(one.role)]) if one.role else ""
    return " · ".join(filter(None, (institution, role))) or _("An institution of the programme")


def _why(one: LookTold) -> str:
    if one.kind == "checked":
        return _("to know whether you are covered")
    return str(_WHY.get(one.reason, ""))
