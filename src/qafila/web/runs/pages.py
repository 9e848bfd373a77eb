"""The run console: look first, have a month called, follow it, see who is parked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST, require_safe

from qafila.contributions.access import (
    books_seen_by,
    may_post_everywhere,
    may_see_books,
    require_posting_everywhere,
)
from qafila.contributions.calls.dry_runs import ask_dry_run, dry_run_of
from qafila.contributions.calls.month_runs.callable_months import callable_months
from qafila.contributions.calls.month_runs.run_progress import (
    RunWatched,
    parked_in,
    started_runs,
    watched_run,
)
from qafila.contributions.calls.month_runs.starting import start_month
from qafila.contributions.calls.queries import (
    ChangedCall,
    changed_calls,
    run_differences,
)
from qafila.contributions.corrections.counter_posting import (
    ask_counter_posting,
    confirm_counter_posting,
    refuse_counter_posting,
    resume_counter_posting,
)
from qafila.contributions.corrections.counter_posting_queries import counter_posting_of
from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.foundation.errors import DomainError, NotAllowed
from qafila.web.design.figures import moment_text, month_text
from qafila.web.design.rooms import Room
from qafila.web.records.tables import table_page
from qafila.web.runs import presenter as shown
from qafila.web.runs.forms import CounterPostingForm, MonthForm
from qafila.web.runs.months_asked import month_or_404
from qafila.web.runs.parked import parked as parked_list
from qafila.web.site.areas import NavItem
from qafila.web.site.refusals import require, said_on
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import listed, people_file

NAV = (
    NavItem(gettext_lazy("Contributions by month"), "runs", 50, may=may_see_books, room=Room.MONEY),
)
MOST_PARKED, A_FILE = 25, 2000


@require_safe
@login_required
def runs(request: StaffRequest) -> HttpResponseBase:
    """The months called so far, and the form for the next one."""
    actor = _looking(request)
    months = callable_months(at=clock.now())
    form = MonthForm(callable_months=months) if may_post_everywhere(actor) else None
    return _runs_page(request, form)


def _runs_page(request: StaffRequest, form: MonthForm | None) -> HttpResponseBase:
    table = shown.runs_table(started_runs())
    return table_page(
        request, "runs", table, template="runs/page.html", more={"form": form}, path=reverse("runs")
    )


@require_POST
@login_required
def ask_ahead(request: StaffRequest) -> HttpResponseBase:
    """Have a month looked at before it is called: a job assesses it."""
    actor = request.actor
    require_posting_everywhere(actor)
    form = MonthForm(request.POST, callable_months=callable_months(at=clock.now()))
    if form.is_valid():
        month = form.cleaned_data["month"]
        with said_on(form, "month" if "month" in form.fields else "other"):
            ask_dry_run(month, actor=actor, at=clock.now())
            return redirect("run_ahead", f"{month:%Y-%m}")
    page = _runs_page(request, form)
    page.status_code = 422
    return page


@require_safe
@login_required
def ahead(request: StaffRequest, month: str) -> HttpResponse:
    """A dry run: how far it is, then what would be called, by category; then confirm."""
    actor = request.actor
    require_posting_everywhere(actor)
    first, at = month_or_404(month), clock.now()
    watched = watched_run(first, at=at)
    if watched is not None and watched.movement != "reversed":
        return redirect("run", month)
    dry = dry_run_of(first, actor=actor, at=at)
    context = {
        "month": first,
        "to_name": first not in callable_months(at=at),
        "dry": dry,
        "under_way": dry is not None and dry.state in ("waiting", "moving"),
        "bar": shown.ahead_bar(dry) if dry else None,
        "stats": shown.ahead_stats(dry.ahead) if dry and dry.ahead else [],
        "table": shown.categories_table(dry.ahead) if dry and dry.ahead else None,
    }
    template = "runs/ahead_state.html" if request.htmx else "runs/ahead.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_POST
@login_required
def ahead_again(request: StaffRequest, month: str) -> HttpResponse:
    """Have a month assessed again, or a assessment that stopped begun again."""
    actor = request.actor
    try:
        ask_dry_run(month_or_404(month), actor=actor, at=clock.now(), again=True)
    except NotAllowed:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.sentence())
        return redirect("runs")
    return redirect("run_ahead", month)


@require_POST
@login_required
def start(request: StaffRequest, month: str) -> HttpResponse:
    """Have the month called, or a run that stopped finished; who comes second sees the first's."""
    actor = request.actor
    first = month_or_404(month)
    try:
        named = request.POST.get("named", "")[:40]
        asked = start_month(first, actor=actor, at=clock.now(), named=named)
    except NotAllowed:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.sentence())
        return redirect("run_ahead", month)
    if not asked.asked_now:
        messages.info(request, _already(asked.run))
    return redirect("run", month)


