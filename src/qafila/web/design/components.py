"""What the component partials are fed: plain, frozen data that a view fills from queries.

Labels and sentences arrive translated. Addresses (`href`) arrive resolved. The gallery page shows
each component in every state.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from qafila.web.design.sparklines import Sparkline

Text = str | Promise
Kind = Literal[
    "text", "number", "money", "day", "moment", "identifier", "tag", "link",
    "person", "phones", "links", "place", "part",
]  # fmt: skip
Tone = Literal["ok", "warn", "bad", "info", "none"]
StationState = Literal["done", "here", "blocked", "ahead"]


@dataclass(frozen=True)
class Link:
    """A label with an address; the last crumb of a trail has none."""

    label: Text
    href: str = ""


@dataclass(frozen=True)
class Tab:
    """One of several views of the same thing; each has its own address."""

    label: Text
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Tag:
    """A state told by colour, icon and word together."""

    word: Text
    tone: Tone
    icon: str


_PACE_KNOWN_FROM = 50
"""After one part in so many the pace so far tells something of what is left."""
NOTHING_YET = _("Nothing here yet.")
# States shared by rights, files and rows. Another word for the same tone: Tag(word, tone, icon).
TAGS: dict[str, Tag] = {
    "open": Tag(pgettext_lazy("state", "Rights open"), "ok", "ok"),
    "waiting": Tag(pgettext_lazy("state", "Waiting period"), "warn", "waiting"),
    "suspended": Tag(pgettext_lazy("state", "Rights suspended"), "bad", "pause"),
    "closed": Tag(pgettext_lazy("state", "Rights closed"), "none", "bad"),
    "none": Tag(pgettext_lazy("state", "No rights yet"), "none", "none"),
    "not_known": Tag(pgettext_lazy("state", "Not known yet"), "none", "waiting"),
    "done": Tag(pgettext_lazy("state", "Done"), "ok", "ok"),
    "running": Tag(pgettext_lazy("state", "Running"), "info", "waiting"),
    "failed": Tag(pgettext_lazy("state", "Failed"), "bad", "bad"),
    "accepted": Tag(pgettext_lazy("state", "Accepted"), "ok", "ok"),
    "rejected": Tag(pgettext_lazy("state", "Rejected"), "bad", "bad"),
    "repeated": Tag(pgettext_lazy("state", "Repeated"), "info", "info"),
    "review": Tag(pgettext_lazy("state", "To review"), "warn", "warn"),
    "on": Tag(pgettext_lazy("state", "Switched on"), "ok", "ok"),
    "off": Tag(pgettext_lazy("state", "Switched off"), "warn", "warn"),
    "paid": Tag(pgettext_lazy("state", "Paid"), "ok", "ok"),
    "unpaid": Tag(pgettext_lazy("state", "Not paid"), "warn", "warn"),
}


@dataclass(frozen=True)
class Column:
    """A column of a table: `key` into each row's cells, and how the cell is shown.

    Kinds: text, number (int), money (centimes), day, moment, identifier, tag (a Tag or a key of
    TAGS), link (a Link).
    """

    key: str
    label: Text
    kind: Kind = "text"


@dataclass(frozen=True)
class Row:
    """A row: cells by column key; `href` makes the first cell a link; `total` sets it apart."""

    cells: dict[str, Any]
    href: str = ""
    total: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its caption. The first column names the row. On a phone rows become cards."""

    caption: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    empty: Text = NOTHING_YET


@dataclass(frozen=True)
class Fact:
    """A labelled value of a file, shown as `kind` says."""

    label: Text
    value: Any
    kind: Kind = "text"


@dataclass(frozen=True)
class SummaryLine:
    """A labelled value that can be changed: at the address `change`, or in the form's `field`."""

    label: Text
    value: Any
    kind: Kind = "text"
    change: str = ""
    field: str = ""


@dataclass(frozen=True)
class Station:
    """A station between unknown and covered.

    `why` says why the person is held here and `next_step` what to do; `action` is the button.
    """

    title: Text
    state: StationState
    when: Text = ""
    note: Text = ""
    why: Text = ""
    next_step: Text = ""
    action: Link | None = None

    @property
    def spoken_state(self) -> Text:
        """The state in words, for those who do not see the drawing."""
        return {
            "done": _("done"),
            "here": _("now"),
            "blocked": _("held up"),
            "ahead": _("still to come"),
        }[self.state]


