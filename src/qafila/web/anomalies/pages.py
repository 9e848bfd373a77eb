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
from qafila.contributions.anomalies.actions import end_work_item
from qafila.contributions.anomalies.kinds import KINDS
from qafila.contributions.anomalies.queries import (
    Matter,
    work_items,
    work_queue_counts,
)
from qafila.foundation import clock
from qafila.web.design.components import Link, Tab
from qafila.web.design.figures import month_text
from qafila.web.people.presenter import names_in_order
from qafila.web.site.areas import MONEY, NavItem
from qafila.web.site.refusals import require, said_above
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import listed
from qafila.web.site.typed_fields import Line

NAV = (NavItem(gettext_lazy("Anomalies"), "anomalies", 54, may=may_see_anomalies, section=MONEY),)
A_PAGE = 25
KIND_WORDS = {
    "missing_fact": pgettext_lazy("anomaly", "Fact missing"),
    "two_activities_billed": pgettext_lazy("anomaly", "Two activities called"),
    "spouses_one_craft": pgettext_lazy("anomaly", "Spouses of one craft"),
    "called_after_cessation": pgettext_lazy("anomaly", "Called after the end"),
    "never_paid": pgettext_lazy("anomaly", "Never paid"),
    "plan_broken": pgettext_lazy("anomaly", "Plan broken"),
    "paid_twice": pgettext_lazy("anomaly", "Paid twice"),
    "note_unconfirmed": pgettext_lazy("anomaly", "A receipt not confirmed"),
    "year_unsettled": pgettext_lazy("anomaly", "A year not settled"),
    "paid_without_call": pgettext_lazy("anomaly", "Paid without a call"),
    "row_on_merged_file": pgettext_lazy("anomaly", "A record on a merged file"),
    "card_held_twice": pgettext_lazy("anomaly", "One card, two files"),
    "own_dependant": pgettext_lazy("anomaly", "Own dependant"),
    "member_declared_twice": pgettext_lazy("anomaly", "Member declared twice"),
    "child_of_two_families": pgettext_lazy("anomaly", "Child of two families"),
    "enrolments_undecided": pgettext_lazy("anomaly", "Two enrolments to decide"),
    "dead_but_enrolled": pgettext_lazy("anomaly", "Died, still enrolled"),
    "dead_but_registered": pgettext_lazy("anomaly", "Died, still registered"),
    "struck_off_but_enrolled": pgettext_lazy("anomaly", "Struck off, still enrolled"),
    "call_of_another": pgettext_lazy("anomaly", "Call of another person"),
    "money_of_another": pgettext_lazy("anomaly", "Money of another person"),
    "books_unbalanced": pgettext_lazy("anomaly", "Account out of balance"),
    "care_paid_twice": pgettext_lazy("anomaly", "Care paid twice"),
    "enrolled_without_entry": pgettext_lazy("anomaly", "Enrolled, never registered"),
    "same_child_twice": pgettext_lazy("anomaly", "One child, two declarations"),
    "marriage_not_allowed": pgettext_lazy("anomaly", "Marriage not allowed"),
    "married_too_young": pgettext_lazy("anomaly", "Married before eighteen"),
    "spouses_one_sex": pgettext_lazy("anomaly", "Spouses of one sex"),
    "parent_age_doubtful": pgettext_lazy("anomaly", "Ages of parent and child"),
    "parent_sex_unknown": pgettext_lazy("anomaly", "Father or mother unknown"),
    "spouse_and_child": pgettext_lazy("anomaly", "Spouse and child at once"),
    "told_after_death": pgettext_lazy("anomaly", "Told after a death"),
    "school_year_too_long": pgettext_lazy("anomaly", "Schooling beyond a year"),
    "care_of_the_dead": pgettext_lazy("anomaly", "Care outside a life"),
    "care_claimed_under_two_files": pgettext_lazy("anomaly", "Care claimed under two files"),
}


class EndForm(forms.Form):
    """What was done about a matter."""

    outcome = Line(max_length=500)


@require_safe
@login_required
def anomalies(request: StaffRequest) -> HttpResponse:
    """The open matters of the territory, oldest first, one kind or all."""
    actor = request.actor
    require(may_see_anomalies(actor))
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    counts = work_queue_counts(scope=anomalies_seen_by(actor))
    found = work_items(
        scope=anomalies_seen_by(actor), kind=kind or None, after=_after(request), count=A_PAGE + 1
    )
    listed(request, len(found[:A_PAGE]), "anomalies", kind=kind)
    here = f"{reverse('anomalies')}?kind={kind}"
    context = {
        "tabs": _tabs(counts, kind),
        "matters": [_shown(one) for one in found[:A_PAGE]],
        "next": f"{here}&after={found[A_PAGE - 1].item_id}" if len(found) > A_PAGE else "",
        "first": here if _after(request) else "",
        "may_end": may_decide_money(actor),
    }
    return render(request, "anomalies/page.html", context)


def _after(request: StaffRequest) -> int | None:
    asked = request.GET.get("after", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None


def _tabs(counts: dict[str, int], kind: str) -> list[Tab]:
    address, every = reverse("anomalies"), sum(counts.values())
    kinds = [code for code in KINDS if counts.get(code) or code == kind]
    return [Tab(pgettext_lazy("anomaly", "All"), address, not kind, every)] + [
        Tab(KIND_WORDS.get(code, code), f"{address}?kind={code}", code == kind, counts.get(code, 0))
        for code in kinds
    ]


def _shown(one: Matter) -> dict[str, Any]:
    other = one.other_person_id
    return {
        "id": one.item_id,
        "kind": KIND_WORDS.get(one.kind, one.kind),
        "name": names_in_order(one.name_ar, one.name_latn)[0],
        "href": reverse("person_money", args=[one.person_id]),
        "matter": one.matter,
        "remedy": one.remedy,
        "month": month_text(one.month) if one.month else "",
        "months": one.details.get("months", 0),
        "found_at": one.found_at,
        "other": Link(_("The other file"), reverse("person", args=[other])) if other else None,
    }


@require_POST
@login_required
def end_anomaly(request: StaffRequest, item_id: int) -> HttpResponse:
    """End a matter with what was done about it, in a few words."""
    actor = request.actor
    require_deciding(actor)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write what was done about it, in 500 characters at most."))
        return redirect("anomalies")
    with said_above(request):
        end_work_item(item_id, outcome=form.cleaned_data["outcome"], actor=actor, at=clock.now())
        messages.success(request, _("The matter was ended."))
    return redirect("anomalies")


urlpatterns = [
    path("anomalies/", anomalies, name="anomalies"),
    path("anomalies/<int:item_id>/end/", end_anomaly, name="end_anomaly"),
]
