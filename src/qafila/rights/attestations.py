"""The attestation of rights: one sheet in Arabic and French, signed, with a code anyone can check.

How long an attestation may be shown is the project's choice (`VALID_DAYS`): no text says it. It
never outlasts the period of rights it tells of. The sheet is set again each time it is asked for,
and only while it would still say the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation

import qafila.documents
import qafila_law
from qafila.documents import journal as document_entries
from qafila.documents.codes import qr_svg
from qafila.documents.pdf import typeset
from qafila.documents.signing import HASH_BYTES, DocumentKind, Facts, Standing, sign
from qafila.enrolment.access import get_dependant
from qafila.enrolment.models import Dependant
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.clock import day_of
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.idempotency import once
from qafila.foundation.journal import write
from qafila.foundation.wording.births import birth_in_figures
from qafila.people.access import person_in_scope
from qafila.people.models import Person
from qafila.rights import errors
from qafila.rights import journal as entries
from qafila.rights.access import require_attesting
from qafila.rights.family import rights_of_dependant
from qafila.rights.models import Attestation
from qafila.rights.queries import Rights, rights_of
from qafila.rights.reasons import why, why_dependant

VALID_DAYS = 30
_TEMPLATE = Path(qafila.documents.__file__).parent / "templates" / "attestation.typ"
_RELATIONS = {"spouse": ("Conjoint de", "زوج(ة)"), "child": ("Enfant de", "ابن(ة)")}


@dataclass(frozen=True)
class Attested:
    """An attestation that was issued, and how long it holds (both days included)."""

    serial: int
    status: str
    valid_from: dt.date
    valid_until: dt.date


@dataclass(frozen=True)
class AttestationTold:
    """An attestation as lists show it; `withdrawn_on` empty while it stands."""

    serial: int
    name_ar: str
    name_latn: str
    as_dependant: bool
    status: str
    valid_from: dt.date
    valid_until: dt.date
    withdrawn_on: dt.date | None


def attest(
    person_id: int,
    on: dt.date,
    *,
    actor: Actor,
    at: dt.datetime,
    dependant_id: int | None = None,
    command_id: uuid.UUID | None = None,
) -> Attested:
    """Attest where rights stand on `on`: the insured person's, or those of a member of the family.

    Raises NotAllowed, NotFoundInScope (also for a member of another family, or not declared).
    """
    scope = require_attesting(actor)

    def do() -> dict[str, Any]:
        insured = person_in_scope(person_id, scope)
        dependant = _declared(dependant_id, insured, scope) if dependant_id else None
        about = dependant.person if dependant and dependant.person else insured
        rights = (
            rights_of_dependant(dependant.pk, on)
            if dependant
            else rights_of(person_id, on, scope=scope)
        )
        until = _valid_until(rights, on)
        row = Attestation.objects.create(
            person=about,
            dependant=dependant,
            status=rights.status,
            reason=rights.reason,
            since=rights.since,
            until=rights.until,
            valid_from=on,
            valid_until=until,
            digest=_digest(about, rights, on, until),
            issued_at=at,
            issued_by_id=actor.id,
        )
        write(
            document_entries.ATTESTATION_ISSUED,
            row,
            actor=actor,
            at=at,
            person_id=person_id,
            valid_until=until.isoformat(),
            status=rights.status,
        )
        return _told(row)

    answer = once(command_id, "rights.attest", actor=actor, at=at, do=do)
    first, last = (dt.date.fromisoformat(answer[key]) for key in ("valid_from", "valid_until"))
    return Attested(answer["serial"], answer["status"], first, last)


def withdraw_attestation(
    serial: int,
    *,
    reason: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> None:
    """Withdraw an attestation: whoever checks its code is told not to accept it.

    Raises NotAllowed, NotFoundInScope, ReasonNeeded, AttestationWithdrawn.
    """
    scope = require_attesting(actor)
    reason = typed_text.note(reason)
    if not reason:
        raise errors.ReasonNeeded

    def do() -> dict[str, Any]:
        row = attestation_in_scope(serial, scope)
        standing = Attestation.objects.filter(pk=serial, withdrawn_at=None)
        changed = standing.update(
            withdrawn_at=at, withdrawn_by_id=actor.id, withdrawal_reason=reason
        )
        if not changed:
            raise errors.AttestationWithdrawn
        write(
            entries.ATTESTATION_WITHDRAWN,
            row,
            actor=actor,
            at=at,
            person_id=_file_of(row),
            reason=reason,
        )
        return {}

    once(command_id, "rights.withdraw_attestation", actor=actor, at=at, do=do)


def attestations_of(person_id: int, *, scope: Scope) -> list[AttestationTold]:
    """The attestations of the person and the family, latest first. NotFoundInScope elsewhere."""
    person_in_scope(person_id, scope)
    own = Attestation.objects.filter(person_id=person_id, dependant=None)
    through = Attestation.objects.filter(dependant__insured_id=person_id)
    rows = (own | through).select_related("person").order_by("-pk")
    return [
        AttestationTold(
            row.pk,
            row.person.full_name_ar,
            row.person.full_name_latn,
            row.dependant_id is not None,
            row.status,
            row.valid_from,
            row.valid_until,
            day_of(row.withdrawn_at) if row.withdrawn_at else None,
        )
        for row in rows
    ]


def attestation_in_scope(serial: int, scope: Scope) -> Attestation:
    """The attestation, if the file it belongs to is in the territory; else NotFoundInScope."""
    rows = Attestation.objects.select_related("person", "dependant__insured", "dependant__person")
    row = rows.filter(pk=serial).first()
    if row is None:
        raise NotFoundInScope(attestation=serial)
    person_in_scope(_file_of(row), scope)
    return row


def token_of(row: Attestation) -> str:
    """The signed token in the sheet's code."""
    standing = Standing[row.status.upper()]
    kind = DocumentKind.RIGHTS_ATTESTATION
    return sign(Facts(kind, row.pk, row.valid_from, row.valid_until, standing, bytes(row.digest)))


