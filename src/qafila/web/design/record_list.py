"""A list of records as one component: sort, filters, files to take along, acts on many at once.

Fed with plain data; what the list asks for stays in its address, so that an act on a row comes
back to the same rows. `web.records.listing` fills it from a source of rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from qafila.web.design.components import NOTHING_YET, Column, Link, Tab, Text

SORT, AFTER, FILE = "sort", "after", "as"
FILES = ("csv", "xlsx", "print")
DENSITY_COOKIE = "qafila_density"
_CORNERS = ("money", "tag", "number")
DENSITIES = ("comfortable", "compact")


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list: filters by name, the order, where to go on, a file.

    An order is the code of a column, with "-" before it the other way round. `kept` goes along in
    every address and is neither saved nor logged: words that somebody typed.
    """

    path: str
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    after: str = ""
    file: str = ""
    kept: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The value of a filter; "" when it does not narrow the list."""
        return self.filters.get(name, "")

    @property
    def here(self) -> str:
        """The address of these rows, to come back to."""
        return self._address(self.filters, sort=self.sort, after=self.after)

    @property
    def query(self) -> str:
        """The filters and the order alone, as a saved view keeps them."""
        return _query({**self.filters, SORT: self.sort})

    def but(self, **filters: str) -> str:
        """The address with other filters, or in another order, from the first row on."""
        return self._address({**self.filters, SORT: self.sort, **filters})

    def sorted_by(self, sort: str) -> str:
        """The address of the same rows in another order."""
        return self._address(self.filters, sort=sort)

    def going_on(self, after: str) -> str:
        """The address of the rows after one."""
        return self._address(self.filters, sort=self.sort, after=after)

    def as_file(self, kind: str) -> str:
        """The address of all rows of these filters as a file, or as a page to print."""
        return self._address(self.filters, sort=self.sort, **{FILE: kind})

    def _address(self, filters: Mapping[str, str], **rest: str) -> str:
        query = _query({**self.kept, **filters, **rest})
        return f"{self.path}?{query}" if query else self.path


def _query(params: Mapping[str, str]) -> str:
    return urlencode({name: value for name, value in params.items() if value})


@dataclass(frozen=True)
class RecordColumn(Column):
    """A column: with `sort` its heading orders the list by that code.

    More kinds: person (PersonName), phones and links (tuples of Link), place (FilePlace), part: the
    template `part` shows the cell as `one`; parts are neither in files nor on paper. What is not
    `shown` is in files alone.
    """

    sort: str = ""
    part: str = ""
    shown: bool = True


@dataclass(frozen=True)
class PersonName:
    """A name in the reader's script, the other beside it, and the number of the file.

    `notes`: what else tells people apart, such as the commune, in small print below.
    """

    name: str
    other: str = ""
    href: str = ""
    number: int | None = None
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class FilePlace:
    """Where a row stands in a file that was handed in, and of which kind of list that is."""

    file: str
    sheet: str = ""
    row: int = 0
    source: Text = ""

    @property
    def text(self) -> str:
        """The same as one text, for files."""
        parts = (self.source, self.file, self.sheet, self.row)
        return " · ".join(str(part) for part in parts if part)


@dataclass(frozen=True)
class Group:
    """A heading above the rows of one kind, with what is said once for all of them."""

    title: Text
    told: Text = ""
    next_step: Text = ""


@dataclass(frozen=True)
class Record:
    """A row: cells by column; `key` is what a tick sends; `total` sets it apart.

    `href` makes the first cell a link, `hrefs` any cell by its column. Rows of one `group` stand
    together, below its heading.
    """

    cells: Mapping[str, Any]
    href: str = ""
    hrefs: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    total: bool = False
    group: Group | None = None


@dataclass(frozen=True)
class Choice:
    """A value of a filter in words, with how many rows have it; `group`: under which heading."""

    value: str
    label: Text
    count: int | None = None
    group: Text = ""


@dataclass(frozen=True)
class Filter:
    """A filter: a few choices as chips with their counts, many as a field; or the page shows it.

    `always`: it has a value always, so that it is never told as one that can be taken away.
    """

    name: str
    label: Text
    choices: Sequence[Choice]
    shown_as: Literal["chips", "field", "above"] = "field"
    every: Text = ""
    always: bool = False

    def in_words(self, value: str) -> Text:
        """A value in words."""
        found = (one.label for one in self.choices if one.value == value)
        return next(found, value)


@dataclass(frozen=True)
class Bulk:
    """An act on the rows that are ticked, or on all that the filters leave, up to `most`."""

    action: str
    label: Text
    most: int = 500


@dataclass(frozen=True)
class SavedLink:
    """A saved view: its name, its address, and its number to drop it."""

    id: int
    name: str
    href: str
    current: bool = False


@dataclass(frozen=True)
class Saving:
    """The saved views of a list; `room` says whether there may be one more."""

    place: str
    views: Sequence[SavedLink] = ()
    room: bool = True


@dataclass(frozen=True)
class Heading:
    """A column as its heading: the address that orders by it, and how it is ordered now."""

    column: RecordColumn
    href: str = ""
    order: Literal["ascending", "descending", ""] = ""

    @property
    def sign(self) -> str:
        """The order as a drawing; the word is told beside it."""
        return {"ascending": "↑", "descending": "↓", "": "↕"}[self.order]


@dataclass(frozen=True)
class RecordList:
    """A list with everything around it. `count` is of all rows, None where it is not counted."""

    caption: Text
    columns: Sequence[RecordColumn]
    records: Sequence[Record]
    asked: Asked
    filters: Sequence[Filter] = ()
    count: int | None = None
    after: str = ""
    as_of: dt.datetime | None = None
    bulk: Bulk | None = None
    saving: Saving | None = None
    empty: Text = NOTHING_YET
    empty_icon: str = "list"
    compact: bool = False
    files: bool = True

    @property
    def headings(self) -> list[Heading]:
        """The columns with their orders."""
        return [self._heading(one) for one in self.columns]

    def _heading(self, column: RecordColumn) -> Heading:
        if not column.sort:
            return Heading(column)
        now = self.asked.sort
        if now == column.sort:
            return Heading(column, self.asked.sorted_by(f"-{column.sort}"), "ascending")
        href = self.asked.sorted_by(column.sort)
        return Heading(column, href, "descending" if now == f"-{column.sort}" else "")

    @property
    def corner(self) -> str:
        """The column beside the name where a row is a card: a sum, or else a state or number."""
        rest = self.columns[1:]
        found = (one.key for kind in _CORNERS for one in rest if one.kind == kind)
        return next(found, "")

    @property
    def grouped(self) -> list[tuple[Group | None, list[Record]]]:
        """The rows with the heading above them."""
        return [(group, list(rows)) for group, rows in groupby(self.records, lambda r: r.group)]

    @property
    def width(self) -> int:
        """How many columns a heading spans."""
        return len(self.columns) + bool(self.bulk)

    @property
    def orders(self) -> list[Choice]:
        """The orders there are, for a field where the headings are not seen."""
        return [Choice(one.sort, one.label) for one in self.columns if one.sort]

    @property
    def chips(self) -> list[tuple[Text, list[Tab]]]:
        """Each filter that is shown as chips, with what each leads to."""
        return [(one.label, self._tabs(one)) for one in self.filters if one.shown_as == "chips"]

    def _tabs(self, one: Filter) -> list[Tab]:
        now = self.asked.value(one.name)
        every = [Choice("", one.every)] if one.every else []
        return [
            Tab(
                choice.label,
                self.asked.but(**{one.name: choice.value}),
                choice.value == now,
                choice.count,
            )
            for choice in [*every, *one.choices]
        ]

    @property
    def fields(self) -> list[Filter]:
        """The filters that are asked for in fields."""
        return [one for one in self.filters if one.shown_as == "field"]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the form of the fields carries along: the other filters."""
        own = {one.name for one in self.fields}
        all_of_them = {**self.asked.kept, **self.asked.filters}
        return [(name, value) for name, value in all_of_them.items() if name not in own]

    @property
    def in_force(self) -> list[Link]:
        """The filters in force in words, each with the address without it."""
        return [
            Link(_in_force(one, value), self.asked.but(**{one.name: ""}))
            for one in self.filters
            if (value := self.asked.value(one.name)) and not one.always
        ]

    @property
    def next(self) -> str:
        """The address of the next rows; "" at the end."""
        return self.asked.going_on(self.after) if self.after else ""

    @property
    def first(self) -> str:
        """The address of the first rows; "" when these are they."""
        return self.asked.but() if self.asked.after else ""

    @property
    def takes_all(self) -> bool:
        """Whether the act may be done to everything the filters leave."""
        if self.bulk is None or self.count is None:
            return False
        return len(self.records) < self.count <= self.bulk.most

    @property
    def taken(self) -> list[tuple[str, str]]:
        """Each kind of file with its address."""
        return [(kind, self.asked.as_file(kind)) for kind in FILES] if self.files else []


def _in_force(one: Filter, value: str) -> str:
    return _("%(filter)s: %(choice)s") % {"filter": one.label, "choice": one.in_words(value)}
