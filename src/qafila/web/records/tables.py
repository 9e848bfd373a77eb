"""Tables that pages have already, shown as lists: ordered, turned, taken along."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.http.response import HttpResponseBase

from qafila.web.design.components import Row, Table
from qafila.web.design.record_list import Record, RecordColumn
from qafila.web.records.listing import Around, Listing, asked_of, record_page
from qafila.web.records.whole import Whole
from qafila.web.site.requests import StaffRequest


def table_page(
    request: StaffRequest,
    name: str,
    table: Table,
    *,
    template: str,
    more: Mapping[str, Any],
    path: str = "",
    kept: Collection[str] = (),
    people: bool = False,
) -> HttpResponseBase:
    """The page of a table that is read whole, and its files; a column that has values orders it."""
    listing = listing_of(name, table, people=people)
    sorts = [one.sort for one in listing.columns if one.sort]
    asked = asked_of(request, sorts=sorts, kept=kept, path=path)
    source = Whole(records_of(table.rows), asked, listing.columns)
    return record_page(request, listing, source, asked, template=template, around=Around(more=more))


def listing_of(name: str, table: Table, *, people: bool = False, ordered: bool = True) -> Listing:
    """The table as a list."""
    columns = [
        one
        if isinstance(one, RecordColumn)
        else RecordColumn(one.key, one.label, one.kind, sort=one.key if ordered else "")
        for one in table.columns
    ]
    return Listing(
        name, table.caption, columns, people=people, a_page=50, empty=table.empty, empty_icon="list"
    )


def records_of(rows: Sequence[Row]) -> list[Record]:
    """The rows of a table as records."""
    return [Record(row.cells, row.href, total=row.total) for row in rows]


class ByNumber:
    """A source whose pages are numbered: `fetch` gives the rows of one, and one more if there are.

    `rows` shows them as rows of a table.
    """

    def __init__(
        self,
        fetch: Callable[[int], Sequence[Any]],
        rows: Callable[[Sequence[Any]], Sequence[Row]],
        a_page: int,
    ) -> None:
        self.fetch, self.rows, self.a_page = fetch, rows, a_page
        self.page = 1

    def read(self, after: str, count: int) -> Sequence[Any]:
        """The rows of the page called `after`."""
        self.page = int(after) if after.isascii() and after.isdigit() and len(after) < 5 else 1
        found = self.fetch(max(1, self.page))
        return found if count == self.a_page + 1 else found[: self.a_page]

    def show(self, found: Sequence[Any]) -> list[Record]:
        """The rows as records."""
        return records_of(self.rows(found))

    def place(self, one: Any) -> str:
        """The next page."""
        return str(self.page + 1)
