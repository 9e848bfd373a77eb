"""Keeps processes running: starts again whichever ends, later each time, and says which and why.

Each runs in a process group of its own, so that what it left behind ends with it, and is told by
the kernel to end when the supervisor itself was killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

FIRST_WAIT = 0.2
LONGEST_WAIT = 30.0
STEADY_AFTER = 60.0
"""Whatever ran this long begins with the first wait again."""
PATIENCE = 10.0
_LOOKED_AFTER_EVERY = 0.2
_PR_SET_PDEATHSIG = 1

Log = Callable[[str], None]


def log_line(sentence: str) -> None:
    """One line on the error output, with the time, as the log of a service has it."""
    line = f"{time.strftime('%Y-%m-%d %H:%M:%S')} supervisor: {sentence}"
    print(line, file=sys.stderr, flush=True)  # noqa: T201


@dataclass
class BackOff:
    """How long to wait before the next start: twice as long each time, until it runs steadily."""

    waits: float = FIRST_WAIT
    longest: float = LONGEST_WAIT

    def after(self, ran_for: float) -> float:
        """The seconds to wait after it ran so long."""
        if ran_for >= STEADY_AFTER:
            self.waits = FIRST_WAIT
        wait, self.waits = self.waits, min(self.waits * 2, self.longest)
        return wait


@dataclass
class Kept:
    """A process to keep running."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    back_off: BackOff = field(default_factory=BackOff)

    def look_after(self, now: float, log: Log) -> None:
        """Start it when it is due; when it has ended, say so and when it starts again."""
        if self.process is None:
            if now >= self.due:
                self.process = subprocess.Popen(
                    self.command,
                    env=self.environment,
                    start_new_session=True,
                    preexec_fn=_end_with_the_supervisor,
                )
                self.started = now
            return
        code = self.process.poll()
        if code is None:
            return
        wait = self.back_off.after(now - self.started)
        log(
            f"{self.name} (process {self.process.pid}) {ended_by(code)}; "
            f"started again in {wait:g} s."
        )
        self.end_group(signal.SIGKILL)
        self.process, self.due = None, now + wait

    def end_group(self, how: signal.Signals) -> None:
        """Send a signal to the process and to all it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, how)

    def wait(self, seconds: float) -> None:
        """Wait for its end; after so long it is ended."""
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.end_group(signal.SIGKILL)
            self.process.wait()


@dataclass
class KeptServer:
    """A server that is looked at rather than waited for: the embedded PostgreSQL."""

    name: str
    is_running: Callable[[], bool]
    start: Callable[[], object]
    due: float = 0.0
    started: float = 0.0
    tried: bool = False
    back_off: BackOff = field(default_factory=BackOff)

    def look_after(self, now: float, log: Log) -> None:
        """Start it again when it does not run; at first in any case, which makes it ours."""
        if self.tried and (now < self.due or self.is_running()):
            return
        first, self.tried = not self.tried, True
        wait = self.back_off.after(now - self.started)
        try:
            self.start()
        except Exception as fault:
            self.due = now + wait
            log(f"{self.name} does not run and did not start: {fault} Tried again in {wait:g} s.")
            return
        self.started = now
        if not first:
            log(f"{self.name} was gone; it runs again.")


def ended_by(code: int) -> str:
    """How a process ended, from its exit code; 128 and more are signals of one it looked after."""
    number = -code if code < 0 else code - 128
    if number > 0 and (code < 0 or code > 128):
        with contextlib.suppress(ValueError):
            name = signal.Signals(number).name
            cause = ", perhaps for want of memory" if number == signal.SIGKILL else ""
            return f"was ended by {name}{cause}"
    return f"ended with code {code}"


def keep_running(kept: Sequence[Kept | KeptServer], log: Log = log_line) -> None:
    """Look after them until told to stop (SIGTERM, SIGINT), then end them and return."""
    processes = [one for one in kept if isinstance(one, Kept)]

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while True:
            for one in kept:
                one.look_after(time.monotonic(), log)
            time.sleep(_LOOKED_AFTER_EVERY)
    except KeyboardInterrupt:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    finally:
        for one in processes:
            one.end_group(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for one in processes:
            one.wait(max(0.1, deadline - time.monotonic()))


def _end_with_the_supervisor() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
