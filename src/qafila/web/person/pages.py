"""A person's file: who, why not yet, the next step; money, lists, journal on pages of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qafila.accompaniment.history import history_of
from qafila.accompaniment.queries import file_of, with_dates
from qafila.care.access import may_see_claims
from qafila.contributions.access import may_note
from qafila.contributions.account.dues import dues_now
from qafila.contributions.account.queries import statement_of
from qafila.contributions.arrears.lateness import lateness
from qafila.contributions.arrears.plan_queries import plan_of
from qafila.foundation import clock
from qafila.foundation.access_log import readers_of
from qafila.foundation.actors import Scope
from qafila.foundation.errors import DomainError, NotAllowed, NotFoundInScope
from qafila.institutions.queries import staff_named
from qafila.lists import queries as lists_queries
from qafila.lists.access import may_decide_pairs
from qafila.lists.reviewing.deciding import decide_pair
from qafila.people.access import (
    PersonFile,
    may_correct,
    may_merge,
    may_see_readers,
    seen_by,
)
from qafila.people.errors import FileMerged
from qafila.people.queries import merges_to_undo
from qafila.rights import queries as rights_queries
from qafila.web.design.components import Stat, Table
from qafila.web.family.after_death import after_death
from qafila.web.payment_notes.presenter import notes_shown
from qafila.web.people import file_presenter as shown
from qafila.web.people.file_head import head_of_person
from qafila.web.people.identity import numbers_of, summary_of
from qafila.web.person import history, tables
from qafila.web.person_money import presenter
from qafila.web.review.evidence import evidence_shown, link_shown
from qafila.web.site.commands import command_id_of, new_command_id
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import opened

MOST_LINKS = 20


@require_safe
@login_required
def person(request: StaffRequest, person_id: int) -> HttpResponse:
    """Who it is, why not covered yet, the next step, the timeline, the register and the family."""
    actor = request.actor
    try:
        found = opened(request, person_id, "file", along=with_dates)
    except FileMerged as merged:
        return _led_to(request, merged.kept)
    file = file_of(found.id, scope=seen_by(actor), person=found)
    head = head_of_person(found, request)
    first = head.standing.action if head.standing else None
    context = {
        "file": file,
        "head": head,
        "covered": shown.is_closed(file) or shown.has_died(file) or file.rights == "open",
        "actions": shown.other_actions(file, actor, first),
        "died": after_death(found, clock.today(), actor) if shown.has_died(file) else None,
        "stations": shown.stations_of(file),
        "register": tables.register_table(file),
        "fund": tables.fund_table(file),
        "family": tables.family_table(file.dependants),
        "dues": _dues(found, seen_by(actor)) if file.enrolments else [],
    }
    return render(request, "person/file.html", context)


def _dues(found: PersonFile, scope: Scope) -> list[Stat]:
    dues = dues_now(found.id, clock.today(), scope=scope, person=found)
    return presenter.due_stats(dues)


def _led_to(request: StaffRequest, person_id: int) -> HttpResponse:
    """A merged file leads to the one that was kept."""
    messages.info(request, _("That file was merged into this one."))
    return redirect("person", person_id)


@require_safe
@login_required
def identity(request: StaffRequest, person_id: int) -> HttpResponse:
    """Who it is, line by line, each with the way to its correction; the numbers; the lists."""
    context = _head_context(request, person_id, "person_identity")
    found: PersonFile = context["person"]
    may = may_correct(request.actor, found.person.province_id)
    context |= {
        "summary": summary_of(found, may_correct=may),
        "numbers": numbers_of(found),
        "may_correct": may,
    }
    return render(request, "person/identity.html", context)


@require_safe
@login_required
def money(request: StaffRequest, person_id: int) -> HttpResponse:
    """What is owed and paid with the running balance, the rights, and the law's reasons."""
    actor = request.actor
    scope, today = seen_by(actor), clock.today()
    context = _head_context(request, person_id, "person_money")
    found: PersonFile = context["person"]
    province = found.person.province_id
    statement = statement_of(found.id, scope=scope, person=found)
    plan = plan_of(found.id, scope=scope, on=today, person=found)
    late = lateness(statement.overdue_on(today), today)
    month, steps = presenter.last_call_explained(statement)
    year, year_steps = presenter.last_year_explained(statement.years)
    told = rights_queries.rights_told(found.id, today, scope=scope, person=found)
    context |= {
        "stats": presenter.stats_of(
            statement, late, told.if_paid, covered=told.rights.status == "open"
        ),
        "lines": presenter.account_lines(statement),
        "older": max(0, len(statement.lines) - presenter.MOST_LINES),
        "called_month": month,
        "call_steps": steps,
        "notes": notes_shown(statement.notes),
        "may_note": {one.note_id for one in statement.notes if may_note(actor, province)},
        "settled_year": year,
        "year_steps": year_steps,
        "rights_why": presenter.rights_sentence(told.rights),
        "rights_steps": presenter.explained(told.answer.steps),
        "plan": plan,
        "plan_state": presenter.PLAN_STATES[plan.state] if plan else None,
        "plan_table": presenter.plan_table(plan) if plan else None,
        "actions": presenter.money_actions(statement, plan, actor, province),
    }
    return render(request, "person/money.html", context)


