"""A bank's statement of account, whatever its format: its entries, and whether it adds up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.exchange.errors import BankFileRefused, Filled
from qafila_law.money import dirhams

CURRENCY = "MAD"
LARGEST_FILE = 128 * 2**20


@dataclass(frozen=True)
class Part:
    """One payer's share of an entry. `centimes` is None when the bank does not tell it.

    `references` are those of the payer first (end to end), then the bank's; the bank's own is
    `bank_reference`. `text` is everything in which a payer's number may stand. `currency` is that
    of the share where the bank tells another than the entry's, else empty.
    """

    centimes: int | None
    references: tuple[str, ...]
    bank_reference: str
    text: str
    currency: str = ""


@dataclass(frozen=True)
class Entry:
    """Money in (`credit`) or out of the account. Centimes are positive.

    `returned`: a debit takes back money that came in earlier, a credit brings back money that had
    been paid out. `booked` is false for what the bank only announces; the balances leave it out.
    """

    centimes: int
    credit: bool
    returned: bool
    booked: bool
    value_date: dt.date
    currency: str
    parts: tuple[Part, ...]
    reason: str = ""


@dataclass(frozen=True)
class Announced:
    """The totals a statement tells of itself; None where it tells none."""

    entries: int | None = None
    credits_centimes: int | None = None
    debits_centimes: int | None = None


@dataclass(frozen=True)
class BankStatement:
    """One account over one period. Balances are in centimes, below zero when overdrawn."""

    identifier: str
    account: str
    currency: str
    opening_centimes: int
    closing_centimes: int
    entries: tuple[Entry, ...]
    announced: Announced = Announced()

    def credits(self) -> int:
        """The sum of what came in, in centimes."""
        return sum(one.centimes for one in self.entries if one.credit and one.booked)

    def debits(self) -> int:
        """The sum of what went out, in centimes."""
        return sum(one.centimes for one in self.entries if not one.credit and one.booked)


def refusal(file_name: str, reason: str | Promise, **params: object) -> BankFileRefused:
    """The refusal of the whole file, its reason filled in when it is told."""
    return BankFileRefused(file=file_name, reason=Filled(reason, **params))


def require_sound(statements: Sequence[BankStatement], file_name: str) -> None:
    """Raise BankFileRefused unless there is a statement and each adds up, in dirhams."""
    if not statements:
        raise refusal(file_name, _("it holds no statement of account."))
    for statement in statements:
        for reason, params in _faults(statement):
            told = {"statement": statement.identifier, **params}
            raise refusal(file_name, reason, **told)


def _faults(one: BankStatement) -> Iterator[tuple[Promise, dict[str, object]]]:
    foreign = next((e.currency for e in one.entries if e.currency != CURRENCY), one.currency)
    if foreign != CURRENCY:
        yield (
            _(
                "the statement %(statement)s is in %(currency)s, but contributions are paid in "
                "dirhams (MAD). Ask the bank for the statement of the dirham account."
            ),
            {"currency": foreign},
        )
    yield from _wrong_balance(one)
    yield from _wrong_totals(one)
    for entry in one.entries:
        if any(part.currency for part in entry.parts):
            continue  # shares in another currency cannot be added up; they are told one by one
        shares = [part.centimes for part in entry.parts]
        if None not in shares and sum(s or 0 for s in shares) != entry.centimes:
            found = {
                "found": dirhams(entry.centimes),
                "counted": dirhams(sum(s or 0 for s in shares)),
            }
            yield (
                _(
                    "an entry of the statement %(statement)s is of %(found)s DH, but its parts add "
                    "up to %(counted)s DH. Ask the bank for the file again."
                ),
                {**found},
            )


def _wrong_balance(one: BankStatement) -> Iterator[tuple[Promise, dict[str, object]]]:
    counted = one.opening_centimes + one.credits() - one.debits()
    if counted != one.closing_centimes:
        yield (
            _(
                "the statement %(statement)s closes with %(found)s DH, but its opening balance and "
                "entries give %(counted)s DH. Ask the bank for the whole statement again."
            ),
            {"found": dirhams(one.closing_centimes), "counted": dirhams(counted)},
        )


def _wrong_totals(one: BankStatement) -> Iterator[tuple[Promise, dict[str, object]]]:
    told = one.announced
    booked = sum(1 for entry in one.entries if entry.booked)
    if told.entries is not None and told.entries not in (booked, len(one.entries)):
        yield (
            _(
                "the statement %(statement)s announces %(found)s entries, but holds %(counted)s. "
                "Ask the bank for the whole statement again."
            ),
            {"found": told.entries, "counted": booked},
        )
    sums = ((told.credits_centimes, one.credits()), (told.debits_centimes, one.debits()))
    for announced, counted in sums:
        if announced is not None and announced != counted:
            yield (
                _(
                    "the statement %(statement)s announces a total of %(found)s DH, but its "
                    "entries add up to %(counted)s DH. Ask the bank for the whole statement again."
                ),
                {"found": dirhams(announced), "counted": dirhams(counted)},
            )
