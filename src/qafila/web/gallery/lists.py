"""A sample of the record list, for the gallery."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from qafila.web.design.components import Link
from qafila.web.design.record_list import (
    Asked,
    Bulk,
    Choice,
    FilePlace,
    Filter,
    PersonName,
    Record,
    RecordColumn,
    RecordList,
)

_COLUMNS = (
    RecordColumn("person", _("Name"), "person", sort="name"),
    RecordColumn("phones", _("Phone"), "phones"),
    RecordColumn("since", _("Since"), "day", sort="since"),
    RecordColumn("owed", _("Owed"), "money", sort="owed"),
    RecordColumn("place", _("The file"), "place"),
)
_PEOPLE = (
    ("فاطمة أيت لحسن", "Fatima Ait Lahcen", 16352),
    ("محمد بنعلي", "Mohamed Benali", 49056),
)


def sample_list() -> RecordList:
    """Two people with a filter of each sort, an order in force and an act on many."""
    asked = Asked("#records", {"state": "open"}, sort="owed")
    phone = (Link("0612345678", "tel:+212612345678"),)
    records = [
        Record(
            {
                "person": PersonName(name, other, "#records", number),
                "phones": phone,
                "since": dt.date(2026, 11, 22),
                "owed": owed,
                "place": FilePlace("chambre.xlsx", "لائحة", 40 + number),
            },
            key=str(number),
        )
        for number, (name, other, owed) in enumerate(_PEOPLE, 1)
    ]
    states = (Choice("open", _("Accepted"), 2), Choice("done", _("Rejected"), 0))
    trades = (Choice("a", _("Chamber list")), Choice("b", _("Fund list")))
    return RecordList(
        caption=_("People of the commune"),
        columns=_COLUMNS,
        records=records,
        asked=asked,
        filters=(
            Filter("state", _("State"), states, shown_as="chips"),
            Filter("trade", _("Kind of list"), trades),
        ),
        count=12,
        after="2",
        bulk=Bulk("#records", _("Called")),
    )
