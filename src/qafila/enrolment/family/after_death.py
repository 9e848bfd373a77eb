"""What a death ends besides the family's facts, and what taking it back opens again."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from qafila.enrolment import errors
from qafila.enrolment.models import Enrolment, LifeEvent
from qafila.foundation.actors import Actor
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.scope import known_by
from qafila.register.deaths import hold_entries_again, strike_off_dead
from qafila_law.months import months_later


def close_life(row: LifeEvent, *, actor: Actor, at: dt.datetime) -> None:
    """The dead owe nothing from the month after, and are no longer in the register."""
    row.struck_entries = strike_off_dead(row.person_id, row.since, actor=actor, at=at)
    held = Enrolment.objects.select_for_update().filter(person_id=row.person_id)
    enrolment = held.exclude(state="closed").order_by("pk").first()
    if enrolment is not None:
        _close(enrolment, row)
        row.closed_enrolment, row.enrolment_state_before = enrolment, enrolment.state
    row.save(update_fields=["closed_enrolment", "enrolment_state_before", "struck_entries"])


def _close(enrolment: Enrolment, row: LifeEvent) -> None:
    month_after = months_later(row.since.replace(day=1), 1)
    changed = Enrolment.objects.filter(pk=enrolment.pk, state=enrolment.state).update(
        state="closed", closed_on=max(month_after, enrolment.effective_from)
    )
    if not changed:
        raise SomeoneElseActed


def open_life_again(row: LifeEvent, *, actor: Actor, at: dt.datetime) -> None:
    """A death taken back: the enrolment and the entries it closed are open again.

    Raises FundNumberTaken where the number was given to another person meanwhile.
    """
    if row.kind != "death":
        return
    hold_entries_again(row.struck_entries, actor=actor, at=at)
    if row.closed_enrolment_id is None:
        return
    others = Enrolment.objects.filter(person_id=row.person_id).exclude(state="closed")
    if not others.exists():
        held = Enrolment.objects.filter(pk=row.closed_enrolment_id, state="closed")
        try:
            with transaction.atomic():
                held.update(state=row.enrolment_state_before, closed_on=None)
        except IntegrityError as taken:
            number = row.closed_enrolment.fund_number if row.closed_enrolment else ""
            raise errors.FundNumberTaken(number=number) from taken


@known_by("the action that asks")
def died_on(person_id: int) -> dt.date | None:
    """The day of the death written in the file; None while there is none."""
    told = LifeEvent.objects.filter(person_id=person_id, kind="death", state="told")
    return told.order_by("since").values_list("since", flat=True).first()


@known_by("the action that asks")
def require_alive(person_id: int) -> None:
    """Raise PersonDied when a death is written in the file."""
    if died_on(person_id) is not None:
        raise errors.PersonDied
