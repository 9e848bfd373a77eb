"""The whole chain on a folder of lists, stage by stage: what `qafila demo` runs and reports."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from qafila.foundation.actors import WHOLE_COUNTRY, Actor
from qafila.foundation.clock import day_of

LIST_ENDINGS = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods"})
# Share of the month's calls the generated payments file settles, and what makes it repeatable.
DEMONSTRATION_PAYING_SHARE = 0.6
DEMONSTRATION_SEED = 2026

# The parts of the chain that lists alone carry, as the progress bars call them.
PARTS = {
    "identify": gettext_lazy("Rows linked into persons"),
    "register": gettext_lazy("Register"),
    "enrol": gettext_lazy("Enrolment and dependants"),
}

Report = Callable[[int, int], None]


_BALANCE = ("rows_read", "rows_accepted", "rows_rejected", "rows_repeated", "rows_skipped")


@dataclass
class ChainFigures:
    """The figures of one run of the chain; money in DH with two decimals."""

    month: str
    files: list[dict[str, Any]] = field(default_factory=list)
    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    rows_repeated: int = 0
    rows_skipped: int = 0
    persons: int = 0
    register_entries: int = 0
    applications_incomplete: int = 0
    enrolled: int = 0
    dependants: int = 0
    calls: int = 0
    called_dh: Decimal = Decimal(0)
    payments: int = 0
    paid_dh: Decimal = Decimal(0)
    rights_open: int = 0
    rights_suspended: int = 0
    rights_waiting: int = 0
    rights_closed: int = 0
    rights_none: int = 0
    rights_reasons: dict[str, int] = field(default_factory=dict)
    why_not_covered: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def balanced(self) -> bool:
        """Whether the balance of rows holds, and every person has one rights status."""
        rows = self.rows_accepted + self.rows_rejected + self.rows_repeated + self.rows_skipped
        rights = (
            self.rights_open
            + self.rights_suspended
            + self.rights_waiting
            + self.rights_closed
            + self.rights_none
        )
        return self.rows_read == rows and self.persons == rights


def list_files_in(folder: Path) -> list[Path]:
    """The list files of a folder, by ending, in alphabetical order."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and path.suffix.lower() in LIST_ENDINGS and not path.name.startswith(".")
    )


