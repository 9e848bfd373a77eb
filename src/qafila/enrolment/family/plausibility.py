"""Whose card is typed for a member of a family: a file that is known, or nobody's."""

from __future__ import annotations

from collections.abc import Collection

from qafila.enrolment import errors
from qafila.enrolment.family import errors as family_errors
from qafila.foundation.actors import WHOLE_COUNTRY, Scope
from qafila.linkage.names.name_comparison import compare_names
from qafila.people.access import lock_card, persons_visible
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


def ask_whose_card(holder: Person, typed: Person, confirmed: Collection[str]) -> None:
    """Raise CardOfAnother when what was typed does not fit the holder of the card."""
    if family_errors.CardOfAnother.code in confirmed or _fits(holder, typed):
        return
    raise family_errors.CardOfAnother(card=holder.card_number, file=holder.pk)


def _fits(holder: Person, typed: Person) -> bool:
    born = (holder.birth_date, typed.birth_date)
    if all(born) and born[0] != born[1] and "year" not in (holder.birth_precision,):
        return False
    if holder.sex and typed.sex and holder.sex != typed.sex:
        return False
    names = [filter(None, (one.full_name_ar, one.full_name_latn)) for one in (holder, typed)]
    told, known = (tuple(found) for found in names)
    return not told or any(compare_names(a, b).same for a in told for b in known)
