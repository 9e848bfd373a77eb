"""GET /api/v1/coverage: what is asked, what is answered. The same for the API and its fast door."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Annotated, Any, Literal

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
from qafila.rights.reasons import why, why_dependant

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
        str, *TIDY, Field(min_length=1, max_length=30, description="The number on the card.")
    ]
    on: Annotated[dt.date, BeforeValidator(_plain_day), Field(description="The day of care.")]
    dependants: Annotated[bool, Field(description="Also tell about spouse and children.")] = False


class MemberAnswer(BaseModel):
    """A declared spouse or child: initials and year of birth only."""

    relation: Literal["spouse", "child"]
    initials: str
    birth_year: int | None
    status: Literal["open", "waiting", "suspended", "closed", "none"]
    reason: str
    sentence: str


class CoverageAnswer(BaseModel):
    """The cover on the day asked about.

    `status` unknown: nobody, or more than one person, has this number; none: known, not enrolled.
    `until` is the first day after. `as_dependant`: the cover is an insured person's, whose spouse
    or child carries the number. The shape is the same whatever the number.
    """

    status: Literal["open", "waiting", "suspended", "closed", "none", "unknown"]
    reason: str
    sentence: str
    on: dt.date
    since: dt.date | None
    until: dt.date | None
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


def check_to_make(question: CoverageQuestion, partner: AskingPartner, at: dt.datetime) -> Check:
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
        "sentence": _sentence(language, found.reason, found.since, found.until, found.through),
        "on": check.on.isoformat(),
        "since": found.since.isoformat() if found.since else None,
        "until": found.until.isoformat() if found.until else None,
        "initials": coverage.initials(found.name) if enrolled else "",
        "as_dependant": found.through,
        "dependants": _family(found, check.on, language) if check.with_dependants else None,
    }


@lru_cache(maxsize=65_536)
def _sentence(
    language: str, reason: str, since: dt.date | None, until: dt.date | None, through: bool
) -> str:
    with translation.override(language):
        if reason == coverage.NO_SUCH_NUMBER:
            return gettext("Nobody is known under this number. Compare it with the card.")
        if reason == coverage.SEVERAL_PEOPLE:
            return gettext(
                "More than one file carries this number. Ask for another number of the person."
            )
        return (why_dependant if through else why)(reason, since, until)


def _family(found: Coverage, on: dt.date, language: str) -> list[dict[str, Any]]:
    # A dependant's own family, if any, is not the insured person's.
    if found.person_id is None or found.through:
        return []
    members = family_cover(found.person_id, found.status, found.reason, on, scope=WHOLE_COUNTRY)
    with translation.override(language):
        return [_member(member, found, language) for member in members]


def _member(member: MemberCover, found: Coverage, language: str) -> dict[str, Any]:
    covered = " ".join(qafila_law.explain(member.sentence_steps, language))
    insured = pgettext("dependant's cover", "The insured person's rights: %(sentence)s") % {
        "sentence": _sentence(language, found.reason, found.since, found.until, through=False)
    }
    return {
        "relation": member.relation,
        "initials": coverage.initials(member.name),
        "birth_year": member.birth_year,
        "status": member.status,
        "reason": member.reason,
        "sentence": f"{covered} {insured}" if member.covered else covered,
    }
