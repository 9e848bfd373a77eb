"""The house's background jobs: what waits, moves or failed; one that failed starts again here."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from qafila.foundation import clock
from qafila.foundation.queue.jobs import (
    living_workers,
    may_look_after_jobs,
    start_again,
    unfinished_jobs,
)
from qafila.web.design.rooms import Room
from qafila.web.jobs.presenter import jobs_table
from qafila.web.records.tables import table_page
from qafila.web.site.areas import NavItem
from qafila.web.site.refusals import require, said_above
from qafila.web.site.requests import StaffRequest

NAV = (
    NavItem(
        gettext_lazy("Background jobs"),
        "jobs",
        95,
        may=may_look_after_jobs,
        room=Room.ADMINISTRATION,
    ),
)
_SILENT_FOR = dt.timedelta(seconds=45)
MOST_SHOWN = 200


@require_safe
@login_required
def jobs(request: StaffRequest) -> HttpResponseBase:
    """Jobs that failed, then those under way and those that wait."""
    require(may_look_after_jobs(request.actor))
    found = unfinished_jobs(most=MOST_SHOWN)
    more = {"workers": living_workers(at=clock.now(), silent_for=_SILENT_FOR)}
    return table_page(request, "jobs", jobs_table(found), template="jobs/page.html", more=more)


@require_POST
@login_required
def job_again(request: StaffRequest, job_id: int) -> HttpResponse:
    """Start one again that failed for good."""
    require(may_look_after_jobs(request.actor))
    with said_above(request):
        start_again(job_id=job_id, actor=request.actor, at=clock.now())
        messages.success(request, _("The job was started again."))
    return redirect("jobs")


urlpatterns = [
    path("jobs/", jobs, name="jobs"),
    path("jobs/<int:job_id>/again/", job_again, name="job_again"),
]
