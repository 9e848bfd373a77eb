"""What is told with a refund: the reason, the bank's line, the heirs of a dead person."""

from __future__ import annotations

from qafila.contributions.errors import RefundNotPossible
from qafila.contributions.models.refunds import Refund
from qafila.enrolment.family.after_death import died_on
from qafila.foundation import typed_text

LONGEST_REASON, LONGEST_LINE, LONGEST_HEIR = 500, 60, 120


def heirs_told(person_id: int, heir: str, document: str) -> dict[str, str]:
    """Who receives the money of a dead person, and the deed; empty for the living.

    Raises RefundNotPossible when one of the two is missing, or told of somebody alive.
    """
    told = {"heir": heir, "heir_document": document}
    told = {name: typed_text.line(text, most=LONGEST_HEIR) for name, text in told.items()}
    if died_on(person_id) is None:
        if any(told.values()):
            raise RefundNotPossible(problem="alive")
    elif not all(told.values()):
        raise RefundNotPossible(problem="heirs")
    return told


def line_told(text: str, channel: str) -> str:
    """The reference of a bank's line that no other refund has. Raises RefundNotPossible."""
    line = typed_text.line(text)
    if not line or len(line) > LONGEST_LINE:
        raise RefundNotPossible(problem="line")
    if Refund.objects.filter(channel=channel, bank_line=line).exists():
        raise RefundNotPossible(problem="line_used", line=line)
    return line


def reason_told(text: str) -> str:
    """The reason, tidied. Raises RefundNotPossible when there is none."""
    reason = typed_text.line(text, most=LONGEST_REASON)
    if not reason:
        raise RefundNotPossible(problem="reason")
    return reason
