"""What a merge would change, shown before it is done; and the merge."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from qafila.care.merge_preview import FileHolds, MergePreview, merge_preview
from qafila.enrolment.category_choice import CATEGORY_LABELS
from qafila.foundation import clock
from qafila.people.access import require_may_merge
from qafila.people.merging.merging import merge_persons
from qafila.web.design.components import TAGS, Column, Row, Table
from qafila.web.design.figures import money_text
from qafila.web.people import file_presenter as person_presenter
from qafila.web.people.presenter import names_in_order
from qafila.web.site.commands import command_id_of, new_command_id
from qafila.web.site.refusals import said_above
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def merge_files(request: StaffRequest, person_id: int, other_id: int) -> HttpResponse:
    """Both files and the common one side by side; posted, the other is merged into this one."""
    actor = request.actor
    scope = require_may_merge(actor)
    found = opened(request, person_id, "merge_files", scope=scope)
    opened(request, other_id, "merge_files", scope=scope)
    if request.method == "POST":
        with said_above(request):
            merge_persons(
                person_id,
                other_id,
                evidence={"by": "preview"},
                actor=actor,
                at=clock.now(),
                command_id=command_id_of(request),
            )
            messages.success(request, _("The two files are one now."))
            return redirect("person", person_id)
    preview = merge_preview(person_id, other_id, actor=actor, at=clock.now())
    context = {
        "head": person_presenter.head_of_person(found),
        "tabs": (),
        "other_id": other_id,
        "table": _table(preview),
        "preview": preview,
        "notes": list(_notes(preview)),
        "command_id": new_command_id(),
    }
    return render(request, "person/merge_files.html", context)


def _table(preview: MergePreview) -> Table:
    """A line for each thing the files hold, a column for each file and for the common one."""
    sides = [side for side in (preview.kept, preview.absorbed, preview.after) if side]
    columns = [
        Column("what", pgettext("merge", "What")),
        Column("0", _("This file")),
        Column("1", _("Other file")),
    ]
    if preview.after:
        columns.append(Column("2", _("After the merge")))
    return Table(
        _("What the merge would change"),
        columns,
        [
            Row({"what": label, **{str(n): tell(side) for n, side in enumerate(sides)}})
            for label, tell in _LINES
        ],
    )


def _names(side: FileHolds) -> str:
    return names_in_order(side.name_ar, side.name_latn)[0]


def _enrolments(side: FileHolds) -> str:
    told = []
    for one in side.enrolments:
        waits = _("waits for a decision") if one.undecided_since else ""
        words = (
            str(CATEGORY_LABELS.get(one.category, one.category)),
            one.fund_number,
            f"{one.effective_from:%m/%Y}",
            waits,
        )
        told.append(" ".join(filter(None, words)))
    return " · ".join(told) or "—"


_LINES = (
    (pgettext_lazy("merge", "Name"), _names),
    (pgettext_lazy("merge", "Numbers"), lambda side: " ".join(side.numbers) or "—"),
    (pgettext_lazy("merge", "Enrolments"), _enrolments),
    (pgettext_lazy("merge", "Register"), lambda side: " ".join(side.register_numbers) or "—"),
    (pgettext_lazy("merge", "Rights today"), lambda side: str(TAGS[side.rights].word)),
    (pgettext_lazy("merge", "Overdue"), lambda side: money_text(side.overdue_centimes)),
    (pgettext_lazy("merge", "Family declared"), lambda side: str(side.family)),
    (pgettext_lazy("merge", "Claims"), lambda side: str(side.claims)),
)


def _notes(preview: MergePreview) -> Iterable[str]:
    """What meets in the common file, as sentences."""
    if preview.undecided:
        yield _(
            "Two enrolments meet. The one that gives cover goes on; the other waits until the fund "
            "decides, and nothing is asked for it meanwhile."
        )
    if preview.claims_met:
        pairs = ", ".join(f"{one} / {other}" for one, other in preview.claims_met)
        yield _("The same care is claimed twice: claims %(pairs)s.") % {"pairs": pairs}
    if preview.declarations_met:
        yield _("Both files declared the same member of the family: one declaration will stand.")
    for label, number in preview.set_by:
        told = {"what": label, "number": number}
        yield _("Both have the same: %(what)s (%(number)s). The other file's are set by.") % told


urlpatterns = [
    path("people/<int:person_id>/merge/<int:other_id>/", merge_files, name="merge_files"),
]