class Chain:
    """Runs the stages in order, each with a progress bar, and gathers the figures."""

    def __init__(
        self,
        *,
        month: dt.date,
        actor: Actor,
        at: dt.datetime,
        console: Console,
        past: bool = False,
    ) -> None:
        """With `past` the lists came some months before, and those months were called and paid."""
        from qafila.demonstration.past import first_month_of_past, moment_in

        self.month = month
        self.begun = first_month_of_past(month) if past else month
        self.past = past
        self.actor = actor
        self.at = at
        self.console = console
        self.figures = ChainFigures(month=f"{month:%Y-%m}")
        self.sentences: list[str] = []
        self.reason_labels: dict[str, str] = {}
        self._who: dict[str, Any] = {"actor": actor, "at": moment_in(self.begun) if past else at}
        self._progress = Progress(
            TextColumn("[bold]{task.description:<34}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )

    def run(self, files: list[Path]) -> ChainFigures:
        """Run every stage on `files`; the database is ready and empty."""
        with self._progress:
            self._load_reference()
            self._import(files)
            if self.figures.rows_accepted:
                for part, name in PARTS.items():
                    with self._stage(str(name), self._steps_of(part)) as report:
                        self._carry_on(part, report)
                self._contribute()
                self._derive()
        return self.figures

    def _load_reference(self) -> None:
        from qafila.demonstration.tariffs import load_demonstration_tariffs
        from qafila.institutions.actions import load_institutions
        from qafila.places.actions import load_places
        from qafila.register.actions import load_trades

        loads = (load_places, load_institutions, load_trades, load_demonstration_tariffs)
        with self._stage(_("Reference data"), len(loads)) as report:
            for done, load in enumerate(loads, 1):
                load(**self._who)
                report(done, len(loads))

    def _import(self, files: list[Path]) -> None:
        from qafila.lists.importing.import_file import import_file

        with self._stage(_("Lists read"), len(files)) as report:
            for done, path in enumerate(files, 1):
                outcome = import_file(path, **self._who)
                self.sentences += [str(sentence) for sentence in outcome.sentences]
                for name in _BALANCE:
                    setattr(
                        self.figures, name, getattr(self.figures, name) + getattr(outcome, name)
                    )
                self.figures.files.append(
                    {
                        "file": path.name,
                        "source": outcome.source,
                        "rows_read": outcome.rows_read,
                        "rows_accepted": outcome.rows_accepted,
                        "rows_rejected": outcome.rows_rejected,
                        "rows_repeated": outcome.rows_repeated,
                        "rows_skipped": outcome.rows_skipped,
                    }
                )
                report(done, len(files))

    @staticmethod
    def _steps_of(part: str) -> int:
        from qafila.accompaniment.chain import STAGES

        return sum(stage.part == part for stage in STAGES)

    def _carry_on(self, part: str, report: Report, done: int = 0, of: int | None = None) -> int:
        """Run the stages of a part and note their figures; how many steps are done then."""
        from qafila.accompaniment.chain import run_stages

        steps = of or self._steps_of(part)
        for stage, outcome in run_stages(part, month=self.begun, deciding=True, **self._who):
            self._note(stage.name, outcome)
            done += 1
            report(done, steps)
        return done

    def _note(self, stage: str, outcome: Any) -> None:
        figures = self.figures
        if stage == "link_new_rows":
            figures.persons = outcome.persons
        elif stage == "enter_listed":
            figures.register_entries += outcome.entries
        elif stage == "decide_complete":
            figures.register_entries += outcome.entries
            figures.applications_incomplete = outcome.still_incomplete
        elif stage == "enrol_listed_at_fund":
            figures.enrolled += outcome.enrolled
        elif stage == "declare_registered":
            figures.enrolled += outcome.declared
        elif stage == "note_dependants":
            figures.dependants = outcome.noted

    def _contribute(self) -> None:
        from qafila.contributions.calls.month_runs.runs import run_month
        from qafila.demonstration.past import live_through_months, live_through_relief
        from qafila.demonstration.payments import write_demonstration_payments
        from qafila.exchange.payments.files import book_bank_file

        with self._stage(_("Contributions and payments"), 4) as report:
            self._carry_on("contribute", report, of=4)
            if self.past:
                live_through_relief(self.begun, actor=self.actor)
                for _month in live_through_months(self.month, actor=self.actor):
                    report(1, 4)
            self._who["at"] = self.at
            run = run_month(month=self.month, named=f"{self.month:%Y-%m}", **self._who)
            self.figures.calls, called = run.calls, run.total_centimes
            self.figures.called_dh = Decimal(called) / 100
            report(2, 4)
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"payments-{self.month:%Y-%m}.csv"
                write_demonstration_payments(
                    path, self.month, seed=DEMONSTRATION_SEED, share=DEMONSTRATION_PAYING_SHARE
                )
                report(3, 4)
                booked = book_bank_file(
                    path.read_bytes(), path.name, channel="relay_point", **self._who
                )
            self.figures.payments = booked.rows_accepted
            self.figures.paid_dh = Decimal(booked.total_centimes) / 100
            report(4, 4)

    def _derive(self) -> None:
        from qafila.contributions.anomalies.actions import find_anomalies
        from qafila.demonstration.past import tell_stories
        from qafila.indicators.queries import reason_counts
        from qafila.rights import queries

        on = day_of(self.at)
        with self._stage(_("Rights and next steps"), 3) as report:
            find_anomalies(**self._who)
            report(1, 3)
            self._carry_on("derive", report, done=1, of=3)
            rights = queries.counts(on, scope=WHOLE_COUNTRY)
            for status in ("open", "suspended", "waiting", "closed", "none"):
                setattr(self.figures, f"rights_{status}", getattr(rights, status))
            self.figures.rights_reasons = rights.reasons
            counted = reason_counts(scope=WHOLE_COUNTRY)
            self.figures.why_not_covered = {c.code: c.people for c in counted if c.people}
            self.reason_labels = {c.code: c.label for c in counted}
            # After the count: the families told of are persons whom no list brought.
            if self.past:
                tell_stories(at=self.at)
            report(3, 3)

    @contextmanager
    def _stage(self, name: str, total: int) -> Iterator[Report]:
        import time

        task = self._progress.add_task(name, total=total)

        def report(done: int, of: int) -> None:
            self._progress.update(task, completed=done, total=of)

        started = time.perf_counter()
        yield report
        self.figures.seconds[name] = round(time.perf_counter() - started, 2)
