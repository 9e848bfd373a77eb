"""Bank statements in ISO 20022 XML: camt.053.001.02 to .08, read entry by entry.

No entity and no document type is accepted, nothing outside the file is ever opened, and each entry
is let go once read, so that memory follows the largest entry and not the file's tree.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext_lazy as _

from qafila.exchange.errors import Filled
from qafila.exchange.payments.bank_statements import (
    Announced,
    BankStatement,
    Entry,
    Part,
    refusal,
)

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.0[2-8]")
_STATEMENT, _ENTRY = 3, 4  # how deep they lie: Document/BkToCstmrStmt/Stmt/Ntry
_DEEPEST = 40
_BLANK = b"\xef\xbb\xbf \t\r\n"
_NOT_PROVIDED = frozenset({"", "NOTPROVIDED", "NOTAVAILABLE", "NONREF"})
_PLAIN_AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,5})?")
_OPENING = ("OPBD", "PRCD", "OPAV")
_CLOSING = ("CLBD", "CLAV")
_INTERIM = "ITBD"


class _Unread(Exception):
    """What the file lacks or holds wrongly, before the file's name is known."""

    def __init__(self, reason: Any, **params: object) -> None:
        super().__init__()
        self.reason, self.params = reason, params


def camt053_statements(content: bytes, file_name: str) -> list[BankStatement]:
    """Every statement of the file; raises BankFileRefused with what is wrong and where."""
    # Some banks' programs leave blank lines above the XML, which XML itself forbids.
    above = content[: len(content) - len(content.lstrip(_BLANK))]
    try:
        return list(_statements(content[len(above) :]))
    except _Unread as fault:
        raise refusal(file_name, fault.reason, **fault.params) from fault
    except DefusedXmlException as error:
        reason = _("it defines entities or a document type, which a bank's statement never does.")
        raise refusal(file_name, reason) from error
    except ParseError as error:
        line, column = error.position[0] + above.count(b"\n"), error.position[1]
        reason = _(
            "its XML is broken at line %(line)s, column %(column)s. Ask the bank for it again."
        )
        raise refusal(file_name, reason, line=line, column=column) from error
    except (ValueError, LookupError) as error:
        reason = _("its characters are in an encoding that cannot be read.")
        raise refusal(file_name, reason) from error


def _statements(content: bytes) -> Iterator[BankStatement]:
    path: list[Element] = []
    entries: list[Entry] = []
    for event, element in iterparse(io.BytesIO(content), ("start", "end"), forbid_dtd=True):
        if event == "start":
            path.append(element)
            _require_namespace(path)
            continue
        depth = len(path)
        path.pop()
        name = _name(element)
        if depth == _ENTRY and name == "Ntry":
            entries.append(_entry(element, len(entries) + 1))
        elif depth == _STATEMENT and name == "Stmt":
            yield _statement(element, tuple(entries))
            entries = []
        if (depth == _ENTRY and name == "Ntry") or depth == _STATEMENT:
            element.clear()
            path[-1].remove(element)


def _require_namespace(path: list[Element]) -> None:
    if len(path) > _DEEPEST:
        raise _Unread(_("its elements are nested deeper than a statement's ever are."))
    if len(path) == 1:
        namespace = path[0].tag.rpartition("}")[0].lstrip("{")
        if not _NAMESPACE.fullmatch(namespace):
            raise _Unread(
                _(
                    "it is XML, but not a statement of account camt.053.001.02 to .08. Ask the "
                    "bank for that format, for MT940, or send a csv file."
                )
            )


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _find(element: Element, path: str) -> Element | None:
    return element.find("/".join(f"{{*}}{part}" for part in path.split("/")))


def _all(element: Element, path: str) -> list[Element]:
    return element.findall("/".join(f"{{*}}{part}" for part in path.split("/")))


def _text(element: Element, path: str) -> str:
    found = _find(element, path)
    return (found.text or "").strip() if found is not None else ""


def _statement(element: Element, entries: tuple[Entry, ...]) -> BankStatement:
    identifier = _text(element, "Id")
    if not identifier:
        raise _Unread(_("a statement has no identifier (Id)."))
    account = _text(element, "Acct/Id/IBAN") or _text(element, "Acct/Id/Othr/Id")
    balances = list(_balances(element))
    opening = next((b for b in balances if b[0] in _OPENING), None)
    closing = next((b for b in reversed(balances) if b[0] in _CLOSING), None)
    # The pages of a long statement open and close with interim balances.
    interim = [b for b in balances if b[0] == _INTERIM]
    opening = opening or (interim[0] if interim else None)
    closing = closing or (interim[-1] if interim else None)
    if opening is None or closing is None:
        raise _Unread(
            _(
                "the statement %(statement)s gives no opening or no closing balance. Ask the bank"
                " for the whole statement."
            ),
            statement=identifier,
        )
    return BankStatement(
        identifier, account, closing[2], opening[1], closing[1], entries, _announced(element)
    )


def _balances(element: Element) -> Iterator[tuple[str, int, str]]:
    for balance in _all(element, "Bal"):
        code = _text(balance, "Tp/CdOrPrtry/Cd")
        centimes, currency = _amount(balance, "Amt")
        yield code, centimes if _is_credit(balance) else -centimes, currency


