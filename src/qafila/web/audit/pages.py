"""Who saw or changed this person, what did this agent read, which reading is unusual."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from qafila.audit import queries
from qafila.audit.access import may_audit, may_close_cases, require_closing, traces_seen_by
from qafila.audit.cases import cases, get_open_case, open_cases_number
from qafila.audit.closing import close_case
from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.people.queries import search_people
from qafila.people.search import kinds_asked
from qafila.web.acts.fields import DayField, ReasonField
from qafila.web.acts.flow import NOTHING_MORE, Act, act_page, sent_to
from qafila.web.audit import presenter as shown
from qafila.web.audit.words import CASES
from qafila.web.design.components import Fact, Link, Row
from qafila.web.design.rooms import Room
from qafila.web.design.table_files import table_file
from qafila.web.people.file_head import who_it_is
from qafila.web.people.presenter import chips_of, names_in_order
from qafila.web.records.listing import Around, asked_of, record_page
from qafila.web.records.tables import ByNumber, listing_of, table_page
from qafila.web.site.areas import NavItem
from qafila.web.site.refusals import require
from qafila.web.site.requests import StaffRequest
from qafila.web.site.traces import listed, opened, people_file

NAV = (
    NavItem(gettext_lazy("Unusual reading"), "audit", 80, may=may_audit, room=Room.AUDIT),
    NavItem(
        gettext_lazy("Who saw or changed a person"),
        "audit_search",
        81,
        may=may_audit,
        room=Room.AUDIT,
    ),
    NavItem(gettext_lazy("What an agent read"), "audit_agents", 82, may=may_audit, room=Room.AUDIT),
    NavItem(gettext_lazy("Sign-ins"), "audit_sign_ins", 83, may=may_audit, room=Room.AUDIT),
)
LAST_PAGE = 200


def _count(actor: Actor) -> int | None:
    return open_cases_number(scope=require_closing(actor)) if may_close_cases(actor) else None


HOME_COUNTS = {"audit": _count}


class DayForm(forms.Form):
    """Which day."""

    on = DayField(label=gettext_lazy("Day"), required=False)


class CloseForm(forms.Form):
    """What was found out."""

    reason = ReasonField(
        label=gettext_lazy("What did you find out?"),
        help_text=gettext_lazy("For the next reader of the case."),
    )


@require_safe
@login_required
def audit(request: StaffRequest) -> HttpResponse:
    """Cases of unusual reading, the latest day first: those that wait, or those that are closed."""
    actor = _watching(request)
    state = "closed" if request.GET.get("state") == "closed" else "open"
    found = cases(scope=traces_seen_by(actor), state=state, page=_page(request))
    context = {
        "state": state,
        "cases": shown.cases_shown(
            found[: queries.A_PAGE], actor.id, closes=may_close_cases(actor)
        ),
        **_turning(request, len(found)),
    }
    return render(request, "audit/page.html", context)


@require_safe
@login_required
def audit_cases_file(request: StaffRequest, kind: str) -> HttpResponseBase:
    """The cases of a state as a file."""
    actor = _watching(request)
    state = "closed" if request.GET.get("state") == "closed" else "open"
    found = cases(scope=traces_seen_by(actor), state=state, count=queries.MOST_IN_A_FILE)
    headings = [
        _("Day"),
        _("Agent"),
        _("Unusual reading"),
        _("People"),
        _("Usual"),
        _("Closed by"),
        _("Reason"),
    ]
    rows = [shown.case_row(one) for one in found[: queries.MOST_IN_A_FILE]]
    return table_file("unusual-reading", kind, headings, rows)


@login_required
def audit_case(request: StaffRequest, case_id: int) -> HttpResponse:
    """Close a case with what was found out."""
    actor = request.actor
    case = get_open_case(case_id, scope=require_closing(actor))
    name = names_in_order(case.name, case.name_latn)[0]
    act = Act(
        title=_("Close the case"),
        save=_("Close the case"),
        within=Link(_("Unusual reading"), reverse("audit")),
        facts=(
            Fact(_("Agent"), name),
            Fact(_("Day"), case.day, "day"),
            Fact(_("Unusual reading"), CASES[case.kind]),
            Fact(_("People"), case.people, "number"),
        ),
    )
    form = CloseForm(sent_to(request))

    def do() -> str:
        reason = form.cleaned_data["reason"]
        close_case(case_id, reason=reason, actor=actor, at=clock.now())
        return _("The case was closed.")

    return act_page(request, act, form, look=lambda: NOTHING_MORE, do=do)


@require_safe
@login_required
def audit_search(request: StaffRequest) -> HttpResponse:
    """Whose traces? The search box of people."""
    actor = _watching(request)
    query = request.GET.get("q", "").strip()[:120]
    result = search_people(query, scope=traces_seen_by(actor)) if query else None
    if result and not result.too_short:
        listed(request, len(result.hits), "audit_search", query=kinds_asked(query))
    people = [
        (chip, reverse("audit_person", args=[hit.id]))
        for hit, chip in zip(result.hits, chips_of(result.hits), strict=True)
    ] if result else []  # fmt: skip
    return render(request, "audit/search.html", {"asked": query, "people": people})


@require_safe
@login_required
def audit_person(request: StaffRequest, person_id: int) -> HttpResponse:
    """Who saw, changed or asked about a person."""
    actor = _watching(request)
    found = opened(request, person_id, "audit", scope=traces_seen_by(actor))
    traces = queries.traces_of_person(
        found.id, scope=traces_seen_by(actor), person=found, page=_page(request)
    )
    table = shown.traces_table(
        _("Who saw or changed this file"), traces[: queries.A_PAGE], whom=False, by=True
    )
    context = {
        "head": who_it_is(found),
        "person_id": found.id,
        "table": table,
        **_turning(request, len(traces)),
    }
    return render(request, "audit/person.html", context)


@require_safe
@login_required
def audit_person_file(request: StaffRequest, person_id: int, kind: str) -> HttpResponseBase:
    """The same as a file."""
    actor = _watching(request)
    found = opened(request, person_id, "audit_file", scope=traces_seen_by(actor))
    traces = queries.traces_of_person(
        found.id, scope=traces_seen_by(actor), person=found, count=queries.MOST_IN_A_FILE
    )
    return table_file(f"traces-{found.id}", kind, shown.HEADINGS, _rows(traces))


@require_safe
@login_required
def audit_agents(request: StaffRequest) -> HttpResponseBase:
    """Whose day? The agents of the territory, by a part of the name or of the address."""
    actor = _watching(request)
    query = request.GET.get("q", "").strip()[:120]
    found = shown.matching(queries.agents(scope=traces_seen_by(actor)), query)
    table = shown.agents_table(found)
    more = {"asked": query}
    return table_page(
        request, "audit_agents", table, template="audit/agents.html", more=more, kept=("q",)
    )


@require_safe
@login_required
def audit_agent(request: StaffRequest, account_id: int) -> HttpResponse:
    """What an agent read, changed and took along on a day."""
    scope = traces_seen_by(_watching(request))
    agent, day = queries.get_agent(account_id, scope=scope), _day(request)
    traces = queries.traces_of_agent(agent, day, scope=scope, page=_page(request))
    figures = queries.day_in_figures(agent, day, scope=scope)
    on_page = traces[: queries.A_PAGE]
    _log_agent(request, on_page, "audit_agent", account_id, day)
    before, after = shown.days_around(day, clock.today())
    context = {
        "name": names_in_order(agent.name, agent.name_latn)[0],
        "agent": agent,
        "day": day,
        "before": before,
        "after": after,
        "form": DayForm({"on": f"{day:%d/%m/%Y}"}),
        "posts": shown.posts_told(on_page[0].posts) if on_page else "",
        "stats": shown.figures_of(figures),
        "span": shown.span_of(figures),
        "table": shown.traces_table(_("What was read and changed"), on_page, whom=True, by=False),
        **_turning(request, len(traces)),
    }
    return render(request, "audit/agent.html", context)


@require_safe
@login_required
def audit_agent_file(request: StaffRequest, account_id: int, kind: str) -> HttpResponseBase:
    """An agent's day as a file."""
    scope = traces_seen_by(_watching(request))
    agent, day = queries.get_agent(account_id, scope=scope), _day(request)
    traces = queries.traces_of_agent(agent, day, scope=scope, count=queries.MOST_IN_A_FILE)
    return people_file(
        request,
        f"agent-{account_id}-{day.isoformat()}",
        kind,
        shown.HEADINGS,
        _rows(traces),
        place="audit_agent_file",
        agent=account_id,
        day=day.isoformat(),
    )


