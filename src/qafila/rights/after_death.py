"""What a family is told after the insured person's death: its last day of cover, its money."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qafila.contributions.account.printing import day, printed_in
from qafila.contributions.payments.refunds.refunds import credit_of
from qafila.enrolment.family.after_death import died_on
from qafila.foundation.actors import Scope
from qafila.foundation.wording.told import day_told, dirhams_told
from qafila.people.access import person_in_scope
from qafila.rights.models import DependantPeriod
from qafila_law.wording.typography import plain_signs


@dataclass(frozen=True)
class CoverAfterDeath:
    """The death, the last day on which a member of the family is covered by it (None: nobody is),
    and what the dead person had paid ahead, for the heirs."""

    died_on: dt.date
    last_day: dt.date | None
    members: int
    credit_centimes: int

    @property
    def cover_sentence(self) -> str:
        """Until when the family is covered, in the language in force."""
        if self.last_day is None:
            return _("Nobody of the family is covered after the death.")
        last = {"day": day_told(self.last_day)}
        return _("The family stays covered until %(day)s included.") % last

    @property
    def sentence(self) -> str:
        """What the family is told, in the language in force."""
        if not self.credit_centimes:
            return self.cover_sentence
        money = _("%(amount)s DH were paid ahead: they go to the heirs, with the deed of heirs.")
        return f"{self.cover_sentence} {money % {'amount': dirhams_told(self.credit_centimes)}}"


def cover_after_death(insured_id: int, *, scope: Scope) -> CoverAfterDeath | None:
    """The family's cover after the insured person's death; None while none is told.

    NotFoundInScope outside the territory.
    """
    person_in_scope(insured_id, scope)
    died = died_on(insured_id)
    if died is None:
        return None
    open_ones = DependantPeriod.objects.filter(insured_id=insured_id, status="open", until__gt=died)
    rows = open_ones.order_by("until").values_list("dependant_id", "until")
    ends = {dependant: until for dependant, until in rows if until is not None}
    last = max(ends.values(), default=None)
    return CoverAfterDeath(
        died_on=died,
        last_day=last - dt.timedelta(days=1) if last else None,
        members=len(ends),
        credit_centimes=credit_of(insured_id, scope=scope),
    )


def after_death_text(insured_id: int, *, language: str, scope: Scope) -> str:
    """What the family is told by message after a death, without a name; empty while none is told.

    French fits 160 GSM characters, Arabic and Amazigh two messages of 67 letters. Errors:
    NotFoundInScope, LanguageNotPrinted.
    """
    with printed_in(language):
        told = cover_after_death(insured_id, scope=scope)
        if told is None:
            return ""
        text = _("After the death nobody of the family is covered.")
        if told.last_day:
            text = _("After the death the family is covered until %(day)s included.")
            text %= {"day": day(told.last_day)}
        ahead = _("Money was paid ahead: the heirs ask at the desk.")
        return plain_signs(f"{text} {ahead}" if told.credit_centimes else str(text))
