"""`kill -9` of a reconciliation: no half of a result, and the next one gives the whole."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest
from tests.lists.killed_work import KILLS, kill_again_and_again

from qafila.lists.reconciling.outputs import NAMES, write_outputs
from qafila.lists.reconciling.running import reconcile_files

_WORK = """
from pathlib import Path
from qafila.cli.django_setup import prepare_django
prepare_django()
import splink
from qafila.lists.reconciling.outputs import write_outputs
from qafila.lists.reconciling.running import reconcile_files

def work(arguments):
    done = reconcile_files(arguments[1:])
    print("linked", flush=True)
    write_outputs(
        done, Path(arguments[0]), on_output=lambda name: print(f"wrote {name}", flush=True)
    )
"""
_SAME_BYTES = ("rows.csv", "review.csv", "links.csv", "rejected.csv", "remarks.csv", "mapping.yaml")


def _whole_or_absent(folder: Path, never_killed: Path) -> None:
    for name in NAMES:
        path = folder / name
        if not path.exists():
            continue
        if name in _SAME_BYTES:
            assert path.read_bytes() == (never_killed / name).read_bytes()
        elif name.endswith(".xlsx"):
            assert zipfile.ZipFile(path).testzip() is None
        elif name.endswith(".pdf"):
            assert path.read_bytes().rstrip().endswith(b"%%EOF")
        else:
            assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")


@pytest.mark.slow
def test_killed_at_random_moments(sample_lists: Path, tmp_path: Path) -> None:
    lists = []
    for name in ("auto_entrepreneurs.csv", "registre_artisanat_export.csv"):
        lines = (sample_lists / name).read_bytes().splitlines(keepends=True)
        lists.append(tmp_path / name)
        lists[-1].write_bytes(b"".join(lines[:150]))
    before = [path.read_bytes() for path in lists]
    started = time.perf_counter()
    write_outputs(reconcile_files(lists), tmp_path / "whole")
    longest = time.perf_counter() - started

    out = tmp_path / "out"
    kill_again_and_again(
        _WORK, [str(out), *map(str, lists)], environment={}, longest=longest, kills=KILLS // 2,
        check=lambda finished: _whole_or_absent(out, tmp_path / "whole"),
    )  # fmt: skip
    write_outputs(reconcile_files(lists), out)
    assert sorted(path.name for path in out.iterdir()) == sorted(NAMES)
    _whole_or_absent(out, tmp_path / "whole")
    assert [path.read_bytes() for path in lists] == before
