"""Why people of my territory are not covered yet, how many, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qafila.foundation.actors import Actor
from qafila.indicators import queries
from qafila.indicators.filters import VALUE, Filters
from qafila.people.access import seen_by
from qafila.web.design.figures import percent_text
from qafila.web.design.record_list import Record, RecordColumn
from qafila.web.design.rooms import Room
from qafila.web.funnel import presenter
from qafila.web.funnel.behind import FILTERS
from qafila.web.records.listing import Around, Listing, asked_of, record_page
from qafila.web.records.whole import Whole
from qafila.web.site.areas import NavItem, Part, Waiting
from qafila.web.site.requests import StaffRequest
from qafila.web.site.territory import crumbs, parts_of

NAV = (NavItem(_("Stalled on the way"), "stalled", 30, room=Room.PEOPLE),)
LISTING = Listing(
    "stalled",
    _("Stalled on the way"),
    (
        RecordColumn("reason", _("Why not yet"), sort="reason"),
        RecordColumn("people", _("People"), "number", sort="people"),
        RecordColumn("share", _("Share")),
        RecordColumn("next", _("Next step")),
    ),
    people=False,
    a_page=50,
    empty=_("Everyone is covered"),
)


@require_safe
@login_required
def stalled(request: StaffRequest) -> HttpResponseBase:
    """Each reason with its people and the next step; a place below narrows it."""
    scope = seen_by(request.actor)
    within = Filters.from_address(request.GET)
    held = presenter.not_covered(queries.reason_counts(scope=scope, within=within))
    asked = asked_of(
        request, filters=dict.fromkeys(FILTERS, VALUE), sorts=("reason", "people"), sort="-people"
    )
    records = _records(presenter.reasons_shown(held))
    more = {
        "crumbs": crumbs("stalled", within, scope),
        "number": sum(one.people for one in held),
        "places": parts_of("stalled", within, scope),
    }
    return record_page(
        request,
        LISTING,
        Whole(records, asked, LISTING.columns),
        asked,
        template="stalled/page.html",
        part="stalled/reasons.html",
        around=Around(more=more),
    )


def _records(reasons: Sequence[presenter.ReasonShown]) -> list[Record]:
    return [
        Record(
            {
                "reason": one.label,
                "people": one.people,
                "share": percent_text(one.share),
                "next": one.next_step,
            },
            href=one.href,
        )
        for one in reasons
    ]


def _waiting(actor: Actor) -> Waiting:
    """How many people of the territory are not covered yet, and for which reasons most."""
    held = presenter.not_covered(queries.reason_counts(scope=seen_by(actor)))
    shown = presenter.reasons_shown(held[:3])
    parts = tuple(Part(one.label, one.people, one.href) for one in shown)
    return Waiting(sum(one.people for one in held), parts)


HOME_COUNTS = {"stalled": _waiting}
urlpatterns = [path("stalled/", stalled, name="stalled")]
