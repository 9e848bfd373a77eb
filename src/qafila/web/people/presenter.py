"""How a person is told on pages: the name in the reader's script first, the place, the birth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from qafila.accompaniment.reasons import BY_CODE, Urgency, urgency_of
from qafila.people.queries import PersonHit
from qafila.places import queries as places
from qafila.web.design.components import PersonChip, Tag, Tone
from qafila.web.design.figures import day_text, month_text

TONES: dict[Urgency, Tone] = {
    Urgency.HELD_UP: "bad",
    Urgency.ON_THE_WAY: "warn",
    Urgency.AT_REST: "none",
    Urgency.NONE: "ok",
}
"""The colour of each urgency of a reason."""


def names_in_order(name_ar: str, name_latn: str) -> tuple[str, str]:
    """The name in the reader's script, then the other; the only one there is comes first."""
    arabic_first = translation.get_language() == "ar"
    first, other = (name_ar, name_latn) if arabic_first else (name_latn, name_ar)
    return (first, other) if first else (other or _("Name unknown"), "")


def birth_text(day: dt.date | None, precision: str) -> str:
    """The date of birth no more precisely than it is known."""
    if day is None:
        return ""
    if precision == "year":
        return str(day.year)
    return month_text(day) if precision == "month" else day_text(day)


def chips_of(hits: Iterable[PersonHit]) -> list[PersonChip]:
    """One line per person found, with place and birth; two queries for all."""
    found = list(hits)
    language = translation.get_language() or "ar"
    names = places.names_of((hit.commune_code or hit.province_code for hit in found), language)
    return [_chip(hit, names) for hit in found]


def reason_tag(reason: str) -> Tag | None:
    """What holds a person, as a mark; none when it was not worked out."""
    if reason not in BY_CODE:
        return None
    tone = TONES[urgency_of(reason)]
    return Tag(BY_CODE[reason].label, tone, tone if tone in ("ok", "none") else "warn")


def _chip(hit: PersonHit, names: dict[str, str]) -> PersonChip:
    name, other = names_in_order(hit.full_name_ar, hit.full_name_latn)
    place = names.get(hit.commune_code or hit.province_code or "", "")
    birth = birth_text(hit.birth_date, hit.birth_precision)
    return PersonChip(
        name=name,
        other_name=other,
        href=reverse("person", args=[hit.id]),
        card=hit.card_number,
        where=place,
        born=birth,
    )


def phone_text(number: str) -> str:
    """A Moroccan number as people dial it, 0612345678; others as they are."""
    return f"0{number[4:]}" if number.startswith("+212") else number
