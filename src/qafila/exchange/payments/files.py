"""Files of payments in whatever format a bank or an operator sends: told apart by their content."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence

import polars as pl
from django.utils.translation import gettext_lazy as _

from qafila.contributions.access import require_posting_everywhere
from qafila.contributions.payments.booking import PaymentFileOutcome, book_rows
from qafila.exchange.payments.bank_statements import (
    LARGEST_FILE,
    BankStatement,
    refusal,
    require_sound,
)
from qafila.exchange.payments.camt053 import camt053_statements
from qafila.exchange.payments.mt940 import mt940_statements
from qafila.exchange.payments.relay_file import read_relay_file
from qafila.exchange.payments.statement_rows import statement_rows
from qafila.foundation.actors import Actor
from qafila.tables.synonyms import Synonyms

TABLE, CAMT053, MT940 = "table", "camt.053", "mt940"
_MT940_TAG = re.compile(rb"(?m)^:(?:20|25|28C?|60[FM]):")


def format_of(content: bytes) -> str:
    """TABLE (csv or workbook), CAMT053 or MT940, by what the file holds; its name says nothing."""
    start = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"<" or start[:4] in (b"\xff\xfe<\0", b"\xfe\xff\0<"):
        return CAMT053
    return MT940 if _MT940_TAG.search(start) else TABLE


def book_bank_file(
    content: bytes,
    file_name: str,
    *,
    channel: str,
    actor: Actor,
    at: dt.datetime,
    headings: Synonyms | None = None,
    on_read: Callable[[int], None] | None = None,
) -> PaymentFileOutcome:
    """Book a file of payments received over `channel`, in one transaction.

    A table (csv, workbook), CAMT.053 or MT940. Of a bank's statement, money in is booked under the
    payer's reference, money taken back reverses the payment of its reference, and every other entry
    is told in `problems`. What does not add up is refused whole. The same file, or the same
    reference of the same payer, is counted as repeated. Always read = accepted + rejected +
    repeated. `headings` are further headings of a table; `on_read` is told how many rows the file
    holds, before they are held against people and books.
    Errors: NotAllowed, PaymentFileUnreadable (a table), BankFileRefused.
    """
    require_posting_everywhere(actor)
    rows = read_payment_rows(content, file_name, headings=headings)
    if on_read:
        on_read(rows.height)
    return book_rows(
        rows, content=content, file_name=file_name, channel=channel, actor=actor, at=at
    )


def read_payment_rows(
    content: bytes, file_name: str, *, headings: Synonyms | None = None
) -> pl.DataFrame:
    """The rows of a file of any of the formats. PaymentFileUnreadable, BankFileRefused."""
    if format_of(content) == TABLE:
        return read_relay_file(content, file_name, headings=headings)
    return statement_rows(read_statements(content, file_name))


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
        raise refusal(file_name, _("it contains characters that are not text."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
