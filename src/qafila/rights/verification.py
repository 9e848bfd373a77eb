"""What a shown attestation is worth today, for anyone who scans or types its code."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from qafila.documents.signing import DocumentKind, Facts, Refused, verify
from qafila.foundation.scope import known_by
from qafila.rights.family import rights_of_dependant
from qafila.rights.models import Attestation, RightsPeriod


class Worth(StrEnum):
    """The answer to whoever is shown an attestation."""

    GENUINE = "genuine"
    CHANGED = "changed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    FORGED = "forged"
    NOT_READABLE = "not_readable"
    OTHER_DOCUMENT = "other_document"


@dataclass(frozen=True)
class Verdict:
    """What the code is worth, and what may be told of the sheet: initials, status and days only.

    `status_now` is where rights stand today; empty when the code is no attestation of ours.
    """

    worth: Worth
    initials: str = ""
    as_dependant: bool = False
    status: str = ""
    status_now: str = ""
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


@known_by("the sheet's code")
def verdict_on(token: str, *, on: dt.date) -> Verdict:
    """What a scanned or typed `token` is worth on the day `on`; raises nothing for a stranger."""
    answer = verify(token, on=on)
    if isinstance(answer, Refused):
        readable = answer.code != "not_readable"
        return Verdict(Worth.FORGED if readable else Worth.NOT_READABLE)
    facts = answer.facts
    if facts.kind is not DocumentKind.RIGHTS_ATTESTATION:
        return Verdict(Worth.OTHER_DOCUMENT)
    rows = Attestation.objects.select_related("person")
    row = rows.filter(pk=facts.serial, digest=facts.digest).first()
    if row is None:
        return Verdict(Worth.FORGED)
    now = _status_now(row, on)
    return Verdict(
        _worth(row, answer.expired, now),
        initials(row.person.full_name_latn or row.person.full_name_ar),
        row.dependant_id is not None,
        _name(facts),
        now,
        facts.valid_from,
        facts.valid_until,
    )


def _worth(row: Attestation, expired: bool, now: str) -> Worth:
    if row.withdrawn_at is not None:
        return Worth.WITHDRAWN
    if expired:
        return Worth.EXPIRED
    return Worth.GENUINE if now == row.status else Worth.CHANGED


def _name(facts: Facts) -> str:
    return facts.standing.name.lower()


def _status_now(row: Attestation, on: dt.date) -> str:
    if row.dependant_id is not None:
        return rights_of_dependant(row.dependant_id, on).status
    periods = RightsPeriod.objects.filter(person_id=row.person_id, since__lte=on)
    period = periods.order_by("-since").first()
    return period.status if period and (period.until is None or period.until > on) else "none"


def initials(name: str) -> str:
    """The first letter of each word: enough to see whose card it is, too little to learn a name."""
    return " ".join(f"{word[0]}." for word in name.split())
