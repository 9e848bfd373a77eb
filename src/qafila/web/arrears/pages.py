"""The arrears queue: whom to call first, what they owe, and what paying today would bring."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from qafila.contributions.access import arrears_seen_by, may_see_arrears
from qafila.contributions.arrears.queries import (
    InArrears,
    arrears_bands,
    arrears_queue,
)
from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.rights.reopening import reopening_days
from qafila.web.arrears import presenter as shown
from qafila.web.runs.presenter import category_word
from qafila.web.site.areas import MONEY, NavItem
from qafila.web.site.refusals import require
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import listed, people_file
from qafila_law.money import dirhams

NAV = (NavItem(gettext_lazy("Arrears"), "arrears", 52, may=may_see_arrears, section=MONEY),)
A_PAGE, A_FILE = 25, 1000


@require_safe
@login_required
def arrears(request: StaffRequest) -> HttpResponse:
    """People in arrears by age of the debt, the smallest sum first, within place and category."""
    actor = _looking(request)
    asked = shown.Asked.from_address(request.GET)
    found = arrears_queue(
        scope=arrears_seen_by(actor),
        bucket=asked.bucket,
        after=asked.after,
        count=A_PAGE + 1,
        **asked.within,
    )
    people, more = found[:A_PAGE], len(found) > A_PAGE
    listed(request, len(people), "arrears", age=asked.bucket, **asked.within)
    reopening = reopening_days(
        [one.person_id for one in people], clock.today(), scope=arrears_seen_by(actor)
    )
    context = {
        "bands": shown.bands(arrears_bands(scope=arrears_seen_by(actor), **asked.within), asked),
        "form": shown.FilterForm(request.GET, scope=arrears_seen_by(actor)),
        "people": [shown.card(one, reopening.get(one.person_id)) for one in people],
        "next": asked.address(after=people[-1].place) if more else "",
        "first": asked.address(after=None) if asked.after else "",
        "chosen": asked.bucket,
        "csv": asked.address("arrears_file", kind="csv"),
        "xlsx": asked.address("arrears_file", kind="xlsx"),
    }
    template = "arrears/queue.html" if request.htmx else "arrears/page.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_safe
@login_required
def arrears_file(request: StaffRequest, kind: str) -> HttpResponse:
    """The queue as a file for those who call: number, phone, what is owed; no name, no card."""
    actor = _looking(request)
    asked = shown.Asked.from_address(request.GET)
    headings = [
        pgettext("money", "File"),
        _("Phone"),
        _("Overdue (DH)"),
        _("Months overdue"),
        _("Due since"),
        pgettext("money", "Category"),
    ]
    return people_file(
        request,
        "arrears",
        kind,
        headings,
        _rows(actor, asked),
        place="arrears_file",
        age=asked.bucket,
        **asked.within,
    )


def _rows(actor: Actor, asked: shown.Asked) -> Iterator[list[Any]]:
    after: tuple[int, int] | None = None
    while found := arrears_queue(
        scope=arrears_seen_by(actor), bucket=asked.bucket, after=after, count=A_FILE, **asked.within
    ):
        yield from (_row(one) for one in found)
        after = found[-1].place


def _row(one: InArrears) -> list[Any]:
    phone = one.phones[0] if one.phones else ""
    return [
        one.person_id,
        phone,
        dirhams(one.overdue_centimes),
        one.overdue_calls,
        one.oldest_due_on,
        category_word(one.category),
    ]


def _looking(request: StaffRequest) -> Actor:
    actor = request.actor
    require(may_see_arrears(actor))
    return actor


urlpatterns = [
    path("arrears/", arrears, name="arrears"),
    path("arrears/people.<str:kind>", arrears_file, name="arrears_file"),
]
