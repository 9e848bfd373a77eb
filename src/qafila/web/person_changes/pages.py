"""What can be changed in a person's file: data, the application, the family, a contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qafila.accompaniment.access import require_contacting
from qafila.accompaniment.contacts import record_contact
from qafila.enrolment.access import require_declaring
from qafila.enrolment.family.family import (
    remove_dependant,
    state_no_family,
)
from qafila.enrolment.queries import dependants_of, enrolments_of
from qafila.foundation import clock
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.errors import DomainError, NotAllowed, NotFoundInScope
from qafila.lists.access import require_may_decide
from qafila.lists.queries import rows_of_person
from qafila.lists.reviewing.deciding import separate_row
from qafila.people.access import PersonFile, may_correct, require_may_correct, seen_by
from qafila.people.corrections import correct_person
from qafila.people.households import household_names
from qafila.register import actions as register
from qafila.register.access import require_receiving
from qafila.register.errors import names_of
from qafila.register.queries import all_trades, applications_of, entries_of
from qafila.web.design.undo import Undo, say_done
from qafila.web.people.file_head import head_of_person
from qafila.web.people.presenter import names_in_order
from qafila.web.person import tables
from qafila.web.person_changes import undoing
from qafila.web.person_changes.forms import (
    ApplicationForm,
    ContactForm,
    CorrectionForm,
)
from qafila.web.person_changes.undoing import undo_correction
from qafila.web.site.commands import answered, asked_on, command_id_of, new_command_id
from qafila.web.site.refusals import said_on
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened

_form_page = require_http_methods(["GET", "HEAD", "POST"])


@_form_page
@login_required
def correct(request: StaffRequest, person_id: int) -> HttpResponse:
    """Correct names, birth, card and phone from the document in hand."""
    actor = request.actor
    scope = require_may_correct(actor)
    found = opened(request, person_id, "correct", scope=scope)
    form = CorrectionForm(_sent(request), file=found, asked=request.GET.get("field", ""))
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        try:
            changed = correct_person(
                person_id,
                changes=form.changes(),
                household=request.POST.get("household", ""),
                confirmed=answered(request),
                actor=actor,
                at=at,
                command_id=command_id_of(request),
            )
        except NotFoundInScope:
            raise
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            done = _("The file was corrected.") if changed else _("Nothing was changed.")
            if not form.stays_within(scope):
                messages.success(request, done)
                messages.info(request, _("The person now belongs to another territory."))
                return redirect("people")
            # A move that others came along with, or were left by, is taken back with them in view.
            alone = changed and not request.POST.get("household")
            undo = undo_correction(request, person_id, form.changes()) if alone else None
            return _back(request, person_id, done, undo)
    about = {"form": form, "first": form.first(), "others": form.others()}
    return _form(request, "person_changes/correct.html", found, about, wrong=bool(form.errors))


@_form_page
@login_required
def contact(request: StaffRequest, person_id: int) -> HttpResponse:
    """Write down that the person was met, called or visited."""
    actor = request.actor
    scope = require_contacting(actor)
    found = opened(request, person_id, "contact", scope=scope)
    form = ContactForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            contact_id = record_contact(
                person_id=person_id,
                channel=form.cleaned_data["channel"],
                note=form.cleaned_data["note"],
                actor=actor,
                at=clock.now(),
                command_id=command_id_of(request),
            )
            undo = Undo(reverse("undo_contact", args=[person_id, contact_id]))
            return _back(request, person_id, _("The contact was recorded."), undo)
    return _form(
        request, "person_changes/contact.html", found, {"form": form}, wrong=bool(form.errors)
    )


@_form_page
@login_required
def application(request: StaffRequest, person_id: int) -> HttpResponse:
    """Open the person's application, complete it, and submit it once nothing is missing."""
    actor = request.actor
    scope = require_receiving(actor)
    found = opened(request, person_id, "application", scope=scope)
    mine = applications_of(found.id, scope=scope)
    current = next(
        (one for one in reversed(mine) if one.state in ("incomplete", "submitted")), None
    )
    entered = any(one.state == "active" for one in entries_of(found.id, scope=scope))
    conflict = current is not None and "register_number_conflict" in current.missing
    form = ApplicationForm(
        _sent(request),
        trades=all_trades(),
        conflict=conflict,
        initial={"trade": current.trade_id if current else None},
    )
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        with said_on(form):
            told = _carry_on(request, person_id, current.pk if current else None, form, actor, at)
            return _back(request, person_id, told)
    context = {
        "form": form,
        "current": current,
        "entered": entered,
        "missing": names_of(current.missing) if current else "",
    }
    return _form(
        request, "person_changes/application.html", found, context, wrong=bool(form.errors)
    )


def _carry_on(
    request: StaffRequest,
    person_id: int,
    application_id: int | None,
    form: ApplicationForm,
    actor: Actor,
    at: dt.datetime,
) -> str:
    """Open if there is none, complete, and submit when asked; tells what came of it."""
    who: dict[str, Any] = {"actor": actor, "at": at}
    if application_id is None:
        begun = register.open_application(
            person_id=person_id, command_id=command_id_of(request), **who
        )
        application_id = begun.application_id
    moved = register.complete_application(
        application_id=application_id,
        trade_id=form.cleaned_data["trade"],
        number_conflict_settled=form.cleaned_data.get("number_settled", False),
        **who,
    )
    if "submit" in request.POST:
        register.submit_application(application_id=application_id, **who)
    if "submit" in request.POST:
        return _("The application was submitted to the chamber.")
    if moved.missing:
        return _("Saved. Still missing: %(names)s") % {"names": names_of(moved.missing)}
    return _("Saved. Nothing is missing: the application can be submitted.")


