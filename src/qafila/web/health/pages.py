"""For the machine that watches the machine."""

from __future__ import annotations

import datetime as dt

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qafila.foundation import clock
from qafila.foundation.database.schema import missing_migrations
from qafila.foundation.queue.jobs import living_workers, parked_jobs

_SILENT_FOR = dt.timedelta(seconds=45)


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 while the pages and the database answer, 503 otherwise; and whether jobs are done.

    jobs: "ok", or "no worker" when none told lately that it lives; parked: how many jobs failed for
    good and wait for somebody to look. database: "unreachable", or "not up to date" where a
    migration of this version has not been run.
    """
    try:
        with connection.cursor() as cursor:
            # Not asked for long: whoever watches wants the answer now.
            cursor.execute("SET statement_timeout = '2s'")
        behind = missing_migrations()
        workers = 0 if behind else living_workers(at=clock.now(), silent_for=_SILENT_FOR)
        parked = 0 if behind else parked_jobs()
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")
    except DatabaseError:
        connection.close()
        return JsonResponse({"pages": "ok", "database": "unreachable"}, status=503)
    if behind:
        return JsonResponse({"pages": "ok", "database": "not up to date"}, status=503)
    jobs = "ok" if workers else "no worker"
    return JsonResponse({"pages": "ok", "database": "ok", "jobs": jobs, "parked": parked})


urlpatterns = [path("health", health, name="health")]
