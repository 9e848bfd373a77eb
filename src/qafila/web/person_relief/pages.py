"""A person's relief under law 41-23: looked at before it is asked for, then followed."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from qafila.contributions.access import require_asking
from qafila.contributions.arrears.relief import apply_for_relief
from qafila.contributions.arrears.relief_queries import (
    ReliefTold,
    WouldErase,
    relief_if_asked,
    relief_of,
)
from qafila.foundation import clock
from qafila.people.access import PersonFile
from qafila.web.acts.flow import Act, Follows, NothingAsked, act_page
from qafila.web.design.components import Column, Fact, Link, Row, Table, Tag
from qafila.web.design.figures import money_text, month_text
from qafila.web.people.file_head import head_of_person
from qafila.web.person_money.presenter import explained
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened

STATES = {
    "running": Tag(pgettext_lazy("relief", "Runs"), "info", "waiting"),
    "erased": Tag(pgettext_lazy("relief", "Arrears cancelled"), "ok", "ok"),
    "lost": Tag(pgettext_lazy("relief", "Lost"), "bad", "bad"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def relief(request: StaffRequest, person_id: int) -> HttpResponse:
    """Where the request stands; without one, what it would cancel, and the request itself."""
    actor = request.actor
    scope = require_asking(actor)
    found = opened(request, person_id, "relief", scope=scope)
    known = relief_of(found.id, clock.today(), scope=scope, person=found)
    if known is not None:
        return _standing(request, found, known)
    act = Act(
        _("Relief of arrears (law 41-23)"),
        _("Ask for relief"),
        Link(_("Contributions and rights"), reverse("person_money", args=[person_id])),
    )

    def do() -> str:
        apply_for_relief(person_id, actor=actor, at=clock.now())
        return _("The request for relief was recorded.")

    return act_page(
        request,
        act,
        NothingAsked(),
        look=lambda: _follows(relief_if_asked(person_id, actor=actor, at=clock.now())),
        do=do,
        found=found,
    )


def _follows(would: WouldErase) -> Follows:
    columns = [
        Column("month", pgettext("money", "Month")),
        Column("left", _("Left to pay today"), "money"),
        Column("erased", _("Would be cancelled"), "money"),
    ]
    rows = [
        Row(
            {
                "month": month_text(one.month),
                "left": one.left_centimes,
                "erased": one.erased_centimes,
            }
        )
        for one in would.months
    ]
    left = sum(one.left_centimes for one in would.months)
    total = {"month": _("In all"), "left": left, "erased": would.erased_centimes}
    notes = []
    if would.moved_centimes:
        told = _("%(sum)s paid for these months moves to the months after them.")
        notes.append(told % {"sum": money_text(would.moved_centimes)})
    notes.append(
        _("Until then these months are not asked for. One month paid late, and they are due again.")
    )
    table = Table(_("Months that relief would cancel"), columns, [*rows, Row(total, total=True)])
    return Follows(notes=notes, table=table, steps=explained(would.answer.steps))


def _standing(request: StaffRequest, found: PersonFile, known: ReliefTold) -> HttpResponse:
    answer = known.answer
    facts = [
        Fact(_("Asked for on"), known.applied_at, "moment"),
        Fact(_("Taken by"), known.taken_by),
        Fact(_("First payment on"), known.first_payment_on or "", "day"),
        Fact(
            _("Months paid in time"),
            _("%(done)s of %(needed)s")
            % {"done": answer.regular_months, "needed": answer.needed_months},
        ),
        Fact(_("Cancelled on"), known.erased_on or "", "day"),
        Fact(_("Cancelled"), known.erased_centimes, "money") if known.erased_on else None,
        Fact(_("Lost on"), known.lost_on or "", "day"),
    ]
    context = {
        "head": head_of_person(found, request),
        "state": STATES[known.state],
        "facts": [one for one in facts if one and one.value != ""],
        "steps": explained(answer.steps),
    }
    return render(request, "person_relief/page.html", context)


urlpatterns = [path("people/<int:person_id>/money/relief/", relief, name="person_relief")]
