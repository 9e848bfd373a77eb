"""The funnel as a page shows it: bars, a table of counts that are links, and its export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from qafila.accompaniment.reasons import BY_CODE, CLOSED
from qafila.enrolment.category_choice import CATEGORY_LABELS
from qafila.indicators.definitions import (
    FUNNEL,
    RIGHTS,
    SEX_LABELS,
    STEPS_BY_CODE,
    UNKNOWN_LABEL,
    Dimension,
    Figure,
)
from qafila.indicators.filters import UNKNOWN, Filters
from qafila.indicators.queries import Count, Funnel, FunnelRow, LabelledCount
from qafila.register.queries import all_trades
from qafila.web.design.components import Bar, Link, Tab
from qafila.web.site.territory import PLACES, address, named, place_names

FIRST_ROWS, MOST_ROWS = 12, 500
"""Rows on the page at first, and when all are asked for; the export holds all of them."""

PAGE, BEHIND = "funnel", "people_behind"


@dataclass(frozen=True)
class CountShown:
    """One figure of the table with the way to its people; nobody is no link."""

    label: str
    people: int
    href: str


@dataclass(frozen=True)
class RowShown:
    """One line of the table; `href` goes one place deeper, `share` is what the map shows."""

    label: str
    href: str
    counts: list[CountShown]
    share: Decimal | None


def bars_of(row: FunnelRow, missing: list[Count], reached_by: str = "") -> list[Bar]:
    """The steps as bars, shares of the people identified, each with those who are not there yet."""
    whole = row.counts[0].people
    held = {count.code: count for count in missing}
    return [
        Bar(
            figure.label,
            count.people,
            share_of(count.people, whole),
            _behind(count),
            *_missing(figure, held.get(count.code)),
            note=reached_by if figure.code == "reached" else "",
        )
        for figure, count in zip(FUNNEL, row.counts, strict=True)
    ]


def _missing(figure: Figure, held: Count | None) -> tuple[int, str, str]:
    if held is None or not held.people:
        return 0, "", ""
    return held.people, _behind(held), str(STEPS_BY_CODE[figure.after].label)


def bars_of_counts(counts: list[LabelledCount]) -> list[Bar]:
    """Labelled counts as bars, shares of their sum; what nobody has is left out."""
    whole = sum(count.people for count in counts)
    return [
        Bar(one.label, one.people, share_of(one.people, whole), address(BEHIND, one.params))
        for one in counts
        if one.people
    ]


def rows_shown(found: Funnel, step: str, most: int) -> list[RowShown]:
    """The lines of the table, the largest first, at most `most`."""
    return [row_shown(row, found.by, found.within, step) for row in found.rows[:most]]


def deeper(row: FunnelRow, by: Dimension | None, within: Filters) -> str:
    """Where a line leads: a place opens into its parts, other values filter the page."""
    if by is None or by is Dimension.COMMUNE:
        return ""
    params = within.but(by, "" if row.value == UNKNOWN else row.value).address_params()
    return address(PAGE, params if by in PLACES else {**params, "by": by.value})


def row_shown(row: FunnelRow, by: Dimension | None, within: Filters, step: str) -> RowShown:
    """One line, with the share of its people who are at `step`."""
    counts = [
        CountShown(str(figure.label), count.people, _behind(count))
        for figure, count in zip(FUNNEL, row.counts, strict=True)
    ]
    whole = row.people("identified")
    share = share_of(row.people(step), whole) if whole else None
    return RowShown(row.label, deeper(row, by, within), counts, share)


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
            share_of(one.people, whole),
            address(BEHIND, one.params),
        )
        for one in counts
    ]


def reason_words(filters: Filters) -> tuple[str, str]:
    """The reason, the state of rights or the missing step, and what it says or what comes next."""
    if filters.reason:
        reason = BY_CODE[filters.reason]
        return str(reason.label), str(reason.next_sentence)
    for figure in RIGHTS:
        if figure.code == filters.rights:
            return str(figure.label), str(figure.definition)
    if filters.without:
        missing = STEPS_BY_CODE[filters.without]
        return _("Not yet: %(step)s") % {"step": missing.label}, str(missing.definition)
    return "", ""


def without_state(filters: Filters) -> Filters:
    """The filters that the funnel's own page can have: those that say who, not what of them."""
    return replace(filters, reason="", rights="", without="")


def exports_of(params: dict[str, str]) -> list[Link]:
    """The same table as files."""
    kinds = {"csv": "CSV", "xlsx": "Excel"}
    query = urlencode(params)
    return [
        Link(word, f"{reverse('funnel_file', args=[kind])}?{query}") for kind, word in kinds.items()
    ]


def headings_of(found: Funnel) -> list[str]:
    """The columns of the table as a file."""
    return [found.by.label if found.by else "", *(str(one.label) for one in FUNNEL)]


def lines_of(found: Funnel) -> list[list[Any]]:
    """Every row of the table and the total."""
    rows = [*found.rows, found.total]
    return [[row.label, *(count.people for count in row.counts)] for row in rows]


def _trade_name(value: str) -> str:
    trades = {str(one.id): named(one.name_ar, one.name_fr) for one in all_trades()}
    return trades.get(value, value)


def _behind(count: Count) -> str:
    return address(BEHIND, count.params) if count.people else ""


def share_of(people: int, whole: int) -> Decimal:
    """People as a share of the whole; of nobody, nought."""
    return Decimal(people) / whole if whole else Decimal(0)
