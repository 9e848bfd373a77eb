"""What those who look after the house's jobs write in the journal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation import journal

STARTED_AGAIN = journal.register(
    "foundation.job_started_again", _("The background job %(job)s (%(task)s) was started again.")
)
