"""Bank statements as banks write them: the same entries in CAMT.053 and in MT940."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from qafila_law.money import dirhams

DAY = dt.date(2026, 11, 10)
ACCOUNT = "MA64011519000001205000534921"


@dataclass(frozen=True)
class Line:
    """One entry: a payment of 163.52 DH unless told otherwise."""

    text: str = ""
    centimes: int = 16352
    mark: str = "C"  # C, D, RC (a credit taken back), RD (a debit given back)
    reference: str = "NOTPROVIDED"
    bank: str = ""
    day: dt.date = DAY
    status: str = "BOOK"
    shares: Sequence[int | None] = field(default_factory=tuple)

    def signed(self) -> int:
        """What the entry adds to the account."""
        if self.status != "BOOK":
            return 0
        return self.centimes if self.mark in ("C", "RD") else -self.centimes


def camt(
    *lines: Line, version: str = "08", number: str = "RLV-2026-11-10", **changes: str | int
) -> bytes:
    """A CAMT.053 file of one statement; `changes`: closing, currency, count, credits."""
    return camt_file(camt_statement(*lines, version=version, number=number, **changes), version)


def camt_file(statements: str, version: str = "08") -> bytes:
    """Statements in the envelope of their version."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-10T20:00:00</CreDtTm></GrpHdr>"
        f"{statements}</BkToCstmrStmt></Document>"
    ).encode()


def camt_statement(
    *lines: Line, version: str = "08", number: str = "RLV-2026-11-10", **changes: str | int
) -> str:
    """One `Stmt`."""
    currency = changes.get("currency", "MAD")
    opening = 1_000_000
    closing = int(changes.get("closing", opening + sum(line.signed() for line in lines)))
    summary = ""
    if "count" in changes:
        summary = f"<TxsSummry><TtlNtries><NbOfNtries>{changes['count']}</NbOfNtries></TtlNtries>"
        summary += f"<TtlCdtNtries><Sum>{changes['credits']}</Sum></TtlCdtNtries></TxsSummry>"
    entries = "".join(_camt_entry(line, version, str(currency)) for line in lines)
    return (
        f"<Stmt><Id>{number}</Id><Acct><Id><IBAN>{ACCOUNT}</IBAN></Id></Acct>"
        f"{_balance('OPBD', opening, currency)}{_balance('CLBD', closing, currency)}"
        f"{summary}{entries}</Stmt>"
    )


def _balance(code: str, centimes: int, currency: object) -> str:
    mark = "CRDT" if centimes >= 0 else "DBIT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{dirhams(abs(centimes))}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'
        "<Dt><Dt>2026-11-10</Dt></Dt></Bal>"
    )


def _camt_entry(line: Line, version: str, currency: str) -> str:
    mark = "CRDT" if line.mark in ("C", "RD") else "DBIT"
    status = f"<Cd>{line.status}</Cd>" if int(version) >= 4 else line.status
    reversal = "<RvslInd>true</RvslInd>" if line.mark.startswith("R") else ""
    shares = line.shares or (line.centimes,)
    details = "".join(_details(line, share, n, version) for n, share in enumerate(shares))
    return (
        f'<Ntry><Amt Ccy="{currency}">{dirhams(line.centimes)}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'
        f"{reversal}<Sts>{status}</Sts><BookgDt><Dt>{line.day}</Dt></BookgDt>"
        f"<ValDt><Dt>{line.day}</Dt></ValDt><NtryDtls>{details}</NtryDtls></Ntry>"
    )


def _details(line: Line, share: int | None, number: int, version: str) -> str:
    several = f"-{number}" if line.shares else ""
    bank = f"<AcctSvcrRef>{line.bank}{several}</AcctSvcrRef>" if line.bank else ""
    amount = f'<Amt Ccy="MAD">{dirhams(share)}</Amt>' if share is not None and several else ""
    if amount and int(version) < 4:
        amount = f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>"
    text = line.text.split("|")[number] if line.shares else line.text
    return (
        f"<TxDtls><Refs>{bank}<EndToEndId>{escape(line.reference)}{several}</EndToEndId></Refs>"
        f"{amount}<RmtInf><Ustrd>{escape(text)}</Ustrd></RmtInf></TxDtls>"
    )


def mt940(*lines: Line, number: str = "314", currency: str = "MAD", **changes: int) -> bytes:
    """An MT940 message of one statement; `changes`: closing."""
    opening = 1_000_000
    closing = changes.get("closing", opening + sum(line.signed() for line in lines))
    entries = "".join(_mt940_entry(line) for line in lines)
    text = (
        f":20:RLV{number}\r\n:25:{ACCOUNT}\r\n:28C:{number}/1\r\n"
        f":60F:C261109{currency}{_comma(opening)}\r\n{entries}"
        f":62F:{'C' if closing >= 0 else 'D'}261110{currency}{_comma(abs(closing))}\r\n-\r\n"
    )
    return text.encode()


def _mt940_entry(line: Line) -> str:
    reference = line.reference[:16] if line.reference != "NOTPROVIDED" else "NONREF"
    bank = f"//{line.bank}" if line.bank else ""
    text = f":86:{line.text}\r\n" if line.text else ""
    return (
        f":61:{line.day:%y%m%d}{line.day:%m%d}{line.mark}{_comma(line.centimes)}"
        f"NTRF{reference}{bank}\r\n{text}"
    )


def _comma(centimes: int) -> str:
    return dirhams(centimes).replace(".", ",")
