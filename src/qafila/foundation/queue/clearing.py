"""What leaves by itself once its time is over: sessions, tokens, counts, jobs long done."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from oauth2_provider.models import clear_expired as clear_expired_tokens

from qafila.foundation.stores.shared_cache import forget_expired_values

JOBS_KEPT_DAYS = 30

_JOBS_LONG_DONE = """
DELETE FROM procrastinate_jobs WHERE status IN ('succeeded', 'cancelled', 'aborted') AND id IN (
  SELECT job_id FROM procrastinate_events GROUP BY job_id
  HAVING max(at) < now() - make_interval(days => %s)
)
"""


def clear_expired() -> None:
    """Delete sessions, access tokens and counted values that are over, and jobs long done.

    Jobs that failed stay: somebody still has to look at them.
    """
    call_command("clearsessions")
    clear_expired_tokens()
    while forget_expired_values():
        pass
    with connection.cursor() as cursor:
        cursor.execute(_JOBS_LONG_DONE, [JOBS_KEPT_DAYS])
