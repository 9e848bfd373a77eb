"""The anomaly queue: what was found at night, what to do about it, and how it was ended."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qsl

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from qafila.contributions.access import (
    anomalies_seen_by,
    may_decide_money,
    may_see_anomalies,
    require_deciding,
)
from qafila.contributions.anomalies.actions import (
    end_work_item,
    end_work_items,
    reopen_work_items,
)
from qafila.contributions.anomalies.kinds import KINDS
from qafila.contributions.anomalies.queries import (
    Within,
    matter_ids,
    matters_count,
    matters_ended,
    work_queue_counts,
)
from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.web.anomalies import presenter as shown
from qafila.web.anomalies.kind_words import KIND_WORDS, kinds_of
from qafila.web.design.components import Tab
from qafila.web.design.figures import number_text
from qafila.web.design.record_list import Asked, Bulk
from qafila.web.design.rooms import Room
from qafila.web.design.undo import Undo, say_done
from qafila.web.records.listing import (
    Allowed,
    Around,
    asked_of,
    known_filters,
    record_page,
    way_back,
)
from qafila.web.records.place_filter import PLACES, place_filter
from qafila.web.site.areas import NavItem, Part, Waiting
from qafila.web.site.refusals import require, said_above
from qafila.web.site.requests import StaffRequest
from qafila.web.site.typed_fields import Line

NAV = (NavItem(gettext_lazy("Anomalies"), "anomalies", 54, may=may_see_anomalies, room=Room.MONEY),)
MOST_AT_ONCE = 500


class EndForm(forms.Form):
    """What was done about a matter."""

    outcome = Line(max_length=500)


@require_safe
@login_required
def anomalies(request: StaffRequest) -> HttpResponseBase:
    """The matters of the territory below their kinds: one's own to mend, all, or those ended."""
    actor = request.actor
    require(may_see_anomalies(actor))
    scope = anomalies_seen_by(actor)
    mine, state = kinds_of(actor), _state_of(request)
    counts = work_queue_counts(scope=scope, within=Within(state=state))
    asked = _asked(request, state, _first_kind(counts, mine) if state == "open" else shown.ALL)
    within = shown.within_of(asked, actor)
    decides = may_decide_money(actor) and state == "open"
    around = Around(
        filters=(
            shown.kind_filter(counts, mine, asked.value("kind")),
            place_filter(scope, asked.value("place")),
        ),
        count=lambda: matters_count(scope=scope, within=within),
        bulk=Bulk(reverse("end_anomalies"), _("End the matters chosen"), MOST_AT_ONCE)
        if decides
        else None,
        more={"states": _states(asked, state)},
    )
    source = shown.Matters(asked, scope, actor)
    listing = shown.listing_of(state)
    return record_page(
        request, listing, source, asked, template="anomalies/page.html", around=around
    )


