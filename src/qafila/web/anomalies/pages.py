"""The anomaly queue: what was found at night, what to do about it, and how it was ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from qafila.contributions.access import (
    anomalies_seen_by,
    may_decide_money,
    may_see_anomalies,
    require_deciding,
)
from qafila.contributions.anomalies.actions import ASKED, end_work_item
from qafila.contributions.anomalies.kinds import KINDS
from qafila.contributions.anomalies.queries import (
    Matter,
    work_items,
    work_queue_counts,
)
from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.web.anomalies.kind_words import KIND_WORDS, kinds_of, remedy_of
from qafila.web.design.components import Link, Tab
from qafila.web.design.figures import month_text
from qafila.web.design.rooms import Room
from qafila.web.people.presenter import names_in_order
from qafila.web.site.areas import NavItem, Part, Waiting
from qafila.web.site.refusals import require, said_above
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import listed
from qafila.web.site.typed_fields import Line

NAV = (NavItem(gettext_lazy("Anomalies"), "anomalies", 54, may=may_see_anomalies, room=Room.MONEY),)
A_PAGE = 25
MINE, ALL = "mine", "all"
STATES = {
    "open": pgettext_lazy("anomaly", "To mend"),
    "done": pgettext_lazy("anomaly", "Ended by somebody"),
    "gone": pgettext_lazy("anomaly", "No longer found"),
}


class EndForm(forms.Form):
    """What was done about a matter."""

    outcome = Line(max_length=500)


@require_safe
@login_required
def anomalies(request: StaffRequest) -> HttpResponse:
    """The matters of the territory, oldest first: one's own to mend, one kind, or all; or ended."""
    actor = request.actor
    require(may_see_anomalies(actor))
    scope = anomalies_seen_by(actor)
    mine, counts = kinds_of(actor), work_queue_counts(scope=scope)
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    kind = _kind_asked(request.GET.get("kind"), counts, mine) if state == "open" else ALL
    found = work_items(
        scope=scope,
        kinds={MINE: mine, ALL: None}.get(kind, [kind]),
        state=state,
        after=_after(request),
        count=A_PAGE + 1,
    )
    listed(request, len(found[:A_PAGE]), "anomalies", kind=kind, state=state)
    here = _address(kind, state)
    one_kind = KINDS.get(kind)
    context = {
        "tabs": _tabs(counts, kind if state == "open" else "", mine),
        "matters": [_shown(one, actor) for one in found[:A_PAGE]],
        "matter": one_kind.matter if one_kind else "",
        "remedy": one_kind.remedy if one_kind else "",
        "next": f"{here}&after={found[A_PAGE - 1].item_id}" if len(found) > A_PAGE else "",
        "first": here if _after(request) else "",
        "kind": kind,
        "states": [Tab(word, _address(ALL, code), code == state) for code, word in STATES.items()],
        "ended": state != "open",
    }
    return render(request, "anomalies/page.html", context)


def _kind_asked(asked: str | None, counts: dict[str, int], mine: list[str]) -> str:
    """The kind of the address; else one's own matters where there are any, else all."""
    if asked in KINDS or asked in (MINE, ALL):
        return str(asked)
    return MINE if asked is None and any(counts.get(kind) for kind in mine) else ALL


def _address(kind: str, state: str = "open") -> str:
    address = f"{reverse('anomalies')}?kind={kind}"
    return address if state == "open" else f"{address}&state={state}"


def _after(request: StaffRequest) -> int | None:
    asked = request.GET.get("after", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None


def _tabs(counts: dict[str, int], current: str, mine: list[str]) -> list[Tab]:
    """One's own, all, then each kind that has matters, one's own kinds first."""
    ordered = [*mine, *(code for code in KINDS if code not in mine)]
    kinds = [code for code in ordered if counts.get(code) or code == current]
    own = sum(counts.get(code, 0) for code in mine)
    tabs = [
        Tab(pgettext_lazy("anomaly", "Mine to mend"), _address(MINE), current == MINE, own),
        Tab(pgettext_lazy("anomaly", "All"), _address(ALL), current == ALL, sum(counts.values())),
    ]
    return (tabs if mine else tabs[1:]) + [
        Tab(KIND_WORDS.get(code, code), _address(code), code == current, counts.get(code, 0))
        for code in kinds
    ]


def _shown(one: Matter, actor: Actor) -> dict[str, Any]:
    other = one.other_person_id
    return {
        "may_end": one.ended_at is None and may_decide_money(actor, one.province_code),
        "id": one.item_id,
        "kind": KIND_WORDS.get(one.kind, one.kind),
        "name": names_in_order(one.name_ar, one.name_latn)[0],
        "href": reverse("person", args=[one.person_id]),
        "matter": one.matter,
        "remedy": one.remedy,
        "mend": remedy_of(one, actor),
        "month": month_text(one.month) if one.month else "",
        "months": one.details.get("months", 0),
        "found_at": one.found_at,
        "ended_at": one.ended_at,
        "outcome": one.outcome,
        "asked": one.details.get(ASKED),
        "asked_by_me": one.details.get(ASKED, {}).get("by") == actor.id,
        "other": Link(_("The other file"), reverse("person", args=[other])) if other else None,
    }


@require_POST
@login_required
def end_anomaly(request: StaffRequest, item_id: int) -> HttpResponse:
    """End a matter with what was done about it, in a few words."""
    actor = request.actor
    require_deciding(actor)
    form = EndForm(request.POST)
    kind = request.POST.get("kind", "")
    back = _address(kind if kind in KINDS or kind == ALL else MINE)
    if not form.is_valid():
        messages.error(request, _("Write what was done about it, in 500 characters at most."))
        return redirect(back)
    with said_above(request):
        outcome = form.cleaned_data["outcome"]
        ended = end_work_item(item_id, outcome=outcome, actor=actor, at=clock.now())
        waits = _("Noted. A second person has to confirm it; the matter stays open until then.")
        messages.success(request, _("The matter was ended.") if ended else waits)
    return redirect(back)


def _waiting(actor: Actor) -> Waiting | None:
    """How many matters wait that this actor can mend, by kind; None for who sees none."""
    mine = kinds_of(actor) if may_see_anomalies(actor) else []
    if not mine:
        return None
    counts = work_queue_counts(scope=anomalies_seen_by(actor))
    parts = [
        Part(KIND_WORDS.get(kind, kind), counts[kind], _address(kind))
        for kind in mine
        if counts.get(kind)
    ]
    most = sorted(parts, key=lambda part: -part.number)[:4]
    return Waiting(sum(part.number for part in parts), tuple(most))


HOME_COUNTS = {"anomalies": _waiting}


urlpatterns = [
    path("anomalies/", anomalies, name="anomalies"),
    path("anomalies/<int:item_id>/end/", end_anomaly, name="end_anomaly"),
]
