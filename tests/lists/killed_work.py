"""Work in processes of its own, killed at random moments.

`QAFILA_KILLS` says how many are killed (few unless told otherwise), `QAFILA_KILL_SEED` the seed
of the moments, which is printed.
"""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence

KILLS = int(os.environ.get("QAFILA_KILLS", "2"))
SEED = int(os.environ.get("QAFILA_KILL_SEED", "20261122"))


def kill_again_and_again(
    script: str,
    arguments: Sequence[str],
    *,
    environment: dict[str, str],
    longest: float,
    check: Callable[[bool], None],
    kills: int = KILLS,
) -> None:
    """Kill (SIGKILL) runs of `script` after their "ready", at moments of the work's length.

    `check(finished)` is called after each; `longest` is how long the work may take, in seconds,
    made shorter by every run that ended before its moment came. Prints what the killed had said.
    """
    drawn, reached = random.Random(SEED), Counter[str]()
    for _ in range(kills):
        said, took = _killed_after(drawn.uniform(0, longest), script, arguments, environment)
        finished = said[-1:] == ["finished"]
        if finished:
            longest = min(longest, took)
        reached[said[-1] if said else "ready"] += 1
        check(finished)
    print(f"{kills} kills, seed {SEED}, the last thing said: {dict(reached)}")


def _killed_after(
    seconds: float, script: str, arguments: Sequence[str], environment: dict[str, str]
) -> tuple[list[str], float]:
    """What the work said after "ready", and the seconds until it was killed or had ended."""
    command = [sys.executable, "-c", script, *arguments]
    with subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    ) as work:  # fmt: skip
        assert work.stdout is not None
        assert work.stdout.readline() == "ready\n"
        started = time.perf_counter()
        with contextlib.suppress(subprocess.TimeoutExpired):
            work.wait(seconds)
        took = time.perf_counter() - started
        work.kill()
        return work.stdout.read().split(), took
