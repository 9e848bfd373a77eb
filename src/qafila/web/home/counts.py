"""What the home page counts besides what areas offer: money, accounts, jobs."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from qafila.contributions.access import (
    arrears_seen_by,
    may_post_everywhere,
    may_see_arrears,
    may_see_notes,
    notes_seen_by,
)
from qafila.contributions.arrears.queries import ArrearsBand, arrears_bands
from qafila.contributions.calls.month_runs.callable_months import callable_months
from qafila.contributions.payments.note_queries import waiting_notes_count
from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.foundation.queue.jobs import may_look_after_jobs, parked_jobs
from qafila.institutions.access import may_administer, require_administering
from qafila.institutions.queries import accounts_without_second_factor
from qafila.web.design.figures import month_text
from qafila.web.site.areas import Count, Part, Waiting


def _arrears(actor: Actor) -> Waiting | None:
    """People who owe something overdue, by the age of the oldest debt."""
    if not may_see_arrears(actor):
        return None
    bands = arrears_bands(scope=arrears_seen_by(actor))
    page = reverse("arrears")
    parts = [
        Part(_age(band), band.persons, f"{page}?age={place}")
        for place, band in enumerate(bands)
        if band.persons
    ]
    return Waiting(sum(band.persons for band in bands), tuple(parts))


def _age(band: ArrearsBand) -> str:
    if band.to_months is None:
        return _("More than %(months)s months") % {"months": band.from_months}
    if not band.from_months:
        return _("Up to a month")
    return _("%(from)s to %(to)s months") % {"from": band.from_months, "to": band.to_months}


def _months(actor: Actor) -> Waiting | None:
    """The months whose contributions can be issued now."""
    if not may_post_everywhere(actor):
        return None
    months = callable_months(at=clock.now())
    page = reverse("runs")
    return Waiting(len(months), tuple(Part(month_text(month), 0, page) for month in months[:3]))


def _notes(actor: Actor) -> int | None:
    """Receipts noted whose money has not come."""
    return waiting_notes_count(scope=notes_seen_by(actor)) if may_see_notes(actor) else None


def _accounts(actor: Actor) -> int | None:
    """Accounts that decide about people without a second factor."""
    if not may_administer(actor):
        return None
    return accounts_without_second_factor(scope=require_administering(actor), on=clock.today())


def _jobs(actor: Actor) -> int | None:
    """Jobs that failed for good."""
    return parked_jobs() if may_look_after_jobs(actor) else None


COUNTS: dict[str, Count] = {
    "arrears": _arrears,
    "runs": _months,
    "payment_notes": _notes,
    "staff": _accounts,
    "jobs": _jobs,
}
