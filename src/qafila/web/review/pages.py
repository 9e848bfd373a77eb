"""The review queues: two rows side by side, one decision, the next pair at once.

One queue asks about pairs that wait; the other about persons that the machine made of two rows and
would not make today.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.foundation.errors import NotFoundInScope
from qafila.lists import queries
from qafila.lists.access import may_decide_pair, may_see_pairs, pairs_seen_by
from qafila.lists.reviewing import deciding, own_decisions
from qafila.web.design.rooms import Room
from qafila.web.review.presenter import decisions_shown, headings, line_of, pair_page
from qafila.web.site.areas import NavItem
from qafila.web.site.commands import command_id_of, new_command_id
from qafila.web.site.refusals import require, said_above
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import listed, people_file

_MERGED = "merged_by_machine"
MOST_IN_FILE = 20_000
NAV = (
    NavItem(gettext_lazy("Same person or not?"), "review", 42, may=may_see_pairs, room=Room.LISTS),
)


@require_safe
@login_required
def review(request: StaffRequest) -> HttpResponse:
    """The likeliest pair that waits; `after` skips those put off, `done` can be undone."""
    actor = request.actor
    require(may_see_pairs(actor))
    return _pair_or_end(
        request, actor, after=_number(request, "after"), done=_number(request, "done")
    )


@require_safe
@login_required
def merged_by_machine(request: StaffRequest) -> HttpResponse:
    """The first person that the machine made and would not make today; as `review` otherwise."""
    return review(request)


@require_POST
@login_required
def decide_pair(request: StaffRequest, pair_id: int) -> HttpResponse:
    """Same or different; then the next pair. Someone else's decision meanwhile is told."""
    actor = request.actor
    after, done = _number(request, "after"), None
    if request.POST.get("answer") not in ("same", "different"):
        messages.error(request, _("Choose whether the two rows are one person or two."))
        return _next(request, actor, after=after, done=None)
    with said_above(request):
        deciding.decide_pair(
            pair_id,
            same=request.POST["answer"] == "same",
            actor=actor,
            at=clock.now(),
            command_id=command_id_of(request),
        )
        done = pair_id
    return _next(request, actor, after=after, done=done)


@require_POST
@login_required
def undo_decision(request: StaffRequest, pair_id: int) -> HttpResponse:
    """Take the last decision back; the pair is asked again."""
    actor = request.actor
    with said_above(request):
        deciding.undo_decision(
            pair_id, actor=actor, at=clock.now(), command_id=command_id_of(request)
        )
        messages.success(request, _("The decision was undone."))
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return HttpResponseRedirect(back)
    return _next(request, actor, after=_number(request, "after"), done=None)


@require_safe
@login_required
def my_decisions(request: StaffRequest) -> HttpResponse:
    """The last ten decisions of one's own, each of which can be taken back."""
    actor = request.actor
    require(may_see_pairs(actor))
    decided = own_decisions.decided_by(actor)
    listed(request, 2 * len(decided), "my_decisions")
    context = {
        "decisions": [(one, new_command_id()) for one in decisions_shown(decided)],
        "today": _decided_today(actor),
    }
    return render(request, "review/decisions.html", context)


def _decided_today(actor: Actor) -> int:
    day = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return own_decisions.decided_since(actor, day)


@require_safe
@login_required
def queue_file(request: StaffRequest, kind: str) -> HttpResponseBase:
    """The pairs that wait, likeliest first, as a file to go through on paper; kind csv or xlsx."""
    actor = request.actor
    require(may_see_pairs(actor))
    pairs = queries.pairs_waiting(scope=pairs_seen_by(actor), limit=MOST_IN_FILE)
    lines = (line_of(pair) for pair in pairs)
    return people_file(request, "review", kind, headings(), lines, place="review_file")


def _next(
    request: StaffRequest, actor: Actor, *, after: int | None, done: int | None
) -> HttpResponse:
    """With htmx the next pair itself; without, its page."""
    if request.htmx:
        return _pair_or_end(request, actor, after=after, done=done)
    params = "&".join(f"{k}={v}" for k, v in (("after", after), ("done", done)) if v)
    page = reverse(_queue(request))
    return HttpResponseRedirect(f"{page}?{params}" if params else page)


def _queue(request: StaffRequest) -> str:
    """The name of the page of the queue that is gone through."""
    merged = request.path == reverse(_MERGED) or request.POST.get("queue") == _MERGED
    return _MERGED if merged else "review"


def _pair_or_end(
    request: StaffRequest, actor: Actor, *, after: int | None, done: int | None
) -> HttpResponse:
    queue = _queue(request)
    waiting = _waiting(actor, after, merged=queue == _MERGED)
    pair = waiting["pair"]
    if pair:
        listed(request, 2, "review", pair=pair.id)
    context = {
        **waiting,
        "queue": queue,
        "queue_url": reverse(queue),
        "doubtful": queries.doubtful_merges_number(scope=pairs_seen_by(actor)),
        "after": after,
        "undoable": _decided(done, actor),
        "decided_today": _decided_today(actor),
        "may_decide": pair is not None and may_decide_pair(pair.id, actor=actor),
        "command_id": new_command_id(),
    }
    template = "review/pair.html" if request.htmx else "review/page.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _waiting(actor: Actor, after: int | None, *, merged: bool) -> dict[str, Any]:
    asked = queries.doubtful_merges if merged else queries.pairs_waiting
    number = queries.doubtful_merges_number if merged else queries.pairs_waiting_number
    try:
        found = asked(scope=pairs_seen_by(actor), limit=1, after=after)
    except NotFoundInScope:  # the pair put off last left the territory: begin again
        found = asked(scope=pairs_seen_by(actor), limit=1)
    left = number(scope=pairs_seen_by(actor))
    return {"pair": pair_page(found[0]) if found else None, "left": left}


def _decided(done: int | None, actor: Actor) -> dict[str, Any] | None:
    """The decision just taken, if it still stands and can be undone."""
    if done is None:
        return None
    try:
        pair = queries.get_pair(done, scope=pairs_seen_by(actor), actor=actor)
    except NotFoundInScope:
        return None
    return (
        {"id": done, "same": pair.state == "same"} if pair.state in ("same", "different") else None
    )


def _number(request: StaffRequest, name: str) -> int | None:
    """A pair's number from the form or the address; anything else is none."""
    text = request.POST.get(name, "") or request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _pairs_left(actor: Actor) -> int | None:
    return (
        queries.pairs_waiting_number(scope=pairs_seen_by(actor)) if may_see_pairs(actor) else None
    )


HOME_COUNTS = {"review": _pairs_left}
urlpatterns = [
    path("review/", review, name="review"),
    path("review/qafila-review.<slug:kind>", queue_file, name="review_file"),
    path("review/mine/", my_decisions, name="my_decisions"),
    path("review/merged/", merged_by_machine, name=_MERGED),
    path("review/<int:pair_id>/", decide_pair, name="decide_pair"),
    path("review/<int:pair_id>/undo/", undo_decision, name="undo_decision"),
]
