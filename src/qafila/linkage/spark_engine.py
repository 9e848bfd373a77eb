"""Scoring on Spark with the same settings, learned chances and frequencies as on DuckDB."""

from typing import Any

import polars as pl

from qafila.linkage.pairs import named_pairs

_SCORED = ("uid_l", "uid_r", "match_weight", "match_probability")


class SparkMissing(RuntimeError):
    """Spark was asked for, and its extra is not installed or Java cannot be started."""


def open_spark(master: str | None = None) -> Any:
    """A Spark session with Splink's functions; `master` such as "local[2]" or "spark://host:7077".

    A session already running in this process is used as it is: start your own, with the jar of
    `splink.internals.spark.jar_location.similarity_jar_location`, to choose partitions, memory
    and executors for long lists; the defaults here suit one machine. Raises SparkMissing, in a
    sentence.
    """
    try:
        from pyspark.sql import SparkSession
        from splink.internals.spark.jar_location import similarity_jar_location
    except ImportError as error:
        raise SparkMissing(
            "Linking on Spark needs the extra “spark”: install qafila[spark] and Java 17."
        ) from error
    running = SparkSession.getActiveSession()
    if running is not None:
        return running
    builder = SparkSession.builder.appName("qafila-linkage").master(master or "local[2]")
    for name, value in _CONFIGURATION.items():
        builder = builder.config(name, value)
    try:
        session = builder.config("spark.jars", similarity_jar_location()).getOrCreate()
    except Exception as error:
        raise SparkMissing(
            f"Spark could not be started ({error}): check that Java 17 is installed."
        ) from error
    session.sparkContext.setLogLevel("ERROR")
    return session


# The model's expressions are longer than the 64 KB a generated method may have: without code
# generation Spark does not try (and fail) to compile them first.
_CONFIGURATION = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.ui.enabled": "false",
    "spark.sql.ansi.enabled": "false",
    "spark.driver.memory": "2g",
    "spark.ui.showConsoleProgress": "false",
}


def score_pairs_on_spark(
    frame: pl.DataFrame,
    pairs: pl.DataFrame,
    model: dict[str, Any],
    least: float,
    session: Any = None,
) -> pl.DataFrame:
    """What `engines.score_pairs` gives, scored on Spark (a local session by default).

    All rows are needed, not only those of `pairs`: frequencies are counted there.
    """
    from splink import Linker, SparkAPI

    spark = session if session is not None else open_spark()
    api = SparkAPI(spark_session=spark, break_lineage_method="persist")
    # Splink joins frequencies of its own on Spark; columns of the same names would be ambiguous.
    counted = frame.select(pl.exclude("^tf_.*$"))
    table = spark.createDataFrame(counted.to_arrow())
    linker = Linker(api.register(table), model, log_level=None, validate_settings=False)
    named = api.register(spark.createDataFrame(named_pairs(pairs).to_arrow()))
    linker.table_management.register_blocked_pairs_for_predict(named)
    scored = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
    wanted = scored.as_spark_dataframe().select(*_SCORED)
    found = pl.from_arrow(wanted.toArrow())
    spark.catalog.clearCache()
    if not isinstance(found, pl.DataFrame):
        raise TypeError("Spark gave back no table of scored pairs.")
    return found
