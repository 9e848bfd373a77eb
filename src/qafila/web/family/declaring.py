"""A spouse or a child declared: asked, looked at with the cover and the papers, written down."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import qafila_law
from qafila.care.trial import CoverTold, WouldChange, what_would_change
from qafila.enrolment.access import require_declaring
from qafila.enrolment.family.family import DependantMoved, declare_dependant
from qafila.foundation import clock
from qafila.web.acts.flow import Act, Done, Follows, act_page, sent_to
from qafila.web.design.components import Link, Text
from qafila.web.design.figures import month_text
from qafila.web.design.undo import Undo, at_once
from qafila.web.family.member_forms import ChildForm, SpouseForm
from qafila.web.person_fund.presenter import compared
from qafila.web.site.commands import answered, command_id_of
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened

FORMS = {"spouse": SpouseForm, "child": ChildForm}
TITLES = {
    "spouse": gettext_lazy("Declare a spouse"),
    "child": gettext_lazy("Declare a child"),
}
_BIRTH = ("born_in_the_future", "child_older_than_parent", "parent_too_young", "parent_too_old",
          "born_after_death", "births_too_close", "spouse_too_young")  # fmt: skip
_FIELDS = dict.fromkeys(_BIRTH, "birth_date") | {
    "name_missing": "full_name_ar",
    "spouses_of_one_sex": "sex",
    "card_belongs_elsewhere": "card_number",
    "card_of_another": "card_number",
    "joined_in_the_future": "joined_on",
    "event_before_birth": "joined_on",
    "event_after_death": "joined_on",
    "school_year_too_long": "schooling_until",
    "leave_for_another_wife": "judges_leave",
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def declare_member(request: StaffRequest, person_id: int, relation: str) -> HttpResponse:
    """Ask who it is, show the cover and the papers that follow, and declare once confirmed."""
    if relation not in FORMS:
        raise Http404
    actor = request.actor
    scope = require_declaring(actor)
    found = opened(request, person_id, "family", scope=scope)
    form = FORMS[relation](sent_to(request))

    def declare(**more: Any) -> DependantMoved:
        return declare_dependant(
            insured_id=person_id,
            relation=relation,
            relative=form.relative(),
            facts=form.facts(answered(request)),
            actor=actor,
            at=clock.now(),
            **more,
        )

    def look() -> Follows:
        done: list[DependantMoved] = []
        today = clock.today()
        change = what_would_change(
            found.id,
            lambda: done.append(declare()),
            month=today,
            scope=scope,
            actor=actor,
            at=clock.now(),
        )
        return Follows(compared(change, month_text(today)), _notes(change, done[0]))

    def do() -> Done:
        moved = declare(command_id=command_id_of(request))
        back = reverse("remove_member", args=[person_id, moved.dependant_id])
        undo = Undo(back, {"reason": at_once()})
        return Done(_("The member of the family was declared."), undo=undo)

    within = Link(_("Family"), reverse("person_family", args=[person_id]))
    act = Act(TITLES[relation], _("Declare"), within)
    return act_page(request, act, form, look=look, do=do, found=found, field_of=_FIELDS)


def _notes(change: WouldChange, done: DependantMoved) -> list[Text]:
    """From which day the member is covered, or why not, and the papers the fund asks for."""
    of_member = [one for one in change.after.family if one.person_id == done.person_id]
    return [] if not of_member else [of_member[-1].why, *_papers(of_member[-1])]


def _papers(cover: CoverTold) -> list[str]:
    words = qafila_law.labels(get_language() or "ar")
    names = [words[f"documents_{code}"] for code in cover.papers]
    return [_("Papers to bring: %(papers)s.") % {"papers": " · ".join(names)}] if names else []


urlpatterns = [
    path(
        "people/<int:person_id>/family/declare/<slug:relation>/",
        declare_member,
        name="declare_member",
    ),
]
