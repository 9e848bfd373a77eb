"""Attestations of rights of a person and the family: issue, print, withdraw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.foundation.errors import DomainError, NotFoundInScope
from qafila.people.access import PersonFile, seen_by
from qafila.rights.access import may_attest
from qafila.rights.attestations import (
    AttestationTold,
    attest,
    attestation_sheet,
    attestations_of,
    withdraw_attestation,
)
from qafila.rights.family import family_rights
from qafila.rights.queries import rights_of
from qafila.web.design.pdf_answers import pdf_answer
from qafila.web.design.undo import Undo, at_once, say_done
from qafila.web.people import file_presenter as shown
from qafila.web.people.file_head import head_of_person
from qafila.web.people.presenter import names_in_order
from qafila.web.site.commands import command_id_of, new_command_id
from qafila.web.site.refusals import said_above
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened


@dataclass(frozen=True)
class ForWhom:
    """Somebody an attestation can be made for; `dependant_id` empty for the insured person."""

    name: str
    rights: Any
    dependant_id: int | None
    command_id: str


@dataclass(frozen=True)
class SheetShown:
    """An attestation of the list, with the id of the form that withdraws it."""

    sheet: AttestationTold
    name: str
    rights: Any
    command_id: str


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def attestations(request: StaffRequest, person_id: int) -> HttpResponse:
    """Make an attestation for the person or a member of the family; those made so far."""
    actor = request.actor
    found, today = opened(request, person_id, "attestations"), clock.today()
    if request.method == "POST":
        return _made(request, person_id, actor)
    head = head_of_person(found, request)
    own = rights_of(found.id, today, scope=seen_by(actor), person=found)
    whom = [ForWhom(head.name, shown.rights_tag(own.status), None, new_command_id())]
    for one in family_rights(found.id, today, scope=seen_by(actor), person=found):
        name = names_in_order(one.name_ar, one.name_latn)[0]
        tag = shown.rights_tag(one.status)
        whom.append(ForWhom(name, tag, one.dependant_id, new_command_id()))
    context = {
        "head": head,
        "whom": whom,
        "sheets": [_shown(one) for one in attestations_of(found.id, scope=seen_by(actor))],
        "may": may_attest(actor, found.person.province_id),
    }
    return render(request, "attestations/page.html", context)


def _made(request: StaffRequest, person_id: int, actor: Actor) -> HttpResponse:
    asked = request.POST.get("dependant", "")
    dependant_id = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None
    made = attest(
        person_id,
        clock.today(),
        dependant_id=dependant_id,
        actor=actor,
        at=clock.now(),
        command_id=command_id_of(request),
    )
    told = _("Attestation no. %(serial)s was made: open it below to print it.")
    back = reverse("withdraw_attestation", args=[person_id, made.serial])
    say_done(request, told % {"serial": made.serial}, Undo(back, {"reason": at_once()}))
    return redirect("attestations", person_id)


@require_safe
@login_required
def sheet(request: StaffRequest, person_id: int, serial: int) -> HttpResponse:
    """The sheet as a PDF, its code leading to the public page that checks it."""
    actor = request.actor
    _require_of_file(serial, opened(request, person_id, "attestation"), actor)
    address = request.build_absolute_uri(reverse("verify"))
    try:
        content = attestation_sheet(serial, scope=seen_by(actor), verify_at=address)
    except NotFoundInScope:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.sentence())
        return redirect("attestations", person_id)
    return pdf_answer(content, f"attestation-{serial}")


@require_POST
@login_required
def withdraw(request: StaffRequest, person_id: int, serial: int) -> HttpResponse:
    """Withdraw an attestation, with the reason."""
    actor = request.actor
    _require_of_file(serial, opened(request, person_id, "withdraw_attestation"), actor)
    with said_above(request):
        withdraw_attestation(
            serial,
            reason=request.POST.get("reason", ""),
            actor=actor,
            at=clock.now(),
            command_id=command_id_of(request),
        )
        messages.success(request, _("The attestation was withdrawn: its code says so from now on."))
    return redirect("attestations", person_id)


def _require_of_file(serial: int, found: PersonFile, actor: Actor) -> None:
    known = attestations_of(found.id, scope=seen_by(actor))
    if serial not in [one.serial for one in known]:
        raise NotFoundInScope(attestation=serial)


def _shown(one: AttestationTold) -> SheetShown:
    name = names_in_order(one.name_ar, one.name_latn)[0]
    return SheetShown(one, name, shown.rights_tag(one.status), new_command_id())


urlpatterns = [
    path("people/<int:person_id>/attestations/", attestations, name="attestations"),
    path("people/<int:person_id>/attestations/<int:serial>.pdf", sheet, name="attestation_sheet"),
    path(
        "people/<int:person_id>/attestations/<int:serial>/withdraw/",
        withdraw,
        name="withdraw_attestation",
    ),
]
