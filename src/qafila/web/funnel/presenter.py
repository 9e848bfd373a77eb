"""The funnel as a page shows it: bars, a table of counts that are links, and its export."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from qafila.accompaniment.reasons import BY_CODE, CLOSED
from qafila.enrolment.category_choice import CATEGORY_LABELS
from qafila.indicators.definitions import (
    FUNNEL,
    RIGHTS,
    SEX_LABELS,
    UNKNOWN_LABEL,
    Dimension,
)
from qafila.indicators.filters import UNKNOWN, Filters
from qafila.indicators.queries import Count, Funnel, FunnelRow, LabelledCount
from qafila.lists.reconciling.neutralising import neutral
from qafila.register.queries import all_trades
from qafila.web.design.components import Bar, Link, Tab
from qafila.web.site.territory import PLACES, address, named, place_names

MOST_ROWS = 60
"""Rows on the page; the export holds all of them."""

PAGE, BEHIND, EXPORT = "funnel", "people_behind", "funnel_csv"


@dataclass(frozen=True)
class CountShown:
    """One figure of the table with the way to its people; nobody is no link."""

    label: str
    people: int
    href: str


@dataclass(frozen=True)
class RowShown:
    """One line of the table; `href` goes one place deeper."""

    label: str
    href: str
    counts: list[CountShown]


def bars_of(row: FunnelRow) -> list[Bar]:
    """The seven steps as bars, shares of the people identified."""
    whole = row.counts[0].people
    return [
        Bar(figure.label, count.people, _share(count.people, whole), _behind(count))
        for figure, count in zip(FUNNEL, row.counts, strict=True)
    ]


def bars_of_counts(counts: list[LabelledCount]) -> list[Bar]:
    """Labelled counts as bars, shares of their sum; what nobody has is left out."""
    whole = sum(count.people for count in counts)
    return [
        Bar(one.label, one.people, _share(one.people, whole), address(BEHIND, one.params))
        for one in counts
        if one.people
    ]


def rows_shown(found: Funnel) -> list[RowShown]:
    """The lines of the table, the largest first, at most `MOST_ROWS`."""
    return [row_shown(row, found.by, found.within) for row in found.rows[:MOST_ROWS]]


def row_shown(row: FunnelRow, by: Dimension | None, within: Filters) -> RowShown:
    """One line; a place opens into its parts, other values filter the page."""
    deeper = ""
    if by and by is not Dimension.COMMUNE:
        params = within.but(by, "" if row.value == UNKNOWN else row.value).address_params()
        deeper = address(PAGE, params if by in PLACES else {**params, "by": by.value})
    counts = [
        CountShown(str(figure.label), count.people, _behind(count))
        for figure, count in zip(FUNNEL, row.counts, strict=True)
    ]
    return RowShown(row.label, deeper, counts)


def tabs_of(by: Dimension, within: Filters) -> list[Tab]:
    """The dimensions by which the same people can be counted."""
    params = within.address_params()
    return [
        Tab(one.label, address(PAGE, {**params, "by": one.value}), one is by)
        for one in Dimension
        if one not in PLACES or not getattr(within, one.value)
    ]


def choices_in_words(within: Filters) -> list[Link]:
    """The filters in force that are no places, each with the address that takes it away."""
    words: dict[str, Callable[[str], str]] = {
        "trade": _trade_name,
        "category": lambda value: str(CATEGORY_LABELS.get(value, value)),
        "sex": lambda value: str(SEX_LABELS.get(value, value)),
    }
    params = within.address_params()
    return [
        Link(
            str(UNKNOWN_LABEL) if params[name] == UNKNOWN else word(params[name]),
            address(PAGE, {key: value for key, value in params.items() if key != name}),
        )
        for name, word in words.items()
        if name in params
    ]


def heading_words(within: Filters) -> str:
    """The filters in force as words, places first."""
    names = [*place_names(within).values()]
    return " · ".join([*names, *(str(one.label) for one in choices_in_words(within))])


@dataclass(frozen=True)
class ReasonShown:
    """A reason with its people, what to do about it, and its share of those not covered."""

    label: str
    next_step: str
    people: int
    share: Decimal
    href: str

    @property
    def length(self) -> int:
        """Thousandths of the full length."""
        return int(self.share * 1000)


def not_covered(counts: list[LabelledCount]) -> list[LabelledCount]:
    """The reasons that hold somebody, most people first."""
    held = [one for one in counts if one.code not in CLOSED and one.people]
    return sorted(held, key=lambda one: -one.people)


def reasons_shown(counts: list[LabelledCount]) -> list[ReasonShown]:
    """The reasons with their shares of the people held."""
    whole = sum(one.people for one in counts)
    return [
        ReasonShown(
            one.label,
            one.definition,
            one.people,
            _share(one.people, whole),
            address(BEHIND, one.params),
        )
        for one in counts
    ]


def reason_words(filters: Filters) -> tuple[str, str]:
    """The reason or the state of rights asked for, and what it says or what comes next."""
    if filters.reason:
        reason = BY_CODE[filters.reason]
        return str(reason.label), str(reason.next_sentence)
    for figure in RIGHTS:
        if figure.code == filters.rights:
            return str(figure.label), str(figure.definition)
    return "", ""


def without_state(filters: Filters) -> Filters:
    """The filters that the funnel's own page can have: everything but reason and rights."""
    return replace(filters, reason="", rights="")


def csv_of(found: Funnel) -> bytes:
    """Every row of the table and the total; UTF-8 with BOM, no cell runs as a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    by = found.by.label if found.by else ""
    writer.writerow([neutral(str(cell)) for cell in [by, *(one.label for one in FUNNEL)]])
    for row in [*found.rows, found.total]:
        writer.writerow([neutral(row.label), *(count.people for count in row.counts)])
    return text.getvalue().encode("utf-8-sig")


def _trade_name(value: str) -> str:
    trades = {str(one.id): named(one.name_ar, one.name_fr) for one in all_trades()}
    return trades.get(value, value)


def _behind(count: Count) -> str:
    return address(BEHIND, count.params) if count.people else ""


def _share(people: int, whole: int) -> Decimal:
    return Decimal(people) / whole if whole else Decimal(0)
