"""The arrears queue in rows, bands and filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from qafila.contributions.arrears.queries import ArrearsBand, InArrears, arrears_queue
from qafila.enrolment.category_choice import CATEGORY_LABELS
from qafila.foundation import clock
from qafila.foundation.actors import Scope
from qafila.places import queries as places
from qafila.rights.reopening import reopening_days
from qafila.web.design.figures import day_text, money_text, number_text
from qafila.web.design.record_list import Asked, Choice, Filter, Record, RecordColumn
from qafila.web.people.rows import name_of, phones_of
from qafila.web.records.listing import Listing
from qafila.web.records.place_filter import within
from qafila.web.runs.presenter import category_word
from qafila.web.site.territory import language

AGES = tuple("01234")
_EVERY = pgettext_lazy("arrears", "All")
LISTING = Listing(
    name="arrears",
    title=gettext_lazy("Arrears"),
    columns=(
        RecordColumn("person", pgettext_lazy("money", "Person"), "person"),
        RecordColumn("phones", gettext_lazy("Phone"), "phones"),
        RecordColumn("sum", gettext_lazy("Overdue"), "money", sort="sum"),
        RecordColumn("months", gettext_lazy("Months overdue"), "number", sort="months"),
        RecordColumn("since", gettext_lazy("Due since"), "day", sort="since"),
        RecordColumn("category", pgettext_lazy("money", "Category"), shown=False),
        RecordColumn("commune", gettext_lazy("Commune"), shown=False),
        RecordColumn("outcome", gettext_lazy("If all of it is paid today")),
    ),
    empty=gettext_lazy("Nobody is in arrears here"),
)
CATEGORY_FILTER = Filter(
    "category",
    pgettext_lazy("money", "Category"),
    [Choice(code, label) for code, label in CATEGORY_LABELS.items()],
    every=_EVERY,
)


def within_of(asked: Asked) -> dict[str, str | None]:
    """The place and the category as the queue's arguments."""
    place = within(asked.value("place"))
    return {
        "region": place.region,
        "province": place.province,
        "commune": place.commune,
        "category": asked.value("category") or None,
    }


class Queue:
    """People in arrears as the source of the list."""

    def __init__(self, asked: Asked, scope: Scope) -> None:
        self.asked, self.scope = asked, scope
        self.order = asked.sort.removeprefix("-")

    def read(self, after: str, count: int) -> list[InArrears]:
        """The people who come next."""
        age = self.asked.value("age")
        return arrears_queue(
            scope=self.scope,
            bucket=int(age) if age else None,
            order=self.order,
            descending=self.asked.sort.startswith("-"),
            after=self._place_of(after),
            count=count,
            **within_of(self.asked),
        )

    def _place_of(self, after: str) -> tuple[int | dt.date, int] | None:
        value, _tilde, person = after.partition("~")
        try:
            read = dt.date.fromisoformat(value) if self.order == "since" else int(value)
            return read, int(person)
        except ValueError:
            return None

    def place(self, one: InArrears) -> str:
        """Where a person stands in the order asked for."""
        value, person = one.place(self.order)
        return f"{value}~{person}"

    def show(self, found: Sequence[InArrears]) -> list[Record]:
        """The rows; the communes and what paying brings are asked once for all of them."""
        reopening = reopening_days(
            [one.person_id for one in found], clock.today(), scope=self.scope
        )
        communes = places.names_of([one.commune_code for one in found], language())
        return [
            _row(one, reopening.get(one.person_id), communes.get(one.commune_code or "", ""))
            for one in found
        ]


def _row(one: InArrears, reopens: dt.date | None, commune: str) -> Record:
    return Record(
        {
            "person": name_of(
                one.person_id, one.name_ar, one.name_latn, commune, category_word(one.category)
            ),
            "phones": phones_of(one.phones),
            "sum": one.overdue_centimes,
            "months": one.overdue_calls,
            "since": one.oldest_due_on,
            "category": category_word(one.category),
            "commune": commune,
            "outcome": _outcome(reopens, one.has_plan),
        },
        hrefs={"sum": reverse("person_money", args=[one.person_id])},
    )


def _outcome(reopens: dt.date | None, has_plan: bool) -> str:
    if reopens is None:
        told = _("No rights open: look at the file.")
    else:
        told = _("Rights open on %(day)s.") % {"day": day_text(reopens)}
    plan = _("A plan of instalments runs.")
    return f"{told} {plan}" if has_plan else told


@dataclass(frozen=True)
class Band:
    """One age of debt with its people and sum; `current` when the queue shows it alone."""

    label: str
    people: str
    total: str
    href: str
    current: bool


def people_in(found: Sequence[ArrearsBand], age: str) -> int:
    """How many people there are of an age of debt, or of all."""
    return found[int(age)].persons if age else sum(band.persons for band in found)


def age_filter(found: Sequence[ArrearsBand]) -> Filter:
    """The ages of debt; shown as bands, it is told among the filters in force."""
    label = gettext_lazy("Age of the debt")
    choices = [Choice(code, _age(band)) for code, band in zip(AGES, found, strict=True)]
    return Filter("age", label, choices, shown_as="above")


def bands(found: Sequence[ArrearsBand], asked: Asked) -> list[Band]:
    """Everyone first, then each age of the oldest debt."""
    total = sum(band.centimes for band in found)
    every = _band(str(_EVERY), people_in(found, ""), total, asked, "")
    return [every] + [
        _band(_age(band), band.persons, band.centimes, asked, code)
        for code, band in zip(AGES, found, strict=True)
    ]


def _band(label: str, people: int, centimes: int, asked: Asked, age: str) -> Band:
    told = ngettext("%(shown)s person", "%(shown)s people", people)
    current = asked.value("age") == age
    shown = told % {"shown": number_text(people)}
    return Band(label, shown, money_text(centimes), asked.but(age=age), current)


def _age(band: ArrearsBand) -> str:
    if band.to_months is None:
        return _("More than %(months)s months") % {"months": band.from_months}
    if not band.from_months:
        return _("Up to one month")
    return _("%(from)s to %(to)s months") % {"from": band.from_months, "to": band.to_months}