def attestation_sheet(serial: int, *, scope: Scope, verify_at: str = "") -> bytes:
    """The sheet as PDF. `verify_at` is the address before the token in its code, such as
    `https://example.ma/verify/`; without one the code holds the token alone.

    Raises NotFoundInScope, AttestationWithdrawn, and AttestationOutdated when the names or the card
    changed since: the sheet would say something else than what was signed.
    """
    row = attestation_in_scope(serial, scope)
    if row.withdrawn_at is not None:
        raise errors.AttestationWithdrawn
    rights = Rights(row.person_id, row.status, row.reason, row.since, row.until)
    if _digest(row.person, rights, row.valid_from, row.valid_until) != bytes(row.digest):
        raise errors.AttestationOutdated
    # Capital letters alone make a smaller code; the address does not mind them.
    code = f"{verify_at}{token_of(row)}".upper()
    return typeset(_TEMPLATE, _values(row, rights), at=row.issued_at, files={"qr": qr_svg(code)})


def _declared(dependant_id: int, insured: Person, scope: Scope) -> Dependant:
    dependant = get_dependant(dependant_id, scope=scope)
    if dependant.insured_id != insured.pk or dependant.state != "declared":
        raise NotFoundInScope(dependant=dependant_id)
    return dependant


def _file_of(row: Attestation) -> int:
    return row.dependant.insured_id if row.dependant else row.person_id


def _valid_until(rights: Rights, on: dt.date) -> dt.date:
    longest = on + dt.timedelta(days=VALID_DAYS)
    return min(longest, rights.until - dt.timedelta(days=1)) if rights.until else longest


def _digest(person: Person, rights: Rights, on: dt.date, until: dt.date) -> bytes:
    """What the signature covers beyond the token's own facts: the sheet's text."""
    said = {
        "card": person.card_number,
        "name": person.full_name_ar or person.full_name_latn,
        "status": rights.status,
        "reason": rights.reason,
        "since": str(rights.since),
        "on": str(on),
        "until": str(until),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).digest()[:HASH_BYTES]


def _values(row: Attestation, rights: Rights) -> dict[str, Any]:
    told: dict[str, Any] = {
        "demonstration": settings.DEMO,
        "serial": row.pk,
        "issued_on": day_of(row.issued_at).isoformat(),
        "valid_from": row.valid_from.strftime("%d/%m/%Y"),
        "valid_until": row.valid_until.strftime("%d/%m/%Y"),
        "lines": _lines(row),
    }
    say = why_dependant if row.dependant_id else why
    for language in ("ar", "fr"):
        told[f"status_{language}"] = qafila_law.labels(language)[f"status_{rights.status}"]
        with translation.override(language):
            told[f"sentence_{language}"] = say(rights.reason, rights.since, rights.until)
    return told


def _lines(row: Attestation) -> list[dict[str, str]]:
    person = row.person
    born = birth_in_figures(person.birth_date, person.birth_precision)
    rows = [
        ("Nom", "الاسم", person.full_name_ar),
        ("", "", person.full_name_latn),
        ("Carte nationale", "البطاقة الوطنية", person.card_number),
        ("Né(e) le", "تاريخ الازدياد", born),
    ]
    if row.dependant is not None:
        french, arabic = _RELATIONS[row.dependant.relation]
        insured = row.dependant.insured
        rows.append((french, arabic, insured.full_name_ar))
        rows.append(("", "", insured.full_name_latn))
    return [{"fr": french, "ar": arabic, "value": value} for french, arabic, value in rows if value]


def _told(row: Attestation) -> dict[str, Any]:
    return {
        "serial": row.pk,
        "status": row.status,
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until.isoformat(),
    }
