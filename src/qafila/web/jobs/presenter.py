"""Background jobs in the words of whoever looks after the house."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.foundation.queue.jobs import JobListed
from qafila.web.design.components import Column, Row, Table, Tag
from qafila.web.design.record_list import RecordColumn

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


def jobs_table(jobs: list[JobListed]) -> Table:
    """Those that failed first, the oldest first among them; a failed one can be started again."""
    columns = (
        Column("job", pgettext_lazy("job", "Job")),
        Column("about", pgettext_lazy("job", "About"), "identifier"),
        Column("state", _("State"), "tag"),
        Column("number", pgettext_lazy("job", "Number"), "identifier"),
        Column("tries", pgettext_lazy("job", "Tries"), "number"),
        Column("last", pgettext_lazy("job", "Last step"), "moment"),
        RecordColumn("again", pgettext_lazy("anomaly", "To do"), "part", part="jobs/again.html"),
    )
    ordered = sorted(jobs, key=lambda job: (job.status != "failed", job.job_id))
    rows = [
        Row(
            {
                "job": str(TASKS.get(job.task, job.task)),
                "about": job.about,
                "state": STATES[job.status],
                "number": job.job_id,
                "tries": job.attempts,
                "last": job.last_at,
                "again": {"id": job.job_id, "word": TASKS.get(job.task, job.task)}
                if job.status == "failed"
                else None,
            },
            href=_page_of(job),
        )
        for job in ordered
    ]
    empty = _("No job waits, and none failed.")
    return Table(_("Background jobs"), columns, rows, empty=empty)


_PAGES = {
    "lists.read_upload": "list_import",
    "contributions.dry_run": "run_ahead",
    "contributions.run_month": "run",
    "contributions.counter_post": "run",
}


def _page_of(job: JobListed) -> str:
    """The page that tells how far the job is, where there is one."""
    page = _PAGES.get(job.task)
    about = job.about[:7] if page != "list_import" else job.about
    try:
        return reverse(page, args=[about]) if page and about else ""
    except NoReverseMatch:  # a job of an earlier version speaks of what it is about otherwise
        return ""
