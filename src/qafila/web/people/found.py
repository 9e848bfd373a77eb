"""The people a search found, as a list."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qafila.people.queries import PersonHit
from qafila.places import queries as places
from qafila.web.design.record_list import Group, Record, RecordColumn
from qafila.web.people.presenter import birth_text
from qafila.web.people.rows import name_of
from qafila.web.records.listing import Listing
from qafila.web.site.territory import language

LISTING = Listing(
    "people",
    gettext_lazy("People found"),
    (
        RecordColumn("person", pgettext_lazy("column", "Name"), "person"),
        RecordColumn("card", pgettext_lazy("column", "Card number (CIN)"), "identifier"),
        RecordColumn("born", pgettext_lazy("column", "Date of birth")),
        RecordColumn("place", gettext_lazy("Commune")),
    ),
    a_page=50,
    empty_icon="search",
    saves=False,
)


def records_of(hits: Iterable[PersonHit], *, url_name: str = "person") -> list[Record]:
    """One row for each person found; those with close names come below their heading."""
    found = list(hits)
    names = places.names_of((hit.commune_code or hit.province_code for hit in found), language())
    close = Group(_("Close names"))
    return [
        Record(
            {
                "person": name_of(hit.id, hit.full_name_ar, hit.full_name_latn, url_name=url_name),
                "card": hit.card_number,
                "born": birth_text(hit.birth_date, hit.birth_precision),
                "place": names.get(hit.commune_code or hit.province_code or "", ""),
            },
            group=close if hit.close else None,
        )
        for hit in sorted(found, key=lambda hit: hit.close)
    ]