@require_safe
@login_required
def audit_sign_ins(request: StaffRequest) -> HttpResponseBase:
    """Sign-ins, sign-outs, failed tries and lock-outs of a day."""
    actor = _watching(request)
    day, refused = _day(request), request.GET.get("only") == "refused"

    def of_page(page: int) -> list[queries.Trace]:
        return queries.sign_ins(day, scope=traces_seen_by(actor), refused_only=refused, page=page)

    def rows(found: Sequence[queries.Trace]) -> Sequence[Row]:
        return shown.traces_table("", found, whom=False, by=True).rows

    table = shown.traces_table(_("Sign-ins of the day"), (), whom=False, by=True)
    asked = asked_of(request, filters={"only": ("refused",)}, first={"day": day.isoformat()})
    before, after = shown.days_around(day, clock.today())
    context = {
        "day": day,
        "before": before,
        "after": after,
        "refused": refused,
        "form": DayForm({"on": f"{day:%d/%m/%Y}"}),
    }
    return record_page(
        request,
        listing_of("audit_sign_ins", table, ordered=False),
        ByNumber(of_page, rows, queries.A_PAGE),
        asked,
        template="audit/sign_ins.html",
        around=Around(more=context),
    )


def _watching(request: StaffRequest) -> Actor:
    require(may_audit(request.actor))
    return request.actor


