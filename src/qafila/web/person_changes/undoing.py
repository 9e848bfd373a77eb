"""What was just done in a file, taken back by one press: a contact, a correction, no family."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qafila.accompaniment.contacts import take_back_contact
from qafila.enrolment.family.family import take_back_no_family
from qafila.foundation import clock
from qafila.people.access import require_may_correct
from qafila.people.corrections import Correction, correct_person
from qafila.web.design.undo import Undo, say_done
from qafila.web.site.commands import command_id_of
from qafila.web.site.refusals import said_above
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened

_KEPT = "last_correction"


def undo_correction(
    request: StaffRequest, person_id: int, changes: Mapping[str, Correction]
) -> Undo:
    """The way back from a correction. What stood there is kept, sealed, in the session alone."""
    back = {name: [one.after, one.before] for name, one in changes.items()}
    request.session[_KEPT] = {"person": person_id, "changes": back}
    return Undo(reverse("undo_correction", args=[person_id]))


@require_POST
@login_required
def correction(request: StaffRequest, person_id: int) -> HttpResponse:
    """Give the fields of the last correction their values again, unless they changed since."""
    actor = request.actor
    opened(request, person_id, "correct", scope=require_may_correct(actor))
    kept = request.session.get(_KEPT)
    if not kept or kept["person"] != person_id:
        raise Http404
    changes = {name: Correction(*values) for name, values in kept["changes"].items()}

    def do() -> None:
        correct_person(
            person_id,
            changes=changes,
            actor=actor,
            at=clock.now(),
            command_id=command_id_of(request),
        )
        del request.session[_KEPT]  # what was refused may be tried again

    return _undone(request, person_id, _("The correction was undone."), do)


@require_POST
@login_required
def contact(request: StaffRequest, person_id: int, contact_id: int) -> HttpResponse:
    """Undo a contact that was written down by mistake."""
    actor = request.actor
    opened(request, person_id, "contact")

    def do() -> None:
        take_back_contact(
            contact_id,
            person_id=person_id,
            actor=actor,
            at=clock.now(),
            command_id=command_id_of(request),
        )

    return _undone(request, person_id, _("The contact was undone."), do)


@require_POST
@login_required
def no_family(request: StaffRequest, person_id: int) -> HttpResponse:
    """Take back that there is nobody to declare."""
    actor = request.actor
    opened(request, person_id, "no_family")

    def do() -> None:
        take_back_no_family(
            insured_id=person_id, actor=actor, at=clock.now(), command_id=command_id_of(request)
        )

    return _undone(request, person_id, _("It was taken back: ask about the family."), do)


def _undone(
    request: StaffRequest, person_id: int, told: str, do: Callable[[], None]
) -> HttpResponse:
    with said_above(request):
        do()
        say_done(request, told)
    return redirect("person", person_id)


urlpatterns = [
    path("people/<int:person_id>/correct/undo/", correction, name="undo_correction"),
    path("people/<int:person_id>/contact/<int:contact_id>/undo/", contact, name="undo_contact"),
    path("people/<int:person_id>/family/none/undo/", no_family, name="undo_no_family"),
]
