"""Spark gives the clusters DuckDB gives, on a cluster of two workers.

Local mode is a part of that; the runs of contributions are tested in it.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import polars as pl
import pytest

from linkage.sample_rows import FATIMA, FATIMA_IN_FRENCH, make_rows
from qafila.linkage.linking import link_rows

pytestmark = [
    pytest.mark.slow,
    # Spark runs on Java, which Qafila needs for nothing else: without it there is nothing to test.
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17"),
]

# These Java processes live for seconds: compiling their code well, or collecting garbage on many
# threads, costs them more than it saves.
_QUICK_JAVA = {
    **os.environ,
    "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto",
}

_LINKING = """
import sys
from pathlib import Path
import polars as pl
from qafila.linkage.linking import link_rows
from qafila.linkage.spark_engine import open_spark
master, folder = sys.argv[1], Path(sys.argv[2])
open_spark(master)
result = link_rows(pl.read_parquet(folder / "rows.parquet"), engine="spark")
result.assignments.write_parquet(folder / "assignments.parquet")
result.pairs.write_parquet(folder / "pairs.parquet")
"""


def sample() -> pl.DataFrame:
    """Two hundred rows with a person in two scripts, a typing error and a contradiction."""
    mistyped = {**FATIMA_IN_FRENCH, "card_number": "JE254538", "file": "c.csv"}
    other = {**FATIMA, "card_number": "BK901177", "file": "d.csv"}
    sister = {**FATIMA, "given_name": "خديجة", "card_number": None, "file": "e.csv"}
    rows = make_rows(FATIMA, FATIMA_IN_FRENCH, mistyped, other, sister, bystanders=120)
    twice = rows.filter(pl.col("file") == "others.csv").head(70)
    return pl.concat([rows, twice.with_columns(file=pl.lit("again.csv"), phone=None)])


def link_on(master: str, folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Link the sample on a Spark master in a process of its own."""
    sample().write_parquet(folder / "rows.parquet")
    command = [sys.executable, "-W", "ignore", "-c", _LINKING, master, str(folder)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=550, env=_QUICK_JAVA
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return (
        pl.read_parquet(folder / "assignments.parquet"),
        pl.read_parquet(folder / "pairs.parquet"),
    )


def assert_same_as_duckdb(assignments: pl.DataFrame, pairs: pl.DataFrame) -> None:
    """The persons and the pairs are those of DuckDB."""
    expected = link_rows(sample())
    assert assignments.equals(expected.assignments)
    assert pairs.equals(expected.pairs)
    assert set(pairs["band"]) == {"automatic", "review"}


def test_cluster_of_two_workers_gives_the_same_clusters(tmp_path: Path) -> None:
    with running_cluster(tmp_path) as master:
        assert_same_as_duckdb(*link_on(master, tmp_path))


@contextmanager
def running_cluster(folder: Path) -> Iterator[str]:
    """A standalone master and two workers on this machine; gives the master's address."""
    master = f"spark://127.0.0.1:{free_port()}"
    port = master.rsplit(":", 1)[1]
    with ExitStack() as stack:
        roles = [("master", ["master.Master", "--host", "127.0.0.1", "--port", port])]
        worker = ["worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g", master]
        roles += [(f"worker{number}", worker) for number in (1, 2)]
        for name, arguments in roles:
            stack.enter_context(running(folder, name, [*arguments]))
        wait_for_workers(folder / "master.log", 2)
        yield master


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running(folder: Path, name: str, arguments: list[str]) -> Iterator[None]:
    """One daemon of a standalone cluster, stopped at the end."""
    import pyspark

    home = Path(pyspark.__file__).parent
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{arguments[0]}"]
    extra = ["--webui-port", "0"] + (["--work-dir", str(folder / name)] if "worker" in name else [])
    environment = {**_QUICK_JAVA, "SPARK_HOME": str(home), "SPARK_NO_DAEMONIZE": "1"}
    with (folder / f"{name}.log").open("w") as log:
        daemon = subprocess.Popen(
            [*command, *extra, *arguments[1:]], stdout=log, stderr=log, env=environment
        )
        try:
            yield
        finally:
            daemon.terminate()
            daemon.wait(30)


def wait_for_workers(log: Path, count: int) -> None:
    """Wait until the master has registered its workers."""
    for _ in range(600):
        if len(re.findall("Registering worker", log.read_text())) >= count:
            return
        time.sleep(0.2)
    raise AssertionError(f"The workers never came:\n{log.read_text()[-2000:]}")
