"""What no family can be, whatever the law covers: caught when a member is declared."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

import qafila_law
from qafila.enrolment import errors
from qafila.enrolment.family.members import custody_on
from qafila.enrolment.models import Dependant, LifeEvent
from qafila.foundation.actors import WHOLE_COUNTRY, Scope
from qafila.foundation.wording.births import birth_in_figures
from qafila.people.access import persons_visible
from qafila.people.cards import lock_card
from qafila.people.models import Person


def person_with_card(card_number: str, scope: Scope) -> Person | None:
    """The person who holds this card, locked; None when nobody does.

    Raises CardBelongsElsewhere when the holder is outside the territory.
    """
    if card_number:
        lock_card(card_number)
    # Who is not to be seen is looked for too, to be refused by name rather than entered twice.
    holders = persons_visible(WHOLE_COUNTRY).filter(card_number=card_number, state="active")
    holder = holders.order_by("pk").first() if card_number else None
    if holder is None:
        return None
    seen = persons_visible(scope).filter(pk=holder.pk).select_for_update(of=("self",)).first()
    if seen is None:
        raise errors.CardBelongsElsewhere(card=card_number)
    return seen


def require_plausible(
    insured: Person, member: Person, relation: str, joined_on: dt.date | None, on: dt.date
) -> None:
    """Refuse dates, marriages and second declarations that cannot be."""
    born = member.birth_date
    if born and born > on:
        raise errors.BornInTheFuture(day=born.isoformat())
    if joined_on and joined_on > on:
        raise errors.JoinedInTheFuture(day=joined_on.isoformat())
    if born and joined_on and joined_on < born:
        raise errors.EventBeforeBirth(day=joined_on.isoformat(), born=born.isoformat())
    if relation == "child":
        _require_younger(insured, born)
        _require_declared_once(insured, member, on)
    elif insured.sex == "F":
        _require_one_husband(insured, member)


def _require_younger(insured: Person, born: dt.date | None) -> None:
    if born and insured.birth_date and born <= insured.birth_date:
        raise errors.ChildOlderThanParent(
            parent=birth_in_figures(insured.birth_date, insured.birth_precision)
        )


def _require_declared_once(insured: Person, member: Person, on: dt.date) -> None:
    """A child is declared with one of the parents: the same person, or one as like as can be.

    Where custody has gone to the other parent, that parent may declare the child too. Alike means
    the same name keys and date of birth in the same household.
    """
    elsewhere = Dependant.objects.filter(relation="child", state="declared").exclude(
        insured=insured
    )
    known = _first_holding(elsewhere.filter(person=member), on)
    if known is None and member.birth_date and insured.household_id:
        alike = elsewhere.filter(
            person__birth_date=member.birth_date,
            person__name_keys=member.name_keys,
            insured__household_id=insured.household_id,
        )
        known = _first_holding(alike, on)
    if known is not None:
        raise errors.DeclaredElsewhere(file=known.insured_id)


def _first_holding(declared: QuerySet[Dependant], on: dt.date) -> Dependant | None:
    """The first declaration that still carries the child: custody has not left it."""
    for one in declared.order_by("pk"):
        if custody_on(one, on) != qafila_law.Custody.OTHER_PARENT:
            return one
    return None


def _require_one_husband(insured: Person, member: Person) -> None:
    """A woman has one husband (Family Code, article 39): the one before is divorced or dead."""
    husbands = Dependant.objects.filter(insured=insured, relation="spouse", state="declared")
    for one in husbands.exclude(person=member):
        ended = LifeEvent.objects.filter(state="told", person__dependant_of=one)
        if not (ended.filter(kind="death") | ended.filter(kind="divorce", dependant=one)).exists():
            raise errors.SecondHusband
