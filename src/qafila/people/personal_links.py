"""Personal links: a person's own way to their contributions, without an account.

The token is random and says nothing of anybody. Whoever holds it answers two questions about the
card before anything is shown; the answers are counted in the database, whatever asks them. Who
cannot scan it types a code of twelve digits instead (the last one checks the others), and answers
the same questions.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F
from django.utils.crypto import salted_hmac
from stdnum import damm

from qafila.foundation import journal
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.scope import known_by
from qafila.foundation.stores.counting import Counter
from qafila.foundation.trail import acting, system_actor
from qafila.institutions.actor_told import actor_told
from qafila.people.access import person_in_scope, person_to_change, require_may_issue_links
from qafila.people.errors import (
    CodeNotWhole,
    CodeTriedTooOften,
    CodeUnknown,
    LinkNeedsCardAndBirth,
)
from qafila.people.journal import LINK_ISSUED, LINK_LOCKED, LINK_OPENED, LINK_WITHDRAWN
from qafila.people.models import Person, PersonalLink

# The project's choices: no text says how long such a link may hold.
VALID_FOR = dt.timedelta(days=180)
MOST_WRONG_TRIES = 5
LETTERS_ASKED = 4
CODE_LENGTH = 12
CODE_HOLDS = dt.timedelta(minutes=30)
MOST_LOOKS = 10
_AN_HOUR = 3600
_BY_CODE = "code."
_SEPARATORS = frozenset("-‐‑‒–—.·/_ـ\u200e\u200f\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class IssuedLink:
    """A new link; `token` and `code` are told this once and cannot be read again."""

    token: str
    code: str
    expires_at: dt.datetime


@dataclass(frozen=True)
class LinkShown:
    """The link that stands for a person, as the file tells it."""

    issued_at: dt.datetime
    issued_by: str
    expires_at: dt.datetime
    last_used_at: dt.datetime | None
    locked: bool
    expired: bool


def issue_personal_link(person_id: int, *, actor: Actor, at: dt.datetime) -> IssuedLink:
    """Issue a link for a person in the actor's scope; the one before it stops working.

    Errors: NotAllowed, NotFoundInScope, LinkNeedsCardAndBirth.
    """
    scope = require_may_issue_links(actor)
    token, code = secrets.token_urlsafe(24), _new_code()
    with acting(actor, at=at):
        person = person_to_change(person_id, scope)
        if len(_plain(person.card_number)) < LETTERS_ASKED or person.birth_date is None:
            raise LinkNeedsCardAndBirth
        _standing(person_id).update(withdrawn_at=at)
        link = PersonalLink.objects.create(
            token_sha256=_hash(token),
            code_digest=_digests(code)[0],
            person=person,
            issued_by_id=actor.id,
            issued_at=at,
            expires_at=at + VALID_FOR,
        )
        journal.write(
            LINK_ISSUED,
            link,
            actor=actor,
            at=at,
            person_id=person_id,
            until=f"{link.expires_at:%d/%m/%Y}",
        )
    return IssuedLink(token, in_groups(code), link.expires_at)


def withdraw_personal_link(person_id: int, *, actor: Actor, at: dt.datetime) -> bool:
    """Stop the person's link at once; False when there was none. NotAllowed, NotFoundInScope."""
    scope = require_may_issue_links(actor)
    with acting(actor, at=at):
        person_to_change(person_id, scope)
        link = _standing(person_id).first()
        if link is None:
            return False
        _standing(person_id).update(withdrawn_at=at)
        journal.write(LINK_WITHDRAWN, link, actor=actor, at=at, person_id=person_id)
    return True


def personal_link_of(person_id: int, *, on: dt.datetime, scope: Scope) -> LinkShown | None:
    """The link that was issued and not withdrawn, expired or locked ones too; None without one."""
    person_in_scope(person_id, scope)
    link = _standing(person_id).select_related("issued_by__account").first()
    if link is None:
        return None
    return LinkShown(
        link.issued_at,
        actor_told(link.issued_by),
        link.expires_at,
        link.last_used_at,
        locked=link.wrong_tries >= MOST_WRONG_TRIES,
        expired=link.expires_at <= on,
    )


@known_by("the personal link")
def require_link(token: str, *, at: dt.datetime) -> int:
    """The person the link is for; NotFoundInScope when it is unknown, withdrawn or expired."""
    return _in_force(token, at).person_id


@known_by("the code that was typed")
def token_of_code(typed: str, *, at: dt.datetime) -> str:
    """A token for half an hour in place of the link's own, which nobody can read again.

    The code is read in digits of any script, with spaces and dashes; the same code is looked up so
    many times an hour at most. Raises CodeNotWhole, CodeTriedTooOften, CodeUnknown.
    """
    code = _digits(typed)
    if len(code) != CODE_LENGTH or not damm.is_valid(code):
        raise CodeNotWhole(digits=len(code), wanted=CODE_LENGTH)
    digests = _digests(code)
    if not Counter(f"personal code {digests[0]}", MOST_LOOKS, _AN_HOUR).count():
        raise CodeTriedTooOften
    link = _standing_at(at).filter(code_digest__in=digests).first()
    if link is None:
        raise CodeUnknown
    return _BY_CODE + _signer().sign(f"{link.pk}-{int(at.timestamp())}")


