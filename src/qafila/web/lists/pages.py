"""Importing a list: upload, live progress, what was recognised, and the rows that were rejected."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.foundation.errors import DomainError
from qafila.institutions.queries import institution_name, institutions_of_staff
from qafila.lists import queries
from qafila.lists.access import (
    MAY_IMPORT,
    imports_seen_by,
    may_import_lists,
    require_may_import,
)
from qafila.lists.errors import UploadGone
from qafila.lists.importing.putting_away import bring_back, put_away
from qafila.lists.importing.rejected_rows import export_rejected, export_remarks
from qafila.lists.importing.uploads import read_again, receive_upload
from qafila.lists.queries import ImportProgress
from qafila.lists.reading.labels import outcome_word
from qafila.lists.received_before import ReceivedBefore, received_before
from qafila.places.queries import province_choices
from qafila.web.design.components import Column, Progress, Row, Stat, Table
from qafila.web.design.figures import number_text
from qafila.web.design.rooms import Room
from qafila.web.design.undo import Undo, say_done
from qafila.web.lists.forms import UploadForm
from qafila.web.lists.imports_list import LISTING, SHOWN, STATES, Imports
from qafila.web.lists.known_headings import list_headings
from qafila.web.lists.row_list import list_rows
from qafila.web.lists.words import date_order_word, field_word, source_word
from qafila.web.records.listing import Around, asked_of, record_page
from qafila.web.site.areas import NavItem
from qafila.web.site.refusals import said_above
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import listed

NAV = (NavItem(gettext_lazy("Lists received"), "lists", 40, may=may_import_lists, room=Room.LISTS),)
_UNDER_WAY = ("waiting", "reading", "read")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def lists(request: StaffRequest) -> HttpResponseBase:
    """The imports so far and the form for the next one."""
    actor = request.actor
    scope = require_may_import(actor)
    sent = request.method == "POST"
    provinces, institutions = _provinces(actor), _institutions(actor)
    asked: dict[str, Any] = {
        "provinces": provinces,
        "institutions": institutions,
        "required": not scope.national,
    }
    form = UploadForm(request.POST, request.FILES, **asked) if sent else UploadForm(**asked)
    if sent and form.is_valid():
        uploaded = form.cleaned_data["file"]
        told = form.cleaned_data
        institution = told.get("institution") or _only(institutions)
        try:
            record = receive_upload(
                uploaded.name,
                uploaded.chunks(),
                actor=actor,
                at=clock.now(),
                institution=int(institution) if institution else None,
                province_code=told.get("province") or _only(provinces),
            )
        except DomainError as refusal:
            form.add_error("file", refusal.sentence())
        else:
            return redirect("list_import", record.pk)
    known = asked_of(request, filters={"shown": ("away",)})
    more = {"form": form}
    around = Around(filters=(SHOWN,), more=more)
    source = Imports(known, scope, actor)
    page = record_page(request, LISTING, source, known, template="lists/page.html", around=around)
    page.status_code = 422 if form.errors else 200
    return page


def _only(choices: list[tuple[str, str]]) -> str:
    """The answer to a question that has one answer, hence is not asked; else nothing."""
    return choices[0][0] if len(choices) == 1 else ""


def _institutions(actor: Actor) -> list[tuple[str, str]]:
    """The institutions for which the actor may hand in lists, by number."""
    found = institutions_of_staff(actor=actor, on=clock.today(), roles=MAY_IMPORT)
    language = get_language() or "fr"
    return [(str(one.pk), institution_name(one, language)) for one in found]


def _provinces(actor: Actor) -> list[tuple[str, str]]:
    """The provinces of the actor's territory, by name."""
    choices = province_choices(get_language() or "fr")
    inside = imports_seen_by(actor).covers
    return [(code, name) for code, name in choices if code and inside(code)]


