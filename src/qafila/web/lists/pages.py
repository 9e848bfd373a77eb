"""Importing a list: upload, live progress, what was recognised, and the rows that were rejected."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.foundation.errors import DomainError
from qafila.lists import queries
from qafila.lists.access import may_import_lists, require_may_import
from qafila.lists.importing.rejected_rows import export_rejected
from qafila.lists.importing.uploads import receive_upload
from qafila.lists.queries import ImportProgress
from qafila.web.design.components import TAGS, Column, Progress, Row, Stat, Table, Tag
from qafila.web.design.figures import number_text
from qafila.web.lists.forms import UploadForm
from qafila.web.lists.words import field_word, source_word
from qafila.web.site.areas import NavItem
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import listed

NAV = (NavItem(gettext_lazy("Lists"), "lists", 40, may=may_import_lists),)
_STATES: dict[str, Tag] = {
    "waiting": Tag(pgettext_lazy("list", "Waiting to be read"), "info", "waiting"),
    "reading": TAGS["running"],
    "read": Tag(pgettext_lazy("list", "Being linked"), "info", "waiting"),
    "linked": TAGS["done"],
    "failed": TAGS["failed"],
}
_UNDER_WAY = ("waiting", "reading", "read")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def lists(request: StaffRequest) -> HttpResponse:
    """The imports so far and the form for the next one."""
    actor = request.actor
    require_may_import(actor)
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid():
        uploaded = form.cleaned_data["file"]
        try:
            record = receive_upload(uploaded.name, uploaded.chunks(), actor=actor, at=clock.now())
        except DomainError as refusal:
            form.add_error("file", refusal.sentence())
        else:
            return redirect("list_import", record.pk)
    imports = queries.imports_of(scope=actor.scope, actor=actor)
    context = {"form": form, "table": _table_of(imports)}
    return render(request, "lists/page.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def list_import(request: StaffRequest, import_id: int) -> HttpResponse:
    """One import: how far it is, then what was found in it. Reloads itself without JavaScript."""
    actor = request.actor
    require_may_import(actor)
    progress = queries.import_progress(import_id, scope=actor.scope, actor=actor)
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


def _table_of(imports: list[Any]) -> Table:
    columns = [
        Column("file", _("File")),
        Column("source", _("Kind of list")),
        Column("at", _("Imported on"), "moment"),
        Column("read", _("Rows read"), "number"),
        Column("accepted", _("Accepted"), "number"),
        Column("left_out", _("Rejected or repeated"), "number"),
        Column("state", _("State"), "tag"),
    ]
    rows = [
        Row(
            {
                "file": record.file_name,
                "source": source_word(record.source),
                "at": record.imported_at,
                "read": record.rows_read,
                "accepted": record.rows_accepted,
                "left_out": record.rows_rejected + record.rows_repeated,
                "state": _STATES[record.state],
            },
            href=reverse("list_import", args=[record.pk]),
        )
        for record in imports
    ]
    return Table(_("Lists imported"), columns, rows, empty=_("No list was imported yet."))


def _import_context(progress: ImportProgress, actor: Actor, *, under_way: bool) -> dict[str, Any]:
    context: dict[str, Any] = {
        "progress": progress,
        "state": _STATES[progress.state],
        "under_way": under_way,
        "bar": _bar(progress),
    }
    if under_way or progress.state == "failed":
        return context
    who: dict[str, Any] = {"scope": actor.scope, "actor": actor}
    return context | {
        "stats": _balance(progress),
        "source": source_word(progress.source),
        "sheets": [_columns_table(sheet) for sheet in queries.columns_found(progress.id, **who)],
        "rejected": _rejected_table(queries.rejected_rows(progress.id, repeated=True, **who)),
        "left_out": progress.rows_rejected + progress.rows_repeated,
    }


def _bar(progress: ImportProgress) -> Progress:
    note = {
        "waiting": _("The file waits for its turn."),
        "reading": _("Rows are being read."),
        "read": _("Rows are being linked to persons."),
    }.get(progress.state, "")
    known = progress.rows_expected or None
    return Progress(_("Rows"), progress.rows_read, known, note)


def _balance(progress: ImportProgress) -> list[Stat]:
    return [
        Stat(_("Rows read"), number_text(progress.rows_read)),
        Stat(_("Accepted"), number_text(progress.rows_accepted)),
        Stat(_("Rejected"), number_text(progress.rows_rejected)),
        Stat(_("Repeated"), number_text(progress.rows_repeated)),
    ]


def _columns_table(sheet: queries.SheetFound) -> dict[str, Any]:
    columns = [Column("heading", _("Heading in the file")), Column("field", _("Taken for"))]
    rows = [Row({"heading": h, "field": field_word(f)}) for h, f in sheet.columns.items()]
    rows += [Row({"heading": h, "field": _("Left out")}) for h in sheet.unknown_columns]
    name = sheet.name or _("The file")
    return {"name": name, "read": sheet.read, "table": Table(name, columns, rows)}


def _rejected_table(rows: list[queries.RowShown]) -> Table:
    columns = [
        Column("row", _("Row")),
        Column("reason", _("Reason")),
        Column("cells", _("As it came")),
    ]
    return Table(
        _("Rows left out"),
        columns,
        [
            Row(
                {
                    "row": f"{row.sheet} · {row.row_number}" if row.sheet else str(row.row_number),
                    "reason": " ".join(row.sentences),
                    "cells": " | ".join(cell for cell in row.cells if cell),
                }
            )
            for row in rows
        ],
        empty=_("Every row was accepted."),
    )


urlpatterns = [
    path("lists/", lists, name="lists"),
    path("lists/<int:import_id>/", list_import, name="list_import"),
    path("lists/<int:import_id>/rejected.csv", rejected_csv, name="rejected_rows"),
]