def in_groups(code: str) -> str:
    """The code as people read it: three groups of four digits."""
    return " ".join(code[first : first + 4] for first in range(0, len(code), 4))


@known_by("the personal link")
def open_personal_link(
    token: str, *, card_end: str, birth_year: str, at: dt.datetime
) -> int | None:
    """The person, when the last four characters of the card and the year of birth are theirs.

    None for a wrong answer and for a locked link: the caller tells both alike. Each try is counted
    before it is judged, so that many at once are not more than one after another. NotFoundInScope
    as `require_link`.
    """
    link = _in_force(token, at)
    actor = system_actor("personal link")
    with acting(actor, at=at):
        counted = PersonalLink.objects.filter(pk=link.pk, wrong_tries__lt=MOST_WRONG_TRIES).update(
            wrong_tries=F("wrong_tries") + 1
        )
        if not counted:
            return None
        if _is_right(link.person, card_end, birth_year):
            PersonalLink.objects.filter(pk=link.pk).update(wrong_tries=0, last_used_at=at)
            journal.write(LINK_OPENED, link, actor=actor, at=at, person_id=link.person_id)
            return link.person_id
        link.refresh_from_db(fields=["wrong_tries"])
        if link.wrong_tries >= MOST_WRONG_TRIES:
            journal.write(
                LINK_LOCKED,
                link,
                actor=actor,
                at=at,
                person_id=link.person_id,
                tries=MOST_WRONG_TRIES,
            )
    return None


def _standing(person_id: int) -> models.QuerySet[PersonalLink]:
    return PersonalLink.objects.filter(person_id=person_id, withdrawn_at=None)


def _in_force(token: str, at: dt.datetime) -> PersonalLink:
    asked = {"pk": _pk_by_code(token, at)} if token.startswith(_BY_CODE) else _of_token(token)
    link = _standing_at(at).filter(**asked).select_related("person").first()
    if link is None:
        raise NotFoundInScope
    return link


def _standing_at(at: dt.datetime) -> models.QuerySet[PersonalLink]:
    return PersonalLink.objects.filter(withdrawn_at=None, expires_at__gt=at, issued_at__lte=at)


def _of_token(token: str) -> dict[str, str]:
    return {"token_sha256": _hash(token)}


def _pk_by_code(token: str, at: dt.datetime) -> int:
    """The link that a token made by `token_of_code` stands for; NotFoundInScope once it is over."""
    try:
        pk, _, since = _signer().unsign(token.removeprefix(_BY_CODE)).partition("-")
    except BadSignature:
        raise NotFoundInScope from None
    if not 0 <= at.timestamp() - int(since) < CODE_HOLDS.total_seconds() + 1:
        raise NotFoundInScope
    return int(pk)


def _signer() -> Signer:
    return Signer(salt="personal link by code", sep=".")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _new_code() -> str:
    drawn = f"{secrets.randbelow(10 ** (CODE_LENGTH - 1)):0{CODE_LENGTH - 1}d}"
    code = drawn + damm.calc_check_digit(drawn)
    taken = PersonalLink.objects.filter(code_digest__in=_digests(code)).exists()
    return _new_code() if taken else code


def _digests(code: str) -> list[str]:
    """The digest under the present key, then those under earlier ones.

    Twelve digits are soon tried out: without the installation's key a copy of the table says none.
    """
    return [
        salted_hmac("personal code", code, secret=secret, algorithm="sha256").hexdigest()
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]


def _digits(typed: str) -> str:
    """The digits of what was typed, in any script; empty when it holds anything but separators."""
    kept = "".join(c for c in typed if not (c.isspace() or c in _SEPARATORS))
    return "".join(str(unicodedata.digit(c)) for c in kept) if kept.isdigit() else ""


def _is_right(person: Person, card_end: str, birth_year: str) -> bool:
    if person.birth_date is None or len(_plain(person.card_number)) < LETTERS_ASKED:
        return False
    wanted = _plain(person.card_number)[-LETTERS_ASKED:] + f"/{person.birth_date.year}"
    given = _plain(card_end)[-LETTERS_ASKED:] + f"/{_plain(birth_year)}"
    return hmac.compare_digest(wanted.encode(), given.encode())


def _plain(text: str) -> str:
    """Letters and digits alone, in capitals; Arabic-Indic digits as 0–9."""
    kept = [character for character in text if character.isalnum()]
    digits = [str(unicodedata.digit(c)) if c.isdigit() else c.upper() for c in kept]
    return "".join(digits)
