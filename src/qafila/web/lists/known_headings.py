"""Which headings are understood: what the columns of a list can be headed."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from qafila.lists.access import require_may_import
from qafila.lists.reading.columns.headings import FIELDS, list_synonyms
from qafila.web.design.record_list import Record, RecordColumn
from qafila.web.lists.words import field_word
from qafila.web.records.listing import Listing, asked_of, record_page
from qafila.web.records.whole import Whole
from qafila.web.site.requests import StaffRequest

LISTING = Listing(
    "list_headings",
    _("Headings that are understood"),
    (
        RecordColumn("field", _("Taken for")),
        RecordColumn("latin", _("Headings in Latin letters")),
        RecordColumn("arabic", _("Headings in Arabic letters")),
        RecordColumn("code", pgettext_lazy("column", "Name in a synonyms file"), shown=False),
    ),
    people=False,
    a_page=50,
    saves=False,
)


@require_safe
@login_required
def list_headings(request: StaffRequest) -> HttpResponseBase:
    """Each thing a list can hold, with the headings it goes by."""
    require_may_import(request.actor)
    asked = asked_of(request)
    source = Whole(_records(), asked, LISTING.columns)
    return record_page(request, LISTING, source, asked, template="lists/headings.html")


def _records() -> list[Record]:
    known = list_synonyms().fields
    return [_row(name, known.get(name, ())) for name in FIELDS]


def _row(name: str, headings: tuple[str, ...]) -> Record:
    """The headings parted by their letters, so that none turns the others round."""
    arabic = [one for one in headings if any("\u0600" <= letter <= "\u06ff" for letter in one)]
    latin = [one for one in headings if one not in arabic]
    return Record(
        {
            "field": field_word(name),
            "latin": ", ".join(latin),
            "arabic": "، ".join(arabic),
            "code": name,
        }
    )