@require_safe
@login_required
def family(request: StaffRequest, person_id: int) -> HttpResponse:
    """The spouse and children as declared, and who lives with the person."""
    actor = request.actor
    scope = require_declaring(actor)
    found = opened(request, person_id, "family", scope=scope)
    members = dependants_of(found.id, scope=scope)
    living = household_names(found.id, scope=scope)
    context = {
        "members": tables.members_shown(members),
        "household": [names_in_order(*names)[0] for names in living],
        "may_correct": may_correct(actor, found.person.province_id),
        "insured": bool(members) or _is_insured(found, scope),
    }
    return _form(request, "person_changes/family.html", found, context, wrong=False)


def _is_insured(found: PersonFile, scope: Scope) -> bool:
    """Whether a family can be declared: nobody has one at the fund before being declared there."""
    return any(one.state != "closed" for one in enrolments_of(found.id, scope=scope))


@require_POST
@login_required
def no_family(request: StaffRequest, person_id: int) -> HttpResponse:
    """Note that there is no spouse or child to declare."""
    actor = request.actor
    opened(request, person_id, "no_family")

    def do(at: dt.datetime) -> None:
        state_no_family(insured_id=person_id, actor=actor, at=at, command_id=command_id_of(request))

    undo = Undo(reverse("undo_no_family", args=[person_id]))
    return _try(request, person_id, _("It is recorded that there is nobody to declare."), do, undo)


@require_POST
@login_required
def remove_member(request: StaffRequest, person_id: int, dependant_id: int) -> HttpResponse:
    """Take a member out of the family, with the reason."""
    actor = request.actor
    _require_member(dependant_id, opened(request, person_id, "remove_member"), actor)

    def do(at: dt.datetime) -> None:
        remove_dependant(
            dependant_id=dependant_id,
            reason=request.POST.get("reason", ""),
            actor=actor,
            at=at,
            command_id=command_id_of(request),
        )

    return _try(request, person_id, _("The member was removed from the family."), do)


def _require_member(dependant_id: int, found: PersonFile, actor: Actor) -> None:
    """404 for another person's member. A mention already gone is told by the room."""
    members = dependants_of(found.id, scope=seen_by(actor))
    if dependant_id not in [one.pk for one in members]:
        raise NotFoundInScope(dependant=dependant_id)


def _try(
    request: StaffRequest,
    person_id: int,
    told: str,
    do: Callable[[dt.datetime], None],
    undo: Undo | None = None,
) -> HttpResponse:
    """Do it and go back to the file; a refusal goes back to the family with its sentence."""
    try:
        do(clock.now())
    except (NotFoundInScope, NotAllowed):
        raise
    except DomainError as refusal:
        messages.error(request, refusal.sentence())
        return redirect("person_family", person_id)
    return _back(request, person_id, told, undo)


@_form_page
@login_required
def separate(request: StaffRequest, person_id: int, row_id: int) -> HttpResponse:
    """Ask, then take a row that speaks of somebody else out of the file."""
    actor = request.actor
    scope = require_may_decide(actor)
    found = opened(request, person_id, "separate_row", scope=scope)
    rows = rows_of_person(found.id, scope=scope, person=found)
    row = next((one for one in rows if one.row.pk == row_id), None)
    if row is None:
        raise NotFoundInScope(row=row_id)
    if request.method != "POST":
        about = {"row": tables.rows_table([row]), "action": request.path}
        return _form(request, "person_changes/separate_row.html", found, about, wrong=False)
    try:
        done = separate_row(row_id, actor=actor, at=clock.now(), command_id=command_id_of(request))
    except (NotFoundInScope, NotAllowed):
        raise
    except DomainError as refusal:
        messages.error(request, refusal.sentence())
        return redirect("person_lists", person_id)
    return redirect(f"{reverse('person_lists', args=[person_id])}?parted={done.pair}")


def _sent(request: StaffRequest) -> QueryDict | None:
    """What the form sent, were it nothing at all; None when it is only shown."""
    return request.POST if request.method == "POST" else None


def _back(
    request: StaffRequest, person_id: int, told: str, undo: Undo | None = None
) -> HttpResponse:
    say_done(request, told, undo)
    return redirect("person", person_id)


def _form(
    request: StaffRequest,
    template: str,
    found: PersonFile,
    context: dict[str, Any],
    *,
    wrong: bool,
) -> HttpResponse:
    form = context.get("form")
    about = {
        "head": head_of_person(found, request),
        "command_id": new_command_id(),
        "question": asked_on(form) if form else "",
        "answered": answered(request),
    }
    return render(request, template, about | context, status=422 if wrong else 200)


urlpatterns = [
    *undoing.urlpatterns,
    path("people/<int:person_id>/correct/", correct, name="person_correct"),
    path("people/<int:person_id>/contact/", contact, name="person_contact"),
    path("people/<int:person_id>/application/", application, name="person_application"),
    path("people/<int:person_id>/family/", family, name="person_family"),
    path("people/<int:person_id>/family/none/", no_family, name="no_family"),
    path(
        "people/<int:person_id>/family/<int:dependant_id>/remove/",
        remove_member,
        name="remove_member",
    ),
    path("people/<int:person_id>/rows/<int:row_id>/separate/", separate, name="separate_row"),
]
