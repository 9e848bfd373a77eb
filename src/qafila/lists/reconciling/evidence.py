"""Evidence in words: why two rows were, or were not, held to be one person.

Codes and parameters are those of :mod:`qafila.linkage.evidence`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

_SENTENCES: Mapping[str, Any] = {
    "card_same": _("Same card number: %(values)s."),
    "card_one_error": _("Card numbers one typing error apart: %(values)s."),
    "card_differs": _("Different card numbers: %(values)s."),
    "own_number_same": _("Same number at an institution: %(values)s."),
    "family_same": _("Same family name: %(values)s."),
    "family_same_other_script": _("Same family name in two scripts: %(values)s."),
    "family_exchanged": _("Family and given name stand in each other's place: %(values)s."),
    "family_variant": _("Family names that differ by an article or a first vowel: %(values)s."),
    "family_close": _("Family names one typing error apart: %(values)s."),
    "family_alike": _("Family names that resemble each other: %(values)s."),
    "family_differs": _("Different family names: %(values)s."),
    "given_same": _("Same given name: %(values)s."),
    "given_same_other_script": _("Same given name in two scripts: %(values)s."),
    "given_exchanged": _("Given and family name stand in each other's place: %(values)s."),
    "given_close": _("Given names one typing error apart: %(values)s."),
    "given_part": _("One of several given names in common: %(values)s."),
    "given_alike": _("Given names that resemble each other: %(values)s."),
    "given_differs": _("Different given names: %(values)s."),
    "birth_same_day": _("Same date of birth: %(values)s."),
    "birth_same_first_january": _(
        "Same date of birth, but 1 January is often written for a day not known: %(values)s."
    ),
    "birth_day_month_exchanged": _("Day and month of birth exchanged: %(values)s."),
    "birth_same_year": _("Same year of birth: %(values)s."),
    "birth_one_digit": _("Dates of birth one digit apart: %(values)s."),
    "birth_same_year_other_day": _("Same year of birth but another day: %(values)s."),
    "birth_near_year": _("Years of birth close to each other: %(values)s."),
    "birth_differs": _("Different dates of birth: %(values)s."),
    "phone_same": _("Same phone: %(values)s."),
    "phone_shared_by_many": _("Same phone, but %(shared)s rows share it: %(values)s."),
    "phone_one_error": _("Phones one digit apart: %(values)s."),
    "phone_differs": _("Different phones: %(values)s."),
    "commune_same": _("Same commune: %(values)s."),
    "commune_close": _("Communes of nearly the same name: %(values)s."),
    "province_same": _("Same province, another commune: %(values)s."),
    "place_differs": _("Different places: %(values)s."),
    "craft_same": _("Same trade: %(values)s."),
    "craft_differs": _("Different trades: %(values)s."),
    "sex_same": _("Same sex."),
    "sex_differs": _("One is a woman, the other a man."),
    "decided_same": _("Someone decided that they are one person."),
    "decided_apart": _("Someone decided that they are two persons."),
    "ambiguous": _("Another person fits as well, so a human must choose."),
    "contradiction_card_differs": _(
        "Joining them would give one person two card numbers, so a human must decide."
    ),
    "contradiction_sex_differs": _(
        "Joining them would make one person of a woman and a man, so a human must decide."
    ),
    "contradiction_birth_differs": _(
        "Joining them would give one person two dates of birth, so a human must decide."
    ),
    "contradiction_decided_apart": _(
        "Someone decided that rows of these two persons are apart, so they were not joined."
    ),
}

EVIDENCE_SENTENCES = tuple(_SENTENCES)


_ISOLATED, _ENDED = "\u2068", "\u2069"
"""Around each value, so that a date or a Latin name keeps its order inside an Arabic sentence."""


def evidence_sentence(code: str, params: Mapping[str, Any] | None = None) -> str:
    """One piece of evidence as a sentence in the reader's language; equal values are said once."""
    found = params or {}
    values = dict.fromkeys(str(found[k]) for k in ("left", "right") if found.get(k) is not None)
    shared = found.get("shared")
    return str(_SENTENCES[code]) % {
        "values": " / ".join(f"{_ISOLATED}{value}{_ENDED}" for value in values) or "–",
        "shared": "–" if shared is None else shared,
    }


def pair_sentence(evidence: Iterable[Mapping[str, Any]] | None) -> str:
    """All the evidence of a pair as one line of plain text, strongest first as given."""
    pieces = (evidence_sentence(piece["code"], piece.get("params")) for piece in evidence or ())
    return " ".join(pieces).replace(_ISOLATED, "").replace(_ENDED, "")
