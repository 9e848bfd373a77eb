"""What lists hold of a person whose data are erased."""

from __future__ import annotations

from typing import Any

from qafila.foundation.actors import Scope
from qafila.lists.models import CandidatePair, Row
from qafila.people.access import persons_visible

_RAW: dict[str, Any] = {"cells": [], "notes": "", "phone": ""}
_WHO: dict[str, Any] = {
    "family_name": "",
    "given_name": "",
    "full_name": "",
    "birth_date": None,
    "birth_precision": "",
    "card_number": "",
    "fund_number": "",
    "register_number": "",
    "tax_number": "",
    "ae_number": "",
    "place_text": "",
    "name_keys": [],
    "name_key": "",
    "content_key": "",
}


def erase_rows(person_id: int, whole: bool, scope: Scope) -> dict[str, int]:
    """Take out of the person's rows the cells as they came, and with `whole` who it was.

    The row stays, so that the balance of its list does. Pairs are told apart by nothing any more:
    those that wait leave the queue. Called within the transaction of an erasure.
    """
    rows = Row.objects.filter(person__in=persons_visible(scope).filter(pk=person_id))
    erased = {Row._meta.db_table: rows.update(**(_RAW | (_WHO if whole else {})))}
    if whole:
        pairs = CandidatePair.objects.filter(left__person_id=person_id) | (
            CandidatePair.objects.filter(right__person_id=person_id)
        )
        theirs = CandidatePair.objects.filter(pk__in=pairs.values("pk"))
        waiting = theirs.filter(state__in=("waiting", "doubtful"))
        waiting.update(state=CandidatePair.State.DIFFERENT)
        erased[CandidatePair._meta.db_table] = theirs.update(evidence=[])
    return erased