def _already(run: RunWatched) -> str:
    told = _("%(who)s started the run of %(month)s on %(moment)s; nothing was started twice.")
    return told % {
        "who": run.started_by,
        "month": month_text(run.month),
        "moment": moment_text(run.started_at),
    }


@require_safe
@login_required
def run(request: StaffRequest, month: str) -> HttpResponse:
    """One run: how far it is, then what it called and whom it parked."""
    actor = _looking(request)
    first = month_or_404(month)
    watched = watched_run(first, at=clock.now())
    if watched is None:
        raise Http404
    under_way = watched.movement in ("waiting", "moving")
    context: dict[str, Any] = {
        "run": watched,
        "state": shown.MOVEMENTS[watched.movement],
        "under_way": under_way,
        "bar": shown.run_bar(watched),
        "may_run": may_post_everywhere(actor),
        "counter": counter_posting_of(first),
        "reader": actor.id,
        "reason_form": CounterPostingForm(),
    }
    if watched.movement == "posted":
        parked = list(parked_in(first, scope=books_seen_by(actor), limit=MOST_PARKED))
        listed(request, len(parked), "run_parked", month=month)
        context |= {
            "stats": shown.run_stats(watched),
            "differences": shown.differences_table(
                run_differences(first, scope=books_seen_by(actor))
            ),
            "parked": shown.parked_table(parked),
        }
    template = "runs/state.html" if request.htmx else "runs/run.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_POST
@login_required
def counter_post(request: StaffRequest, month: str, act: str) -> HttpResponse:
    """Ask that a run be counter-posted, or as a second person confirm or refuse it."""
    actor = request.actor
    require_posting_everywhere(actor)
    first, at = month_or_404(month), clock.now()
    try:
        told = _counter_posted(request, first, act, actor=actor, at=at)
    except NotAllowed:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.sentence())
    else:
        messages.success(request, told)
    return redirect("run", month)


def _counter_posted(
    request: StaffRequest, month: dt.date, act: str, *, actor: Actor, at: dt.datetime
) -> str:
    if act == "ask":
        reason = request.POST.get("reason", "")
        ask_counter_posting(month, reason=reason, actor=actor, at=at)
        return _("The counter-posting was asked for. A second person has to confirm it.")
    if act == "confirm":
        confirm_counter_posting(month, actor=actor, at=at)
        return _("The counter-posting was confirmed and is being carried out.")
    if act == "refuse":
        refuse_counter_posting(month, actor=actor, at=at)
        return _("The counter-posting was refused. Nothing was changed.")
    if act == "resume":
        resume_counter_posting(month, actor=actor, at=at)
        return _("The counter-posting goes on.")
    raise Http404


@require_safe
@login_required
def differences_file(request: StaffRequest, month: str, kind: str) -> HttpResponseBase:
    """Every enrolment whose call differs from the month before, as csv or xlsx."""
    actor = _looking(request)
    headings = [
        pgettext("money", "File"),
        pgettext("money", "Person"),
        pgettext("money", "Category"),
        pgettext("money", "Change"),
        _("This month (DH)"),
        _("The month before (DH)"),
    ]
    rows = shown.changed_rows(_changed(month_or_404(month), actor))
    return people_file(
        request,
        f"differences-{month}",
        kind,
        headings,
        rows,
        place="run_differences_file",
        month=month,
    )


def _changed(month: dt.date, actor: Actor) -> Iterator[ChangedCall]:
    after = 0
    while found := changed_calls(month, scope=books_seen_by(actor), after=after, count=A_FILE):
        yield from found
        after = found[-1].enrolment_id


def _looking(request: StaffRequest) -> Actor:
    actor = request.actor
    require(may_see_books(actor))
    return actor


urlpatterns = [
    path("contributions/<str:month>/parked/", parked_list, name="run_parked"),
    path("contributions/", runs, name="runs"),
    path("contributions/ahead/", ask_ahead, name="ask_run_ahead"),
    path("contributions/<str:month>/ahead/", ahead, name="run_ahead"),
    path("contributions/<str:month>/ahead/again/", ahead_again, name="run_ahead_again"),
    path("contributions/<str:month>/", run, name="run"),
    path("contributions/<str:month>/start/", start, name="run_start"),
    path(
        "contributions/<str:month>/counter-posting/<str:act>/",
        counter_post,
        name="run_counter_post",
    ),
    path(
        "contributions/<str:month>/differences.<str:kind>", differences_file, name="run_differences"
    ),
]
