"""GET /api/v1/coverage: what is asked, what is answered. The same for the API and its fast door."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, pgettext
from pydantic import BaseModel, BeforeValidator, Field

import qafila_law
from qafila.api import problems
from qafila.api.clients import AskingPartner, require_dependants
from qafila.api.typed import TIDY
from qafila.care.coverage_check import coverage
from qafila.care.coverage_check.coverage import Check, Coverage
from qafila.care.family import MemberCover, family_cover
from qafila.foundation.actors import WHOLE_COUNTRY
from qafila.foundation.clock import day_of
from qafila.rights.reasons import (
    NOT_CALLED_YET,
    NOT_KNOWN,
    not_known_yet,
    why,
    why_dependant,
    why_dependant_on,
    why_on,
)

FOR_MACHINES = "en"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _plain_day(value: object) -> object:
    # Numbers and moments would be read as days too.
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("no day")
    return value


class CoverageQuestion(BaseModel):
    """A number as on the card, and the day of care."""

    id_type: Annotated[
        Literal["cin", "fund", "nia"],
        Field(description="cin: national card; fund: CNSS number; nia: register of crafts."),
    ]
    id: Annotated[
        str, Field(min_length=1, max_length=30, description="The number on the card."), *TIDY
    ]
    on: Annotated[dt.date, BeforeValidator(_plain_day), Field(description="The day of care.")]
    dependants: Annotated[bool, Field(description="Also tell about spouse and children.")] = False


class PlainQuestion(NamedTuple):
    """A question that holds what `CoverageQuestion` asks of it, read without it."""

    id_type: str
    id: str
    on: dt.date
    dependants: bool = False


class MemberAnswer(BaseModel):
    """A declared spouse or child: initials and year of birth only."""

    relation: Literal["spouse", "child"]
    initials: str
    birth_year: int | None
    status: Literal["open", "waiting", "suspended", "closed", "none", "not_known"]
    reason: str
    sentence: str


class CoverageAnswer(BaseModel):
    """The cover on the day asked about.

    `status` unknown: nobody, or more than one person, has this number; none: known, not enrolled;
    not_known: not known yet, because the day lies after `known_until`, the last day whose
    contributions were called. `until` is the first day after. `as_dependant`: the cover is an
    insured person's, whose spouse or child carries the number. The shape is the same whatever the
    number.
    """

    status: Literal["open", "waiting", "suspended", "closed", "none", "not_known", "unknown"]
    reason: str
    sentence: str
    on: dt.date
    since: dt.date | None
    until: dt.date | None
    known_until: dt.date | None
    initials: str
    as_dependant: bool
    dependants: list[MemberAnswer] | None


class ProblemAnswer(BaseModel):
    """Why there is no answer: a code for programs, a sentence for people, the field at fault."""

    code: str
    sentence: str
    field: str | None


def language_of(header: str) -> str:
    """The first language of `Accept-Language` that Qafila speaks, or English; else its own."""
    return _language(header[:100])


@lru_cache(maxsize=1024)
def _language(header: str) -> str:
    spoken = {code for code, _ in settings.LANGUAGES} | {FOR_MACHINES}
    wished = []
    for place, part in enumerate(header.lower().split(",")):
        code, _, quality = part.strip().partition(";q=")
        weight = float(quality) if re.fullmatch(r"[01](\.\d{1,3})?", quality) else 1.0
        wished.append((-weight, place, code.split("-")[0]))
    return next((code for _, _, code in sorted(wished) if code in spoken), settings.LANGUAGE_CODE)


def check_to_make(
    question: CoverageQuestion | PlainQuestion, partner: AskingPartner, at: dt.datetime
) -> Check:
    """The check asked for; raises Problem 403 or 422."""
    if question.dependants:
        require_dependants(partner)
    number = coverage.number_as_kept(question.id_type, question.id)
    if number is None:
        raise problems.bad_field("id")
    return Check(question.id_type, number, question.on, partner.partner_id, question.dependants, at)


def told(found: Coverage, check: Check, language: str) -> dict[str, Any]:
    """The answer to the check as plain data."""
    enrolled = found.status not in ("none", coverage.UNKNOWN)
    return {
        "status": found.status,
        "reason": found.reason,
        "sentence": _sentence_on(language, found, check),
        "on": check.on.isoformat(),
        "since": found.since.isoformat() if found.since else None,
        "until": found.until.isoformat() if found.until else None,
        "known_until": found.known_until.isoformat() if found.known_until else None,
        "initials": coverage.initials(found.name) if enrolled else "",
        "as_dependant": found.through,
        "dependants": _family(found, check, language) if check.with_dependants else None,
    }


def _sentence_on(language: str, found: Coverage, check: Check) -> str:
    today = day_of(check.at)
    # Nearly all ask about today: what they are told does not hang on the day.
    other = None if check.on == today else (check.on, today)
    if found.status == NOT_KNOWN:
        return _not_known(language, found.known_until)
    return _sentence(
        language, found.status, found.reason, (found.since, found.until), found.through, other
    )


@lru_cache(maxsize=1024)
def _not_known(language: str, known_until: dt.date | None) -> str:
    with translation.override(language):
        return not_known_yet(known_until)


@lru_cache(maxsize=65_536)
def _sentence(
    language: str,
    status: str,
    reason: str,
    bounds: tuple[dt.date | None, dt.date | None],
    through: bool,
    other: tuple[dt.date, dt.date] | None,
) -> str:
    """The sentence of today, or of the first day of `other` as seen from its second."""
    with translation.override(language):
        if reason == coverage.NO_SUCH_NUMBER:
            return gettext("Nobody is known under this number. Compare it with the card.")
        if reason == coverage.SEVERAL_PEOPLE:
            return gettext(
                "More than one file carries this number. Ask for another number of the person."
            )
        if other is None:
            return (why_dependant if through else why)(reason, *bounds)
        on, today = other
        if through:
            return why_dependant_on(reason, bounds, on=on, today=today)
        return why_on(status, reason, bounds, on=on, today=today)


def _family(found: Coverage, check: Check, language: str) -> list[dict[str, Any]]:
    # A dependant's own family, if any, is not the insured person's.
    if found.person_id is None or found.through:
        return []
    known = found.status != NOT_KNOWN
    held = (found.status, found.reason) if known else ("open", "paid_up")
    members = family_cover(found.person_id, *held, check.on, scope=WHOLE_COUNTRY)
    with translation.override(language):
        return [_member(member, found, check, language) for member in members]


def _member(member: MemberCover, found: Coverage, check: Check, language: str) -> dict[str, Any]:
    unknown = found.status == NOT_KNOWN and member.status == "open"
    covered = " ".join(qafila_law.explain(member.sentence_steps, language))
    insured = pgettext("dependant's cover", "The insured person's rights: %(sentence)s") % {
        "sentence": _sentence_on(language, found, check)
    }
    return {
        "relation": member.relation,
        "initials": coverage.initials(member.name),
        "birth_year": member.birth_year,
        "status": NOT_KNOWN if unknown else member.status,
        "reason": NOT_CALLED_YET if unknown else member.reason,
        "sentence": f"{covered} {insured}" if member.covered else covered,
    }
