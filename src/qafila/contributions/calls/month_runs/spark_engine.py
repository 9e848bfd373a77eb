"""A run assessed on Spark: the facts of each part go out as Parquet, amounts come back likewise.

The law is asked by the very function the local engine uses, inside `mapInArrow`. Only assessment is
done there: each part is posted here, as ever in one transaction, and only if its facts are still
those that went out; a part whose facts changed meanwhile is assessed here. So both engines post the
same, and a run begun with one may be finished with the other.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qafila.contributions.calls.assessment import LIABILITY_COLUMNS, Assessed, assess
from qafila.contributions.errors import NoAmountByLaw, SparkMissing

_ANSWER_COLUMNS = {
    **LIABILITY_COLUMNS,
    "amount_centimes": pa.int64(),
    "due_on": pa.date32(),
    "refusal": pa.string(),
}
_SPARK_TYPES = {pa.int64(): "bigint", pa.string(): "string", pa.date32(): "date"}
_SCHEMA = ", ".join(f"{name} {_SPARK_TYPES[kind]}" for name, kind in _ANSWER_COLUMNS.items())

_CONFIGURATION = {
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "2g",
}
# A part is read whole by one task: the law looks at a person's activities together.
_LARGEST_PART_BYTES = str(1 << 40)


@dataclass(frozen=True)
class Workspace:
    """A folder that Spark's executors see too, with the facts and answers of the parts of a run."""

    folder: Path

    @property
    def facts(self) -> Path:
        """One Parquet file per part."""
        return self.folder / "facts"

    @property
    def answers(self) -> Path:
        """One folder of Parquet files per part, written by Spark."""
        return self.folder / "answers"

    def keep_facts(self, part_id: int, liabilities: pa.Table) -> None:
        """Write down the facts of one part."""
        self.facts.mkdir(exist_ok=True)
        part = pa.repeat(pa.scalar(part_id, pa.int64()), liabilities.num_rows)
        pq.write_table(liabilities.append_column("part_id", part), self._facts_of(part_id))

    def assessed(self, part_id: int, liabilities: pa.Table, month: dt.date) -> Assessed:
        """What Spark assessed for these very facts; assessed here when there is no such answer."""
        answers = self.answers / f"part_id={part_id}"
        if not answers.exists() or not self._went_out(part_id, liabilities):
            return assess(liabilities, month)
        found = pq.read_table(answers, partitioning=None).cast(pa.schema(_ANSWER_COLUMNS.items()))
        found = found.sort_by([("person_id", "ascending"), ("enrolment_id", "ascending")])
        due = pc.is_null(found["refusal"])
        return Assessed(
            found.filter(due).drop_columns("refusal"),
            found.filter(pc.invert(due)).drop_columns(["amount_centimes", "due_on"]),
        )

    def _went_out(self, part_id: int, liabilities: pa.Table) -> bool:
        sent = pq.read_table(self._facts_of(part_id)).drop_columns("part_id")
        return bool(sent.cast(liabilities.schema).equals(liabilities))

    def _facts_of(self, part_id: int) -> Path:
        return self.facts / f"part-{part_id}.parquet"


@contextlib.contextmanager
def workspace(parent: Path) -> Iterator[Workspace]:
    """A folder of its own under `parent`, readable by this account only, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="run-on-spark-", dir=parent))
    try:
        yield Workspace(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def assess_on_spark(work: Workspace, month: dt.date, session: Any = None) -> None:
    """Assess every part whose facts are in `work` for `month`; the answers are found there too.

    A part the law refuses as a whole has no answer. Raises SparkMissing.
    """
    spark = session or open_spark()
    spark.conf.set("spark.sql.files.maxPartitionBytes", _LARGEST_PART_BYTES)

    def answered(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        yield from _answers(list(batches), month)

    answers = _mapped_in_arrow(
        spark.read.parquet(str(work.facts)), answered, f"{_SCHEMA}, part_id bigint"
    )
    answers.write.partitionBy("part_id").parquet(str(work.answers))


def _mapped_in_arrow(
    frame: Any,
    answered: Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]],
    schema: str,
) -> Any:
    """`frame.mapInArrow(answered, schema)`, step by step: that method first asks for pandas, which
    neither it nor its workers then use, and which Qafila does without."""
    from pyspark.sql import DataFrame
    from pyspark.sql.udf import UserDefinedFunction
    from pyspark.util import PythonEvalType

    function = UserDefinedFunction(answered, schema, evalType=PythonEvalType.SQL_MAP_ARROW_ITER_UDF)
    column = function(*(frame[name] for name in frame.columns))
    return DataFrame(frame._jdf.mapInArrow(column._jc, False, None), frame.sparkSession)


def _answers(batches: Sequence[pa.RecordBatch], month: dt.date) -> Iterator[pa.RecordBatch]:
    """The answers to whole parts, which Spark may hand out several to a task."""
    if not batches:
        return
    facts = pa.Table.from_batches(batches)
    for part_id in pc.unique(facts["part_id"]).to_pylist():
        part = facts.filter(pc.equal(facts["part_id"], part_id)).drop_columns("part_id")
        with contextlib.suppress(NoAmountByLaw):
            answers = _as_one(assess(part.combine_chunks(), month))
            ids = pa.repeat(pa.scalar(part_id, pa.int64()), answers.num_rows)
            yield from answers.append_column("part_id", ids).combine_chunks().to_batches()


def _as_one(assessed: Assessed) -> pa.Table:
    schema = pa.schema(_ANSWER_COLUMNS.items())
    columns = []
    for table in (assessed.due, assessed.parked):
        missing = [name for name in schema.names if name not in table.column_names]
        for name in missing:
            table = table.append_column(name, pa.nulls(table.num_rows, schema.field(name).type))
        columns.append(table.select(schema.names).cast(schema))
    return pa.concat_tables(columns)


def open_spark() -> Any:
    """The Spark session of this process, or a new one on this machine. Raises SparkMissing."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise SparkMissing from error
    running = SparkSession.getActiveSession()
    if running is not None:
        return running
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("qafila-contributions").master("local[2]")
    for name, value in _CONFIGURATION.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # Java's own faults come in many classes
        raise SparkMissing from error
    session.sparkContext.setLogLevel("ERROR")
    return session
