"""Files of payments in whatever format a bank or an operator sends: told apart by their content."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from qafila.contributions.access import require_posting
from qafila.contributions.payments.bank_booking import (
    BankPayment,
    TakenBack,
    book_bank_entries,
    reference_as_kept,
)
from qafila.contributions.payments.csv_rows import read_payment_csv
from qafila.contributions.payments.file_booking import (
    PaymentFileOutcome,
    book_payments,
)
from qafila.contributions.payments.problems import PaymentProblem
from qafila.exchange.bank_statements import (
    LARGEST_FILE,
    BankStatement,
    Entry,
    Part,
    refusal,
    require_sound,
)
from qafila.exchange.camt053 import camt053_statements
from qafila.exchange.mt940_file import mt940_statements
from qafila.exchange.payer_numbers import PayerNumbers, payer_numbers
from qafila.foundation.actors import Actor
from qafila_law.money import dirhams

CSV, CAMT053, MT940 = "csv", "camt.053", "mt940"
_MT940_TAG = re.compile(rb"(?m)^:(?:20|25|28C?|60[FM]):")
_LONGEST_REFERENCE = 60


@dataclass
class _Sorted:
    """The parts of a file's entries by what becomes of them; `row` counts them over the file."""

    payments: list[BankPayment] = field(default_factory=list)
    taken_back: list[TakenBack] = field(default_factory=list)
    problems: list[PaymentProblem] = field(default_factory=list)

    def row(self) -> int:
        """The number of the next part."""
        return len(self.payments) + len(self.taken_back) + len(self.problems) + 1


def format_of(content: bytes) -> str:
    """CSV, CAMT053 or MT940, by what the file holds; its name says nothing."""
    start = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"<" or start[:4] in (b"\xff\xfe<\0", b"\xfe\xff\0<"):
        return CAMT053
    return MT940 if _MT940_TAG.search(start) else CSV


def book_bank_file(
    content: bytes,
    file_name: str,
    *,
    channel: str,
    actor: Actor,
    at: dt.datetime,
    on_read: Callable[[int], None] | None = None,
) -> PaymentFileOutcome:
    """Book a file of payments received over `channel`: csv, CAMT.053 or MT940, in one transaction.

    Of a bank's statement, money in is booked under the payer's reference, money taken back
    reverses the payment of its reference, and every other entry is told in `problems`. A statement
    that does not add up is refused whole. The same file, or the same reference of the same payer,
    is counted as repeated. Always read = accepted + rejected + repeated. `on_read` is told how
    many rows the file holds, before they are held against people and books.
    Errors: NotAllowed, PaymentFileUnreadable (csv), BankFileRefused.
    """
    require_posting(actor)
    if format_of(content) == CSV:
        table = read_payment_csv(content, file_name)
        if on_read:
            on_read(table.height)
        return book_payments(table, content, file_name, channel, actor=actor, at=at)
    found = _sorted_out(read_statements(content, file_name))
    if on_read:
        on_read(found.row() - 1)
    return book_bank_entries(
        found.payments, found.taken_back, found.problems,
        content=content, file_name=file_name, channel=channel, actor=actor, at=at,
    )  # fmt: skip


def read_statements(content: bytes, file_name: str) -> Sequence[BankStatement]:
    """The statements of a CAMT.053 or MT940 file, each adding up; or BankFileRefused."""
    if len(content) > LARGEST_FILE:
        raise refusal(file_name, _("it is larger than 128 MB. Ask for a file per day."))
    if format_of(content) == CAMT053:
        statements = camt053_statements(content, file_name)
    else:
        statements = mt940_statements(_decoded(content, file_name), file_name)
    require_sound(statements, file_name)
    return statements


def _decoded(content: bytes, file_name: str) -> str:
    if b"\0" in content:
        raise refusal(file_name, _("it holds characters that are no text."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _sorted_out(statements: Sequence[BankStatement]) -> _Sorted:
    found = _Sorted()
    for statement in statements:
        for position, entry in enumerate(statement.entries, start=1):
            for place, part in _numbered(entry, position):
                _sort(found, statement, entry, part, place)
    return found


def _numbered(entry: Entry, position: int) -> Iterator[tuple[str, Part]]:
    for number, part in enumerate(entry.parts, start=1):
        yield (f"{position}" if len(entry.parts) == 1 else f"{position}.{number}"), part


def _sort(found: _Sorted, statement: BankStatement, entry: Entry, part: Part, place: str) -> None:
    row, payer = found.row(), payer_numbers(part.text)
    problem = _problem(entry, part, bool(payer))
    if problem:
        amount = dirhams(part.centimes or entry.centimes)
        found.problems.append(PaymentProblem(row, problem, {"found": amount}))
    elif entry.returned:
        found.taken_back.append(_taken_back(row, statement, entry, part, payer))
    else:
        found.payments.append(_payment(row, statement, entry, part, place, payer))


def _taken_back(
    row: int, statement: BankStatement, entry: Entry, part: Part, payer: PayerNumbers
) -> TakenBack:
    references = tuple(reference_as_kept(reference) for reference in part.references)
    reason = entry.reason or statement.identifier
    return TakenBack(row, references, part.centimes or 0, entry.value_date, reason, payer.all())


def _payment(
    row: int, statement: BankStatement, entry: Entry, part: Part, place: str, payer: PayerNumbers
) -> BankPayment:
    payers = next(iter(part.references), "")
    given = [reference_as_kept(one) for one in (payers, part.bank_reference) if one]
    references = tuple(dict.fromkeys([*given, _place_as_reference(statement, place)]))
    return BankPayment(
        row, references, part.centimes or 0, entry.value_date,
        payer.fund, payer.register, payer.card,
    )  # fmt: skip


def _problem(entry: Entry, part: Part, has_payer: bool) -> str:
    """Why a part can be neither booked nor taken back, or nothing."""
    if not entry.booked:
        return "entry_pending"
    if part.centimes is None:
        return "batch_unsplit"
    if entry.returned:
        return ""
    if not entry.credit:
        return "not_a_payment"
    return "" if has_payer else "no_payer_in_text"


def _place_as_reference(statement: BankStatement, place: str) -> str:
    """Account, statement and place of an entry: the same whenever the statement comes again."""
    tail = f"/{statement.identifier}/{place}"
    return f"{statement.account[-max(4, _LONGEST_REFERENCE - len(tail)) :]}{tail}"[-60:]
