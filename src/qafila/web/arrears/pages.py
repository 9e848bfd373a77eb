"""The arrears queue: whom to call first, what they owe, and what paying today would bring."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from qafila.contributions.access import arrears_seen_by, may_see_arrears
from qafila.contributions.arrears.queries import ORDERS, arrears_bands
from qafila.enrolment.category_choice import CATEGORY_LABELS
from qafila.web.arrears import presenter as shown
from qafila.web.design.rooms import Room
from qafila.web.records.listing import Allowed, Around, asked_of, record_page
from qafila.web.records.place_filter import PLACES, place_filter
from qafila.web.site.areas import NavItem
from qafila.web.site.refusals import require
from qafila.web.site.requests import StaffRequest

NAV = (NavItem(gettext_lazy("Arrears"), "arrears", 52, may=may_see_arrears, room=Room.MONEY),)


@require_safe
@login_required
def arrears(request: StaffRequest) -> HttpResponseBase:
    """People in arrears by age of the debt, the smallest sum first, within place and category."""
    actor = request.actor
    require(may_see_arrears(actor))
    scope = arrears_seen_by(actor)
    known: dict[str, Allowed] = {"age": shown.AGES, "place": PLACES, "category": CATEGORY_LABELS}
    asked = asked_of(request, filters=known, sorts=ORDERS, sort="sum")
    found = arrears_bands(scope=scope, **shown.within_of(asked))
    around = Around(
        filters=(
            shown.age_filter(found),
            place_filter(scope, asked.value("place")),
            shown.CATEGORY_FILTER,
        ),
        count=lambda: shown.people_in(found, asked.value("age")),
        more={"bands": shown.bands(found, asked)},
    )
    return record_page(
        request,
        shown.LISTING,
        shown.Queue(asked, scope),
        asked,
        template="arrears/page.html",
        part="arrears/queue.html",
        around=around,
    )


urlpatterns = [path("arrears/", arrears, name="arrears")]
