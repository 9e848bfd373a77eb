"""Which fund, register and card number a bank's free text names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qafila.linkage.names.transliteration import ARABIC_DIGITS
from qafila.linkage.values.identifiers import (
    normalise_card_number,
    normalise_fund_number,
)

_GAP = r"[\s:.°Nn#/-]{0,4}"
_FUND_NAMED = re.compile(rf"(?i)\b(?:CNSS|IMM(?:AT(?:RICULATION)?)?|AFF(?:ILIE)?){_GAP}(\d{{9}})\b")
_FUND = re.compile(r"(?<![\w/+-])([1-4]\d{8})(?![\w/])")
# Nine digits behind these words are a telephone, a cheque or another paper, not a fund number.
_OTHER_NUMBER = re.compile(
    rf"(?i)(?<!\w)(?:GSM|T[EÉ]L(?:[EÉ]PHONE)?|PORTABLE|MOBILE|WHATSAPP|FAX|PHONE|FACTURE|FACT"
    rf"|CH[EÈ]QUE|CHQ|DOSSIER|CONTRAT|COMPTE|RIB|ICE|PATENTE|هاتف|الهاتف|شيك|فاتورة)"
    rf"{_GAP}\+?\d[\d .-]{{5,}}"
)
_CARD_NAMED = re.compile(rf"(?i)\b(?:CINE?|CNIE?|CARTE){_GAP}([A-Z]{{1,2}}[ -]?[0-9]{{1,7}})(?!\w)")
_CARD = re.compile(r"(?<![\w/+-])([A-Z]{1,2}[0-9]{4,7})(?![\w/])")
_REGISTER = re.compile(rf"(?i)\b(?:NIA|RNA|REGISTRE){_GAP}([A-Z]{{0,3}}-?[0-9]{{3,12}})(?![\w/])")


@dataclass(frozen=True)
class PayerNumbers:
    """The numbers a text names, each empty when it names none, or several of the kind."""

    fund: str = ""
    register: str = ""
    card: str = ""

    def __bool__(self) -> bool:
        return bool(self.fund or self.register or self.card)

    def all(self) -> frozenset[str]:
        """The numbers that are given."""
        return frozenset(filter(None, (self.fund, self.register, self.card)))


def payer_numbers(text: str) -> PayerNumbers:
    """The payer's numbers in remittance text. A number behind its name wins over one without.

    Without its name, nine digits are a fund number only where they begin like one, and not behind
    the word for a telephone or another paper.

    Two different numbers of a kind are none: guessing would pay for a stranger.
    """
    plain = _OTHER_NUMBER.sub(" ", text.translate(ARABIC_DIGITS))
    fund = _named_or_bare(_FUND_NAMED, _FUND, plain)
    register = _only(_REGISTER, plain)
    card = _named_or_bare(_CARD_NAMED, _CARD, plain)
    return PayerNumbers(
        (normalise_fund_number(fund) or "") if fund != register else "",
        register.upper(),
        str(normalise_card_number(card) or "") if card.upper() != register.upper() else "",
    )


def _named_or_bare(named: re.Pattern[str], bare: re.Pattern[str], text: str) -> str:
    return _only(named if named.search(text) else bare, text)


def _only(pattern: re.Pattern[str], text: str) -> str:
    found = set(pattern.findall(text))
    return found.pop() if len(found) == 1 else ""