@require_safe
@login_required
def lists(request: StaffRequest, person_id: int) -> HttpResponse:
    """The list rows that speak of the person, why they were linked, and the merges to undo."""
    actor = request.actor
    context = _head_context(request, person_id, "person_lists")
    found: PersonFile = context["person"]
    province = found.person.province_id
    known: dict[str, Any] = {"scope": seen_by(actor), "person": found}
    pairs = lists_queries.pairs_of_person(found.id, **known)
    joined = [pair for pair in pairs if pair.state != "different"]
    rows = lists_queries.rows_of_person(found.id, **known)
    context |= {
        "rows": tables.rows_table(rows, separable=may_decide_pairs(actor, province)),
        "links": [link_shown(pair) for pair in joined[:MOST_LINKS]],
        "more_links": max(0, len(joined) - MOST_LINKS),
        "apart": [link_shown(pair) for pair in pairs if pair.state == "different"][:MOST_LINKS],
        "merges": [
            {"merge": merge, "evidence": evidence_shown(merge.evidence.get("evidence", ()))}
            for merge in merges_to_undo(found.id, **known)
        ],
        "may_merge": may_merge(actor, province),
        "may_decide": may_decide_pairs(actor, province),
        "parted": _numbered(request, "parted"),
        "merged": _numbered(request, "merged"),
        "command_id": new_command_id(),
    }
    return render(request, "person/lists.html", context)


def _numbered(request: StaffRequest, name: str) -> int | None:
    """What was just done from or led to this page, by its number, so that it can be undone."""
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None


@require_safe
@login_required
def journal(request: StaffRequest, person_id: int) -> HttpResponse:
    """What was done about the person, and, for those who watch over it, who read the file."""
    actor = request.actor
    try:
        found = opened(request, person_id, "journal")
    except FileMerged as merged:
        return _led_to(request, merged.kept)
    watches = may_see_readers(actor, found.person.province_id)
    without = () if may_see_claims(actor, found.person.province_id) else ("care",)
    kind, before = request.GET.get("kind", ""), request.GET.get("before", "")
    told = history_of(
        found.id,
        today=clock.today(),
        scope=seen_by(actor),
        person=found,
        kind=kind,
        without=without,
        before=before,
    )
    context = {
        "head": head_of_person(found, request),
        "timeline": history.timeline_of(told.happened),
        "kinds": history.kind_tabs(request.path, kind, without),
        "next": history.onwards(request.path, kind, told.before),
        "first": request.path if before else "",
        "readers": _readers(readers_of(found.id)) if watches else None,
    }
    return render(request, "person/journal.html", context)


def _readers(read: Sequence[Any]) -> Table:
    staff = staff_named((one.reader_id for one in read), on=clock.today())
    return tables.readers_table(read, staff)


def _head_context(request: StaffRequest, person_id: int, current: str) -> dict[str, Any]:
    """The head of the file for its other pages. A merged file has none: 404."""
    found = opened(request, person_id, current.removeprefix("person_"))
    return {
        "person": found,
        "head": head_of_person(found, request),
    }


@require_POST
@login_required
def part_pair(request: StaffRequest, person_id: int, pair_id: int) -> HttpResponse:
    """Say that two rows linked into this file are two people."""
    actor = request.actor
    opened(request, person_id, "part_pair")
    back = reverse("person_lists", args=[person_id])
    try:
        decide_pair(
            pair_id, same=False, actor=actor, at=clock.now(), command_id=command_id_of(request)
        )
    except (NotFoundInScope, NotAllowed):
        raise
    except DomainError as refusal:
        messages.error(request, refusal.sentence())
        return redirect(back)
    return redirect(f"{back}?parted={pair_id}")


urlpatterns = [
    path("people/<int:person_id>/", person, name="person"),
    path("people/<int:person_id>/identity/", identity, name="person_identity"),
    path("people/<int:person_id>/money/", money, name="person_money"),
    path("people/<int:person_id>/rows/", lists, name="person_lists"),
    path("people/<int:person_id>/journal/", journal, name="person_journal"),
    path("people/<int:person_id>/pairs/<int:pair_id>/part/", part_pair, name="part_pair"),
]
