"""A file of payments in rows, csv or workbook, as relay points, banks and the fund send them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from django.utils.translation import gettext_lazy as _

from qafila.contributions.payments.rows import LONGEST_REFERENCE, NUMBERS, SCHEMA, Kind
from qafila.exchange.errors import Filled, PaymentFileUnreadable
from qafila.exchange.payments.headings import COLUMNS, NEEDED, payment_headings
from qafila.foundation.wording.table_sentences import NoticeSentence
from qafila.tables.dates import TWO_DIGIT_YEAR
from qafila.tables.folding import fold
from qafila.tables.notices import CannotRead
from qafila.tables.numbers import TWO_WAYS
from qafila.tables.sheets import Sheet, open_tables
from qafila.tables.synonyms import Synonyms
from qafila_law.money import dirhams

LARGEST_FILE = 512 * 2**20
_TOTALS = frozenset(
    map(
        fold,
        (
            "total",
            "totaux",
            "total général",
            "montant total",
            "somme",
            "المجموع",
            "مجموع",
            "المجموع العام",
            "الإجمالي",
        ),
    )
)
_LONGEST_FOUND = 40
_DIRHAMS = ("", *map(fold, ("MAD", "DH", "DHS", "dirham", "dirhams", "درهم")))
# A status that is none of these says that nothing was paid yet, or nothing that is understood.
_PAID = (
    "",
    *map(
        fold,
        (
            "payé",
            "payée",
            "réglé",
            "encaissé",
            "versé",
            "validé",
            "confirmé",
            "exécuté",
            "comptabilisé",
            "succès",
            "réussi",
            "ok",
            "paid",
            "booked",
            "completed",
            "success",
            "مؤدى",
            "مؤداة",
            "تم الأداء",
            "مدفوع",
            "ناجح",
        ),
    ),
)


def read_relay_file(
    content: bytes, file_name: str, *, headings: Synonyms | None = None
) -> pl.DataFrame:
    """The file as rows of `rows.SCHEMA`; titles, blank rows and right totals are none.

    `headings` adds to the headings known. Raises PaymentFileUnreadable: not a table, a column
    missing or there twice, payments on several sheets, or a total that disagrees with the rows;
    SynonymsFileRefused.
    """
    sheet = _only_sheet(content, file_name, payment_headings(headings))
    rows = _typed(sheet)
    totals = _totals(sheet)
    _require_total(rows.filter(~totals), rows.filter(totals), file_name)
    return rows.filter(~totals).select(SCHEMA.names())


def _only_sheet(content: bytes, file_name: str, known: Synonyms) -> Sheet:
    if len(content) > LARGEST_FILE:
        raise PaymentFileUnreadable(file=file_name, reason=_("it is larger than 512 MB."))
    try:
        opened = open_tables(content, name=file_name, synonyms=known)
    except CannotRead as error:
        told = NoticeSentence(error.notice)
        raise PaymentFileUnreadable(file=file_name, reason=told) from error
    if any(notice.code == "nul_bytes" for notice in opened.notices):
        reason = _("it contains characters that are not text.")
        raise PaymentFileUnreadable(file=file_name, reason=reason)
    usable = [sheet for sheet in opened.sheets if not _missing(sheet)]
    if len(usable) > 1:
        reason = _("several of its sheets hold payments (%(sheets)s). Send a file for each.")
        names = ", ".join(sheet.name for sheet in usable)
        raise PaymentFileUnreadable(file=file_name, reason=Filled(reason, sheets=names))
    sheet = next(iter(usable or opened.sheets), None)
    _require_columns(sheet, file_name)
    assert sheet is not None
    return sheet


def _missing(sheet: Sheet) -> list[str]:
    claimed = {*sheet.headings, *sheet.twice}
    missing = [name for name in NEEDED if name not in claimed]
    return missing if missing or claimed & set(NUMBERS) else [NUMBERS[0]]


def _require_columns(sheet: Sheet | None, file_name: str) -> None:
    missing = [*NEEDED, NUMBERS[0]] if sheet is None else _missing(sheet)
    if missing:
        reason = _(
            "the column %(columns)s is missing. A row of headings must name reference, amount_dh, "
            "paid_on and one of fund_number, register_number and card_number; other headings can "
            "be named in a synonyms file."
        )
        filled = Filled(reason, columns=", ".join(missing))
        raise PaymentFileUnreadable(file=file_name, reason=filled)
    for name, written in sheet.twice.items() if sheet else ():
        reason = _(
            "two columns are headed as %(column)s (%(headings)s). Rename the one that is not meant."
        )
        filled = Filled(reason, column=name, headings=", ".join(written))
        raise PaymentFileUnreadable(file=file_name, reason=filled)


def _typed(sheet: Sheet) -> pl.DataFrame:
    centimes, amount_code = sheet.centimes("amount_dh")
    days, day_code = sheet.days("paid_on")
    texts = {name: sheet.text(name).fill_null("").alias(name) for name in COLUMNS}
    rows = sheet.rows.select("row").with_columns(
        *texts.values(),
        kind=pl.lit(Kind.PAYMENT.value),
        centimes=centimes,
        day=days,
        amount_code=amount_code,
        day_code=day_code,
        beyond=pl.col("row").is_in(sheet.beyond.implode()),
        reason=pl.lit(""),
        account=pl.lit(""),
        unnamed=pl.lit(value=False),
    )
    rows = rows.with_columns(_number_texts()).with_columns(problem=_problem())
    return rows.with_columns(
        references=pl.concat_list(pl.col("reference")),
        found=_found(),
        paid_on=pl.col("day"),
    )


_DIGITS = {digit: str(place % 10) for place, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}


def _number_texts() -> list[pl.Expr]:
    fund, register, card = (pl.col(name).str.replace_many(_DIGITS) for name in NUMBERS)
    return [
        fund.str.replace(r"\.0+$", "").str.replace_all(r"\D+", ""),
        register.str.replace(r"\.0+$", "").str.strip_chars().str.to_uppercase(),
        card.str.replace_all(r"[^\p{L}\p{N}]+", "").str.to_uppercase(),
    ]


def _problem() -> pl.Expr:
    amount, reference = pl.col("centimes"), pl.col("reference")
    nobody = pl.all_horizontal(pl.col(name) == "" for name in NUMBERS)
    return (
        pl.when("beyond")
        .then(pl.lit("cells_beyond"))
        .when(reference == "")
        .then(pl.lit("no_reference"))
        .when(reference.str.len_chars() > LONGEST_REFERENCE)
        .then(pl.lit("long_reference"))
        .when(nobody)
        .then(pl.lit("no_person_given"))
        .when(~_means("currency", _DIRHAMS))
        .then(pl.lit("foreign_currency"))
        .when(~_means("status", _PAID))
        .then(pl.lit("not_paid_yet"))
        .when(pl.col("amount_dh") == "")
        .then(pl.lit("no_amount"))
        .when(pl.col("amount_code") == TWO_WAYS)
        .then(pl.lit("two_ways_amount"))
        .when(amount.is_null())
        .then(pl.lit("bad_amount"))
        .when(amount < 0)
        .then(pl.lit("negative_amount"))
        .when(amount == 0)
        .then(pl.lit("zero_amount"))
        .when(pl.col("day_code") == TWO_DIGIT_YEAR)
        .then(pl.lit("two_digit_year"))
        .when(pl.col("paid_on") == "")
        .then(pl.lit("no_date"))
        .when(pl.col("day").is_null())
        .then(pl.lit("bad_date"))
    )


def _means(name: str, words: Sequence[str]) -> pl.Expr:
    return pl.col(name).map_elements(fold, return_dtype=pl.String).is_in(words)


def _found() -> pl.Expr:
    of_amount = pl.col("problem").is_in(["two_ways_amount", "bad_amount", "negative_amount"])
    of_day = pl.col("problem").is_in(["two_digit_year", "bad_date"])
    return (
        pl.when(of_amount)
        .then(pl.col("amount_dh").str.slice(0, _LONGEST_FOUND))
        .when(of_day)
        .then(pl.col("paid_on").str.slice(0, _LONGEST_FOUND))
        .when(pl.col("problem") == "foreign_currency")
        .then(pl.col("currency").str.slice(0, _LONGEST_FOUND))
        .when(pl.col("problem") == "not_paid_yet")
        .then(pl.col("status").str.slice(0, _LONGEST_FOUND))
    )


def _totals(sheet: Sheet) -> pl.Series:
    """Which rows are totals: one is named so, in the place of the reference or beside it."""
    words = {
        word
        for name in sheet.headings
        for word in sheet.text(name).drop_nulls().unique()
        if len(word) <= _LONGEST_FOUND and fold(word) in _TOTALS
    }
    reference = sheet.text("reference")
    named = pl.any_horizontal(pl.col(name).is_in(words) for name in sheet.headings)
    return (reference.is_null() | reference.is_in(words)) & sheet.rows.select(
        named.fill_null(value=False).alias("total")
    ).to_series()


def _require_total(payments: pl.DataFrame, totals: pl.DataFrame, file_name: str) -> None:
    counted = int(payments["centimes"].sum() or 0)
    for row, centimes, written in totals.select("row", "centimes", "amount_dh").iter_rows():
        if centimes == counted:
            continue
        reason = _(
            "the total in row %(row)s is “%(found)s”, but the rows add up to %(counted)s DH. Ask "
            "the sender whether rows are missing; rows without a readable amount: %(unread)s."
        )
        filled = Filled(
            reason,
            row=row,
            found=written[:_LONGEST_FOUND],
            counted=dirhams(counted),
            unread=payments["centimes"].null_count(),
        )
        raise PaymentFileUnreadable(file=file_name, reason=filled)
