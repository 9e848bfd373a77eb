"""Evidence in words: why two rows were, or were not, held to be one person.

Codes and parameters are those of :mod:`qafila.linkage.evidence`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

_SENTENCES: Mapping[str, Any] = {
    "card_same": _("Same card number: %(values)s."),
    "card_one_error": _("Card numbers one typing error apart: %(values)s."),
    "card_differs": _("Different card numbers: %(values)s."),
    "own_number_same": _("Same number at an institution: %(values)s."),
    "family_same": _("Same family name: %(values)s."),
    "family_same_other_script": _("Same family name in two scripts: %(values)s."),
    "family_exchanged": _("Family and given name are swapped: %(values)s."),
    "family_variant": _("Family names that differ by an article or a first vowel: %(values)s."),
    "family_close": _("Family names one typing error apart: %(values)s."),
    "family_alike": _("Family names that resemble each other: %(values)s."),
    "family_differs": _("Different family names: %(values)s."),
    "given_same": _("Same given name: %(values)s."),
    "given_same_other_script": _("Same given name in two scripts: %(values)s."),
    "given_exchanged": _("Given and family name are swapped: %(values)s."),
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
    "card_of_two": _(
        "One card number, but everything else is two people's, so a human must decide."
    ),
    "two_given_names": _(
        "The given names are not the same, and twins share everything else, so a human must decide."
    ),
    "given_names_unsure": _(
        "The given names agree in part only: brothers or one person, so a human must decide."
    ),
    "contradiction_given_differs": _(
        "Joining them would give one person two given names, so a human must decide."
    ),
    "contradiction_card_differs": _(
        "Joining them would give one person two card numbers, so a human must decide."
    ),
    "contradiction_sex_differs": _(
        "Joining them would make one person of a woman and a man, so a human must decide."
    ),
    "contradiction_birth_differs": _(
        "Joining them would give one person two dates of birth, so a human must decide."
    ),
    "both_have": _(
        "Both files have something that a person has once, so they could not be made one: end one "
        "of the two first, or say that they are two people."
    ),
    "one_of_the_family": _(
        "One of the two is declared as the spouse or child of the other, so they could not be made "
        "one: take the declaration back first, or say that they are two people."
    ),
    "contradiction_decided_apart": _(
        "Someone decided that rows of these two persons are apart, so they were not joined."
    ),
}

EVIDENCE_SENTENCES = tuple(_SENTENCES)


_ISOLATED, _ENDED = "\u2068", "\u2069"
"""Around each value, so that a date or a Latin name keeps its order inside an Arabic sentence."""


def evidence_sentence(code: str, params: Mapping[str, Any] | None = None) -> str:
    """One piece of evidence as a sentence in the reader's language; equal values are said once.

    Dates are written 12/03/1971 and phones 06 12 34 56 78, whatever the list wrote.
    """
    found = params or {}
    told = (found[side] for side in ("left", "right") if found.get(side) is not None)
    values = dict.fromkeys(_as_written_here(code, str(value)) for value in told)
    shared = found.get("shared")
    return str(_SENTENCES[code]) % {
        "values": " / ".join(f"{_ISOLATED}{value}{_ENDED}" for value in values) or "–",
        "shared": "–" if shared is None else shared,
    }


def _as_written_here(code: str, value: str) -> str:
    """A date or a phone as people in Morocco write it; anything else as it is."""
    if code.startswith("birth_") and (day := _DAY.match(value)):
        return f"{day[3]}/{day[2]}/{day[1]}"
    if code.startswith("phone_") and (phone := _PHONE.match(value)):
        return re.sub(r"(?<=\d)(?=(?:\d\d)+$)", "\u00a0", f"0{phone[1]}")
    return value


_DAY = re.compile(r"^(\d{4})-(\d\d)-(\d\d)$")
_PHONE = re.compile(r"^\+212(\d{9})$")
_VALUES = re.compile(f"\\s?: ({_ISOLATED}.*{_ENDED})$")
MOST_REASONS = 5


def link_sentence(evidence: Iterable[Mapping[str, Any]] | None) -> str:
    """Why two rows are one person, in one sentence: the strongest reasons, then the doubts.

    A piece without a weight (someone's decision) is told when nothing else speaks for it.
    """
    pieces = list(evidence or ())
    weighed = [piece for piece in pieces if piece.get("weight")]
    reasons = _fragments(piece for piece in weighed if piece["weight"] > 0)
    against = _fragments(piece for piece in weighed if piece["weight"] < 0)
    reasons = reasons or _fragments(piece for piece in pieces if not piece.get("weight"))
    if not reasons:
        return gettext("Nothing is written about why these rows are one person.")
    if not against:
        return gettext("One person, because: %(reasons)s.") % {"reasons": reasons}
    told = gettext("One person, because: %(reasons)s; although: %(against)s.")
    return told % {"reasons": reasons, "against": against}


def _fragments(pieces: Iterable[Mapping[str, Any]]) -> str:
    """Sentences as parts of a longer one: a small first letter, values in brackets, no stop."""
    sentences = [
        evidence_sentence(piece["code"], piece.get("params")).removesuffix(".") for piece in pieces
    ]
    parts = [
        _VALUES.sub(r" (\1)", sentence[:1].lower() + sentence[1:])
        for sentence in sentences[:MOST_REASONS]
    ]
    return pgettext("between reasons", ", ").join(parts)


def plain_fragment(code: str, params: Mapping[str, Any]) -> str:
    """One piece of evidence as part of a longer sentence, as plain text."""
    told = _fragments([{"code": code, "params": params}])
    return told.replace(_ISOLATED, "").replace(_ENDED, "")


def pair_sentence(evidence: Iterable[Mapping[str, Any]] | None) -> str:
    """All the evidence of a pair as one line of plain text, strongest first as given."""
    pieces = (evidence_sentence(piece["code"], piece.get("params")) for piece in evidence or ())
    return " ".join(pieces).replace(_ISOLATED, "").replace(_ENDED, "")