@dataclass(frozen=True)
class PersonChip:
    """A person in one line: the name in the reader's script first, the other beside it."""

    name: str
    other_name: str = ""
    href: str = ""
    card: str = ""
    where: str = ""
    tag: Tag | None = None
    born: str = ""


@dataclass(frozen=True)
class Who:
    """Somebody who did something: name in the reader's script, and the post held that day."""

    name: Text
    role: Text = ""
    institution: str = ""


@dataclass(frozen=True)
class Stat:
    """A figure with its label; `share` (0–1) draws a bar; `href` leads to what was counted.

    `tone` "bad" sets apart what presses. `trend` is how it came about; `target` what it is to be.
    """

    label: Text
    value: Text
    note: Text = ""
    href: str = ""
    share: Decimal | None = None
    tone: Tone = "none"
    trend: Sparkline | None = None
    target: Text = ""


@dataclass(frozen=True)
class Bar:
    """A count among others: `share` (0–1) is its length; `href` leads to the people counted.

    `missing` people do not have it yet: those of `missing_of`, or everyone. `note` says more.
    """

    label: Text
    count: int
    share: Decimal
    href: str = ""
    missing: int = 0
    missing_href: str = ""
    missing_of: Text = ""
    note: Text = ""

    @property
    def length(self) -> int:
        """Thousandths of the full length, for a <progress> of max 1000."""
        return int(self.share * 1000)


@dataclass(frozen=True)
class Compared:
    """One line of two things side by side. `verdict`: "same", "differs" or "" (one is missing)."""

    label: Text
    left: Any
    right: Any
    verdict: Literal["same", "differs", ""] = ""
    kind: Kind = "text"


@dataclass(frozen=True)
class Comparison:
    """Two rows or persons side by side, line by line; or, with `in_time`, before and after."""

    caption: Text
    left_title: Text
    right_title: Text
    lines: Sequence[Compared]
    in_time: bool = False


@dataclass(frozen=True)
class Explained:
    """One step of a reasoning, with the legal text it rests on."""

    sentence: Text
    reference: Text = ""


@dataclass(frozen=True)
class Event:
    """Something that was done: when, what, and by whom; None when no person acted."""

    when: Text
    sentence: Text
    who: Who | None = None


@dataclass(frozen=True)
class Fold:
    """Things that were done in a row and are told in one line until somebody opens it."""

    label: Text
    events: Sequence[Event]


@dataclass(frozen=True)
class Progress:
    """Work under way: `total` None while unknown. `note` says what is being done.

    `lasted`: how long it has been under way, where what is left is worth telling.
    """

    label: Text
    value: int
    total: int | None
    note: Text = ""
    lasted: dt.timedelta | None = None

    @property
    def text(self) -> str:
        """ "350 of 1 000"; while the total is unknown the count, and nothing before the first."""
        from qafila.web.design.figures import number_text

        if self.total is None:
            return number_text(self.value) if self.value else ""
        return str(
            _("%(value)s of %(total)s")
            % {"value": number_text(self.value), "total": number_text(self.total)}
        )

    @property
    def remaining(self) -> str:
        """What is left at the pace so far, "About 3 minutes left."; or that it is not known."""
        if self.lasted is None or self.total is None or self.value >= self.total:
            return ""
        if self.value * _PACE_KNOWN_FROM < self.total:
            return str(_("How long it takes is not known yet."))
        left = self.lasted * (self.total - self.value) / self.value
        minutes = round(left / dt.timedelta(minutes=1))
        if minutes < 1:
            return str(_("Less than a minute left."))
        told = ngettext("About %(n)s minute left.", "About %(n)s minutes left.", minutes)
        return told % {"n": minutes}


@dataclass(frozen=True)
class Stepper:
    """The steps of a task, the present one counted from 1."""

    label: Text
    steps: Sequence[Text] = field(default_factory=tuple)
    current: int = 1
