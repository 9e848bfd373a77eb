"""Another process of the house on the same database, told line by line what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from types import TracebackType
from typing import Any

from django.db import connection

_LISTENING = """
import json, sys
import django
django.setup()
scope = {}
print(json.dumps(None), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    try:
        exec(asked["first"], scope)
        told = {"value": eval(asked["value"], scope)}
    except Exception as fault:
        told = {"fault": f"{type(fault).__name__}: {fault}"}
    print(json.dumps(told), flush=True)
"""


class AnotherProcess:
    """Runs statements and tells what an expression is worth there, as JSON."""

    def __init__(self) -> None:
        # The name that the settings give to the test's own database.
        name = str(connection.settings_dict["NAME"])
        self._process = subprocess.Popen(
            [sys.executable, "-c", _LISTENING],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "qafila.config.settings",
                "QAFILA_DATABASE_NAME": name,
                "QAFILA_HOSTS": "testserver,localhost",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> AnotherProcess:
        self._heard()
        return self

    def told(self, value: str, first: str = "") -> Any:
        """What `value` is worth there once `first` has been run."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"first": first, "value": value}) + "\n")
        self._process.stdin.flush()
        told = self._heard()
        assert "fault" not in told, told["fault"]
        return told["value"]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def _heard(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "The other process ended."
        return json.loads(line)
