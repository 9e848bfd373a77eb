"""Months and their runs: what was called, how far a run is, how a month differs from the last."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum

from qafila.contributions.access import require_posting_everywhere
from qafila.contributions.calls.preview import MonthPreview, preview_of
from qafila.contributions.models.calls_and_ledger import Call
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.scope import reference_data


@reference_data
def month_preview(month: dt.date, *, actor: Actor) -> MonthPreview:
    """A dry run of `month` with its differences from the month before; for those who may run it.

    Errors: NotAllowed, MonthOutsideScheme.
    """
    require_posting_everywhere(actor)
    return preview_of(month)


@dataclass(frozen=True)
class MonthFigures:
    """What was called for a month and what of it is settled, in a scope."""

    calls: int
    called_centimes: int
    settled_calls: int


def month_figures(month: dt.date, *, scope: Scope) -> MonthFigures:
    """Calls of `month` in the scope and how many of them are settled."""
    calls = Call.objects.filter(month=month)
    if not scope.national:
        calls = calls.filter(person__province_id__in=sorted(scope.province_codes))
    sums = calls.aggregate(total=Sum("amount_centimes", default=0))
    settled = calls.filter(settled_on__isnull=False).count()
    return MonthFigures(calls.count(), sums["total"], settled)
