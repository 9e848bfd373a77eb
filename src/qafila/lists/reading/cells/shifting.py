"""Rows whose cells all stand one column beside their own, put back in place.

Two cells that have a look of their own (a card, a phone, a date) prove it, or one in a row that
begins with a blank and ends beyond the last column, or holds a word in the card's place.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

LOOKS = {
    "card_number": r"^[A-Za-z]{1,2}[ \-]?[0-9]{3,7}$",
    "phone": r"^\W*(?:\+|00)?(?:212)?\D?0?[5-8](?:\D?[0-9]){8}$",
    "birth_date": r"^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}",
    "fund_number": r"^[1-9][0-9]{8}$",
}
"""How cells of these fields look, whatever else stands in the row."""
_PROOFS = 2


def put_back(
    body: pl.DataFrame, fields: Mapping[str, str], names: list[str], headed: int
) -> tuple[pl.DataFrame, pl.Series]:
    """The rows with those shifted in their place again, and which ones were.

    ``headed`` is the last column with a heading.
    """
    columns = [c for c in body.columns if c != "row"]
    typed = {c: LOOKS[f] for c, f in fields.items() if f in LOOKS and c in columns}
    none = pl.Series("shifted", [False]).new_from_index(0, body.height)
    if not typed or not names:
        return body, none
    suspects = body.filter(_suspect(columns, names, headed))
    for step in (1, -1):
        proofs = _proofs(typed, columns, step)
        over = pl.lit(value=False)
        if step > 0:
            over = _moved_out(columns, headed) | _displaced(typed, columns)
        found = suspects.filter((proofs >= _PROOFS) | ((proofs > 0) & over))
        moved = _moved(found, columns, step)
        if moved is not None:
            rows = body.get_column("row").is_in(moved.get_column("row").implode())
            body = pl.concat([body.filter(~rows), moved]).sort("row")
            none |= rows
    return body, none


def _suspect(columns: list[str], names: list[str], headed: int) -> pl.Expr:
    """A blank first name, digits in a name, or a cell right of the last column."""
    signs = [pl.col(names[0]).is_null()]
    signs += [pl.col(c).str.contains(r"\d\d\d|^\d+$").fill_null(value=False) for c in names]
    signs += [pl.col(c).is_not_null() for c in columns if int(c) > headed]
    return pl.any_horizontal(*signs)


def _moved_out(columns: list[str], headed: int) -> pl.Expr:
    beyond = [pl.col(c).is_not_null() for c in columns if int(c) > headed]
    return pl.col(columns[0]).is_null() & pl.any_horizontal(pl.lit(value=False), *beyond)


def _displaced(typed: Mapping[str, str], columns: list[str]) -> pl.Expr:
    """The row begins with a blank, and a word stands where the card beside it belongs."""
    signs = []
    for column, look in typed.items():
        beside = str(int(column) + 1)
        if beside in columns:
            word = pl.col(column).is_not_null() & ~pl.col(column).str.contains(r"\d")
            signs.append(word & pl.col(beside).str.contains(look).fill_null(value=False))
    found = pl.any_horizontal(pl.lit(value=False), *signs)
    return pl.col(columns[0]).is_null() & found.fill_null(value=False)


def _proofs(typed: Mapping[str, str], columns: list[str], step: int) -> pl.Expr:
    proofs = []
    for column, look in typed.items():
        other = str(int(column) + step)
        if other in columns:
            own = pl.col(column).str.contains(look).fill_null(value=False)
            beside = pl.col(other).str.contains(look).fill_null(value=False)
            proofs.append((beside & ~own).cast(pl.Int8))
    return pl.sum_horizontal(pl.lit(0), *proofs)


def _moved(found: pl.DataFrame, columns: list[str], step: int) -> pl.DataFrame | None:
    """The rows moved by one column; only those that lose no cell by it."""
    lost = columns[0] if step == 1 else columns[-1]
    found = found.filter(pl.col(lost).is_null())
    if found.is_empty():
        return None
    moved = {c: str(int(c) + step) if str(int(c) + step) in columns else None for c in columns}
    return found.select(
        "row",
        *(
            pl.col(other).alias(c) if other else pl.lit(None, pl.String).alias(c)
            for c, other in moved.items()
        ),
    )
