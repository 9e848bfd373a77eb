"""A merge and its undoing: what each would change is shown before it is done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qafila.care.merge_preview import merge_preview
from qafila.care.undo_preview import undo_preview
from qafila.foundation import clock
from qafila.foundation.errors import NotFoundInScope
from qafila.people.access import PersonFile, require_may_merge
from qafila.people.merging.merging import merge_persons
from qafila.people.merging.undoing import undo_merge as undo_this
from qafila.people.queries import merges_to_undo
from qafila.web.merging import presenter as shown
from qafila.web.people.file_head import head_of_person
from qafila.web.site.commands import command_id_of, new_command_id
from qafila.web.site.refusals import said_above
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened

_form_page = require_http_methods(["GET", "HEAD", "POST"])


@_form_page
@login_required
def merge_files(request: StaffRequest, person_id: int, other_id: int) -> HttpResponse:
    """Both files and the common one side by side; posted, the other is merged into this one."""
    actor = request.actor
    scope = require_may_merge(actor)
    found = opened(request, person_id, "merge_files", scope=scope)
    opened(request, other_id, "merge_files", scope=scope)
    if request.method == "POST":
        with said_above(request):
            done = merge_persons(
                person_id,
                other_id,
                evidence={"by": "preview"},
                actor=actor,
                at=clock.now(),
                command_id=command_id_of(request),
            )
            return redirect(f"{reverse('person_lists', args=[person_id])}?merged={done.merge}")
    preview = merge_preview(person_id, other_id, actor=actor, at=clock.now())
    sides = [(_("This file"), preview.kept), (_("Other file"), preview.absorbed)]
    if preview.after:
        sides.append((_("After the merge"), preview.after))
    return _looked_at(
        request,
        found,
        title=_("Merge these two files?"),
        save=_("Merge the other file into this one"),
        table=shown.holds_table(_("What the merge would change"), sides),
        refusal=preview.refusal,
        unlike=shown.unlike_told(preview),
        notes=list(shown.notes_on(preview)),
        claims=shown.claims_that_meet(preview, actor),
        back=reverse("person", args=[person_id]),
    )


@_form_page
@login_required
def undo_merge(request: StaffRequest, person_id: int, merge_id: int) -> HttpResponse:
    """What each file would hold again, or what stands against it; posted, the merge is undone."""
    actor = request.actor
    scope = require_may_merge(actor)
    found = opened(request, person_id, "undo_merge", scope=scope)
    merges = merges_to_undo(found.id, scope=scope, person=found)
    if merge_id not in [merge.pk for merge in merges]:
        raise NotFoundInScope(merge=merge_id)
    if request.method == "POST":
        with said_above(request):
            undone = undo_this(
                merge_id, actor=actor, at=clock.now(), command_id=command_id_of(request)
            )
            told = _("The merge was undone: the other person has file %(file)s again.")
            messages.success(request, told % {"file": undone.absorbed})
        return redirect("person_lists", person_id)
    preview = undo_preview(merge_id, person_id, actor=actor, at=clock.now())
    sides = [(_("Common file"), preview.common)]
    if preview.parts:
        kept, other = preview.parts
        sides += [(_("This file, after"), kept), (_("Other file, after"), other)]
    return _looked_at(
        request,
        found,
        title=_("Undo this merge?"),
        lead=_("Everything that moved with the merge goes back to the other file, as it was."),
        save=_("Undo this merge"),
        table=shown.holds_table(_("What the undoing would give back"), sides),
        refusal=preview.refusal,
        danger=True,
        back=reverse("person_lists", args=[person_id]),
    )


def _looked_at(request: StaffRequest, found: PersonFile, **told: Any) -> HttpResponse:
    """The files side by side, what stands against it or meets, and the button that does it."""
    asked: dict[str, Any] = {"lead": "", "unlike": "", "notes": [], "claims": [], "danger": False}
    about = {
        "head": head_of_person(found, request),
        "action": request.path,
        "command_id": new_command_id(),
    }
    return render(request, "merging/look.html", asked | about | told)


urlpatterns = [
    path("people/<int:person_id>/merge/<int:other_id>/", merge_files, name="merge_files"),
    path("people/<int:person_id>/merges/<int:merge_id>/undo/", undo_merge, name="undo_merge"),
]
