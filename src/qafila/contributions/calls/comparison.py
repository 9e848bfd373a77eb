"""Two readings of a month held against each other, enrolment by enrolment."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray


@dataclass(frozen=True)
class Differences:
    """How calls differ from those before: counts of enrolments, and sums in centimes."""

    same: int = 0
    raised: int = 0
    lowered: int = 0
    new: int = 0
    gone: int = 0
    total_now: int = 0
    total_before: int = 0

    def __add__(self, other: Differences) -> Differences:
        sums = (getattr(self, f.name) + getattr(other, f.name) for f in fields(self))
        return Differences(*sums)


def differences(now: pa.Table, before: pa.Table) -> Differences:
    """`now` (enrolment_id, amount_centimes) against `before` (enrolment_id, called_centimes)."""
    ids_now, amounts_now = _columns(now, "amount_centimes")
    ids_before, amounts_before = _columns(before, "called_centimes")
    _, here, there = np.intersect1d(ids_now, ids_before, True, return_indices=True)
    change = amounts_now[here] - amounts_before[there]
    return Differences(
        same=int((change == 0).sum()),
        raised=int((change > 0).sum()),
        lowered=int((change < 0).sum()),
        new=ids_now.size - here.size,
        gone=ids_before.size - there.size,
        total_now=int(amounts_now.sum()),
        total_before=int(amounts_before.sum()),
    )


def _columns(table: pa.Table, column: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return table["enrolment_id"].to_numpy(), table[column].to_numpy()


def corrections(due: pa.Table, called: pa.Table) -> pa.Table:
    """Where what the law says now (`due`) differs from what stands called: signed differences."""
    law, books = pl.DataFrame(due), pl.DataFrame(called)
    law = law.with_columns(pl.col("category").str.replace_all("-", "_", literal=True))
    joined = law.join(books, on="enrolment_id", how="full", suffix="_called", coalesce=True)
    owed, stands = pl.col("amount_centimes").fill_null(0), pl.col("called_centimes").fill_null(0)
    found = joined.select(
        "enrolment_id",
        *(pl.coalesce(name, f"{name}_called") for name in ("person_id", "category")),
        (owed - stands).alias("difference"),
        pl.coalesce("region_code", "region_code_called"),
    )
    return found.filter(pl.col("difference") != 0).sort("enrolment_id").to_arrow()
