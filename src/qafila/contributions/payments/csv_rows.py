"""A payment file as rows: read whole, checked column by column, each row good or with its problem.

No row is dropped: a row is good, has a `problem`, or is a total line that agrees with the rows.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.translation import gettext_lazy as _

from qafila.contributions.errors import PaymentFileUnreadable
from qafila.contributions.payments.problems import PaymentProblem

NEEDED = ("reference", "amount_dh", "paid_on")
NUMBERS = ("fund_number", "register_number", "card_number")
LARGEST_FILE = 512 * 2**20
TOTAL_WORDS = ("total", "somme", "المجموع", "مجموع")
_AMOUNT = r"^[+-]?\d{1,10}(\.\d{1,2})?$"
_SPACES = r"[\s\u00a0\u202f]+"


@dataclass(frozen=True)
class DatesAccepted:
    """Days a payment may bear: from the scheme's start to today, in a month still open."""

    earliest: dt.date
    latest: dt.date
    closed_until: dt.date | None


def read_payment_csv(content: bytes, file_name: str) -> pl.DataFrame:
    """The rows as text columns, with `row`, their line in the file, or PaymentFileUnreadable."""
    text = _decoded(content, file_name)
    header = text.split("\n", 1)[0]
    separator = max(";,\t", key=header.count)
    try:
        table = pl.read_csv(
            io.BytesIO(text.encode()),
            separator=separator,
            infer_schema=False,
            truncate_ragged_lines=True,
        )
    except pl.exceptions.PolarsError as error:
        reason = _("it is empty.") if not text.strip() else _("its lines are not a table.")
        raise PaymentFileUnreadable(file=file_name, reason=reason) from error
    table = table.rename(lambda name: name.strip().strip('"').lower())
    missing = [name for name in NEEDED if name not in table.columns]
    if missing or not set(NUMBERS) & set(table.columns):
        columns = ", ".join(missing or NUMBERS[:1])
        what = _("the column %(columns)s is missing.") % {"columns": columns}
        raise PaymentFileUnreadable(file=file_name, reason=what)
    absent = [pl.lit("").alias(name) for name in NUMBERS if name not in table.columns]
    return table.fill_null("").with_row_index("row", offset=2).with_columns(absent)


def _decoded(content: bytes, file_name: str) -> str:
    if len(content) > LARGEST_FILE:
        raise PaymentFileUnreadable(file=file_name, reason=_("it is larger than 512 MB."))
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        raise PaymentFileUnreadable(file=file_name, reason=_("it is a workbook, not a csv file."))
    if b"\0" in content:
        raise PaymentFileUnreadable(
            file=file_name, reason=_("it holds characters that are no text.")
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def checked(table: pl.DataFrame, dates: DatesAccepted) -> pl.DataFrame:
    """The rows with `amount_centimes`, `day` and `problem` (null when good); right totals removed.

    Persons are not looked up here.
    """
    rows = _normalised(table)
    rows = rows.with_columns(_amount_problem(), _date_problem(dates), _reference_problem())
    rows = rows.with_columns(
        problem=pl.coalesce("reference_problem", "amount_problem", "date_problem")
    )
    return _without_right_totals(rows)


def _normalised(table: pl.DataFrame) -> pl.DataFrame:
    amount = pl.col("amount_dh").str.replace_all(_SPACES, "").str.replace(",", ".", literal=True)
    day = pl.col("paid_on").str.strip_chars()
    compact = pl.col("card_number").str.replace_all(r"[^\p{L}\p{N}]+", "").str.to_uppercase()
    fund = pl.col("fund_number").str.replace(r"\.0+$", "").str.replace_all(r"\D+", "")
    rows = table.with_columns(
        pl.col("reference").str.strip_chars(),
        pl.col("register_number").str.strip_chars(),
        fund_number=fund,
        card_number=compact,
        amount_text=amount,
        day=pl.coalesce(
            day.str.to_date("%Y-%m-%d", strict=False), day.str.to_date("%d/%m/%Y", strict=False)
        ),
    )
    number = pl.col("amount_text").str.contains(_AMOUNT)
    decimal = pl.col("amount_text").cast(pl.Decimal(15, 2), strict=False)
    return rows.with_columns(
        amount_centimes=pl.when(number).then((decimal * 100).cast(pl.Int64)),
        is_total=pl.col("reference").str.to_lowercase().is_in(TOTAL_WORDS),
    )


def _amount_problem() -> pl.Expr:
    amount = pl.col("amount_centimes")
    return (
        pl.when(amount.is_null()).then(pl.lit("bad_amount"))
        .when(amount < 0).then(pl.lit("negative_amount"))
        .when(amount == 0).then(pl.lit("zero_amount"))
        .alias("amount_problem")
    )  # fmt: skip


def _date_problem(dates: DatesAccepted) -> pl.Expr:
    day = pl.col("day")
    problem = (
        pl.when(day.is_null()).then(pl.lit("bad_date"))
        .when(day > dates.latest).then(pl.lit("future_date"))
        .when(day < dates.earliest).then(pl.lit("before_scheme"))
    )  # fmt: skip
    if dates.closed_until is not None:
        closed = day.dt.month_start() <= dates.closed_until
        problem = problem.when(closed).then(pl.lit("closed_month"))
    return problem.alias("date_problem")


def _reference_problem() -> pl.Expr:
    nobody = pl.all_horizontal(pl.col(name) == "" for name in NUMBERS)
    return (
        pl.when(pl.col("reference") == "").then(pl.lit("no_reference"))
        .when(pl.col("reference").str.len_chars() > 60).then(pl.lit("long_reference"))
        .when(nobody).then(pl.lit("no_person_given"))
        .alias("reference_problem")
    )  # fmt: skip


def _without_right_totals(rows: pl.DataFrame) -> pl.DataFrame:
    payments = rows.filter(~pl.col("is_total"))
    counted = int(payments["amount_centimes"].sum() or 0)
    totals = rows.filter(
        pl.col("is_total") & (pl.col("amount_centimes").fill_null(-1) != counted)
    ).with_columns(problem=pl.lit("wrong_total"))
    return (
        pl.concat([payments, totals])
        .with_columns(counted=pl.lit(f"{counted // 100}.{counted % 100:02d}"))
        .sort("row")
    )


def problems_of(rejected: pl.DataFrame) -> list[PaymentProblem]:
    """The rejected rows as problems, in the order of the file."""
    return [_problem(row) for row in rejected.sort("row").iter_rows(named=True)]


def _problem(row: dict[str, Any]) -> PaymentProblem:
    code = row["problem"]
    params: dict[str, Any] = {}
    if code in ("bad_amount", "negative_amount", "wrong_total"):
        params["found"] = row["amount_dh"].strip()[:40]
    if code == "wrong_total":
        params["counted"] = row["counted"]
    if code == "reference_reused":
        params["found"] = row["reference"]
    if code in ("bad_date", "future_date", "before_scheme", "closed_month"):
        params["found"] = row["paid_on"].strip()[:40]
    return PaymentProblem(row["row"], code, params)
