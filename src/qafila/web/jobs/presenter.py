"""Background jobs in the words of whoever looks after the house."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.foundation.queue.jobs import JobListed
from qafila.web.design.components import Tag

TASKS: dict[str, Promise] = {
    "lists.read_upload": _("Reading a list that was handed in"),
    "lists.relink_changed_rows": _("Linking what changed, every night"),
    "contributions.nightly": _("Corrections, relief and proofs, every night"),
    "contributions.dry_run": _("Dry run of a month"),
    "contributions.run_month": _("Run of a month"),
    "contributions.counter_post": _("Undoing the run of a month"),
    "contributions.check_payment_file": _("Check of a file of payments"),
    "contributions.book_payment_file": _("Booking of a file of payments"),
    "audit.find_unusual_reading": _("Search for unusual reading, every night"),
    "house.clear_out": _("Clearing what has expired, every night"),
}

STATES = {
    "todo": Tag(pgettext_lazy("job", "Waits"), "none", "waiting"),
    "doing": Tag(pgettext_lazy("job", "Under way"), "info", "waiting"),
    "failed": Tag(pgettext_lazy("job", "Failed"), "bad", "bad"),
}


@dataclass(frozen=True)
class JobShown:
    """A job as its line says it; `may_again` when a button starts it again."""

    job: JobListed
    word: str | Promise
    state: Tag
    may_again: bool


def jobs_shown(jobs: list[JobListed], *, may_start: bool) -> list[JobShown]:
    """Those that failed first, the oldest first among them."""
    ordered = sorted(jobs, key=lambda job: (job.status != "failed", job.job_id))
    return [
        JobShown(
            job,
            TASKS.get(job.task, job.task),
            STATES[job.status],
            may_start and job.status == "failed",
        )
        for job in ordered
    ]
