"""One card, one file: looked up behind a lock, so that two at once do not open two files."""

from __future__ import annotations

from django.db import connection

from qafila.people.errors import CardHeldByAnother
from qafila.people.models import Person


def lock_card(card_number: str) -> None:
    """Until the transaction ends, nobody else opens a file or corrects one with this card."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('people card'), hashtext(%s))", [card_number]
        )


def require_card_free(card_number: str, *, besides: int) -> None:
    """Raise CardHeldByAnother when another active file holds the card; locks it first."""
    lock_card(card_number)
    holders = Person.objects.filter(card_number=card_number, state=Person.State.ACTIVE)
    holder = holders.exclude(pk=besides).order_by("pk").first()
    if holder is not None:
        raise CardHeldByAnother(card=card_number, file=holder.pk)
