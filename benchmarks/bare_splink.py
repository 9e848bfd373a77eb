"""Splink as it comes: library comparisons, its own training, its own clustering."""

from typing import Any

import duckdb
import polars as pl
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from qafila.linkage.features import ROW_ID

_THRESHOLD = 0.95


def bare_clusters(rows: pl.DataFrame) -> pl.DataFrame:
    """file, sheet, row and person of Splink's clusters on the columns as written."""
    absent = [
        pl.lit(None, pl.String).alias(name)
        for name in ("family_name", "given_name", "full_name", "phone", "sex", "trade_text")
        if name not in rows.columns
    ]
    frame = rows.with_columns(absent).with_row_index("uid").cast({"uid": pl.Int64})
    place = "commune_code" if "commune_code" in rows.columns else "place_text"
    frame = frame.with_columns(
        family=pl.coalesce("family_name", "full_name").str.to_lowercase(),
        given=pl.coalesce("given_name", "full_name").str.to_lowercase(),
        birth=pl.col("birth_date").dt.to_string("%Y-%m-%d"),
        place=pl.col(place),
    ).select("uid", *ROW_ID, "family", "given", "birth", "card_number", "phone", "place")
    rules = [("card_number",), ("phone", "given"), ("birth", "given"), ("birth", "family"),
             ("family", "given", "place"), ("family", "given", "birth")]  # fmt: skip
    comparisons = [
        cl.ExactMatch("card_number"),
        cl.JaroWinklerAtThresholds("family", [0.92, 0.8]).configure(
            term_frequency_adjustments=True
        ),
        cl.JaroWinklerAtThresholds("given", [0.92, 0.8]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("birth"),
        cl.ExactMatch("phone"),
        cl.ExactMatch("place"),
    ]
    training = [("card_number",), ("birth",)]
    with duckdb.connect(":memory:") as connection:
        found = run_splink(connection, frame.drop(ROW_ID), comparisons, rules, training)
    return frame.join(found, on="uid").select(*ROW_ID, "person")


def run_splink(
    connection: duckdb.DuckDBPyConnection,
    frame: pl.DataFrame,
    comparisons: list[Any],
    rules: list[tuple[str, ...]],
    training: list[tuple[str, ...]],
    blocks: str | None = None,
) -> pl.DataFrame:
    """Train, predict and cluster; returns uid and person.

    The pairs come from `rules`, or from `blocks` where given: the column with the list of blocks
    of each row, by Splink's own way to pair rows that share an element.
    """
    pairing = [block_on(*rule) for rule in rules]
    if blocks:
        pairing = [block_on(blocks, arrays_to_explode=[blocks])]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="uid",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=pairing,
    )
    api = DuckDBAPI(connection=connection)
    linker = Linker(api.register(frame.to_arrow()), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("card_number")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for columns in training:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    scored = linker.inference.predict(threshold_match_probability=_THRESHOLD, warning_mode="never")
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        scored, threshold_match_probability=_THRESHOLD
    )
    sql = f"SELECT uid, cluster_id AS person FROM {clusters.physical_name}"
    found = pl.from_arrow(connection.sql(sql).to_arrow_table())
    if not isinstance(found, pl.DataFrame):
        raise TypeError("DuckDB gave back no table.")
    return found