@require_safe
@login_required
def list_import(request: StaffRequest, import_id: int) -> HttpResponse:
    """One import: how far it is, then what came of it. Reloads itself without JavaScript.

    Of a file that another institution had handed in before: that, and the rows of the reader's
    territory.
    """
    actor = request.actor
    scope = require_may_import(actor)
    before = received_before(import_id, actor=actor)
    if before is not None:
        listed(request, len(before.rows), "list_import", list=import_id)
        own = str(before.institution_id) in dict(_institutions(actor))
        found = {"before": before, "own": own, "table": _rows_of_territory(before)}
        return render(request, "lists/received.html", found)
    progress = queries.import_progress(import_id, scope=scope, actor=actor)
    under_way = progress.state in _UNDER_WAY
    context = _import_context(progress, actor, under_way=under_way)
    if "rejected" in context:
        listed(request, len(context["rejected"].rows), "list_import", list=import_id)
    template = "lists/state.html" if request.htmx else "lists/import.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_safe
@login_required
def rejected_csv(request: StaffRequest, import_id: int) -> HttpResponse:
    """The rejected and repeated rows with their reasons, for the sender to mend."""
    actor = request.actor
    content, rows = export_rejected(import_id, actor=actor, at=clock.now())
    listed(request, rows, "rejected_rows", list=import_id)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="qafila-rejected-{import_id}.csv"'
    return response


@require_safe
@login_required
def remarks_csv(request: StaffRequest, import_id: int) -> HttpResponse:
    """The accepted rows of which something was not understood, and what was done."""
    content, rows = export_remarks(import_id, actor=request.actor, at=clock.now())
    listed(request, rows, "list_remarks", list=import_id)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="qafila-remarks-{import_id}.csv"'
    return response


@require_POST
@login_required
def import_again(request: StaffRequest, import_id: int) -> HttpResponse:
    """Read a file again whose import failed through no fault of its own."""
    try:
        read_again(import_id, actor=request.actor, at=clock.now())
    except UploadGone as refusal:
        messages.error(request, refusal.sentence())
    return redirect("list_import", import_id)


@require_POST
@login_required
def put_away_list(request: StaffRequest, import_id: int) -> HttpResponse:
    """Put a file that could not be read out of the way."""
    with said_above(request):
        put_away(import_id, actor=request.actor, at=clock.now())
        undo = Undo(reverse("bring_back_list", args=[import_id]))
        say_done(request, _("The file was put away."), undo)
    return redirect("lists")


@require_POST
@login_required
def bring_back_list(request: StaffRequest, import_id: int) -> HttpResponse:
    """Bring back what was put away."""
    with said_above(request):
        bring_back(import_id, actor=request.actor, at=clock.now())
        messages.success(request, _("The file is back in the list."))
    return redirect("lists")


def _rows_of_territory(before: ReceivedBefore) -> Table:
    columns = [Column("row", _("Row")), Column("name", _("Name"))]
    rows = [
        Row(
            {"row": row.row_number, "name": row.full_name or _name_of(row)},
            href=reverse("person", args=[row.person_id]) if row.person_id else "",
        )
        for row in before.rows
    ]
    title = _("Rows of your territory")
    return Table(title, columns, rows, empty=_("No row of this list is of your territory."))


def _name_of(row: Any) -> str:
    return f"{row.family_name} {row.given_name}".strip()


def _import_context(progress: ImportProgress, actor: Actor, *, under_way: bool) -> dict[str, Any]:
    context: dict[str, Any] = {
        "progress": progress,
        "state": STATES[progress.state],
        "under_way": under_way,
        "bar": _bar(progress),
    }
    if progress.state == "failed":
        context["may_again"] = progress.may_again
    if under_way or progress.state == "failed":
        return context
    who: dict[str, Any] = {"scope": imports_seen_by(actor), "actor": actor}
    sheets = queries.columns_found(progress.id, **who)
    return context | {
        "stats": _balance(progress),
        "source": source_word(progress.source),
        "sheets": [_columns_table(sheet) for sheet in sheets],
        "unknown": sum(len(sheet.unknown_columns) for sheet in sheets),
        "rejected": _rejected_table(queries.rejected_rows(progress.id, repeated=True, **who)),
        "left_out": progress.rows_rejected + progress.rows_repeated + progress.rows_skipped,
        "remarked": progress.rows_remarked,
        "remarks": _remarks_table(queries.remarked_rows(progress.id, **who)),
        "came": _what_came(progress),
        "to_check": queries.pairs_to_check(progress.id, **who),
    }


