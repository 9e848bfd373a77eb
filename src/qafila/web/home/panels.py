"""What the home page shows besides work: how far the programme is, what to watch, the system."""

from __future__ import annotations

import datetime as dt
import shutil
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from qafila.audit.access import traces_seen_by
from qafila.audit.month_figures import watch_figures
from qafila.foundation import clock
from qafila.foundation.actors import Actor
from qafila.foundation.database.schema import missing_migrations
from qafila.foundation.queue.jobs import living_workers, parked_jobs
from qafila.indicators.definitions import Dimension
from qafila.indicators.filters import UNKNOWN
from qafila.indicators.queries import FunnelRow, funnel
from qafila.people.access import seen_by
from qafila.web.design.components import Bar, Stat
from qafila.web.design.figures import number_text, percent_text
from qafila.web.site.territory import address

WATCHED_DAYS = 30
BEHIND = 5
_SILENT_FOR = dt.timedelta(seconds=45)


def covered(actor: Actor) -> tuple[list[Stat], list[Bar]]:
    """How many are covered of all that are known, and the regions furthest behind. One query."""
    found = funnel(scope=seen_by(actor), by=Dimension.REGION)
    everyone, open_ = found.total.people("identified"), found.total.people("rights_open")
    page = reverse("funnel")
    stats = [
        Stat(
            _("Rights open"),
            number_text(open_),
            _("of those known:"),
            page,
            _share(open_, everyone),
        ),
        Stat(_("Not covered yet"), number_text(everyone - open_), "", reverse("stalled")),
    ]
    rows = [
        row for row in found.rows if row.value not in ("", UNKNOWN) and row.people("identified")
    ]
    rows.sort(key=lambda row: _share(row.people("rights_open"), row.people("identified")))
    return stats, [_bar(row) for row in rows[:BEHIND]]


def _bar(row: FunnelRow) -> Bar:
    count = row.people("rights_open")
    behind = next(one for one in row.counts if one.code == "rights_open")
    return Bar(
        row.label,
        count,
        _share(count, row.people("identified")),
        address("people_behind", behind.params),
    )


def _share(part: int, whole: int) -> Decimal:
    return Decimal(part) / whole if whole else Decimal(0)


def watched(actor: Actor) -> list[Stat]:
    """What an auditor looks at, of the last days."""
    since = clock.now() - dt.timedelta(days=WATCHED_DAYS)
    found = watch_figures(since, scope=traces_seen_by(actor))
    return [
        Stat(_("Merges"), number_text(found.merges)),
        Stat(_("Merges undone"), number_text(found.merges_undone)),
        Stat(_("Payments reversed"), number_text(found.payments_reversed)),
        Stat(_("Lists exported"), number_text(found.exports), "", reverse("audit_agents")),
    ]


def system_state() -> list[Stat]:
    """Whether jobs are done, the database is of this version, and the disk has room."""
    workers = living_workers(at=clock.now(), silent_for=_SILENT_FOR)
    parked, behind = parked_jobs(), missing_migrations()
    disk = shutil.disk_usage(settings.STATIC_ROOT)
    free = Decimal(disk.free) / disk.total
    jobs = reverse("jobs")
    return [
        Stat(_("Workers"), number_text(workers), "", jobs, tone="none" if workers else "bad"),
        Stat(_("Failed jobs"), number_text(parked), "", jobs, tone="bad" if parked else "none"),
        Stat(
            _("Database"),
            _("To be brought up to date") if behind else _("Up to date"),
            tone="bad" if behind else "none",
        ),
        Stat(
            _("Free on the disk"),
            percent_text(free),
            tone="bad" if free < Decimal("0.1") else "none",
        ),
    ]