def _rows(traces: Sequence[queries.Trace]) -> Iterator[list[Any]]:
    """The rows of a file; a last one says so when there are more than it holds."""
    yield from (shown.file_row(one) for one in traces[: queries.MOST_IN_A_FILE])
    if len(traces) > queries.MOST_IN_A_FILE:
        yield [_("There are more: these are the latest. Ask for a single day.")]


def _log_agent(
    request: StaffRequest,
    traces: Sequence[queries.Trace],
    place: str,
    account_id: int,
    day: dt.date,
) -> None:
    people = len({one.person_id for one in traces if one.person_id is not None})
    listed(request, people, place, agent=account_id, day=day.isoformat())


def _page(request: StaffRequest) -> int:
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    return min(max(number, 1), LAST_PAGE)


def _turning(request: StaffRequest, found: int) -> dict[str, int]:
    """The numbers of the page before and of the next one; 0 where there is none."""
    page = _page(request)
    more = found > queries.A_PAGE and page < LAST_PAGE
    return {"page_before": page - 1, "page_after": page + 1 if more else 0}


def _day(request: StaffRequest) -> dt.date:
    """The day asked for, by a link or as somebody typed it; today for what is none or to come."""
    today = clock.today()
    form = DayForm(request.GET)
    typed = form.cleaned_data.get("on") if form.is_valid() else None
    try:
        asked = typed or dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return min(asked, today) if asked.year > 2000 else today


urlpatterns = [
    path("audit/", audit, name="audit"),
    path("audit/unusual.<str:kind>", audit_cases_file, name="audit_cases_file"),
    path("audit/unusual/<int:case_id>/", audit_case, name="audit_case"),
    path("audit/people/", audit_search, name="audit_search"),
    path("audit/people/<int:person_id>/", audit_person, name="audit_person"),
    path("audit/people/<int:person_id>.<str:kind>", audit_person_file, name="audit_person_file"),
    path("audit/agents/", audit_agents, name="audit_agents"),
    path("audit/agents/<int:account_id>/", audit_agent, name="audit_agent"),
    path("audit/agents/<int:account_id>.<str:kind>", audit_agent_file, name="audit_agent_file"),
    path("audit/sign-ins/", audit_sign_ins, name="audit_sign_ins"),
]
