"""From a source of rows to its page, its files and its sheet to print: one way for every list.

A list page says what it is (`Listing`), how to read rows and show them (`Source`), and which
filters it has; the page, the csv, the xlsx and the print are all made of these alone, so that they
hold the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from qafila.foundation import clock
from qafila.institutions.accounts.saved_views import MOST_VIEWS, views_of
from qafila.web.design.components import Text
from qafila.web.design.record_list import (
    AFTER,
    DENSITY_COOKIE,
    FILE,
    FILES,
    SORT,
    Asked,
    Bulk,
    Filter,
    Record,
    RecordColumn,
    RecordList,
    SavedLink,
    Saving,
)
from qafila.web.records.cells import cells_in_file, columns_in_file, heading_in_file
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import list_file, listed, too_many

A_PAGE, AT_ONCE = 25, 1000
MOST_IN_A_FILE, MOST_ON_PAPER = 20_000, 1000
_AFTER = re.compile(r"[\w.:~+-]{1,80}", re.ASCII)

Allowed = Collection[str] | re.Pattern[str]


class Source(Protocol):
    """Where rows come from. `read` goes on after the place of a row; `show` makes records."""

    def read(self, after: str, count: int) -> Sequence[Any]:
        """At most `count` rows after the one whose place is `after`; "" is the beginning."""

    def show(self, found: Sequence[Any]) -> list[Record]:
        """The rows as records, in their order."""

    def place(self, one: Any) -> str:
        """Where a row stands, for `read`."""


@dataclass(frozen=True)
class Listing:
    """What a list is: its name in traces and in the names of files, its title and its columns.

    `people`: each row is about a person, so that who looks or takes them along is logged.
    `saves`: its views can be saved; not where everything hangs on words somebody typed.
    """

    name: str
    title: Text
    columns: Sequence[RecordColumn]
    people: bool = True
    a_page: int = A_PAGE
    empty: Text = ""
    empty_icon: str = "ok"
    saves: bool = True


@dataclass(frozen=True)
class Around:
    """What stands around the rows: filters, how many there are, what is done to many.

    `logged` is added to the filters in the log of who looked: codes, nothing that was typed.
    """

    filters: Sequence[Filter] = ()
    count: Callable[[], int] | None = None
    bulk: Bulk | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    logged: Mapping[str, str] = field(default_factory=dict)


def asked_of(
    request: StaffRequest,
    *,
    filters: Mapping[str, Allowed] | None = None,
    first: Mapping[str, str] | None = None,
    sorts: Collection[str] = (),
    sort: str = "",
    kept: Collection[str] = (),
    path: str = "",
) -> Asked:
    """What the address asks; a value that its filter does not have is left out.

    `sort` is the order when none is asked for, `first` the filters then.
    `kept`: words somebody typed, that go along in every address.
    """
    given = request.GET
    found = known_filters(given, filters or {})
    order = given.get(SORT, "")
    after = given.get(AFTER, "")
    kind = given.get(FILE, "")
    if kind and kind not in FILES:
        raise Http404
    return Asked(
        path=path or request.path,
        filters={**(first or {}), **found},
        sort=order if order.removeprefix("-") in sorts else sort,
        after=after if _AFTER.fullmatch(after) else "",
        file=kind,
        kept={name: given[name].strip()[:120] for name in kept if given.get(name)},
    )


def known_filters(given: Mapping[str, str], filters: Mapping[str, Allowed]) -> dict[str, str]:
    """What an address or a form says of the filters; a value a filter does not have is left out."""
    return {
        name: value
        for name, allowed in filters.items()
        if (value := given.get(name, "")) and _is_allowed(value, allowed)
    }


def _is_allowed(value: str, allowed: Allowed) -> bool:
    if isinstance(allowed, re.Pattern):
        return bool(allowed.fullmatch(value))
    return value in allowed


def record_page(
    request: StaffRequest,
    listing: Listing,
    source: Source,
    asked: Asked,
    *,
    template: str,
    part: str = "",
    around: Around | None = None,
) -> HttpResponseBase:
    """The page, or the file the address asks for; a look at people is logged with its filters.

    `part` is what htmx gets instead of the page.
    """
    around = around or Around()
    if asked.file in ("csv", "xlsx"):
        return _file(request, listing, source, asked, around)
    if asked.file:
        return _sheet(request, listing, source, asked, around)
    found = list(source.read(asked.after, listing.a_page + 1))
    shown = found[: listing.a_page]
    _log(request, listing, len(shown), asked, **around.logged)
    after = source.place(shown[-1]) if len(found) > len(shown) else ""
    records = _records(request, listing, source.show(shown), asked, around, after=after)
    context = {**around.more, "records": records}
    response = render(request, part if part and request.htmx else template, context)
    patch_vary_headers(response, ("HX-Request", "Cookie"))
    return response


def _records(
    request: StaffRequest,
    listing: Listing,
    records: Sequence[Record],
    asked: Asked,
    around: Around,
    *,
    after: str = "",
) -> RecordList:
    whole = not asked.after and not after
    return RecordList(
        caption=listing.title,
        columns=[one for one in listing.columns if one.shown],
        records=records,
        asked=asked,
        filters=around.filters,
        count=len(records) if whole else around.count and around.count(),
        after=after,
        as_of=clock.now(),
        bulk=around.bulk,
        saving=saving_of(request, listing.name, asked) if listing.saves else None,
        empty=listing.empty,
        empty_icon=listing.empty_icon,
        compact=request.COOKIES.get(DENSITY_COOKIE) == "compact",
    )


def saving_of(request: StaffRequest, place: str, asked: Asked) -> Saving:
    """The saved views of a list, for who looks at it."""
    views = views_of(place, actor=request.actor)
    links = [
        SavedLink(
            one.pk,
            one.name,
            f"{asked.path}?{one.asked}" if one.asked else asked.path,
            one.asked == asked.query,
        )
        for one in views
    ]
    return Saving(place, links, len(links) < MOST_VIEWS)


def _all(source: Source, most: int) -> Iterator[Record]:
    """Every record, read by the thousand, up to one more than `most`."""
    after, left = "", most + 1
    while left and (found := source.read(after, min(AT_ONCE, left))):
        yield from source.show(found)
        after, left = source.place(found[-1]), left - len(found)


def _file(
    request: StaffRequest, listing: Listing, source: Source, asked: Asked, around: Around
) -> HttpResponseBase:
    columns = columns_in_file(listing.columns)
    return list_file(
        request,
        listing.name,
        asked.file,
        [heading_in_file(one) for one in columns],
        (cells_in_file(one, columns) for one in _all(source, MOST_IN_A_FILE)),
        most=MOST_IN_A_FILE,
        people=listing.people,
        asked={**asked.filters, **around.logged},
    )


def _sheet(
    request: StaffRequest, listing: Listing, source: Source, asked: Asked, around: Around
) -> HttpResponseBase:
    found = list(_all(source, MOST_ON_PAPER))
    shown = found[:MOST_ON_PAPER]
    _log(request, listing, len(shown), asked, **around.logged, **{FILE: "print"})
    columns = [one for one in listing.columns if one.shown and one.kind != "part"]
    records = RecordList(
        caption=listing.title,
        columns=columns,
        records=shown,
        asked=asked,
        filters=around.filters,
        count=len(shown),
        as_of=clock.now(),
        empty=listing.empty,
    )
    context = {"records": records, "cut": too_many(MOST_ON_PAPER) if found[MOST_ON_PAPER:] else ""}
    return render(request, "records/sheet.html", context)


def _log(request: StaffRequest, listing: Listing, people: int, asked: Asked, **more: str) -> None:
    """Log the look with its filters as codes: nothing that somebody typed, no place in the list."""
    if listing.people:
        listed(request, people, listing.name, **{**asked.filters, **more})


def way_back(request: StaffRequest, default: str) -> str:
    """Where the form of a list leads back to: the rows it was on, if they are ours."""
    asked = request.POST.get("back", "")
    ours = asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if ours else default
