"""Work in processes of its own, killed at random moments.

`QAFILA_KILLS` says how many are killed (few unless told otherwise), `QAFILA_KILL_SEED` the seed
of the moments, which is printed.
"""

from __future__ import annotations

import contextlib
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

KILLS = int(os.environ.get("QAFILA_KILLS", "2"))
SEED = int(os.environ.get("QAFILA_KILL_SEED", "20261122"))

# Importing takes longer than most works live: it is done once, in a process that computes nothing
# and has no connection, and each work is a fork of it.
_FORKING = """
import os, sys
print("prepared", flush=True)
for _ in sys.stdin:
    child = os.fork()
    if child == 0:
        work(sys.argv[1:])
        print("finished", flush=True)
        os._exit(0)
    print(f"started {child}", flush=True)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


def kill_again_and_again(
    script: str,
    arguments: Sequence[str],
    *,
    environment: dict[str, str],
    longest: float,
    check: Callable[[bool], None],
    kills: int = KILLS,
) -> None:
    """Start the `work(arguments)` that `script` defines, and kill (SIGKILL) it at random moments.

    `check(finished)` is called after each; `longest` is how long the whole work may take, in
    seconds, made shorter when a run that began it ended before its moment came. Goes on until so
    many have been killed before their end. Prints what the killed had said last.
    """
    drawn, reached, finished, from_nothing = random.Random(SEED), Counter[str](), 0, True
    with _starter(script, arguments, environment) as starter:
        while reached.total() < kills:
            run = starter.killed_after(drawn.uniform(0, longest))
            if run.finished:
                longest = min(longest, run.seconds) if from_nothing else longest
                finished += 1
            else:
                reached[run.said[-1] if run.said else "started"] += 1
            from_nothing = run.finished
            check(run.finished)
    print(f"{kills} kills, seed {SEED}, the last thing said: {dict(reached)}; {finished} finished")


@dataclass(frozen=True)
class _Run:
    said: tuple[str, ...]
    seconds: float

    @property
    def finished(self) -> bool:
        return self.said[-1:] == ("finished",)


@dataclass(frozen=True)
class _Starter:
    process: subprocess.Popen[bytes]

    def killed_after(self, seconds: float) -> _Run:
        """Start the work, kill it after so many seconds if it lives, and tell what it said."""
        assert self.process.stdin is not None
        started = time.perf_counter()
        self.process.stdin.write(b"go\n")
        self.process.stdin.flush()
        lines = self._lines(started + seconds)
        return _Run(tuple(lines), time.perf_counter() - started)

    def _lines(self, moment: float) -> Iterator[str]:
        """What is said until the work has ended, which is killed when the moment comes."""
        assert self.process.stdout is not None
        child, killed, told = 0, False, b""
        while True:
            left = None if killed or not child else max(0.0, moment - time.perf_counter())
            if not select.select([self.process.stdout], [], [], left)[0]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                killed = True
                continue
            more = os.read(self.process.stdout.fileno(), 65_536)
            assert more, "the process that starts the works has ended"
            *whole, told = (told + more).split(b"\n")
            for line in map(bytes.decode, whole):
                if line.endswith("ended"):  # behind half a line of one killed while saying it
                    return
                if line.startswith("started "):
                    child = int(line.split()[1])
                else:
                    yield line


@contextmanager
def _starter(
    script: str, arguments: Sequence[str], environment: dict[str, str]
) -> Iterator[_Starter]:
    """The process of which every work is a fork; it ends when its standard input is closed."""
    with subprocess.Popen(
        [sys.executable, "-c", script + _FORKING, *arguments],
        env={**os.environ, **environment, "PYTHONUNBUFFERED": ""},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == b"prepared\n"
        yield _Starter(process)
        process.stdin.close()
