"""Consent by purpose: given and withdrawn by the person, noted by whoever serves them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.foundation import journal
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.scope import known_by
from qafila.foundation.trail import acting, system_actor
from qafila.people.access import (
    checked_person,
    person_to_change,
    persons_visible,
    require_may_correct,
)
from qafila.people.errors import PurposeUnknown
from qafila.people.journal import CONSENT_GIVEN, CONSENT_WITHDRAWN
from qafila.people.models import Consent
from qafila.people.personal_links import require_link

PURPOSES: dict[str, Promise] = {
    "messages": _("Messages about my file by SMS, voice or e-mail"),
    "sharing": _("Sharing with bodies that help craftworkers, beyond what the law orders"),
}


@dataclass(frozen=True)
class ConsentShown:
    """One purpose, and since when and before whom the person agrees; empty where they do not."""

    purpose: str
    word: str | Promise
    given_at: dt.datetime | None
    taken_by: str

    @property
    def given(self) -> bool:
        """Whether the person agrees today."""
        return self.given_at is not None


def note_consent(
    person_id: int, *, purpose: str, given: bool, actor: Actor, at: dt.datetime
) -> bool:
    """Note that the person agrees to a purpose, or no longer; False when it was so already.

    Raises NotAllowed, NotFoundInScope, FileMerged, PurposeUnknown.
    """
    return _note(person_id, require_may_correct(actor), purpose, given, actor, at)


@known_by("the personal link")
def own_consent(token: str, *, purpose: str, given: bool, at: dt.datetime) -> bool:
    """The same, by the person behind a link that was opened. NotFoundInScope as `require_link`."""
    actor, person_id = system_actor("personal link"), require_link(token, at=at)
    return _note(person_id, require_may_correct(actor), purpose, given, actor, at)


def _note(
    person_id: int, scope: Scope, purpose: str, given: bool, actor: Actor, at: dt.datetime
) -> bool:
    if purpose not in PURPOSES:
        raise PurposeUnknown(purpose=purpose[:20])
    with acting(actor, at=at):
        person_to_change(person_id, scope)
        standing = Consent.objects.filter(person_id=person_id, purpose=purpose, withdrawn_at=None)
        if standing.exists() == given:
            return False
        if given:
            Consent.objects.create(
                person_id=person_id, purpose=purpose, given_at=at, taken_by_id=actor.id
            )
        else:
            standing.update(withdrawn_at=at, withdrawn_by_id=actor.id)
        entry = CONSENT_GIVEN if given else CONSENT_WITHDRAWN
        person = persons_visible(scope).get(pk=person_id)
        journal.write(entry, person, actor=actor, at=at, person_id=person_id, purpose=purpose)
    return True


def consents_of(person_id: int, *, scope: Scope) -> list[ConsentShown]:
    """Every purpose, and whether the person agrees to it. NotFoundInScope outside the territory."""
    checked_person(person_id, scope=scope)
    standing = Consent.objects.filter(person_id=person_id, withdrawn_at=None)
    given = {one.purpose: one for one in standing.select_related("taken_by")}
    return [
        ConsentShown(
            purpose,
            word,
            given[purpose].given_at if purpose in given else None,
            given[purpose].taken_by.name if purpose in given else "",
        )
        for purpose, word in PURPOSES.items()
    ]


def consenting(persons: Iterable[int], purpose: str, *, scope: Scope) -> set[int]:
    """Those of the persons who agree to a purpose now: whoever sends or shares asks this first."""
    if purpose not in PURPOSES:
        raise PurposeUnknown(purpose=purpose[:20])
    seen = persons_visible(scope).filter(pk__in=list(persons)).order_by("pk")
    agreed = Consent.objects.filter(purpose=purpose, withdrawn_at=None, person__in=seen)
    return set(agreed.values_list("person_id", flat=True))
