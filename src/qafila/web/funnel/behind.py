"""The people behind a count as a list: whom to call, why, and what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qafila.accompaniment.reasons import BY_CODE, reason_sentence
from qafila.foundation.actors import Scope
from qafila.indicators.definitions import FUNNEL, STEPS_BY_CODE, Dimension
from qafila.indicators.filters import Filters, UnknownFilter
from qafila.indicators.queries import PersonBehind, people_behind
from qafila.web.design.record_list import Asked, Choice, Filter, Record, RecordColumn
from qafila.web.funnel.presenter import choices_in_words, reason_words
from qafila.web.people.rows import name_of, phones_of
from qafila.web.records.listing import Listing
from qafila.web.site.territory import named, place_names

STEP = "step"
FILTERS = tuple(one.name for one in fields(Filters))
LISTING = Listing(
    name="people_behind",
    title=gettext_lazy("People behind a figure"),
    columns=(
        RecordColumn("person", pgettext_lazy("column", "Name"), "person"),
        RecordColumn("phones", gettext_lazy("Phone"), "phones"),
        RecordColumn("place", gettext_lazy("Commune")),
        RecordColumn("trade", pgettext_lazy("column", "Trade")),
        RecordColumn("reason", gettext_lazy("Why not yet")),
        RecordColumn("months", gettext_lazy("Months overdue"), "number"),
        RecordColumn("overdue", gettext_lazy("Overdue"), "money"),
    ),
    empty=gettext_lazy("Nobody is counted here."),
    empty_icon="people",
)


@dataclass(frozen=True)
class Behind:
    """The people at `step` within the filters, as a source of rows."""

    step: str
    filters: Filters
    scope: Scope

    def read(self, after: str, count: int) -> Sequence[PersonBehind]:
        """The people who come next, in the order of their numbers. Raises UnknownFilter."""
        if after and not (after.isascii() and after.isdigit() and len(after) <= 18):
            raise UnknownFilter(name="after", value=after[:40])
        page = people_behind(
            scope=self.scope,
            step=self.step,
            filters=self.filters,
            after=int(after or 0),
            size=count,
        )
        return page.people

    def show(self, found: Sequence[PersonBehind]) -> list[Record]:
        """The rows; what is late only where something is."""
        return [_row(one) for one in found]

    def place(self, one: PersonBehind) -> str:
        """The person's number."""
        return str(one.person_id)


def _row(one: PersonBehind) -> Record:
    return Record(
        {
            "person": name_of(one.person_id, one.name_ar, one.name_latn),
            "phones": phones_of(one.phones),
            "place": named(one.place_ar, one.place_fr),
            "trade": named(one.trade_ar, one.trade_fr),
            "reason": _reason(one),
            "months": one.months_overdue or None,
            "overdue": one.overdue_centimes or None,
        }
    )


def _reason(one: PersonBehind) -> str:
    if one.reason not in BY_CODE:
        return ""
    return reason_sentence(
        one.reason, months=one.months_overdue, overdue_centimes=one.overdue_centimes
    )


def filters_in_words(asked: Asked, within: Filters) -> list[Filter]:
    """The filters in force, each with its one value in words, to be taken away one by one."""
    words = {part.value: name for part, name in place_names(within).items()}
    for name in ("trade", "category", "sex"):
        alone = Filters(**{name: asked.value(name)})
        words[name] = " ".join(str(one.label) for one in choices_in_words(alone))
    for name in ("reason", "rights", "without"):
        words[name] = reason_words(replace(Filters(), **{name: asked.value(name)}))[0]
    words[STEP] = str(STEPS_BY_CODE[asked.value(STEP) or FUNNEL[0].code].label)
    labels = {part.value: part.label for part in Dimension} | {
        STEP: _("Step"),
        "without": _("Step"),
        "reason": _("Why not yet"),
        "rights": _("Rights to care"),
    }
    return [
        Filter(name, labels[name], [Choice(asked.value(name), word)], shown_as="above")
        for name, word in words.items()
        if asked.value(name)
    ]