def _announced(element: Element) -> Announced:
    totals = _find(element, "TxsSummry")
    if totals is None:
        return Announced()
    count = _text(totals, "TtlNtries/NbOfNtries")
    return Announced(
        int(count) if count.isascii() and count.isdigit() else None,
        _total(totals, "TtlCdtNtries/Sum"),
        _total(totals, "TtlDbtNtries/Sum"),
    )


def _total(totals: Element, path: str) -> int | None:
    text = _text(totals, path)
    return _centimes(text, "Sum") if text else None


def _entry(element: Element, number: int) -> Entry:
    try:
        return _read_entry(element)
    except _Unread as fault:
        told = _("entry %(entry)s: %(why)s")
        raise _Unread(told, entry=number, why=Filled(fault.reason, **fault.params)) from fault


def _read_entry(element: Element) -> Entry:
    centimes, currency = _amount(element, "Amt")
    credit = _is_credit(element)
    reversal = _text(element, "RvslInd").lower() in ("true", "1")
    details = _all(element, "NtryDtls/TxDtls")
    returned = reversal or any(_find(d, "RtrInf") is not None for d in details)
    status = _text(element, "Sts/Cd") or _text(element, "Sts")
    reason = " ".join(_reasons(details)) or _text(element, "AddtlNtryInf")
    return Entry(
        centimes,
        credit,
        returned,
        status == "BOOK",
        _day(element),
        currency,
        _parts(element, details, centimes, currency),
        reason[:200],
    )


def _reasons(details: list[Element]) -> Iterator[str]:
    for detail in details:
        code = _text(detail, "RtrInf/Rsn/Cd")
        more = _text(detail, "RtrInf/AddtlInf")
        if code or more:
            yield f"{code} {more}".strip()


def _parts(
    element: Element, details: list[Element], centimes: int, currency: str
) -> tuple[Part, ...]:
    own = (_text(element, "AcctSvcrRef"), _text(element, "NtryRef"))
    more = _text(element, "AddtlNtryInf")
    if len(details) <= 1:
        detail = details[0] if details else element
        # What reached the account is what was paid, whatever was instructed.
        return (_part(detail, (centimes, ""), own, more),)
    # What is said of the whole entry is said of no one share.
    return tuple(
        _part(detail, _share(detail, currency), tuple(f"{ref}/{n}" for ref in own if ref), "")
        for n, detail in enumerate(details, start=1)
    )


def _part(detail: Element, share: tuple[int | None, str], own: tuple[str, ...], more: str) -> Part:
    given = [_text(detail, f"Refs/{name}") for name in ("EndToEndId", "TxId", "InstrId")]
    bank = [_text(detail, "Refs/AcctSvcrRef"), *own]
    payer, banks = ([r for r in refs if r.upper() not in _NOT_PROVIDED] for refs in (given, bank))
    return Part(
        share[0],
        tuple(dict.fromkeys([*payer, *banks])),
        banks[0] if banks else "",
        _all_text(detail, more),
        share[1],
    )


def _all_text(detail: Element, more: str) -> str:
    """Everything in which a payer's number may stand: remittance, and the debtors' identities.

    The ultimate debtor is the one on whose behalf the debtor paid; where both bear a number, two
    different ones are none.
    """
    places = (
        "RmtInf/Ustrd",
        "RmtInf/Strd/CdtrRefInf/Ref",
        "RmtInf/Strd/AddtlRmtInf",
        "AddtlTxInf",
        "RltdPties/Dbtr/Id/PrvtId/Othr/Id",
        "RltdPties/Dbtr/Pty/Id/PrvtId/Othr/Id",
        "RltdPties/UltmtDbtr/Id/PrvtId/Othr/Id",
        "RltdPties/UltmtDbtr/Pty/Id/PrvtId/Othr/Id",
    )
    told = [(one.text or "").strip() for place in places for one in _all(detail, place)]
    return "\n".join([*told, more])


def _share(detail: Element, currency: str) -> tuple[int | None, str]:
    """A payer's share, and its currency where it is another than the entry's."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        if _find(detail, path) is not None:
            centimes, found = _amount(detail, path)
            return centimes, found if found not in ("", currency) else ""
    return None, ""


def _is_credit(element: Element) -> bool:
    mark = _text(element, "CdtDbtInd")
    if mark not in ("CRDT", "DBIT"):
        raise _Unread(_("CdtDbtInd is neither CRDT nor DBIT."))
    return mark == "CRDT"


def _amount(element: Element, path: str) -> tuple[int, str]:
    found = _find(element, path)
    if found is None:
        raise _Unread(_("the amount (Amt) is missing."))
    return _centimes((found.text or "").strip(), path), found.get("Ccy", "")


def _centimes(text: str, place: str) -> int:
    value = Decimal(text) * 100 if _PLAIN_AMOUNT.fullmatch(text) else Decimal(-1)
    whole = int(value)
    if whole != value or not 0 <= whole < 10**15:
        raise _Unread(_("“%(found)s” in %(place)s is not an amount."), found=text[:30], place=place)
    return whole


def _day(element: Element) -> dt.date:
    for path in ("ValDt/Dt", "ValDt/DtTm", "BookgDt/Dt", "BookgDt/DtTm"):
        text = _text(element, path)
        if text:
            try:
                return dt.date.fromisoformat(text[:10])
            except ValueError:
                raise _Unread(_("“%(found)s” is not a date."), found=text[:30]) from None
    raise _Unread(_("the value date (ValDt) is missing."))
