"""The books: which months are open, closing a month, making room for months to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from qafila.contributions.access import (
    may_post_everywhere,
    may_see_books,
    require_posting_everywhere,
)
from qafila.contributions.calls.month_runs.books import MonthOfBooks, months_of_books
from qafila.contributions.ledger.closing import close_month, prepare_months
from qafila.contributions.ledger.reopening import (
    ReopeningTold,
    ask_reopening,
    confirm_reopening,
    latest_closed,
    refuse_reopening,
    reopenings,
)
from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.web.acts.fields import MonthField, ReasonField
from qafila.web.acts.flow import Act, Follows, NothingAsked, act_page, sent_to
from qafila.web.design.components import Column, Fact, Link, Row, Table, Tag
from qafila.web.design.figures import month_text
from qafila.web.design.rooms import Room
from qafila.web.records.tables import table_page
from qafila.web.runs.months_asked import month_or_404
from qafila.web.site.areas import NavItem
from qafila.web.site.refusals import require
from qafila.web.site.requests import StaffRequest

NAV = (
    NavItem(gettext_lazy("Months of the books"), "books", 56, may=may_see_books, room=Room.MONEY),
)
MOST_MONTHS = 36
_form_page = require_http_methods(["GET", "HEAD", "POST"])
CLOSED = Tag(pgettext_lazy("books", "Closed"), "none", "lock")
OPEN = Tag(pgettext_lazy("books", "Open"), "ok", "ok")
_RUNS = {
    "": pgettext_lazy("books", "Not called"),
    "running": pgettext_lazy("run", "Under way"),
    "posted": pgettext_lazy("run", "Called"),
    "reversing": pgettext_lazy("run", "Being counter-posted"),
    "reversed": pgettext_lazy("run", "Counter-posted"),
}


class PrepareForm(forms.Form):
    """The months to make room for."""

    first = MonthField(label=gettext_lazy("First month"))
    last = MonthField(label=gettext_lazy("Last month"))

    def clean(self) -> dict[str, Any]:
        """Three years at most, the first before the last."""
        typed = dict(super().clean() or {})
        first, last = typed.get("first"), typed.get("last")
        if first and last:
            months = (last.year - first.year) * 12 + last.month - first.month + 1
            if months < 1:
                self.add_error("last", _("The last month comes before the first. Check both."))
            elif months > MOST_MONTHS:
                told = _("Make room for %(most)s months at most at once.") % {"most": MOST_MONTHS}
                self.add_error("last", told)
        return typed


@require_safe
@login_required
def books(request: StaffRequest) -> HttpResponseBase:
    """The months, the latest first: called or not, open or closed, and which can be closed."""
    actor = request.actor
    require(may_see_books(actor))
    months = months_of_books(at=clock.now())
    used = [one for one in months if one.run or one.closed or one.over]
    context = {
        "may_post": may_post_everywhere(actor),
        "room_until": next((one.month for one in months if one.prepared), None),
        "reopenings": [_reopening(one, actor) for one in reopenings() if one.state == "asked"],
    }
    table = _table(used, closing=may_post_everywhere(actor))
    return table_page(request, "books", table, template="books/page.html", more=context)


def _table(months: Iterable[MonthOfBooks], *, closing: bool) -> Table:
    latest = latest_closed()
    columns = [
        Column("month", pgettext("money", "Month")),
        Column("state", _("State"), "tag"),
        Column("run", pgettext("books", "Contributions")),
        Column("room", pgettext("books", "Room made")),
        Column("by", _("Closed by")),
        Column("at", pgettext("books", "Closed on"), "moment"),
    ]
    if closing:
        columns.append(Column("act", pgettext("books", "What can be done"), "link"))
    rows = [
        Row(
            {
                "month": month_text(one.month),
                "state": CLOSED if one.closed else OPEN,
                "run": _RUNS.get(one.run, one.run),
                "room": _("Yes") if one.prepared else "",
                "by": one.closed_by,
                "at": one.closed_at or "",
                "act": _act_on(one, latest) if closing else None,
            }
        )
        for one in months
    ]
    return Table(_("Months of the books"), columns, rows)


def _reopening(one: ReopeningTold, actor: Actor) -> dict[str, Any]:
    """A reopening that waits, with what this actor can decide about it."""
    month = f"{one.month:%Y-%m}"
    may = may_post_everywhere(actor)
    return {
        "told": one,
        "mine": one.asked_by_id == actor.id,
        "confirm": reverse("decide_reopening", args=[month, "confirm"]) if may else "",
        "refuse": reverse("decide_reopening", args=[month, "refuse"]) if may else "",
    }


def _act_on(one: MonthOfBooks, latest: dt.date | None) -> Link | None:
    if one.month == latest:
        told = _("Open %(month)s again") % {"month": month_text(one.month)}
        return Link(told, reverse("reopen_month", args=[f"{one.month:%Y-%m}"]))
    if not one.may_close:
        return None
    told = _("Close %(month)s") % {"month": month_text(one.month)}
    return Link(told, reverse("close_month", args=[f"{one.month:%Y-%m}"]))


@_form_page
@login_required
def close(request: StaffRequest, month: str) -> HttpResponse:
    """Say which months close with this one, and close it."""
    actor = request.actor
    require_posting_everywhere(actor)
    first = month_or_404(month)

    def look() -> Follows:
        before = [
            one.month
            for one in months_of_books(at=clock.now())
            if one.month < first and not one.closed
        ]
        notes = [
            _("Nothing is posted in a closed month any more. What comes later for it is posted in "
              "the first open month, with its true day."),
        ]  # fmt: skip
        if before:
            told = _("Still open before it, and closed with it: %(months)s.")
            notes.append(told % {"months": " · ".join(map(month_text, sorted(before)))})
        return Follows(notes=notes)

    def do() -> str:
        close_month(first, actor=actor, at=clock.now())
        return _("%(month)s was closed.") % {"month": month_text(first)}

    title = _("Close %(month)s") % {"month": month_text(first)}
    act = Act(title, title, _within(), danger=True)
    return act_page(request, act, NothingAsked(), look=look, do=do)


class ReopenForm(forms.Form):
    """Why a closed month is opened again."""

    reason = ReasonField(label=gettext_lazy("Why is the month opened again?"), help_text="")


@_form_page
@login_required
def reopen(request: StaffRequest, month: str) -> HttpResponse:
    """Ask that the latest closed month be opened again; a second person confirms it."""
    actor = request.actor
    require_posting_everywhere(actor)
    first = month_or_404(month)
    form = ReopenForm(sent_to(request))

    def do() -> str:
        reason = form.cleaned_data["reason"]
        ask_reopening(first, reason=reason, actor=actor, at=clock.now())
        return _("The reopening was asked for. A second person has to confirm it.")

    title = _("Open %(month)s again") % {"month": month_text(first)}
    notes = [_("Nothing opens before a second person confirms it. Earlier months stay closed.")]
    act = Act(title, _("Ask for the reopening"), _within(), danger=True)
    return act_page(request, act, form, look=lambda: Follows(notes=notes), do=do)


@_form_page
@login_required
def decide_reopening(request: StaffRequest, month: str, verb: str) -> HttpResponse:
    """As a second person confirm a reopening, or refuse or withdraw it."""
    actor = request.actor
    require_posting_everywhere(actor)
    first = month_or_404(month)
    if verb not in ("confirm", "refuse"):
        raise Http404
    confirms = verb == "confirm"

    def do() -> str:
        if confirms:
            confirm_reopening(first, actor=actor, at=clock.now())
            return _("%(month)s is open again.") % {"month": month_text(first)}
        refuse_reopening(first, actor=actor, at=clock.now())
        return _("The reopening was refused. Nothing was changed.")

    title = _("Confirm the reopening") if confirms else _("Do not open it again")
    asked = next((o for o in reopenings() if o.month == first and o.state == "asked"), None)
    facts = [Fact(pgettext("money", "Month"), month_text(first))]
    if asked:
        facts += [Fact(_("Asked for by"), asked.asked_by), Fact(_("Reason"), asked.reason)]
    note = (
        _("Postings of this month are possible again; what was posted stays.")
        if confirms
        else _("The month stays closed.")
    )
    act = Act(title, title, _within(), facts=facts, danger=confirms)
    return act_page(request, act, NothingAsked(), look=lambda: Follows(notes=[note]), do=do)


@_form_page
@login_required
def prepare(request: StaffRequest) -> HttpResponse:
    """Make room in the books for months to come."""
    actor = request.actor
    require_posting_everywhere(actor)
    this = clock.today()
    initial = {"first": f"{this:%m/%Y}", "last": f"12/{this.year + 1}"}
    form = PrepareForm(sent_to(request), initial=initial)

    def do() -> str:
        made = prepare_months(
            form.cleaned_data["first"], form.cleaned_data["last"], actor=actor, at=clock.now()
        )
        if not made:
            return _("There was room for all of these months already. Nothing was changed.")
        return _("Room was made for these months.")

    act = Act(
        _("Prepare months"),
        _("Make room"),
        _within(),
        _(
            "Room for calls and postings of each month is made ahead, so that a run finds it. "
            "Repeating it changes nothing."
        ),
    )
    return act_page(request, act, form, look=lambda: _months_told(form), do=do)


def _months_told(form: PrepareForm) -> Follows:
    first: dt.date = form.cleaned_data["first"]
    last: dt.date = form.cleaned_data["last"]
    ready = {one.month for one in months_of_books(at=clock.now()) if one.prepared}
    known = sorted(month for month in ready if first <= month <= last)
    if not known:
        return Follows(notes=[_("None of these months has room yet.")])
    told = _("These have it already: %(months)s.")
    return Follows(notes=[told % {"months": " · ".join(map(month_text, known))}])


def _within() -> Link:
    return Link(_("Books"), reverse("books"))


urlpatterns = [
    path("books/", books, name="books"),
    path("books/prepare/", prepare, name="prepare_months"),
    path("books/<str:month>/close/", close, name="close_month"),
    path("books/<str:month>/reopen/", reopen, name="reopen_month"),
    path("books/<str:month>/reopen/<slug:verb>/", decide_reopening, name="decide_reopening"),
]