def _state_of(request: StaffRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in shown.STATES else "open"


_FILTERS: dict[str, Allowed] = {
    "kind": (*KINDS, shown.MINE, shown.ALL),
    "state": ("done", "gone"),
    "place": PLACES,
}


def _asked(request: StaffRequest, state: str, kind: str) -> Asked:
    return asked_of(
        request,
        filters=_FILTERS,
        first={"kind": kind},
        sorts=shown.SORTS[state],
        sort=shown.FIRST_SORT[state],
        path=reverse("anomalies"),
    )


def _first_kind(counts: dict[str, int], mine: list[str]) -> str:
    """One's own matters where there are any, else all."""
    return shown.MINE if any(counts.get(kind) for kind in mine) else shown.ALL


def _states(asked: Asked, state: str) -> list[Tab]:
    return [
        Tab(word, asked.but(state="" if code == "open" else code, kind="", sort=""), code == state)
        for code, word in shown.STATES.items()
    ]


@require_POST
@login_required
def end_anomaly(request: StaffRequest, item_id: int) -> HttpResponse:
    """End a matter with what was done about it, in a few words."""
    actor, at = request.actor, clock.now()
    require_deciding(actor)
    form = EndForm(request.POST)
    back = way_back(request, reverse("anomalies"))
    if not form.is_valid():
        messages.error(request, _("Write what was done about it, in 500 characters at most."))
        return redirect(back)
    with said_above(request):
        outcome = form.cleaned_data["outcome"]
        if end_work_item(item_id, outcome=outcome, actor=actor, at=at):
            _say_ended(request, 1, at, back)
            return redirect(back)
        waits = _("Recorded. A second person has to confirm it; the anomaly stays open until then.")
        messages.success(request, waits)
    return redirect(back)


def _say_ended(request: StaffRequest, number: int, at: dt.datetime, back: str) -> None:
    """Tell what was ended, with the way to open all of it again."""
    told = ngettext("%(shown)s matter was ended.", "%(shown)s matters were ended.", number)
    undo = Undo(reverse("reopen_anomalies"), {"ended": at.isoformat(), "back": back})
    say_done(request, told % {"shown": number_text(number)}, undo)


@require_POST
@login_required
def end_anomalies(request: StaffRequest) -> HttpResponse:
    """End the matters that were ticked, or all of the filters: asked first, then done."""
    actor, at = request.actor, clock.now()
    require_deciding(actor)
    back = way_back(request, reverse("anomalies"))
    items = _chosen(request, actor)
    if not items:
        messages.error(request, _("Nothing is chosen. Tick the rows first."))
        return redirect(back)
    form = EndForm(request.POST if "outcome" in request.POST else None)
    if not form.is_valid():
        context = {
            "form": form,
            "number": len(items),
            "keys": items,
            "back": back,
        }
        status = 422 if form.is_bound else 200
        return render(request, "anomalies/end_many.html", context, status=status)
    outcome = form.cleaned_data["outcome"]
    done = end_work_items(items, outcome=outcome, actor=actor, at=at)
    if done.left:
        left = ngettext(
            "%(shown)s was left: it was ended meanwhile, or a second person has to confirm it.",
            "%(shown)s were left: they were ended meanwhile, or a second person has to confirm.",
            done.left,
        )
        messages.info(request, left % {"shown": number_text(done.left)})
    if done.ended:
        _say_ended(request, done.ended, at, back)
    return redirect(back)


def _chosen(request: StaffRequest, actor: Actor) -> list[int]:
    """The matters that were ticked; with "all" those that the filters leave."""
    if "all" not in request.POST:
        keys = request.POST.getlist("key")[:MOST_AT_ONCE]
        return [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 18]
    sent = dict(parse_qsl(request.POST.get("asked", "")[:300]))
    known = known_filters(sent, _FILTERS)
    if any(name in _FILTERS and name not in known for name in sent):
        return []  # Left out, it would widen what is ended.
    asked = Asked("", known)
    return matter_ids(
        scope=require_deciding(actor), within=shown.within_of(asked, actor), count=MOST_AT_ONCE
    )


@require_POST
@login_required
def reopen_anomalies(request: StaffRequest) -> HttpResponse:
    """Open again one matter, or all that the reader ended at one moment."""
    actor, at = request.actor, clock.now()
    scope = require_deciding(actor)
    ended_at = clock.moment_read(request.POST.get("ended", ""))
    items = (
        matters_ended(by=actor.id, at=ended_at, scope=scope)
        if ended_at
        else _chosen(request, actor)
    )
    with said_above(request):
        number = reopen_work_items(items, actor=actor, at=at)
        told = ngettext(
            "%(shown)s matter is open again.", "%(shown)s matters are open again.", number
        )
        messages.success(request, told % {"shown": number_text(number)})
    return redirect(way_back(request, reverse("anomalies")))


def _waiting(actor: Actor) -> Waiting | None:
    """How many matters wait that this actor can mend, by kind; None for who sees none."""
    mine = kinds_of(actor) if may_see_anomalies(actor) else []
    if not mine:
        return None
    counts = work_queue_counts(scope=anomalies_seen_by(actor))
    parts = [
        Part(KIND_WORDS.get(kind, kind), counts[kind], f"{reverse('anomalies')}?kind={kind}")
        for kind in mine
        if counts.get(kind)
    ]
    most = sorted(parts, key=lambda part: -part.number)[:4]
    return Waiting(sum(part.number for part in parts), tuple(most))


HOME_COUNTS = {"anomalies": _waiting}


urlpatterns = [
    path("anomalies/", anomalies, name="anomalies"),
    path("anomalies/end/", end_anomalies, name="end_anomalies"),
    path("anomalies/reopen/", reopen_anomalies, name="reopen_anomalies"),
    path("anomalies/<int:item_id>/end/", end_anomaly, name="end_anomaly"),
]
