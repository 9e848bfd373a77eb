"""A file opened for somebody who has none, with what was typed into the search box."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.people.access import may_open_files, require_may_correct, seen_by
from qafila.people.errors import PerhapsKnown
from qafila.people.opening.begin_file import alike, begin_file, close_begun_file
from qafila.web.design.components import PersonChip
from qafila.web.design.rooms import Room
from qafila.web.design.undo import Undo, say_done
from qafila.web.opening.forms import NewPersonForm, typed_before
from qafila.web.people.presenter import chips_of
from qafila.web.site.areas import NavItem
from qafila.web.site.commands import answered, asked_on, command_id_of, new_command_id
from qafila.web.site.refusals import said_above, said_on
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import listed, opened

NAV = (
    NavItem(gettext_lazy("Open a file"), "begin_file", 24, may=may_open_files, room=Room.PEOPLE),
)
_FIELDS = {
    "name_missing": "full_name_ar",
    "place_needed": "commune",
    "place_elsewhere": "commune",
    "card_held_by_another": "card_number",
    "known_elsewhere": "card_number",
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def begin(request: StaffRequest) -> HttpResponse:
    """Ask who it is, show who may be the same, and open the file."""
    actor = request.actor
    require_may_correct(actor)
    query = request.GET.get("q", "").strip()[:120]
    sent = request.POST if request.method == "POST" else None
    form = NewPersonForm(sent, initial=typed_before(query))
    if sent is not None and form.is_valid():
        with said_on(form, by_code=_FIELDS):
            person = begin_file(
                form.new_person(),
                confirmed=answered(request),
                actor=actor,
                at=clock.now(),
                command_id=command_id_of(request),
            )
            undo = Undo(reverse("close_begun", args=[person]))
            say_done(request, _("The file was opened."), undo)
            return redirect("person", person)
    asked = asked_on(form)
    context = {
        "form": form,
        "query": query,
        "question": asked,
        "answered": answered(request),
        "alike": _alike(request, form, actor) if asked == PerhapsKnown.code else [],
        "command_id": new_command_id(),
    }
    return render(request, "opening/page.html", context, status=422 if form.errors else 200)


def _alike(request: StaffRequest, form: NewPersonForm, actor: Actor) -> list[PersonChip]:
    hits = alike(form.new_person(), scope=seen_by(actor))
    listed(request, len(hits), "begin_file")
    return chips_of(hits)


@require_POST
@login_required
def close(request: StaffRequest, person_id: int) -> HttpResponse:
    """Take back the opening of a file, while nothing else hangs on it."""
    actor = request.actor
    opened(request, person_id, "close_begun")
    back = reverse("person", args=[person_id])
    with said_above(request):
        close_begun_file(person_id, actor=actor, at=clock.now(), command_id=command_id_of(request))
        say_done(request, _("The file that was opened is closed again."))
        back = reverse("people")
    return redirect(back)


urlpatterns = [
    path("people/new/", begin, name="begin_file"),
    path("people/<int:person_id>/close/", close, name="close_begun"),
]
