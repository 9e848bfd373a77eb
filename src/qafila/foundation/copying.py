"""Whole tables into and out of PostgreSQL by COPY: Polars frames and Arrow tables."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.csv as arrow_csv
from django.db import connection, models

CHUNK_ROWS = 50_000


def copy_frame(table: str, frame: pl.DataFrame, *, not_null: Iterable[str] = ()) -> None:
    """COPY `frame` into the columns of `table` that bear its names; call it inside `acting`.

    An empty text becomes NULL, except in the columns `not_null`, where a null becomes an empty
    text. Lists of keys must have been turned into array text by `array_text`.
    """
    if frame.is_empty():
        return
    kept = [name for name in not_null if name in frame.columns]
    options = f", FORCE_NOT_NULL ({_quoted(kept)})" if kept else ""
    statement = f'COPY "{table}" ({_quoted(frame.columns)}) FROM STDIN (FORMAT csv{options})'
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for start in range(0, frame.height, CHUNK_ROWS):
            part = io.BytesIO()
            frame.slice(start, CHUNK_ROWS).write_csv(part, include_header=False)
            copy.write(part.getbuffer())


def copy_out(query: str, params: dict[str, Any], schema: dict[str, Any]) -> pl.DataFrame:
    """The answer of a SELECT as a frame of `schema`, by COPY; empty texts become null."""
    with connection.cursor() as cursor:
        statement = cursor.mogrify(query, params) if params else query
        data = io.BytesIO()
        with cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv)") as copy:
            for block in copy:
                data.write(block)
    if not data.tell():
        return pl.DataFrame(schema=schema)
    data.seek(0)
    return pl.read_csv(data, has_header=False, schema=schema)


def copy_in(cursor: Any, target: str, rows: pa.Table) -> None:
    """COPY an Arrow table into the columns of the same names of the table `target`."""
    content = io.BytesIO()
    arrow_csv.write_csv(rows, content, arrow_csv.WriteOptions(include_header=False))
    columns = ", ".join(rows.column_names)
    with cursor.copy(f"COPY {target} ({columns}) FROM STDIN (FORMAT csv)") as copy:
        copy.write(content.getbuffer())


def read_table(
    cursor: Any, query: str, params: dict[str, Any], columns: dict[str, pa.DataType]
) -> pa.Table:
    """The rows of `query` as an Arrow table with `columns`; empty text stays text, null is null."""
    # Django's cursor for debugging takes no parameters with `copy`; psycopg's own does.
    with cursor.cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)", params) as copy:
        content = b"".join(bytes(block) for block in copy)
    if not content:
        return pa.schema(list(columns.items())).empty_table()
    return arrow_csv.read_csv(
        pa.BufferReader(content),
        read_options=arrow_csv.ReadOptions(column_names=list(columns)),
        convert_options=arrow_csv.ConvertOptions(
            column_types=columns, strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    ).combine_chunks()


def array_text(column: str) -> pl.Expr:
    """A list of keys (capitals A-Z only) as PostgreSQL writes an array."""
    return pl.concat_str(pl.lit("{"), pl.col(column).list.join(","), pl.lit("}")).alias(column)


def text_columns(model: type[models.Model]) -> list[str]:
    """The columns of `model` that hold an empty text, never NULL."""
    fields = (f for f in model._meta.concrete_fields if not f.null)
    return [str(f.column) for f in fields if isinstance(f, (models.CharField, models.TextField))]


def reserved_ids(model: type[models.Model], count: int) -> list[int]:
    """`count` fresh primary keys of `model`, ascending."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return sorted(row[0] for row in cursor.fetchall())


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
