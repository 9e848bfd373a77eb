"""The arrears queue in tables, cards and addresses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from qafila.contributions.arrears.queries import ArrearsBand, InArrears
from qafila.enrolment.category_choice import CATEGORY_LABELS
from qafila.foundation.actors import Scope
from qafila.places import queries as places
from qafila.web.design.components import Link
from qafila.web.design.figures import day_text, money_text, number_text
from qafila.web.people.presenter import names_in_order, phone_text
from qafila.web.runs.presenter import category_word
from qafila.web.site.territory import language
from qafila.web.site.typed_fields import Line

_PLACE = re.compile(r"\d\d(\.\d{3})?", re.ASCII)
_AFTER = re.compile(r"(\d{1,15})-(\d{1,15})", re.ASCII)
_EVERY = pgettext_lazy("arrears", "All")


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what makes no sense in it is left out."""

    bucket: int | None = None
    place: str = ""
    category: str = ""
    after: tuple[int, int] | None = None

    @classmethod
    def from_address(cls, params: Mapping[str, str]) -> Asked:
        """The bucket, place, category and position an address names."""
        bucket, place = params.get("age", ""), params.get("place", "")
        category, after = params.get("category", ""), _AFTER.fullmatch(params.get("after", ""))
        return cls(
            int(bucket) if bucket in set("01234") else None,
            place if _PLACE.fullmatch(place) else "",
            category if category in CATEGORY_LABELS else "",
            (int(after[1]), int(after[2])) if after else None,
        )

    @property
    def within(self) -> dict[str, str | None]:
        """The place and the category as the queue's arguments."""
        whole_region = len(self.place) == 2
        return {
            "region": self.place if whole_region else None,
            "province": self.place if self.place and not whole_region else None,
            "category": self.category or None,
        }

    def address(
        self,
        url_name: str = "arrears",
        *,
        bucket: int | str | None = "same",
        after: tuple[int, int] | None = None,
        **kwargs: str,
    ) -> str:
        """The same question with another age or position."""
        age = self.bucket if bucket == "same" else bucket
        params = {
            "age": "" if age is None else str(age),
            "place": self.place,
            "category": self.category,
            "after": f"{after[0]}-{after[1]}" if after else "",
        }
        given = {name: value for name, value in params.items() if value}
        found = reverse(url_name, kwargs=kwargs or None)
        return f"{found}?{urlencode(given)}" if given else found


@dataclass(frozen=True)
class Band:
    """One age of debt with its people and sum; `current` when the queue shows it alone."""

    label: str
    people: str
    total: str
    href: str
    current: bool


def bands(found: Sequence[ArrearsBand], asked: Asked) -> list[Band]:
    """Everyone first, then each age of the oldest debt."""
    people = sum(band.persons for band in found)
    total = sum(band.centimes for band in found)
    every = _band(str(_EVERY), people, total, asked.address(bucket=None), asked.bucket is None)
    return [every] + [
        _band(
            _age(band),
            band.persons,
            band.centimes,
            asked.address(bucket=number),
            asked.bucket == number,
        )
        for number, band in enumerate(found)
    ]


def _band(label: str, people: int, centimes: int, href: str, current: bool) -> Band:
    told = ngettext("%(shown)s person", "%(shown)s people", people)
    return Band(label, told % {"shown": number_text(people)}, money_text(centimes), href, current)


def _age(band: ArrearsBand) -> str:
    if band.to_months is None:
        return _("More than %(months)s months") % {"months": band.from_months}
    if not band.from_months:
        return _("Up to one month")
    return _("%(from)s to %(to)s months") % {"from": band.from_months, "to": band.to_months}


@dataclass(frozen=True)
class Debtor:
    """One person to call, as the page shows them."""

    name: str
    href: str
    money: str
    sum: str
    since: str
    months: str
    category: str
    phones: tuple[Link, ...]
    outcome: str
    has_plan: bool


def card(one: InArrears, reopens: dt.date | None) -> Debtor:
    """The person, the sum and the sentence that makes the call worth while."""
    months = ngettext("%(shown)s month", "%(shown)s months", one.overdue_calls)
    return Debtor(
        name=names_in_order(one.name_ar, one.name_latn)[0],
        href=reverse("person", args=[one.person_id]),
        money=reverse("person_money", args=[one.person_id]),
        sum=money_text(one.overdue_centimes),
        since=_("Due since %(day)s") % {"day": day_text(one.oldest_due_on)},
        months=months % {"shown": number_text(one.overdue_calls)},
        category=category_word(one.category),
        phones=tuple(Link(phone_text(number), f"tel:{number}") for number in one.phones),
        outcome=_outcome(reopens),
        has_plan=one.has_plan,
    )


def _outcome(reopens: dt.date | None) -> str:
    if reopens is None:
        return _("Paying alone opens no rights: look at the file.")
    return _("If all of it is paid today, rights are open from %(day)s.") % {
        "day": day_text(reopens)
    }


class FilterForm(forms.Form):
    """Place and category; the age of the debt goes along."""

    place = Line(label=pgettext_lazy("arrears", "Place"), required=False, widget=forms.Select())
    category = Line(label=pgettext_lazy("money", "Category"), required=False, widget=forms.Select())
    age = Line(required=False, widget=forms.HiddenInput())

    def __init__(self, data: Any, *, scope: Scope) -> None:
        super().__init__(data)
        every = ("", _EVERY)
        self.fields["place"].widget.choices = [every, *_places_of(scope)]
        self.fields["category"].widget.choices = [every, *CATEGORY_LABELS.items()]


def _places_of(scope: Scope) -> list[tuple[str, Any]]:
    """The regions of the country, or the provinces of the territory."""
    provinces = places.province_choices(language())
    if not scope.national:
        return [one for one in provinces if scope.covers(one[0])]
    return [
        (name, [(code, _("Whole region")), *(one for one in provinces if one[0][:2] == code)])
        for code, name in places.region_choices(language())
    ]
