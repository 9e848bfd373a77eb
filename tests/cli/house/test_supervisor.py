"""The supervisor starts again what ends, says which and why, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from qafila.cli.house.serve import require_free_port
from qafila.cli.house.supervisor import BackOff, Kept, KeptServer, ended_by

FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("It did not come about.")


def _gone(pid: int) -> bool:
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return True


def test_a_killed_process_is_started_again_and_told_of() -> None:
    said: list[str] = []
    kept = Kept("Worker (lists)", FOREVER, dict(os.environ))
    kept.look_after(0.0, said.append)
    assert kept.process
    first = kept.process.pid
    kept.look_after(1.0, said.append)
    assert kept.process.pid == first
    os.kill(first, signal.SIGKILL)
    kept.process.wait()
    kept.look_after(2.0, said.append)
    assert said == [
        f"Worker (lists) (process {first}) was ended by SIGKILL, perhaps for want of memory; "
        "started again in 0.2 s."
    ]
    kept.look_after(2.1, said.append)
    assert kept.process is None
    kept.look_after(2.3, said.append)
    second = kept.process
    assert second is not None
    assert second.pid != first
    kept.end_group(signal.SIGTERM)
    kept.wait(30)


def test_what_a_killed_process_left_behind_ends_with_it(tmp_path: Path) -> None:
    child = (
        "import subprocess, sys, pathlib, time; "
        f"one = subprocess.Popen({FOREVER!r}); "
        f"pathlib.Path({str(tmp_path / 'child')!r}).write_text(str(one.pid)); time.sleep(600)"
    )
    kept = Kept("Web process 1", [sys.executable, "-c", child], dict(os.environ))
    kept.look_after(0.0, lambda _: None)
    _until(lambda: (tmp_path / "child").exists() and bool((tmp_path / "child").read_text()))
    assert kept.process
    kept.process.kill()
    kept.process.wait()
    kept.look_after(1.0, lambda _: None)
    pid = int((tmp_path / "child").read_text())
    _until(lambda: _gone(pid))


def test_starts_are_further_apart_until_it_runs_steadily() -> None:
    back_off = BackOff()
    assert [back_off.after(0.1) for _ in range(9)] == [
        0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30.0,
    ]  # fmt: skip
    assert back_off.after(61) == 0.2
    pages = BackOff(longest=3.0)
    assert [pages.after(0.1) for _ in range(6)] == [0.2, 0.4, 0.8, 1.6, 3.0, 3.0]


def test_a_server_that_is_gone_is_started_again() -> None:
    said: list[str] = []
    state = {"runs": False, "starts": False}

    def start() -> None:
        if not state["starts"]:
            raise OSError("The folder is missing.")
        state["runs"] = True

    server = KeptServer("The embedded PostgreSQL", lambda: state["runs"], start)
    server.look_after(0.0, said.append)
    server.look_after(0.1, said.append)
    assert len(said) == 1
    assert "did not start: The folder is missing." in said[0]
    state["starts"] = True
    server.look_after(0.3, said.append)
    server.look_after(0.5, said.append)
    assert said[1:] == ["The embedded PostgreSQL was gone; it runs again."]


def test_a_server_that_runs_already_is_held_from_the_first_look_on() -> None:
    said: list[str] = []
    held: list[int] = []
    server = KeptServer("The embedded PostgreSQL", lambda: True, lambda: held.append(1))
    for moment in (0.0, 1.0, 2.0):
        server.look_after(moment, said.append)
    assert held == [1]
    assert said == []


def test_serving_loads_no_room_before_its_processes() -> None:
    script = (
        "import sys; from qafila.cli.house import serve; "
        "serve.keep_running = lambda kept: print(len(kept), "
        "any(name.startswith('qafila.people') for name in sys.modules)); "
        "serve.require_free_port = print; serve.serve('127.0.0.1', 8000, 2, True)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert told.stdout.splitlines()[-1].split() == ["6", "False"], told.stderr


def test_a_port_where_somebody_serves_is_not_shared() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(typer.Exit) as end:
            require_free_port("127.0.0.1", port, patience=0.3)
        assert end.value.exit_code == 2
    require_free_port("127.0.0.1", port, patience=0.3)


def test_how_a_process_ended_is_told() -> None:
    assert ended_by(0) == "ended with code 0"
    assert ended_by(3) == "ended with code 3"
    assert ended_by(-15) == "was ended by SIGTERM"
    assert ended_by(137) == "was ended by SIGKILL, perhaps for want of memory"
    assert ended_by(250) == "ended with code 250"


def test_all_end_when_the_supervisor_is_stopped_or_killed(tmp_path: Path) -> None:
    supervising = f"""
import os, pathlib
from qafila.cli.house.serve import require_free_port
from qafila.cli.house.supervisor import Kept, keep_running
child = ["{sys.executable}", "-c", "import os, pathlib, sys, time;"
         "pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(600)"]
keep_running([Kept("One", [*child, os.environ["NOTE"]], dict(os.environ))])
"""
    for how in (signal.SIGTERM, signal.SIGKILL):
        note = tmp_path / how.name
        process = subprocess.Popen(
            [sys.executable, "-c", supervising], env={**os.environ, "NOTE": str(note)}
        )
        _until(lambda note=note: note.exists() and bool(note.read_text()))  # type: ignore[misc]
        process.send_signal(how)
        process.wait(30)
        _until(lambda note=note: _gone(int(note.read_text())))  # type: ignore[misc]