def _what_came(progress: ImportProgress) -> list[Stat]:
    """New persons and rows of persons known before; nothing until that is known."""
    if progress.persons_new is None or progress.rows_known is None:
        return []
    return [
        Stat(_("New persons"), number_text(progress.persons_new)),
        Stat(_("Rows of persons known before"), number_text(progress.rows_known)),
    ]


def _bar(progress: ImportProgress) -> Progress:
    note = {
        "waiting": _("The file waits for its turn."),
        "reading": _("Rows are being read."),
        "read": _("Rows are being linked to persons."),
    }.get(progress.state, "")
    known = progress.rows_expected or None
    lasted = clock.now() - progress.began_at if progress.state == "reading" else None
    return Progress(_("Rows"), progress.rows_read, known, note, lasted)


def _balance(progress: ImportProgress) -> list[Stat]:
    rows = reverse("list_rows", args=[progress.id])
    figures = (
        (_("Rows read"), progress.rows_read, ""),
        (_("Accepted"), progress.rows_accepted, "accepted"),
        (_("Rejected"), progress.rows_rejected, "rejected"),
        (_("Repeated"), progress.rows_repeated, "repeated"),
        (_("Skipped"), progress.rows_skipped, "skipped"),
        (_("Accepted with remarks"), progress.rows_remarked, "remarked"),
    )
    return [
        Stat(
            label,
            number_text(number),
            href=f"{rows}?outcome={outcome}" if number and outcome else (rows if number else ""),
        )
        for label, number, outcome in figures
    ]


def _columns_table(sheet: queries.SheetFound) -> dict[str, Any]:
    columns = [
        Column("heading", _("Heading in the file"), "identifier"),
        Column("field", _("Taken for")),
    ]
    rows = [
        Row({"heading": h, "field": _taken_for(f, sheet.date_orders.get(h))})
        for h, f in sheet.columns.items()
    ]
    rows += [Row({"heading": h, "field": _("Left out")}) for h in sheet.unknown_columns]
    name = sheet.name or _("The file")
    return {"name": name, "read": sheet.read, "table": Table(name, columns, rows)}


def _taken_for(field: str, order: str | None) -> str:
    """The field, and of dates whether the day or the month was read first."""
    word = field_word(field)
    said = date_order_word(order) if order else ""
    return f"{word} ({said})" if said else word


def _rejected_table(rows: list[queries.RowShown]) -> Table:
    columns = [
        Column("row", _("Row")),
        Column("outcome", _("Outcome")),
        Column("reason", _("Reason")),
        Column("cells", _("As it came")),
    ]
    empty = _("Every row was accepted.")
    return Table(_("Rows left out"), columns, [_row_cells(row) for row in rows], empty=empty)


def _remarks_table(rows: list[queries.RowShown]) -> Table:
    columns = [
        Column("row", _("Row")),
        Column("reason", _("What was done")),
        Column("cells", _("As it came")),
    ]
    empty = _("Every cell was understood.")
    return Table(_("Remarks"), columns, [_row_cells(row) for row in rows], empty=empty)


def _row_cells(row: queries.RowShown) -> Row:
    return Row(
        {
            "row": f"{row.sheet} · {row.row_number}" if row.sheet else str(row.row_number),
            "outcome": outcome_word(row.outcome),
            "reason": " ".join(row.sentences),
            "cells": " | ".join(cell for cell in row.cells if cell),
        }
    )


urlpatterns = [
    path("lists/", lists, name="lists"),
    path("lists/headings/", list_headings, name="list_headings"),
    path("lists/<int:import_id>/", list_import, name="list_import"),
    path("lists/<int:import_id>/again/", import_again, name="import_again"),
    path("lists/<int:import_id>/rows/", list_rows, name="list_rows"),
    path("lists/<int:import_id>/away/", put_away_list, name="put_away_list"),
    path("lists/<int:import_id>/back/", bring_back_list, name="bring_back_list"),
    path("lists/<int:import_id>/rejected.csv", rejected_csv, name="rejected_rows"),
    path("lists/<int:import_id>/remarks.csv", remarks_csv, name="list_remarks"),
]
