"""`qafila jobs …`: background jobs that wait, move or were parked."""

from __future__ import annotations

from typing import Annotated

import typer

from qafila.cli.django_setup import prepare_django

jobs_app = typer.Typer(help="Background jobs: list them, start one again.", no_args_is_help=True)


@jobs_app.command("list")
def list_jobs() -> None:
    """Show jobs that wait (todo), move (doing) or were parked (failed), one a line."""
    prepare_django()
    from qafila.foundation.queue.jobs import unfinished_jobs

    for job in unfinished_jobs():
        last = job.last_at.isoformat(timespec="seconds") if job.last_at else ""
        typer.echo(f"{job.job_id}\t{job.status}\t{job.queue}\t{job.task}\t{job.attempts}\t{last}")


@jobs_app.command("again")
def again(job_id: Annotated[int, typer.Argument(help="The job, as `jobs list` shows it.")]) -> None:
    """Start a parked job again."""
    prepare_django()
    from qafila.foundation.clock import now
    from qafila.foundation.queue.jobs import start_again
    from qafila.foundation.trail import system_actor

    start_again(job_id=job_id, actor=system_actor("command line"), at=now())
