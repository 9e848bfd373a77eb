"""A person's household, and the declaration of a member corrected with its paper."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from qafila.enrolment.access import require_declaring
from qafila.enrolment.family.declarations import correct_declaration
from qafila.enrolment.queries import dependants_of
from qafila.foundation import clock
from qafila.foundation.errors import NotFoundInScope
from qafila.people.access import require_may_correct
from qafila.people.households import household_names, join_household, leave_household
from qafila.web.acts.fields import DayField, PaperField
from qafila.web.acts.flow import Act, Done, Follows, act_page, sent_to
from qafila.web.design.components import Fact, Link
from qafila.web.design.undo import Undo
from qafila.web.people.presenter import names_in_order
from qafila.web.site.commands import answered, command_id_of
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened
from qafila.web.site.typed_fields import Line

_form_page = require_http_methods(["GET", "HEAD", "POST"])
_FIELDS = {
    "household_proof_missing": "document",
    "proof_needed": "document",
    "same_household": "other",
    "not_found": "other",
    "joined_in_the_future": "joined_on",
    "event_before_birth": "joined_on",
}


class JoinForm(forms.Form):
    """With whom the person lives, by file number, and the paper of the address."""

    other = forms.IntegerField(
        label=gettext_lazy("File number of who they live with"),
        min_value=1,
        widget=forms.NumberInput(attrs={"dir": "ltr"}),
        help_text=gettext_lazy("It is at the end of the address of that file."),
    )
    document = PaperField(help_text=gettext_lazy("Such as: certificate of residence no. 12."))


class LeaveForm(forms.Form):
    """The paper that shows that the person lives elsewhere."""

    document = PaperField(help_text=gettext_lazy("Such as: certificate of residence no. 12."))


class DeclarationForm(forms.Form):
    """The day of the marriage or kafala and a judge's leave, with the paper."""

    joined_on = DayField(label=gettext_lazy("Day of the marriage or the kafala"), required=False)
    judges_leave = Line(
        label=gettext_lazy("Judge's leave for the marriage"), max_length=120, required=False
    )
    document = PaperField(label=gettext_lazy("Paper seen"), help_text="")


@_form_page
@login_required
def join(request: StaffRequest, person_id: int) -> HttpResponse:
    """Write down with whom the person lives, by the paper of the address."""
    actor = request.actor
    scope = require_may_correct(actor)
    found = opened(request, person_id, "join_household", scope=scope)
    form = JoinForm(sent_to(request))

    def look() -> Follows:
        other = opened(request, form.cleaned_data["other"], "join_household", scope=scope)
        told = names_in_order(other.person.full_name_ar, other.person.full_name_latn)[0]
        names = [told, *_names(household_names(other.id, scope=scope))]
        notes = [
            _("One household from now on: %(people)s.") % {"people": " · ".join(names)},
            _("The place of living follows the other file."),
        ]
        return Follows(notes=notes)

    def do() -> Done:
        join_household(
            person_id=person_id,
            with_person_id=form.cleaned_data["other"],
            document=form.cleaned_data["document"],
            actor=actor,
            at=clock.now(),
            command_id=command_id_of(request),
        )
        back = Undo(reverse("leave_household", args=[person_id]), asks=True)
        return Done(_("The household was recorded."), undo=back)

    act = Act(_("Lives with somebody"), _("Record it"), _family(person_id))
    return act_page(request, act, form, look=look, do=do, found=found, field_of=_FIELDS)


@_form_page
@login_required
def leave(request: StaffRequest, person_id: int) -> HttpResponse:
    """Write down that the person lives with the household no more."""
    actor = request.actor
    scope = require_may_correct(actor)
    found = opened(request, person_id, "leave_household", scope=scope)
    form = LeaveForm(sent_to(request))
    others = _names(household_names(found.id, scope=scope))

    def do() -> Done:
        leave_household(
            person_id=person_id,
            document=form.cleaned_data["document"],
            actor=actor,
            at=clock.now(),
            command_id=command_id_of(request),
        )
        back = Undo(reverse("join_household", args=[person_id]), asks=True)
        return Done(_("It is recorded that the person lives elsewhere."), undo=back)

    facts = [Fact(_("Lives with"), " · ".join(others))] if others else []
    act = Act(_("Lives there no more"), _("Record it"), _family(person_id), facts=facts)
    notes = [_("Rights do not change. The others stay one household.")]
    return act_page(
        request, act, form, look=lambda: Follows(notes=notes), do=do, found=found, field_of=_FIELDS
    )


@_form_page
@login_required
def correct(request: StaffRequest, person_id: int, dependant_id: int) -> HttpResponse:
    """Correct what was declared of a member, with the paper."""
    actor = request.actor
    scope = require_declaring(actor)
    found = opened(request, person_id, "correct_declaration", scope=scope)
    members = dependants_of(found.id, scope=scope)
    one = next((member for member in members if member.pk == dependant_id), None)
    if one is None or one.person is None:
        raise NotFoundInScope(dependant=dependant_id)
    day = f"{one.joined_on:%d/%m/%Y}" if one.joined_on else ""
    initial = {"joined_on": day, "judges_leave": one.judges_leave}
    form = DeclarationForm(sent_to(request), initial=initial)

    def do() -> str:
        typed = form.cleaned_data
        correct_declaration(
            dependant_id=dependant_id,
            joined_on=typed["joined_on"],
            judges_leave=typed["judges_leave"],
            document=typed["document"],
            confirmed=answered(request),
            actor=actor,
            at=clock.now(),
            command_id=command_id_of(request),
        )
        return _("The declaration was corrected.")

    name = names_in_order(one.person.full_name_ar, one.person.full_name_latn)[0]
    act = Act(
        _("Correct the declaration"),
        _("Correct it"),
        _family(person_id),
        facts=[Fact(_("Person"), name)],
    )
    notes = [_("What is left empty stays as it is. Rights follow the new days.")]
    return act_page(
        request, act, form, look=lambda: Follows(notes=notes), do=do, found=found, field_of=_FIELDS
    )


def _names(people: list[tuple[str, str]]) -> list[str]:
    return [names_in_order(*names)[0] for names in people]


def _family(person_id: int) -> Link:
    return Link(_("Family"), reverse("person_family", args=[person_id]))


urlpatterns = [
    path("people/<int:person_id>/household/join/", join, name="join_household"),
    path("people/<int:person_id>/household/leave/", leave, name="leave_household"),
    path(
        "people/<int:person_id>/family/<int:dependant_id>/correct/",
        correct,
        name="correct_declaration",
    ),
]
