"""Somebody who acted, as the reader reads it: the only way to name an actor."""

from __future__ import annotations

from django.utils.translation import get_language

from qafila.foundation.models import ActorRecord
from qafila.foundation.wording.actor_names import name_told
from qafila.institutions.models import Account


def actor_told(record: ActorRecord) -> str:
    """The name in the script of the language in force; of jobs and doors of ours in its words.

    Load the record along with its `account`, else this is a query.
    """
    account: Account | None = getattr(record, "account", None)
    return account.shown_name if account else name_told(record.name)


def name_in_script(name: str, name_latn: str | None) -> str:
    """As `actor_told`, of names already loaded: `account__name_latn` is None for no account."""
    in_arabic = (get_language() or "ar") == "ar"
    return name_latn if name_latn and not in_arabic else name_told(name)
