"""Work in processes of its own, killed at random moments.

`QAFILA_KILLS` says how many are killed (few unless told otherwise), `QAFILA_KILL_SEED` the seed
of the moments, which is printed.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

KILLS = int(os.environ.get("QAFILA_KILLS", "2"))
SEED = int(os.environ.get("QAFILA_KILL_SEED", "20261122"))


def moments(longest: float, kills: int = KILLS) -> Iterator[float]:
    """So many moments in seconds, from at once to the end of work that takes `longest`."""
    print(f"{kills} kills, seed {SEED}, within {longest:.1f} s")
    drawn = random.Random(SEED)
    for _ in range(kills):
        yield drawn.uniform(0, longest)


def killed_after(
    seconds: float, script: str, arguments: Sequence[str], environment: dict[str, str]
) -> list[str]:
    """Run `script`, kill it (SIGKILL) so long after it said "ready"; what it said afterwards."""
    command = [sys.executable, "-c", script, *arguments]
    with subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    ) as work:  # fmt: skip
        assert work.stdout is not None
        assert work.stdout.readline() == "ready\n"
        time.sleep(seconds)
        work.kill()
        return work.stdout.read().split()
