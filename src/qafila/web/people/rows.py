"""What rows about people share: the name in two scripts and the phones to dial."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from qafila.web.design.components import Link
from qafila.web.design.record_list import PersonName
from qafila.web.people.presenter import names_in_order, phone_text


def name_of(
    person_id: int, name_ar: str, name_latn: str, *notes: str, url_name: str = "person"
) -> PersonName:
    """The name, in the reader's script first, leading to a page of the person.

    `notes` stand below it in small print; empty ones are left out.
    """
    first, other = names_in_order(name_ar, name_latn)
    told = tuple(note for note in notes if note)
    return PersonName(first, other, reverse(url_name, args=[person_id]), person_id, told)


def phones_of(numbers: Iterable[str]) -> tuple[Link, ...]:
    """The numbers as people dial them."""
    return tuple(Link(phone_text(number), f"tel:{number}") for number in numbers)
