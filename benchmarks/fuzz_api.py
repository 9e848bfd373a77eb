"""Whatever a program sends to the served API, the answer is one that its description promises.

    uv run python benchmarks/fuzz_api.py [--seconds 180] [--only coverage]

`qafila serve` runs in a folder of its own; schemathesis makes requests from the committed
description (docs/reference/openapi.json), good ones and bad ones, for so many seconds for each of
the two APIs, and looks at each answer: its status, its shape, its headers, whether what is wrong
is refused and what is right is taken. Exits with 1 when there is a finding.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from served_house import House, Town, in_folder, leave_server, settled_town

HERE = Path(__file__).resolve().parent
DESCRIPTION = HERE.parent / "docs" / "reference" / "openapi.json"
# Not asked: that all that fits the description is taken. What form a number has depends on its
# kind, and of a text only what shows is counted, which no description of one field can say.
NOT_LOOKED_AT = "positive_data_acceptance"
OPERATORS = 60
"""Of one, 60 requests a minute are taken."""


def fuzzed(house: House, tokens: list[str], part: str, seconds: int) -> int:
    """Let schemathesis loose on the addresses that begin so; its exit code."""
    print(f"\n/api/v1/{part}", flush=True)
    return subprocess.run(
        [str(Path(sys.executable).with_name("st")), "--no-color", "run", str(DESCRIPTION),
         "--url", f"http://127.0.0.1:{house.port}", "--include-path-regex", f"^/api/v1/{part}",
         "--max-time", str(seconds), "--max-examples", "100000", "--phases",
         "examples,coverage,fuzzing,stateful", "--continue-on-failure", "--report", "ndjson",
         "--report-dir", os.environ["QAFILA_VAR"],
         "--exclude-checks", NOT_LOOKED_AT],
        cwd=os.environ["QAFILA_VAR"], check=False,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "fuzz_hooks", "PYTHONPATH": str(HERE),
             "FUZZ_TOKENS": " ".join(tokens)},
    ).returncode  # fmt: skip


def partners(town: Town) -> dict[str, list[str]]:
    """Each API, and the tokens of those who may ask it."""
    return {"coverage": [town.checker], "payments": town.operators}


def main() -> int:
    """Serve, fuzz, tell what the house logged meanwhile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--only", choices=["coverage", "payments"])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qafila-fuzz-") as folder:
        in_folder(folder)
        town, house = settled_town(operators=OPERATORS), House()
        house.start()
        try:
            codes = [
                fuzzed(house, tokens, part, asked.seconds)
                for part, tokens in partners(town).items()
                if asked.only in (None, part)
            ]
        finally:
            house.stop()
            faults = house.log.read_text(errors="replace").count("Traceback")
            print(f"Faults in the log of the house: {faults}.")
            leave_server(folder)
    return int(any(codes) or faults > 0)


if __name__ == "__main__":
    sys.exit(main())
