"""The attestation of rights: one sheet in Arabic and French, signed, with a code anyone can check.

How long an attestation may be shown is the project's choice (`VALID_DAYS`): no text says it. It
never outlasts the period of rights it tells of.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.db import transaction
from django.utils import translation

import qafila.documents
import qafila_law
from qafila.documents import journal as document_entries
from qafila.documents.codes import qr_svg
from qafila.documents.pdf import typeset
from qafila.documents.signing import HASH_BYTES, DocumentKind, Facts, Standing, sign
from qafila.foundation.actors import Actor, Role
from qafila.foundation.journal import write
from qafila.foundation.trail import acting
from qafila.people.access import person_in_scope
from qafila.people.models import Person
from qafila.rights.queries import Rights, rights_of

VALID_DAYS = 30
ATTESTING_ROLES = (
    Role.COUNTER_AGENT,
    Role.FIELD_AGENT,
    Role.CHAMBER_STAFF,
    Role.FUND_LIAISON,
    Role.ADMINISTRATOR,
    Role.SYSTEM,
)
_TEMPLATE = Path(qafila.documents.__file__).parent / "templates" / "attestation.typ"


@dataclass(frozen=True)
class Attestation:
    """The sheet, the token in its code, and how long it holds (both days included)."""

    pdf: bytes
    token: str
    serial: int
    valid_from: dt.date
    valid_until: dt.date


def attest(person_id: int, on: dt.date, *, actor: Actor, at: dt.datetime) -> Attestation:
    """Attest where the person's rights stand on `on`; journalled, the serial being that entry's.

    Raises NotAllowed and NotFoundInScope.
    """
    actor.require(*ATTESTING_ROLES)
    person = person_in_scope(person_id, actor.scope)
    rights = rights_of(person_id, on, scope=actor.scope)
    until = _valid_until(rights, on)
    said = _said(person, rights, on, until)
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).digest()[:HASH_BYTES]
    with transaction.atomic(), acting(actor, at=at):
        entry = write(
            document_entries.ATTESTATION_ISSUED, person, actor=actor, at=at, person_id=person_id,
            valid_until=until.isoformat(), status=rights.status, digest=digest.hex(),
        )  # fmt: skip
        standing = Standing[rights.status.upper()]
        token = sign(Facts(DocumentKind.RIGHTS_ATTESTATION, entry.pk, on, until, standing, digest))
        values = _values(person, rights, on, until, entry.pk, at)
        pdf = typeset(_TEMPLATE, values, at=at, files={"qr": qr_svg(token)})
    return Attestation(pdf, token, entry.pk, on, until)


def _valid_until(rights: Rights, on: dt.date) -> dt.date:
    longest = on + dt.timedelta(days=VALID_DAYS)
    return min(longest, rights.until - dt.timedelta(days=1)) if rights.until else longest


def _said(person: Person, rights: Rights, on: dt.date, until: dt.date) -> dict[str, Any]:
    """What the signature's digest is taken of."""
    return {
        "card": person.card_number,
        "name": person.full_name_ar or person.full_name_latn,
        "status": rights.status,
        "reason": rights.reason,
        "since": str(rights.since),
        "on": str(on),
        "until": str(until),
    }


def _values(
    person: Person, rights: Rights, on: dt.date, until: dt.date, serial: int, at: dt.datetime
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "demonstration": settings.DEMO,
        "serial": serial,
        "issued_on": at.date().isoformat(),
        "valid_from": on.strftime("%d/%m/%Y"),
        "valid_until": until.strftime("%d/%m/%Y"),
        "lines": _lines(person),
    }
    for language in ("ar", "fr"):
        told[f"status_{language}"] = qafila_law.labels(language)[f"status_{rights.status}"]
        with translation.override(language):
            told[f"sentence_{language}"] = rights.why
    return told


def _lines(person: Person) -> list[dict[str, str]]:
    born = format_date(person.birth_date, "dd/MM/yyyy", locale="fr") if person.birth_date else ""
    rows = [
        ("Nom", "الاسم", person.full_name_ar),
        ("", "", person.full_name_latn),
        ("Carte nationale", "البطاقة الوطنية", person.card_number),
        ("Né(e) le", "تاريخ الازدياد", born),
    ]
    return [{"fr": french, "ar": arabic, "value": value} for french, arabic, value in rows if value]
